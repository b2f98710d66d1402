"""One household as its page shows it, and people joining and leaving it. People are never deleted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import OfficeError
from app.progress import Progress, Work
from app.records.draft import Saved, faults, new_draft, open_draft, write_draft
from app.records.field import Value, field, fields, options
from app.records.income import YearNet, nets
from app.records.lists import (
    HEAD,
    AssignmentRow,
    MemberRow,
    VisitRow,
    assignment_rows,
    member_rows,
    visit_rows,
)
from app.workbook.workbook import Workbook
from db.schema.aid import Measure
from db.schema.household import Household, LivingCondition, Member
from db.schema.inspection import Inspection, Round
from db.schema.photo import Photo


@dataclass(frozen=True, slots=True)
class LabourCount:
    """How many of the present members can work, work away, learn, or are ill. Classes: resources/dictionaries/labour."""

    full: int
    half: int
    none: int
    unknown: int
    working_away: int
    at_school: int
    ill: int
    disabled: int


@dataclass(frozen=True, slots=True)
class ConditionYear:
    """Living conditions of one year, column → value."""

    id: str
    year: int
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measure in a list; `amount` in yuan."""

    id: str
    kind: str
    title: str
    year: int | None
    member_id: str
    member: str
    amount: Decimal | None
    started_on: date | None
    ended_on: date | None
    state: str
    effect: str


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """What is known of one photograph; the picture itself: app/records/photo.py."""

    id: str
    kind: str
    taken_at: str
    caption: str
    place: str
    visit_id: str
    inspection_id: str


@dataclass(frozen=True, slots=True)
class InspectionRow:
    """One inspector's look at this home; its score follows from the checklist (app/checklists)."""

    id: str
    round_id: str
    round: str
    inspector: str
    seen_on: date | None


@dataclass(frozen=True, slots=True)
class HouseholdCard:
    """Everything of one household, as plain values.

    `size` counts the members who have not left; `mismatch` is a sentence where the number that was brought in differs.
    """

    id: str
    village: str
    values: Mapping[str, Value]
    head: MemberRow | None
    members: tuple[MemberRow, ...]
    left: tuple[MemberRow, ...]
    size: int
    mismatch: str
    labour: LabourCount
    conditions: tuple[ConditionYear, ...]
    incomes: tuple[YearNet, ...]
    helpers: tuple[AssignmentRow, ...]
    past_helpers: tuple[AssignmentRow, ...]
    visits: tuple[VisitRow, ...]
    measures: tuple[MeasureRow, ...]
    photos: tuple[PhotoRow, ...]
    inspections: tuple[InspectionRow, ...]


def card(session: Session, household_id: str) -> HouseholdCard:
    """One household with all that hangs on it.

    Raises:
        OfficeError: there is no such household
    """
    draft = open_draft(session, "household", household_id)
    people = member_rows(session, household_id)
    present = tuple(row for row in people if not row.left)
    assigned = assignment_rows(session, household_id)
    population = draft.values["population"]
    return HouseholdCard(
        id=household_id,
        village=draft.village,
        values=draft.values,
        head=next((row for row in present if row.relation == HEAD), None),
        members=present,
        left=tuple(row for row in people if row.left),
        size=len(present),
        mismatch=mismatch(population if isinstance(population, int) else None, len(present)),
        labour=labour_count(present),
        conditions=_conditions(session, household_id),
        incomes=tuple(nets(session, household_id)),
        helpers=tuple(row for row in assigned if row.in_force),
        past_helpers=tuple(row for row in assigned if not row.in_force),
        visits=tuple(visit_rows(session, household_id)),
        measures=_measures(session, household_id, {row.id: row.name for row in people}),
        photos=_photos(session, household_id),
        inspections=_inspections(session, household_id),
    )


def mismatch(population: int | None, size: int) -> str:
    """The sentence for a 人数 that is not the number of members, or ""."""
    if population is None or population == size:
        return ""
    return f"登记的人数是 {population} 人，成员表里有 {size} 人，请核对家庭成员。"


def labour_count(members: Iterable[MemberRow]) -> LabourCount:
    """Counts over present members."""
    people = list(members)
    strength = {option.value: str(option.more["strength"]) for option in options("labour")}
    found = [strength.get(row.labour, "unknown") for row in people]
    return LabourCount(
        full=found.count("full"),
        half=found.count("half"),
        none=found.count("none"),
        unknown=found.count("unknown"),
        working_away=sum(bool(row.work_region or row.work_months) for row in people),
        at_school=sum(row.school_status not in ("", "非在校生", "学龄前儿童") for row in people),
        ill=sum(not {"长期慢性病", "患有大病"}.isdisjoint(row.health) for row in people),
        disabled=sum("残疾" in row.health for row in people),
    )


