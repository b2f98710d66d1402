"""Counts for the start page: households by kind, and work that is due."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import exists, func, literal, select
from sqlalchemy.orm import Session

from app.checklists.rounds import list_rounds
from app.dashboard.team_days import TeamDays, team_days
from app.records.assignment import overloaded_helpers
from app.records.field import options
from app.records.household_list import visit_days
from app.records.row_views import HouseholdRow, household_rows
from app.records.standards import Line, MissingLine, Standards, load_standards
from app.rectifications.open_work import OpenWork, open_work
from app.registers import all_registers
from app.registers.engine.register import Register
from app.registers.engine.rows import RowQuery, row_ids
from app.registers.engine.steps import DueRows, due_rows
from app.registers.partner import VILLAGE_UNITS
from app.registers.rectification import REGISTER as RECTIFICATIONS
from app.registers.rectification import TO_PUT_RIGHT, to_look_again
from db.journal.conflicts import open_conflicts
from db.schema.aid import Visit
from db.schema.household import Member
from db.schema.rectification import Rectification
from db.schema.social import Partner
from resources.option_roles import value_of, values_with_role

UNKNOWN_LABEL = "未填"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart: label and count."""

    label: str
    count: int


@dataclass(frozen=True, slots=True)
class OpenRound:
    """A round with households not yet inspected; `late`: it is overdue."""

    id: str
    title: str
    due_on: date | None
    households: int
    remaining: int
    overdue: bool


@dataclass(frozen=True, slots=True)
class OpenPromise:
    """A promise made at a visit and not yet carried out; `late`: it is overdue."""

    visit_id: str
    household_id: str
    head: str
    promise: str
    promised_by: date | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class BelowLine:
    """How many households are below the line of their newest year: 贫困线 up to 2020, 监测范围 since.

    Attributes:
        compared: households whose income and line are known; `count` of them are below
        missing: lines that nobody has entered, with the households that could not be compared; the latest first
    """

    count: int
    compared: int
    missing: tuple[MissingLine, ...]


@dataclass(frozen=True, slots=True)
class VillageSummary:
    """The village on one page.

    Attributes:
        per_capita_income: mean of the households' net income per head in their newest year, yuan; None where none is
            known
        monitored: households that are 监测对象 now
        below_line: households whose newest year is below that year's line
        problems_open: not yet fixed; problems_overdue of them are past their deadline
        problems_to_recheck: closed so long ago that somebody should look whether they have stayed away
        due: registers with rows whose next step is due soon or overdue
        open_work: promises, monitoring, problems and tasks that wait, with who and until when
        team_days: days in the village of each member of the work team
        has_village_unit: whether a 包村单位 is registered and has not ended its help
        visit_days: after how many days without a visit a household is listed
    """

    households: int
    members: int
    monitored: int
    by_kind: tuple[Bar, ...]
    by_group: tuple[Bar, ...]
    without_helper: int
    over_limit: int
    visits_due: int
    never_visited: int
    visit_days: int
    visits_this_month: int
    open_rounds: tuple[OpenRound, ...]
    promises: tuple[OpenPromise, ...]
    conflicts: int
    problems_open: int
    problems_overdue: int
    per_capita_income: Decimal | None
    below_line: BelowLine
    problems_to_recheck: int
    due: tuple[DueRows, ...]
    open_work: tuple[OpenWork, ...]
    team_days: tuple[TeamDays, ...]
    has_village_unit: bool


