"""The plan of a month: for each household that falls due, who goes there and why."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.records.draft import is_taken, new_draft, open_draft, write_draft
from app.records.field import Value
from app.visits.due import DueVisit, due_visits
from app.workbook.workbook import Workbook
from db.journal.changes import write_cell
from db.schema.record import derived_id
from db.schema.visit import VisitPlan


@dataclass(frozen=True, slots=True)
class ProposedVisit:
    """A line that the plan of a month would get."""

    household_id: str
    village: str
    place: str
    head: str
    helper_id: str
    helper: str
    month: str
    target_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class PlanProposal:
    """What planning a month would add, and how many households are due that nobody helps."""

    month: str
    visits: tuple[ProposedVisit, ...]
    without_helper: tuple[str, ...]


_SATURDAY = 5


def propose_plan(session: Session, month: str, today: date | None = None) -> PlanProposal:
    """One visit for each household that is due by the end of the month (YYYY-MM) and is not planned in it yet.

    It goes to the helper who has the household the longest, on the day it falls due. What is late already is spread
    over the working days that are left, so that a plan made late in a month is no list of missed days.
    """
    first, last = month_days(month)
    days = _days_left(first, last, today or date.today())
    planned = set(session.scalars(select(VisitPlan.household_id).where(~VisitPlan.withdrawn, VisitPlan.month == month)))
    visits, without_helper = [], []
    for due in due_visits(session):
        if not due.is_due(last) or due.household_id in planned:
            continue
        if not due.helpers:
            without_helper.append(due.head)
            continue
        visits.append(_proposed(due, month, days[0]))
    return PlanProposal(month, tuple(_spread(visits, days)), tuple(without_helper))


def _proposed(due: DueVisit, month: str, earliest: date) -> ProposedVisit:
    helper_id, helper = next(iter(due.helpers.items()))
    target = max(due.due_on or earliest, earliest)
    return ProposedVisit(
        due.household_id, due.village, due.place, due.head, helper_id, helper, month, target, due.reason
    )


def _days_left(first: date, last: date, today: date) -> list[date]:
    """The working days from today to the end of the month; of a month that is over or to come, all of them."""
    begin = today if first <= today <= last else first
    days = [begin + timedelta(days=n) for n in range((last - begin).days + 1)]
    return [day for day in days if day.weekday() < _SATURDAY] or days


def _spread(visits: Sequence[ProposedVisit], days: Sequence[date]) -> Iterator[ProposedVisit]:
    """Each helper's visits of the first day, in walking order, as evenly over the days as they go."""
    late = Counter(one.helper_id for one in visits if one.target_on <= days[0])
    placed: Counter[str] = Counter()
    for one in visits:
        if one.target_on <= days[0]:
            day = days[placed[one.helper_id] * len(days) // late[one.helper_id]]
            placed[one.helper_id] += 1
            yield replace(one, target_on=day)
        else:
            yield one


def write_plan(workbook: Workbook, visits: Sequence[ProposedVisit]) -> int:
    """Add these lines to the plan as one operation; returns how many were new.

    Ids follow from household, helper and month, so that two laptops that plan the same month have one plan.
    """
    added = 0
    with workbook.operation(f"排走访计划：{visits[0].month}" if visits else "排走访计划") as session:
        for one in visits:
            id = derived_id(VisitPlan.__tablename__, one.household_id, one.helper_id, one.month)
            if is_taken(session, VisitPlan.__tablename__, id):
                added += _is_planned_again(session, id, one)
                continue
            values: dict[str, Value] = {
                "household_id": one.household_id,
                "helper_id": one.helper_id,
                "month": one.month,
                "target_on": one.target_on,
                "reason": one.reason,
            }
            write_draft(session, new_draft(VisitPlan.__tablename__, one.village, id, **values))
            added += 1
    return added


def _is_planned_again(session: Session, id: str, one: ProposedVisit) -> bool:
    """Bring back a line that somebody had taken out of the plan; False where it still stands there."""
    if not session.get_one(VisitPlan, id).withdrawn:
        return False
    write_draft(
        session,
        open_draft(session, VisitPlan.__tablename__, id).with_values(target_on=one.target_on, reason=one.reason),
    )
    write_cell(session, VisitPlan.__tablename__, id, "withdrawn", 0)
    return True


def month_days(month: str) -> tuple[date, date]:
    """The first and the last day of a month written as YYYY-MM."""
    first = date.fromisoformat(f"{month}-01")
    next_month = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first, date.fromordinal(next_month.toordinal() - 1)
