"""The household of an archive with its members and village, read once for all sections."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import UserError
from app.pdf.document import Jpeg, read_jpeg
from app.pdf.flowables import Flowable, HeaderLine, Note
from app.records.as_of import HouseholdPast, household_as_of, in_order, load_past
from app.records.attachment_owner import is_with_its_owner
from app.records.monitoring import UNKNOWN_KIND, is_open, monitorings
from app.records.page_pictures import page_pictures
from app.records.photo import load_content
from app.records.row_views import HEAD_RELATION
from app.reports.era import Standing, Terms, terms
from app.reports.unprintable import note_unprintable
from app.workbook import preferences
from db.schema.household import Household, Member
from db.schema.monitoring import Monitoring
from db.schema.photo import Photo
from db.schema.village import Village
from resources.option_roles import values_with_role

HELPER_WORD = "helper_word"  # the preference
_CACHE_KEY = "archive_subject"
_PAST_CACHE_KEY = "archive_subject_as_of"


@dataclass(frozen=True, slots=True)
class HouseholdContext:
    """One household as the sections of its archive see it, today or on the day of a paper.

    Attributes:
        monitoring: what it is monitored by, None where it is not
        members: those who have not left, the head first
        own_helper_word: what this workbook calls those who help, "" where the era says it
        day: the day whose facts these are
        doubts: what the records do not decide about that day
    """

    household: Household
    monitoring: Monitoring | None
    village: Village | None
    members: tuple[Member, ...]
    former_members: tuple[Member, ...]
    photos: tuple[Photo, ...]
    unit: str
    own_helper_word: str
    day: date
    doubts: tuple[str, ...] = ()

    @property
    def terms(self) -> Terms:
        """The words of a paper of this day."""
        return self.terms_on(None)

    def terms_on(self, day: date | None) -> Terms:
        """The words of a paper of that day, of its own day where there is none."""
        chosen = self.village.era if self.village else None
        return terms(chosen, day or self.day, self.standing, self.own_helper_word)

    @property
    def helper_word(self) -> str:
        """What those who help are called: 帮扶责任人, 帮扶联系人."""
        return self.terms.word("helper")

    @property
    def standing(self) -> Standing:
        """What its file is kept for; where 户类型 is not filled in, because it is registered."""
        if self.monitoring is not None:
            return "monitored"
        kinds = values_with_role("household_kind", "ordinary")
        return "ordinary" if self.household.household_kind in kinds else "registered"

    @property
    def doubt_lines(self) -> Sequence[Flowable]:
        """What the facts of a former day rest on, below a paper; nothing where there is no doubt."""
        return [Note(f"注：{'；'.join(self.doubts)}。")] if self.doubts else []

    @property
    def head(self) -> Member | None:
        return next((member for member in self.members if member.relation == HEAD_RELATION), None)

    @property
    def head_name(self) -> str:
        return (self.head.name if self.head else None) or "（户主未填）"

    @property
    def monitored(self) -> str:
        """监测对象类别 while it is monitored, else ""."""
        return (self.monitoring.kind or UNKNOWN_KIND) if self.monitoring else ""

    @property
    def kinds(self) -> str:
        """All that the household is: 贫困户属性, 户类型, 监测对象类别, 脱贫属性; "" where nothing is filled in."""
        row = self.household
        kinds = (row.household_attribute, row.household_kind, self.monitored, row.exit_status)
        return "、".join(dict.fromkeys(text for text in kinds if text))

    @property
    def number(self) -> str:
        return self.household.household_no or ""

    @property
    def fonds(self) -> str:
        """全宗号, as assigned by the archive of the township or county."""
        return (self.village.archive_class if self.village else None) or "—"

    @property
    def volume_no(self) -> str:
        """案卷号: the household number without the code of its village."""
        return self.number.removeprefix(self.household.village) or self.number or "—"

    @property
    def file_no(self) -> str:
        """档号: 全宗号-分类号-案卷号, the class being JF, 02 for households and the village code."""
        return f"{self.fonds}-JF02{self.household.village}-{self.volume_no}"

    @property
    def place(self) -> str:
        """Township, village and group."""
        village = self.village
        parts = [village.township, village.name] if village else []
        group = self.household.group_name or self.household.hamlet
        return "".join(part for part in (*parts, group) if part) or "—"

    @property
    def full_place(self) -> str:
        """From the province down to the group."""
        village = self.village
        upper = [village.province, village.city, village.county] if village else []
        return "".join(part for part in upper if part) + self.place

    def header_line(self, right: str = "") -> HeaderLine:
        """The line above each form: household and place."""
        return HeaderLine(f"户主：{self.head_name}　　户编号：{self.number or '—'}", right or f"村组：{self.place}")


def load_context(session: Session, household_id: str) -> HouseholdContext:
    """The household of an archive as it is now; the same object for all sections within one session.

    Raises:
        UserError: there is no such household
    """
    cache: dict[str, HouseholdContext] = session.info.setdefault(_CACHE_KEY, {})
    if household_id not in cache:
        cache.clear()
        cache[household_id] = _load(session, household_id)
    return cache[household_id]


def context_on(session: Session, household_id: str, day: date | None) -> HouseholdContext:
    """The household as it stood on the day of a paper; as it is now where the day is unknown or not before today."""
    context = load_context(session, household_id)
    if day is None or day >= context.day:
        return context
    everyone = (*context.members, *context.former_members)
    cached: tuple[str, HouseholdPast, dict[date, HouseholdContext]] | None = session.info.get(_PAST_CACHE_KEY)
    if cached is None or cached[0] != household_id:
        cached = household_id, load_past(session, household_id, everyone), {}
        session.info[_PAST_CACHE_KEY] = cached
    _, past, contexts = cached
    if day not in contexts:
        then = household_as_of(context.household, everyone, past, day)
        contexts[day] = replace(
            context,
            household=then.household,
            members=then.members,
            former_members=then.former_members,
            monitoring=then.monitoring,
            day=day,
            doubts=then.doubts,
        )
    return contexts[day]


def context_of_year(session: Session, household_id: str, year: int | None) -> HouseholdContext:
    """The household at the end of a year; as it is now where the year is unknown or not over."""
    return context_on(session, household_id, date(year, 12, 31) if year else None)


def _load(session: Session, household_id: str) -> HouseholdContext:
    household = session.get(Household, household_id)
    if household is None or household.withdrawn or household.merged_into:
        raise UserError("要打印的户已不在名单里，请刷新后再选。")
    members = in_order(household_records(session, Member, household_id))
    village = session.scalar(select(Village).where(Village.code == household.village, ~Village.withdrawn))
    photos = session.scalars(
        select(Photo)
        .where(Photo.household_id == household_id, ~Photo.withdrawn, is_with_its_owner(session))
        .order_by(func.coalesce(Photo.taken_at, ""), Photo.id)
    ).all()
    unit = text_setting(session, "archive_unit") or (
        f"{village.name}村民委员会" if village and village.name else "村民委员会"
    )
    return HouseholdContext(
        household=household,
        monitoring=next((row for row in monitorings(session, household_id) if is_open(row)), None),
        village=village,
        members=tuple(member for member in members if member.left is None),
        former_members=tuple(member for member in members if member.left is not None),
        photos=tuple(photos),
        unit=unit,
        own_helper_word=text_setting(session, HELPER_WORD),
        day=date.today(),
    )


def household_records(session: Session, table: Any, household_id: str) -> list[Any]:
    """The records of one table that belong to a household and are not withdrawn, in no particular order."""
    return list(session.scalars(select(table).where(table.household_id == household_id, ~table.withdrawn)))


def load_image(session: Session, record: Photo | None) -> Jpeg | None:
    """The image of a photograph; None if it has not arrived, or is broken, which is noted."""
    data = load_content(session, record.id) if record else b""
    if record is None or not data:
        return None
    image = next(map(read_jpeg, page_pictures(data)), None)
    if image is None:
        note_unprintable(session, f"照片“{_called(record)}”已损坏，请重新放入这张照片")
    return image


def _called(photo: Photo) -> str:
    """How a sentence names a photograph."""
    return " ".join(text for text in (photo.taken_at, photo.kind, photo.caption) if text) or "没有说明"


def latest_photo(context: HouseholdContext, kind: str) -> Photo | None:
    """The latest photograph of a kind."""
    return next((candidate for candidate in reversed(context.photos) if candidate.kind == kind), None)


def text_setting(session: Session, key: str) -> str:
    """A text preference, "" if it was never set."""
    return str(preferences.stored_value(session, key) or "")