def new_household(
    workbook: Workbook,
    village: str,
    household: Mapping[str, Value],
    head: Mapping[str, Value],
    by: object | None = None,
) -> Work[str]:
    """A household and its head, in one transaction; returns its id.

    Args:
        household: values of the household by column
        head: values of the member who is the head, `name` at least

    Raises:
        OfficeError: the household number is taken
        FieldRefused: a value is not acceptable
    """
    number, person_no, id_no = household.get("household_no"), head.get("person_no"), head.get("id_no")
    id = Household.id_of(str(number)) if number else ""
    home = new_draft("household", village, id, **household)
    person = Member.id_of(str(person_no)) if person_no else Member.id_in(home.id, str(id_no)) if id_no else ""
    first = new_draft("member", village, person, **{**head, "household_id": home.id, "relation": HEAD})
    for draft in (home, first):
        _refuse(faults(draft))
    yield Progress(0, 1, "新建户")
    with workbook.writing(by) as session:
        if session.get(Household, home.id) is not None:
            raise OfficeError(f"户编号“{number}”已经有了，请核对编号，或在列表里打开那一户。")
        if session.get(Member, first.id) is not None:
            raise OfficeError(f"“{first.values['name']}”已登记在另一户，请先核对证件号码或人编号。")
        write_draft(session, home)
        write_draft(session, first)
    return home.id


def join(workbook: Workbook, household_id: str, values: Mapping[str, Value], by: object | None = None) -> Work[Saved]:
    """A person who comes into a household: born, married in, moved in, or left out when the household was written down.

    Args:
        values: the member by column; `joined` and `joined_on` say why and when

    Raises:
        OfficeError: the person is there already, or a second head
        FieldRefused: a value is not acceptable
    """
    yield Progress(0, 1, "新增成员")
    with workbook.writing(by) as session:
        home = session.get(Household, household_id)
        if home is None:
            raise OfficeError("这一户已不在名单里，请刷新后再试。")
        person_no, id_no = values.get("person_no"), values.get("id_no")
        id = Member.id_of(str(person_no)) if person_no else Member.id_in(household_id, str(id_no)) if id_no else ""
        draft = new_draft("member", home.village, id, **{**values, "household_id": household_id})
        _refuse(faults(draft))
        if session.get(Member, draft.id) is not None:
            raise OfficeError(f"“{values.get('name')}”已经登记过，请在已减少的成员里恢复，或核对证件号码。")
        if values.get("relation") == HEAD and _heads(session, household_id):
            raise OfficeError("这一户已有户主，请先变更户主，或改“与户主关系”。")
        return write_draft(session, draft)


def leave(
    workbook: Workbook,
    member_id: str,
    reason: str,
    left_on: date,
    *,
    new_head: str = "",
    by: object | None = None,
) -> Work[Saved]:
    """A person leaves a household for a reason on a day; their record stays.

    Args:
        new_head: who becomes the head, where the head leaves and others stay

    Raises:
        OfficeError: the head leaves and nobody was named, or the day is before birth
        FieldRefused: no such reason
    """
    why, day = field("member", "left").taken(reason), field("member", "left_on").taken(left_on)
    if why is None or day is None:
        raise OfficeError("请填写减少原因和日期。")
    yield Progress(0, 1, "成员减少")
    with workbook.writing(by) as session:
        draft = open_draft(session, "member", member_id)
        birth = draft.values["birth"]
        if isinstance(birth, date) and left_on < birth:
            raise OfficeError(f"减少日期 {left_on} 早于出生日期 {birth}，请改日期。")
        if draft.values["relation"] == HEAD:
            _hand_over(session, member_id, str(draft.values["household_id"]), new_head)
        return write_draft(session, draft.with_values(left=why, left_on=day))


def change_head(workbook: Workbook, member_id: str, former_relation: str, by: object | None = None) -> Work[None]:
    """Make a present member the head; the former head becomes `former_relation` of the new one."""
    relation = field("member", "relation").taken(former_relation)
    if relation == HEAD:
        raise OfficeError("原户主与新户主的关系不能还是“户主”。")
    yield Progress(0, 1, "变更户主")
    with workbook.writing(by) as session:
        draft = open_draft(session, "member", member_id)
        if draft.values["left"]:
            raise OfficeError("已减少的成员不能做户主。")
        for former in _heads(session, str(draft.values["household_id"])):
            if former != member_id:
                write_draft(session, open_draft(session, "member", former).with_values(relation=relation))
        write_draft(session, draft.with_values(relation=HEAD))


