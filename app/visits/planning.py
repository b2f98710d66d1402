"""The plan of a month: for each household that falls due, who goes there and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.records.draft import is_taken, new_draft, open_draft, write_draft
from app.records.field import Value
from app.visits.due import due_visits
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


def propose_plan(session: Session, month: str) -> PlanProposal:
    """One visit for each household that is due by the end of the month (YYYY-MM) and is not planned in it yet.

    It goes to the helper who has the household the longest.
    """
    first, last = month_days(month)
    planned = set(session.scalars(select(VisitPlan.household_id).where(~VisitPlan.withdrawn, VisitPlan.month == month)))
    visits, without_helper = [], []
    for due in due_visits(session):
        if not due.is_due(last) or due.household_id in planned:
            continue
        if not due.helpers:
            without_helper.append(due.head)
            continue
        helper_id, helper = next(iter(due.helpers.items()))
        target = max(due.due_on or first, first)
        visits.append(
            ProposedVisit(
                due.household_id, due.village, due.place, due.head, helper_id, helper, month, target, due.reason
            )
        )
    return PlanProposal(month, tuple(visits), tuple(without_helper))


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