def village_summary(session: Session, today: date | None = None) -> VillageSummary:
    """Everything at once, over the households that are not closed."""
    reference_day = today or date.today()
    closed_states = values_with_role("registration_state", "closed")
    rows = [row for row in household_rows(session) if row.state not in closed_states]
    visit_interval = visit_days(session)
    overdue_visits = [row for row in rows if visit_due(row, visit_interval, reference_day)]
    known_incomes = [row.per_capita_income for row in rows if row.per_capita_income is not None]
    return VillageSummary(
        households=len(rows),
        members=sum(row.size for row in rows),
        monitored=sum(bool(row.monitored) for row in rows),
        by_kind=_bars((row.kind for row in rows), [option.value for option in options("household_kind")]),
        by_group=_bars((row.group or row.hamlet for row in rows), []),
        without_helper=sum(row.needs_helper and not row.helpers for row in rows),
        over_limit=len(overloaded_helpers(session)),
        visits_due=len(overdue_visits),
        never_visited=sum(row.last_visit is None for row in overdue_visits),
        visit_days=visit_interval,
        visits_this_month=_visits_since(session, reference_day.replace(day=1)),
        open_rounds=_open_rounds(session, reference_day),
        promises=_promises(session, reference_day),
        conflicts=len(open_conflicts(session)),
        problems_open=len(row_ids(session, RECTIFICATIONS, RowQuery(step=TO_PUT_RIGHT.name))),
        problems_overdue=len(row_ids(session, RECTIFICATIONS, RowQuery(overdue=True, today=reference_day))),
        per_capita_income=(sum(known_incomes, Decimal()) / len(known_incomes)).quantize(Decimal("0.01"), ROUND_HALF_UP)
        if known_incomes
        else None,
        below_line=_below_line(rows, load_standards(session)),
        problems_to_recheck=_count_to_recheck(session, reference_day),
        due=tuple(due_rows(session, _reminding_registers(), reference_day)),
        open_work=open_work(session, reference_day),
        team_days=team_days(session, reference_day),
        has_village_unit=bool(session.scalar(select(exists().where(VILLAGE_UNITS, ~Partner.withdrawn)))),
    )


def visit_due(row: HouseholdRow, days: int, today: date | None = None) -> bool:
    """Whether a household that must be helped was not visited for so many days."""
    since = (today or date.today()) - timedelta(days=days)
    return row.needs_helper and (row.last_visit is None or row.last_visit < since)


def _bars(values: Iterable[str], order: list[str]) -> tuple[Bar, ...]:
    """Options in the order of their list, others by number; the unknown last."""
    counts = Counter(value or UNKNOWN_LABEL for value in values)
    known_options = [value for value in order if value in counts]
    other_values = [value for value, _ in counts.most_common() if value not in order and value != UNKNOWN_LABEL]
    return tuple(
        Bar(value, counts[value])
        for value in (*known_options, *other_values, *([UNKNOWN_LABEL] if UNKNOWN_LABEL in counts else []))
    )


def _below_line(rows: Iterable[HouseholdRow], standards: Standards) -> BelowLine:
    below, compared, missing = 0, 0, Counter[tuple[int, str]]()
    for row in rows:
        if row.per_capita_income is None or row.income_year is None:
            continue
        line = standards.income_line(row.income_year, row.village)
        if isinstance(line, Line):
            compared += 1
            below += row.per_capita_income < line.amount
        else:
            missing[line.year, line.kind] += 1
    lines = tuple(MissingLine(year, kind, count) for (year, kind), count in sorted(missing.items(), reverse=True))
    return BelowLine(below, compared, lines)


def _reminding_registers() -> list[Register]:
    return [register for register in all_registers() if register.reminds]


def _count_to_recheck(session: Session, day: date) -> int:
    query = select(func.count()).select_from(Rectification)
    return session.scalar(query.where(~Rectification.withdrawn, to_look_again(literal(day.isoformat())))) or 0


def _visits_since(session: Session, day: date) -> int:
    count = session.scalar(select(func.count()).select_from(Visit).where(~Visit.withdrawn, Visit.visited_on >= day))
    return count or 0


def _open_rounds(session: Session, today: date) -> tuple[OpenRound, ...]:
    return tuple(
        OpenRound(
            row.id, row.title, row.due_on, row.households, row.remaining, row.due_on is not None and row.due_on < today
        )
        for row in list_rounds(session, only_open=True)
    )


def _promises(session: Session, today: date) -> tuple[OpenPromise, ...]:
    rows = session.execute(
        select(Visit.id, Visit.household_id, Visit.promised, Visit.promised_by, Member.name)
        .outerjoin(
            Member,
            (Member.household_id == Visit.household_id)
            & (Member.relation == value_of("relation", "head"))
            & Member.left.is_(None)
            & ~Member.withdrawn,
        )
        .where(~Visit.withdrawn, Visit.promised.is_not(None), Visit.carried_out.is_(None))
        .order_by(Visit.promised_by.is_(None), Visit.promised_by, Visit.visited_on)
    )
    return tuple(
        OpenPromise(
            id, household or "", head or "", promise or "", promised_by, promised_by is not None and promised_by < today
        )
        for id, household, promise, promised_by, head in rows
    )
