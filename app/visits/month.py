"""One month of visits, for the page that plans it: days, helpers, who is due, what was planned and done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.registers.engine.titles import SubjectTitle, household_titles
from app.visits.by_helper import HelperVisits, kept_plans, kept_visits, visitors_of, visits_by_helper
from app.visits.due import DueVisit, due_visits
from app.visits.planning import month_days
from db.schema.aid import Helper, Visit
from db.schema.visit import VisitPlan


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A visit that was made or is planned.

    Attributes:
        table: "visit" or "visit_plan", where `record_id` opens
        on: the day; of a plan without one, None
        helpers: ids of those who came, or who is to come
        place, household: 村民组, and who is the head
        who: as written: the visitors, the helper's name
        told: what for, or what was seen
        is_done: of a plan, whether somebody was there in the month
    """

    table: str
    record_id: str
    household_id: str
    on: date | None
    place: str
    household: str
    helpers: tuple[str, ...]
    who: str
    told: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class VisitMonth:
    """Everything the page shows; `due` are the households that are due by the end of the month."""

    month: str
    helpers: tuple[HelperVisits, ...]
    due: tuple[DueVisit, ...]
    lines: tuple[MonthLine, ...]

    def on_day(self, day: date) -> tuple[int, int]:
        """How many visits were made and are planned on a day."""
        of_day = [line.table for line in self.lines if line.on == day]
        return of_day.count(Visit.__tablename__), of_day.count(VisitPlan.__tablename__)


def visit_month(session: Session, month: str) -> VisitMonth:
    """The month (YYYY-MM): households in walking order, visits and plans by day."""
    last = month_days(month)[1]
    return VisitMonth(
        month=month,
        helpers=tuple(visits_by_helper(session, month, month)),
        due=tuple(one for one in due_visits(session) if one.is_due(last)),
        lines=tuple(_lines(session, month)),
    )


def _lines(session: Session, month: str) -> list[MonthLine]:
    between = Visit.visited_on.between(*month_days(month))
    visits = list(session.scalars(select(Visit).where(*kept_visits(), between)))
    plans = list(session.scalars(select(VisitPlan).where(*kept_plans(), VisitPlan.month == month)))
    visited = {visit.household_id or "" for visit in visits}
    titles = household_titles(session, [*visited, *(plan.household_id or "" for plan in plans)])
    names: dict[str, str | None] = dict(iter(session.execute(select(Helper.id, Helper.name)).all()))
    visitors = visitors_of(session, visits)
    lines = [
        MonthLine(
            Visit.__tablename__,
            visit.id,
            visit.household_id or "",
            visit.visited_on,
            *_place_and_head(titles, visit.household_id),
            visitors[visit.id],
            visit.visitors or "",
            visit.found or "",
            True,
        )
        for visit in visits
    ]
    lines += [
        MonthLine(
            VisitPlan.__tablename__,
            plan.id,
            plan.household_id or "",
            plan.target_on,
            *_place_and_head(titles, plan.household_id),
            (plan.helper_id or "",),
            names.get(plan.helper_id or "") or "",
            plan.reason or "",
            (plan.household_id or "") in visited,
        )
        for plan in plans
    ]
    return sorted(lines, key=lambda line: (line.on is None, line.on or date.min, line.table, line.household))


def _place_and_head(titles: Mapping[str, SubjectTitle], household_id: str | None) -> tuple[str, str]:
    title = titles.get(household_id or "", SubjectTitle())
    return title.group, title.head or title.number
