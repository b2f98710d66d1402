"""Frozen rows for tables, in a few passes over the workbook, however many households there are."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.records.assignment import helper_loads, is_in_force, needs_helper
from app.records.income import YearlyIncome, yearly_incomes
from app.records.monitoring import open_kinds
from app.records.residency import AMONG, Residency, load_residencies
from app.records.validators import id_birth
from db.schema.aid import Assignment, Helper, Visit
from db.schema.household import Household, Member
from resources.option_roles import value_of

HEAD_RELATION = value_of("relation", "head")


class HouseholdRow(NamedTuple):
    """One household in a list; a tuple, because a township makes 50,000 of them at a time.

    Attributes:
        size: members who have not left
        monitored: 监测对象类别 while it is monitored, `UNKNOWN_KIND` where that is not filled in, "" where it is not
        needs_helper: it must be helped and visited: registered or monitored, and not closed
        per_capita_income: in yuan, of `income_year`
    """

    id: str
    village: str
    household_no: str
    head: str
    group: str
    hamlet: str
    size: int
    phone: str
    attribute: str
    kind: str
    monitored: str
    state: str
    exit_status: str
    cause: str
    exit_year: int | None
    helpers: tuple[str, ...]
    needs_helper: bool
    last_visit: date | None
    income_year: int | None
    per_capita_income: Decimal | None

    @property
    def kinds(self) -> str:
        """户类型 and, while it is monitored, the kind of that: 脱贫户、脱贫不稳定户."""
        return "、".join(dict.fromkeys(text for text in (self.kind, self.monitored) if text))


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One person in a list. `age` in full years today; `left` is why and `left_on` when they left, if they did."""

    id: str
    household_id: str
    name: str
    sex: str
    birth: date | None
    age: int | None
    relation: str
    id_no: str
    ethnic: str
    education: str
    school_status: str
    health: tuple[str, ...]
    labour: str
    work_region: str
    work_months: Decimal | None
    phone: str
    joined: str
    joined_on: date | None
    left: str
    left_on: date | None


