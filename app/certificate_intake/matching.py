"""Whose certificate it is: by the number that was read, else by name and birth."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.certificate_intake.kind import certificate_kind
from app.certificate_intake.recognition import Certificate
from app.certificate_intake.scanning import ReadPicture
from app.records.row_views import HEAD_RELATION
from app.registers.engine.titles import batches, household_titles
from db.schema.household import Household, Member

_NUMBERS = (("member", "id_no"), ("member", "disability_no"), ("household", "bank_card_no"))


@dataclass(frozen=True, slots=True)
class CertificateOwner:
    """Whom a certificate belongs to.

    Attributes:
        household: 陈卫国户，下屋组
        member_id, name: "" for somebody who is to be added to the household, and where it is the household's
    """

    household_id: str
    household: str
    member_id: str = ""
    name: str = ""
    is_new: bool = False

    @property
    def label(self) -> str:
        """陈小燕（陈卫国户，下屋组）."""
        if self.is_new:
            return f"新增到 {self.household}"
        return f"{self.name}（{self.household}）" if self.member_id else self.household


@dataclass(frozen=True, slots=True)
class MatchedPicture:
    """A picture with its proposal: `owner` None where nothing can be said; `doubt` says why a person must look."""

    picture: ReadPicture
    owner: CertificateOwner | None = None
    choices: tuple[CertificateOwner, ...] = ()
    doubt: str = ""


@dataclass(slots=True)
class _Candidates:
    """Those of the workbook that any of the certificates may be of."""

    by_number: dict[tuple[str, str], list[Member]] = field(default_factory=dict)  # (column, number) → members
    by_name: dict[str, list[Member]] = field(default_factory=dict)
    heads: dict[str, Member] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)  # household → 陈卫国户，下屋组

    def owner(self, member: Member) -> CertificateOwner:
        household_id = member.household_id or ""
        return CertificateOwner(household_id, self.labels.get(household_id, ""), member.id, member.name or "")


def match_pictures(session: Session, pictures: Sequence[ReadPicture]) -> list[MatchedPicture]:
    """A proposal for each picture, in their order; what says nothing of whose it is goes with the one before it."""
    candidates = _load(session, [one.certificate for one in pictures if one.certificate])
    result: list[MatchedPicture] = []
    for one in pictures:
        before = result[-1] if result else None
        if one.certificate is None:
            result.append(MatchedPicture(one, doubt=one.refusal or one.doubt))
        elif one.certificate.kind.follows:
            result.append(_following(one, one.certificate, before))
        else:
            result.append(_matched(one, one.certificate, candidates, before))
    return result


def household_owner(session: Session, household_id: str, *, is_new: bool) -> CertificateOwner:
    """A household that an officer chose: as the owner, or for somebody who is to be added to it."""
    return CertificateOwner(household_id, _household_labels(session, [household_id])[household_id], is_new=is_new)


def member_owner(session: Session, member_id: str, *, is_of_member: bool) -> CertificateOwner | None:
    """A member whom an officer chose, or the household where the certificate is the household's; None if gone."""
    member = session.get(Member, member_id)
    if member is None or not member.household_id:
        return None
    label = _household_labels(session, [member.household_id])[member.household_id]
    if not is_of_member:
        return CertificateOwner(member.household_id, label)
    return CertificateOwner(member.household_id, label, member.id, member.name or "")


def _following(one: ReadPicture, certificate: Certificate, before: MatchedPicture | None) -> MatchedPicture:
    shown = before.picture.certificate if before else None
    if before is None or before.owner is None or shown is None or shown.kind.key != certificate.kind.follows:
        return MatchedPicture(one, doubt="这一面没有姓名，前一张也不是正面，请选人。")
    front = certificate_kind(certificate.kind.follows).title
    return MatchedPicture(one, before.owner, (before.owner,), f"这一面没有姓名，按前一张{front}归人，请核对。")


