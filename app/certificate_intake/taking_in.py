"""Writing what a person confirmed: the ticked columns and the pictures, as one operation that is undone as one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.certificate_intake.kind import CertificateKind, Place
from app.certificate_intake.matching import CertificateOwner
from app.certificate_intake.scanning import ReadPicture
from app.errors import UserError, ValidationError
from app.progress import Progress, Task
from app.records.draft import open_draft, validation_errors, write_draft
from app.records.field import Value
from app.records.membership import write_member
from app.records.photo import has_photo, prepare_photo, store_photo
from app.workbook.workbook import Workbook, running_operation
from resources.option_roles import value_of


@dataclass(frozen=True, slots=True)
class ConfirmedCertificate:
    """
    Attributes:
        name: whose it is, for the caption of the copy
        values: the columns that a person ticked, as that person left them
        shown: what was stored when they were shown; a column that changed since is not overwritten
    """

    picture: ReadPicture
    kind: CertificateKind
    owner: CertificateOwner
    name: str
    values: Mapping[Place, Value]
    shown: Mapping[Place, Value] = field(default_factory=dict)


@dataclass(slots=True)
class TakenCertificates:
    """How much was written, how many copies were here already, and what was left: a sentence each."""

    copies: int = 0
    already: int = 0
    columns: int = 0
    people: int = 0
    left: list[str] = field(default_factory=list)


def take_in_certificates(workbook: Workbook, confirmed: Sequence[ConfirmedCertificate]) -> Task[TakenCertificates]:
    """Write the certificates. A picture that cannot be read any more is refused by itself; cancelling leaves nothing.

    Raises:
        UserError: a value is not acceptable, or somebody who is to be added is here already; nothing is written
    """
    taken = TakenCertificates()
    added: dict[tuple[str, str], str] = {}  # (household, ID number or name) → who was added
    with workbook.operation(f"收证件：{len(confirmed)} 张") as session:
        for done, one in enumerate(confirmed):
            yield Progress(done, len(confirmed), one.picture.path.name)
            try:
                _write_columns(session, one, added, taken)
            except UserError as error:
                raise UserError(f"“{one.picture.path.name}”：{error}") from error
            _store_copy(session, one, taken)
        running_operation(session).title = f"收证件：{taken.copies} 张，填 {taken.columns} 项"
    return taken


def _write_columns(
    session: Session, one: ConfirmedCertificate, added: dict[tuple[str, str], str], taken: TakenCertificates
) -> None:
    of_member = {place.column: value for place, value in one.values.items() if place.table == "member"}
    of_household = {place.column: value for place, value in one.values.items() if place.table == "household"}
    member_id = one.owner.member_id
    if one.owner.is_new and of_member:
        who = (one.owner.household_id, str(of_member.get("id_no") or of_member.get("name")))
        if who not in added:
            added[who] = write_member(session, one.owner.household_id, of_member).draft.id
            taken.people += 1
            taken.columns += len(of_member)
            of_member = {}
        member_id = added[who]
    if member_id and of_member:
        taken.columns += _write(session, one, "member", member_id, of_member, taken)
    if of_household:
        taken.columns += _write(session, one, "household", one.owner.household_id, of_household, taken)


def _write(
    session: Session, one: ConfirmedCertificate, table: str, record_id: str, values: dict[str, Value],
    taken: TakenCertificates,
) -> int:  # fmt: skip
    """Write the columns of a record that are still as they were shown; returns how many."""
    draft = open_draft(session, table, record_id)
    wanted: dict[str, Value] = {}
    for column, value in values.items():
        place, now = Place(table, column), draft.values[column]
        if now == value:
            continue
        if one.owner.is_new or now == one.shown.get(place):
            wanted[column] = value
        else:
            taken.left.append(f"“{one.picture.path.name}”的“{place.field.label}”刚有改动，没有写，请核对。")
    draft = draft.with_values(**wanted)
    if errors := validation_errors(draft):
        raise ValidationError(next(iter(errors.values())))
    write_draft(session, draft)
    return len(wanted)


def _store_copy(session: Session, one: ConfirmedCertificate, taken: TakenCertificates) -> None:
    """The picture, once for a household, where the archive has copies of certificates."""
    try:
        picture = prepare_photo(one.picture.path, one.picture.turn)
    except UserError as error:
        taken.left.append(str(error))
        return
    if has_photo(session, one.owner.household_id, picture.sha256):
        taken.already += 1
        return
    values: dict[str, Value] = {"kind": value_of("photo_kind", "document"), "people": one.name or None}
    values |= {"caption": one.kind.title, "taken_at": picture.taken_at or None}
    store_photo(session, one.owner.household_id, picture, values)
    taken.copies += 1
