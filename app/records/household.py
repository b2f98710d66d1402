"""One household with its dependent records, as its page shows it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.records.attachment_owner import is_with_its_owner
from app.records.draft import open_draft
from app.records.field import Value, fields, options
from app.records.income import YearlyIncome, yearly_incomes
from app.records.monitoring import open_kind
from app.records.row_views import (
    HEAD_RELATION,
    AssignmentRow,
    MemberRow,
    VisitRow,
    assignment_rows,
    member_rows,
    visit_rows,
)
from db.schema import records
from db.schema.household import LivingCondition
from db.schema.inspection import Inspection, Round
from db.schema.photo import Photo
from db.schema.relations import parent_column, parent_table, references, referrers, tables_below
from resources.option_roles import value_of, values_with_role

NEWER_TABLE = "?"  # stands for all tables that only a newer version knows


@dataclass(frozen=True, slots=True)
class LabourCounts:
    """How many of the present members can work, work away, learn, or are ill. Classes: dictionary labour."""

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
class PhotoRow:
    """What is known of one photograph or scan; the picture itself: app/records/photo.py.

    `pages`: of a scan, 0 of a photograph; `before_id`: the photograph of the same thing before it was put right;
    `with_its_owner`: what it belongs to was not withdrawn, else no paper has it.
    """

    id: str
    kind: str
    taken_at: str
    caption: str
    place: str
    visit_id: str
    inspection_id: str
    pages: int = 0
    before_id: str = ""
    with_its_owner: bool = True


@dataclass(frozen=True, slots=True)
class InspectionRow:
    """One inspector's inspection of this household; its score follows from the checklist (app/checklists)."""

    id: str
    round_id: str
    round: str
    inspector: str
    seen_on: date | None


@dataclass(frozen=True, slots=True)
class HouseholdDetails:
    """Everything of one household, as plain values.

    `size` counts the members who have not left; `mismatch` is a sentence where the number that was brought in differs;
    `monitored` is the kind of monitoring while it is monitored, else "".
    """

    id: str
    village: str
    values: Mapping[str, Value]
    monitored: str
    head: MemberRow | None
    members: tuple[MemberRow, ...]
    former_members: tuple[MemberRow, ...]
    size: int
    size_mismatch: str
    labour: LabourCounts
    conditions: tuple[ConditionYear, ...]
    incomes: tuple[YearlyIncome, ...]
    helpers: tuple[AssignmentRow, ...]
    past_helpers: tuple[AssignmentRow, ...]
    visits: tuple[VisitRow, ...]
    photos: tuple[PhotoRow, ...]
    inspections: tuple[InspectionRow, ...]

    @property
    def called(self) -> str:
        """What people call it, e.g. 陈卫国户; by its number where nobody is the head."""
        return f"{self.head.name if self.head else self.values.get('household_no') or '无户主'}户"


def household_details(session: Session, household_id: str) -> HouseholdDetails:
    """One household with its dependent records.

    Raises:
        UserError: there is no such household
    """
    draft = open_draft(session, "household", household_id)
    all_members = member_rows(session, household_id)
    present = tuple(row for row in all_members if not row.left)
    assignments = assignment_rows(session, household_id)
    population = draft.values["population"]
    return HouseholdDetails(
        id=household_id,
        village=draft.village,
        values=draft.values,
        monitored=open_kind(session, household_id),
        head=next((row for row in present if row.relation == HEAD_RELATION), None),
        members=present,
        former_members=tuple(row for row in all_members if row.left),
        size=len(present),
        size_mismatch=size_mismatch(population if isinstance(population, int) else None, len(present)),
        labour=labour_counts(present),
        conditions=living_conditions(session, household_id),
        incomes=tuple(yearly_incomes(session, household_id)),
        helpers=tuple(row for row in assignments if row.in_force),
        past_helpers=tuple(row for row in assignments if not row.in_force),
        visits=tuple(visit_rows(session, household_id)),
        photos=_photos(session, household_id),
        inspections=_inspections(session, household_id),
    )


@cache
def household_tables() -> frozenset[str]:
    """Tables whose records are read for a household's page: what belongs to a household, what names one or its members
    (who benefits from a project), and what all these refer to (helpers, rounds)."""
    belonging = {"household", *tables_below("household")}
    naming = {table for subject in ("household", "member") for table, _ in referrers(subject)}
    referred = {table for name in belonging | naming for _, table in references(name)}
    return frozenset({*belonging, *naming, *referred, *(below for table in referred for below in tables_below(table))})


def nearest_table(table: str, among: Collection[str]) -> str:
    """The table itself, or the nearest one that its records belong to, of these; "" for none."""
    if table not in records():
        return NEWER_TABLE
    while table and table not in among:
        table = parent_table(table)
    return table


def nearest_record(session: Session, table: str, row_id: str, among: Collection[str]) -> str:
    """Id of the record itself, or of the nearest that it belongs to, in one of these tables; "" for none."""
    if table not in records():
        return row_id
    while parent_column(table) and table not in among:
        columns = records()[table].__table__.columns
        row_id = session.scalar(select(columns[parent_column(table)]).where(columns["id"] == row_id)) or ""
        table = parent_table(table)
    return row_id if table in among else ""


def size_mismatch(population: int | None, size: int) -> str:
    """The sentence for a 人数 that is not the number of members, or ""."""
    if population is None or population == size:
        return ""
    return f"登记的人数是 {population} 人，成员表里有 {size} 人，请核对家庭成员。"


def labour_counts(members: Iterable[MemberRow]) -> LabourCounts:
    """Counts over present members."""
    present = list(members)
    strength = {option.value: str(option.extra["strength"]) for option in options("labour")}
    strengths = [strength.get(row.labour, "unknown") for row in present]
    away, ill = values_with_role("school_status", "not_at_school"), values_with_role("health", "ill")
    disabled = value_of("health", "disabled")
    return LabourCounts(
        full=strengths.count("full"),
        half=strengths.count("half"),
        none=strengths.count("none"),
        unknown=strengths.count("unknown"),
        working_away=sum(bool(row.work_region or row.work_months) for row in present),
        at_school=sum(row.school_status not in ("", *away) for row in present),
        ill=sum(not ill.isdisjoint(row.health) for row in present),
        disabled=sum(disabled in row.health for row in present),
    )


def living_conditions(session: Session, household_id: str) -> tuple[ConditionYear, ...]:
    """The yearly cards of living conditions of a household, the newest first."""
    rows = session.scalars(
        select(LivingCondition)
        .where(LivingCondition.household_id == household_id, ~LivingCondition.withdrawn)
        .order_by(LivingCondition.year.desc())
    )
    names = [column_field.name for column_field in fields("living_condition")]
    return tuple(ConditionYear(row.id, row.year or 0, {name: getattr(row, name) for name in names}) for row in rows)


def _photos(session: Session, household_id: str) -> tuple[PhotoRow, ...]:
    rows = session.execute(
        select(Photo, is_with_its_owner(session))
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
            pages=row.pages or 0,
            before_id=row.before_id or "",
            with_its_owner=with_its_owner,
        )
        for row, with_its_owner in rows
    )


def _inspections(session: Session, household_id: str) -> tuple[InspectionRow, ...]:
    rows = session.execute(
        select(Inspection, Round.title)
        .outerjoin(Round, Round.id == Inspection.round_id)
        .where(Inspection.household_id == household_id, ~Inspection.withdrawn)
        .order_by(Inspection.seen_on.desc(), Inspection.id)
    )
    return tuple(
        InspectionRow(row.id, row.round_id or "", title or "", row.inspector or "", row.seen_on) for row, title in rows
    )