def _matched(
    one: ReadPicture, certificate: Certificate, candidates: _Candidates, before: MatchedPicture | None
) -> MatchedPicture:
    """By number; else by name and birth; else by a name that only one has; else nobody, or somebody new."""
    # the card of a household may be anybody's in it: it does not say whose certificate this is
    tables = {"member"} if certificate.kind.is_of_member else {"member", "household"}
    numbers = [(column, certificate.certain(table, column)) for table, column in _NUMBERS if table in tables]
    found = _unique(member for key in numbers for member in candidates.by_number.get(key, ()))
    doubt = certificate.doubt
    if not found:
        named = candidates.by_name.get(certificate.name, [])
        same_day = [member for member in named if certificate.birth and member.birth == certificate.birth]
        found, doubt = (same_day, doubt) if same_day else (named, doubt or "只有姓名对得上，请核对。")
        if certificate.certain("member", "id_no"):  # whoever has another number is somebody else
            found = [member for member in found if not member.id_no]
    if not certificate.kind.is_of_member:
        found = [candidates.heads.get(member.household_id or "", member) for member in found]
    owners = [candidates.owner(member) for member in _unique(found)]
    if not certificate.kind.is_of_member:
        owners = [CertificateOwner(owner.household_id, candidates.labels[owner.household_id]) for owner in owners]
    if len(owners) == 1:
        return MatchedPicture(one, owners[0], tuple(owners), doubt)
    if owners:
        return MatchedPicture(one, None, tuple(owners), "不止一个人对得上，请选。")
    return _unknown(one, certificate, before)


def _unknown(one: ReadPicture, certificate: Certificate, before: MatchedPicture | None) -> MatchedPicture:
    """Nobody here; a page of a booklet goes to the household of the page before it, as somebody new."""
    is_page = certificate.kind.key == "booklet_page"
    shown = before.picture.certificate if before else None
    if is_page and before and before.owner and shown and shown.kind.key.startswith("booklet"):
        owner = CertificateOwner(before.owner.household_id, before.owner.household, is_new=True)
        return MatchedPicture(one, owner, (owner,), "本工作簿没有这个人，按前一页归户；核对后新增，或按 F2 选人。")
    if not certificate.kind.is_of_member:
        return MatchedPicture(one, doubt="证件上看不出是哪一户的，请按 F2 选。")
    return MatchedPicture(one, doubt="本工作簿没有这个人。请按 F2 选人，或按 Alt+N 新增到一户。")


def _unique(members: Iterable[Member]) -> list[Member]:
    return list({member.id: member for member in members}.values())


def _load(session: Session, certificates: Sequence[Certificate]) -> _Candidates:
    candidates = _Candidates()
    numbers = {place: {one.certain(*place) for one in certificates} - {""} for place in _NUMBERS}
    for column in ("id_no", "disability_no"):
        for member in _members(session, column, numbers["member", column]):
            candidates.by_number.setdefault((column, str(getattr(member, column))), []).append(member)
    for member in _members(session, "name", {one.name for one in certificates} - {""}):
        candidates.by_name.setdefault(member.name or "", []).append(member)
    cards = _card_households(session, numbers["household", "bank_card_no"])
    found = [member for members in (*candidates.by_number.values(), *candidates.by_name.values()) for member in members]
    households = {member.household_id or "" for member in found} | set(cards)
    for part in batches(households):
        heads = (Member.household_id.in_(part), Member.relation == HEAD_RELATION, Member.left.is_(None))
        for member in session.scalars(select(Member).where(*heads, ~Member.withdrawn)):
            candidates.heads.setdefault(member.household_id or "", member)
    for household_id, number in cards.items():
        if household_id in candidates.heads:
            candidates.by_number.setdefault(("bank_card_no", number), []).append(candidates.heads[household_id])
    candidates.labels = _household_labels(session, households)
    return candidates


def _members(session: Session, column: str, values: Iterable[str]) -> list[Member]:
    """Those of households that are kept, who have one of the values."""
    found: list[Member] = []
    for part in batches(values):
        kept = select(Household.id).where(~Household.withdrawn)
        query = select(Member).where(
            getattr(Member, column).in_(part), ~Member.withdrawn, Member.household_id.in_(kept)
        )
        found += session.scalars(query.order_by(Member.left.is_not(None), Member.id))
    return found


def _card_households(session: Session, numbers: Iterable[str]) -> dict[str, str]:
    """Household → number of its bank card."""
    found: dict[str, str] = {}
    for part in batches(numbers):
        kept = (~Household.withdrawn, Household.merged_into.is_(None))
        query = select(Household.id, Household.bank_card_no).where(Household.bank_card_no.in_(part), *kept)
        found |= {id: number or "" for id, number in session.execute(query)}
    return found


def _household_labels(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Household → 陈卫国户，下屋组."""
    labels = {}
    for id, title in household_titles(session, ids).items():
        who = f"{title.head}户" if title.head else title.number or "没有户主的户"
        labels[id] = f"{who}，{title.group}" if title.group else who
    return labels
