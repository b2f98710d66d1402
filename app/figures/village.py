"""Counts for the start page: how many households of which kind, and what waits to be done."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import resources
from app.checklists.rounds import rounds
from app.records.assignment import over_limit
from app.records.field import options
from app.records.income import poverty_line
from app.records.lists import HouseholdRow, household_rows
from app.work import rectification
from db.conflict import open_conflicts
from db.schema.aid import Visit
from db.schema.household import Member
from db.schema.setting import Setting

UNKNOWN = "未填"


@dataclass(frozen=True, slots=True)
class Count:
    """One bar: what, and how many."""

    label: str
    number: int


@dataclass(frozen=True, slots=True)
class OpenRound:
    """A round in which homes are left to see; `late`: its last day has passed."""

    id: str
    title: str
    due_on: date | None
    homes: int
    left: int
    late: bool


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised at a visit and is not yet carried out; `late`: its day has passed."""

    visit_id: str
    household_id: str
    head: str
    what: str
    promised_by: date | None
    late: bool


@dataclass(frozen=True, slots=True)
class VillageFigures:
    """The village on one page.

    Attributes:
        per_head: mean of the households' net income per head in their newest year, yuan; None where none is known
        below_line: households whose newest year is below that year's poverty line
        problems_open: not yet put right; problems_overdue of them are past their day
        visit_days: after how many days without a visit a household is listed
    """

    households: int
    members: int
    by_kind: tuple[Count, ...]
    by_group: tuple[Count, ...]
    without_helper: int
    over_limit: int
    visits_due: int
    never_visited: int
    visit_days: int
    visits_this_month: int
    open_rounds: tuple[OpenRound, ...]
    promises: tuple[Promise, ...]
    conflicts: int
    problems_open: int
    problems_overdue: int
    per_head: Decimal | None
    below_line: int


def figures(session: Session, today: date | None = None) -> VillageFigures:
    """Everything at once, over the households that are not closed."""
    day = today or date.today()
    closed = {option.value for option in options("registration_state") if not option.more["open"]}
    rows = [row for row in household_rows(session) if row.state not in closed]
    days = visit_days(session)
    due = [row for row in rows if visit_due(row, days, day)]
    problems = rectification.rows(session, state=rectification.State.OPEN, today=day)
    known = [row.per_head for row in rows if row.per_head is not None]
    return VillageFigures(
        households=len(rows),
        members=sum(row.size for row in rows),
        by_kind=_counts((row.kind for row in rows), [option.value for option in options("household_kind")]),
        by_group=_counts((row.group or row.hamlet for row in rows), []),
        without_helper=sum(row.needs_helper and not row.helpers for row in rows),
        over_limit=len(over_limit(session)),
        visits_due=len(due),
        never_visited=sum(row.last_visit is None for row in due),
        visit_days=days,
        visits_this_month=_visits_since(session, day.replace(day=1)),
        open_rounds=_open_rounds(session, day),
        promises=_promises(session, day),
        conflicts=len(open_conflicts(session)),
        problems_open=len(problems),
        problems_overdue=sum(one.overdue for one in problems),
        per_head=(sum(known, Decimal()) / len(known)).quantize(Decimal("0.01"), ROUND_HALF_UP) if known else None,
        below_line=sum(_below(row) for row in rows),
    )


def visit_due(row: HouseholdRow, days: int, today: date | None = None) -> bool:
    """Whether a household that must be helped was not visited for so many days."""
    since = (today or date.today()) - timedelta(days=days)
    return row.needs_helper and (row.last_visit is None or row.last_visit < since)


def visit_days(session: Session) -> int:
    """After how many days without a visit a household is listed: this workbook's preference, or the county's rule."""
    kept = session.scalar(select(Setting.value).where(Setting.key == "visit_days"))
    return int(json.loads(kept) if kept else resources.read("thresholds", "visit")["days_without"])


def _counts(said: Iterable[str], order: list[str]) -> tuple[Count, ...]:
    """Options in the order of their list, others by number; the unknown last."""
    found = Counter(one or UNKNOWN for one in said)
    known = [one for one in order if one in found]
    others = [one for one, _ in found.most_common() if one not in order and one != UNKNOWN]
    return tuple(Count(one, found[one]) for one in (*known, *others, *([UNKNOWN] if UNKNOWN in found else [])))


def _below(row: HouseholdRow) -> bool:
    line = poverty_line(row.income_year) if row.income_year else None
    return row.per_head is not None and line is not None and line.line is not None and row.per_head < line.line


def _visits_since(session: Session, day: date) -> int:
    count = session.scalar(select(func.count()).select_from(Visit).where(~Visit.withdrawn, Visit.visited_on >= day))
    return count or 0


def _open_rounds(session: Session, today: date) -> tuple[OpenRound, ...]:
    return tuple(
        OpenRound(row.id, row.title, row.due_on, row.homes, row.left, row.due_on is not None and row.due_on < today)
        for row in rounds(session)
        if row.open
    )


def _promises(session: Session, today: date) -> tuple[Promise, ...]:
    rows = session.execute(
        select(Visit.id, Visit.household_id, Visit.promised, Visit.promised_by, Member.name)
        .outerjoin(
            Member,
            (Member.household_id == Visit.household_id)
            & (Member.relation == "户主")
            & Member.left.is_(None)
            & ~Member.withdrawn,
        )
        .where(~Visit.withdrawn, Visit.promised.is_not(None), Visit.carried_out.is_(None))
        .order_by(Visit.promised_by.is_(None), Visit.promised_by, Visit.visited_on)
    )
    return tuple(
        Promise(id, household or "", head or "", what or "", by, by is not None and by < today)
        for id, household, what, by, head in rows
    )