def living_condition(workbook: Workbook, household_id: str, year: int, by: object | None = None) -> Work[str]:
    """The card of living conditions of a year, made from the year before where there is one; returns its id."""
    _refuse({"year": field("living_condition", "year").check(year)})
    yield Progress(0, 1, "新建年度")
    with workbook.writing(by) as session:
        home = session.get(Household, household_id)
        if home is None:
            raise OfficeError("这一户已不在名单里，请刷新后再试。")
        id = LivingCondition.id_of(household_id, year)
        there = session.get(LivingCondition, id)
        if there is not None:
            there.withdrawn = False
            return id
        former = next((one for one in _conditions(session, household_id) if one.year < year), None)
        values = {**(former.values if former else {}), "household_id": household_id, "year": year}
        write_draft(session, new_draft("living_condition", home.village, id, **values))
    return id


def _refuse(found: Mapping[str, str]) -> None:
    sentence = next((one for one in found.values() if one), "")
    if sentence:
        raise OfficeError(sentence)


def _heads(session: Session, household_id: str) -> list[str]:
    return list(
        session.scalars(
            select(Member.id).where(
                Member.household_id == household_id, Member.relation == HEAD, Member.left.is_(None), ~Member.withdrawn
            )
        )
    )


def _hand_over(session: Session, member_id: str, household_id: str, new_head: str) -> None:
    others = session.scalars(
        select(Member.id).where(
            Member.household_id == household_id, Member.id != member_id, Member.left.is_(None), ~Member.withdrawn
        )
    ).all()
    if not others or any(one in others for one in _heads(session, household_id)):
        return
    if new_head not in others:
        raise OfficeError("户主减少时要先指定新户主，请在下面选一位成员。")
    write_draft(session, open_draft(session, "member", new_head).with_values(relation=HEAD))


def _conditions(session: Session, household_id: str) -> tuple[ConditionYear, ...]:
    rows = session.scalars(
        select(LivingCondition)
        .where(LivingCondition.household_id == household_id, ~LivingCondition.withdrawn)
        .order_by(LivingCondition.year.desc())
    )
    names = [one.name for one in fields("living_condition")]
    return tuple(ConditionYear(row.id, row.year or 0, {name: getattr(row, name) for name in names}) for row in rows)


def _measures(session: Session, household_id: str, people: Mapping[str, str]) -> tuple[MeasureRow, ...]:
    rows = session.scalars(
        select(Measure)
        .where(Measure.household_id == household_id, ~Measure.withdrawn)
        .order_by(Measure.year.desc(), Measure.started_on.desc(), Measure.id)
    )
    return tuple(
        MeasureRow(
            id=row.id,
            kind=row.kind or "",
            title=row.title or "",
            year=row.year,
            member_id=row.member_id or "",
            member=people.get(row.member_id or "", ""),
            amount=row.amount,
            started_on=row.started_on,
            ended_on=row.ended_on,
            state=row.state or "",
            effect=row.effect or "",
        )
        for row in rows
    )


def _photos(session: Session, household_id: str) -> tuple[PhotoRow, ...]:
    rows = session.scalars(
        select(Photo)
        .where(Photo.household_id == household_id, ~Photo.withdrawn)
        .order_by(Photo.taken_at.desc(), Photo.id)
    )
    return tuple(
        PhotoRow(
            id=row.id,
            kind=row.kind or "",
            taken_at=row.taken_at or "",
            caption=row.caption or "",
            place=row.place or "",
            visit_id=row.visit_id or "",
            inspection_id=row.inspection_id or "",
        )
        for row in rows
    )


def _inspections(session: Session, household_id: str) -> tuple[InspectionRow, ...]:
    rows = session.execute(
        select(Inspection, Round.title)
        .outerjoin(Round, Round.id == Inspection.round_id)
        .where(Inspection.household_id == household_id, ~Inspection.withdrawn)
        .order_by(Inspection.seen_on.desc(), Inspection.id)
    ).tuples()
    return tuple(
        InspectionRow(row.id, row.round_id or "", title or "", row.inspector or "", row.seen_on) for row, title in rows
    )