@dataclass(frozen=True, slots=True)
class HelperRow:
    """One helper in a list, with households in force and the limit of their rank."""

    id: str
    village: str
    name: str
    unit: str
    post: str
    rank: str
    phone: str
    households: int
    limit: int

    @property
    def is_over_limit(self) -> bool:
        return self.households > self.limit


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """Who helps or helped a household."""

    id: str
    household_id: str
    helper_id: str
    helper: str
    unit: str
    phone: str
    started_on: date | None
    ended_on: date | None
    reason: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit in a list."""

    id: str
    household_id: str
    visited_on: date | None
    visitors: str
    purpose: tuple[str, ...]
    found: str
    asked_for: str
    promised: str
    promised_by: date | None
    carried_out: str


def household_rows(session: Session, households: Sequence[str] | None = None) -> list[HouseholdRow]:
    """Households that are in use (not withdrawn, not merged into another), by village, group and number.

    Args:
        households: ids of those to read, None for all. What hangs on many is read in one pass over the workbook
    """
    some = households if households is not None and len(households) <= _FEW else None
    among = {} if some is None else {"households": json.dumps(some)}
    residencies = load_residencies(session, some)
    helpers: dict[str, list[str]] = {}
    helped = (
        select(Assignment.household_id, Helper.name)
        .join(Helper, Helper.id == Assignment.helper_id)
        .where(is_in_force(), ~Helper.withdrawn)
    )
    for household, name in session.execute(helped if some is None else helped.where(text(AMONG)), among).all():
        helpers.setdefault(household or "", []).append(name or "")
    visits: dict[str, str] = dict(iter(session.execute(text(_last_visits(some is None)), among).all()))
    incomes = {
        net.household_id: net for net in yearly_incomes(session, households=some, latest=True, people=residencies)
    }
    monitored = open_kinds(session)
    query = (
        select(*(getattr(Household, name) for name in _HOUSEHOLD_COLUMNS))
        .where(~Household.withdrawn)
        .order_by(Household.village, Household.group_name, Household.household_no, Household.id)
    )
    if households is None:
        query = query.where(Household.merged_into.is_(None))
    else:
        # the + turns the index of that column off, by which nearly all households would be looked at
        query = query.where(text("+merged_into IS NULL AND id IN (SELECT value FROM json_each(:households))"))
        among = {"households": json.dumps(households)}
    rows = session.execute(query, among).all()
    return [
        _household_row(
            row,
            residencies.get(row[0]),
            tuple(helpers.get(row[0], ())),
            visits.get(row[0]),
            incomes.get(row[0]),
            monitored.get(row[0], ""),
        )
        for row in rows
    ]


_FEW = 2000  # households up to which an index is quicker than a pass over all


def _last_visits(all_households: bool) -> str:
    return (
        f"SELECT household_id, max(visited_on) FROM visit {'NOT INDEXED' if all_households else ''} "
        f"WHERE NOT withdrawn {'' if all_households else 'AND ' + AMONG} GROUP BY household_id"
    )


_HOUSEHOLD_COLUMNS = (
    "id",
    "village",
    "household_no",
    "group_name",
    "hamlet",
    "phone",
    "household_attribute",
    "household_kind",
    "registration_state",
    "exit_status",
    "cause_main",
    "exit_year",
)


def _household_row(
    row: Any,
    residency: Residency | None,
    helpers: tuple[str, ...],
    visit: str | None,
    income: YearlyIncome | None,
    monitored: str,
) -> HouseholdRow:
    id, village, no, group, hamlet, phone, attribute, kind, state, exit_status, cause, exit_year = row
    return HouseholdRow(
        id=id,
        village=village,
        household_no=no or "",
        head=residency.head if residency else "",
        group=group or "",
        hamlet=hamlet or "",
        size=residency.size if residency else 0,
        phone=phone or "",
        attribute=attribute or "",
        kind=kind or "",
        monitored=monitored,
        state=state or "",
        exit_status=exit_status or "",
        cause=cause or "",
        exit_year=exit_year,
        helpers=helpers,
        needs_helper=needs_helper(kind, state, bool(monitored)),
        last_visit=date.fromisoformat(visit) if visit else None,
        income_year=income.year if income else None,
        per_capita_income=income.per_capita if income else None,
    )


def member_rows(session: Session, household_id: str = "", today: date | None = None) -> list[MemberRow]:
    """People of one household, or of all, in the order of members; those who left come last."""
    query = select(*(getattr(Member, name) for name in (*_MEMBER_COLUMNS, "person_no"))).where(~Member.withdrawn)
    if household_id:
        query = query.where(Member.household_id == household_id)
    today = today or date.today()
    people = sorted(session.execute(query), key=lambda row: (row.household_id or "", bool(row.left), member_order(row)))
    return [member_row(row, today) for row in people]


def member_order(member: Any) -> tuple[bool, date, str, str]:
    """The one order of the members of a household, on screen and on every paper: the head, then by age."""
    birth = member.birth or birth_of(member.id_no)
    return member.relation != HEAD_RELATION, birth or date.max, member.person_no or "", member.id


_MEMBER_COLUMNS = (
    "id",
    "household_id",
    "name",
    "sex",
    "birth",
    "relation",
    "id_no",
    "ethnic",
    "education",
    "school_status",
    "health",
    "labour",
    "work_region",
    "work_months",
    "member_phone",
    "joined",
    "joined_on",
    "left",
    "left_on",
)


def member_row(row: Any, today: date) -> MemberRow:
    birth = row.birth or birth_of(row.id_no)
    return MemberRow(
        id=row.id,
        household_id=row.household_id or "",
        name=row.name or "",
        sex=row.sex or "",
        birth=birth,
        age=age_on(birth, today),
        relation=row.relation or "",
        id_no=row.id_no or "",
        ethnic=row.ethnic or "",
        education=row.education or "",
        school_status=row.school_status or "",
        health=row.health or (),
        labour=row.labour or "",
        work_region=row.work_region or "",
        work_months=row.work_months,
        phone=row.member_phone or "",
        joined=row.joined or "",
        joined_on=row.joined_on,
        left=row.left or "",
        left_on=row.left_on,
    )


def birth_of(id_no: str | None) -> date | None:
    """The birthday in an ID or disability number, None where it has none."""
    return id_birth(id_no) if id_no else None


def age_on(birth: date | None, today: date | None = None) -> int | None:
    """Full years on a day (today if None)."""
    if birth is None:
        return None
    day = today or date.today()
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def helper_rows(session: Session) -> list[HelperRow]:
    """Every helper, by unit and name."""
    rows = {row.id: row for row in session.scalars(select(Helper).where(~Helper.withdrawn))}
    result = []
    for load in helper_loads(session):
        helper = rows[load.helper_id]
        result.append(
            HelperRow(
                id=load.helper_id,
                village=helper.village,
                name=load.name,
                unit=helper.unit or "",
                post=helper.post or "",
                rank=load.rank,
                phone=helper.phone or "",
                households=load.households,
                limit=load.limit,
            )
        )
    return sorted(result, key=lambda row: (row.unit, row.name))


def assignment_rows(session: Session, household_id: str = "", helper_id: str = "") -> list[AssignmentRow]:
    """Assignments of a household, of a helper, or all: those in force first, then the latest."""
    in_force_condition = is_in_force()
    query = (
        select(Assignment, Helper, in_force_condition)
        .outerjoin(Helper, Helper.id == Assignment.helper_id)
        .where(~Assignment.withdrawn)
    )
    if household_id:
        query = query.where(Assignment.household_id == household_id)
    if helper_id:
        query = query.where(Assignment.helper_id == helper_id)
    rows = [
        AssignmentRow(
            id=assignment.id,
            household_id=assignment.household_id or "",
            helper_id=assignment.helper_id or "",
            helper=(helper.name or "") if helper else "",
            unit=(helper.unit or "") if helper else "",
            phone=(helper.phone or "") if helper else "",
            started_on=assignment.started_on,
            ended_on=assignment.ended_on,
            reason=assignment.change_reason or "",
            in_force=bool(currently_in_force),
        )
        for assignment, helper, currently_in_force in session.execute(query)
    ]
    rows.sort(key=lambda row: row.started_on or date.min, reverse=True)
    return sorted(rows, key=lambda row: not row.in_force)


def visit_rows(session: Session, household_id: str = "") -> list[VisitRow]:
    """Visits of a household, or all, the latest first."""
    query = select(Visit).where(~Visit.withdrawn).order_by(Visit.visited_on.desc(), Visit.id)
    rows = session.scalars(query.where(Visit.household_id == household_id) if household_id else query)
    return [
        VisitRow(
            id=row.id,
            household_id=row.household_id or "",
            visited_on=row.visited_on,
            visitors=row.visitors or "",
            purpose=row.purpose or (),
            found=row.found or "",
            asked_for=row.asked_for or "",
            promised=row.promised or "",
            promised_by=row.promised_by,
            carried_out=row.carried_out or "",
        )
        for row in rows
    ]
