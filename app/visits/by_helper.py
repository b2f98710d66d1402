"""What each helper did in a time: planned, gone, households, days, problems and what became of them, 三同."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.records.named_people import names_in
from app.registers import get_register
from app.registers.engine.rows import kept_conditions
from app.visits.planning import month_days
from db.schema.aid import Helper, Visit
from db.schema.visit import VisitParticipant, VisitPlan, VisitPolicy
from resources.limits import Limit


@dataclass(slots=True)
class HelperVisits:
    """The counts of one helper.

    Attributes:
        planned, kept: lines of the plan, and those whose household somebody visited in the planned month
        visits, households, days: what was done: visits, different households, different days
        asked, solved: visits at which something was asked for, and those of them with a result
        meals, nights, hours: 同吃 in meals, 同住 in nights, 同劳动 in hours
        explained: visits at which a policy was explained
        months: visits by month (YYYY-MM)
        signed, uploaded: visits that the head signed, that are in the provincial app
    """

    helper_id: str
    name: str
    unit: str
    planned: int = 0
    kept: int = 0
    visits: int = 0
    asked: int = 0
    solved: int = 0
    explained: int = 0
    signed: int = 0
    uploaded: int = 0
    meals: int = 0
    nights: int = 0
    hours: Decimal = Decimal(0)
    household_ids: set[str] = field(default_factory=set)
    visited_days: set[date] = field(default_factory=set)
    months: Counter[str] = field(default_factory=Counter)

    @property
    def households(self) -> int:
        return len(self.household_ids)

    @property
    def days(self) -> int:
        return len(self.visited_days)

    def misses_quota(self, months: int = 1) -> bool:
        """Whether there are fewer visits than the county asks of a helper in so many months."""
        return self.visits < months * int(Limit("visit")["helper_visits_month"])


def visits_by_helper(session: Session, first_month: str, last_month: str) -> list[HelperVisits]:
    """All helpers, with what they did in these months (YYYY-MM, both included).

    Whoever is named as having come along counts. Where nobody is, a helper counts whose name is among the visitors of
    the visit and is no other helper's.
    """
    statement = select(Helper.id, Helper.name, Helper.unit).where(~Helper.withdrawn).order_by(Helper.unit, Helper.name)
    found = {id: HelperVisits(id, name or "", unit or "") for id, name, unit in session.execute(statement)}
    first, last = month_days(first_month)[0], month_days(last_month)[1]
    _count_visits(session, found, first, last)
    _count_plans(session, found, first_month, last_month)
    return list(found.values())


def kept_visits() -> list[ColumnElement[bool]]:
    """In SQL: the visits that their register shows; none to a household that was withdrawn."""
    return kept_conditions(get_register(Visit.__tablename__))


def kept_plans() -> list[ColumnElement[bool]]:
    """In SQL: the lines of the plan that their register shows."""
    return kept_conditions(get_register(VisitPlan.__tablename__))


def visitors_of(session: Session, visits: Iterable[Visit]) -> dict[str, tuple[str, ...]]:
    """Visit → ids of the helpers who made it."""
    visits = list(visits)
    named: dict[str, list[str]] = {}
    participants = select(VisitParticipant.visit_id, VisitParticipant.helper_id).where(~VisitParticipant.withdrawn)
    for visit_id, helper_id in session.execute(participants.order_by(VisitParticipant.id)):
        if visit_id and helper_id:
            named.setdefault(visit_id, []).append(helper_id)
    by_name: dict[str, list[str]] = {}
    for id, name in session.execute(select(Helper.id, Helper.name).where(~Helper.withdrawn)):
        by_name.setdefault(name or "", []).append(id)
    return {visit.id: tuple(named.get(visit.id) or _named_in(visit.visitors or "", by_name)) for visit in visits}


def _named_in(visitors: str, by_name: dict[str, list[str]]) -> list[str]:
    candidates = (by_name.get(name, []) for name in names_in(visitors))
    return [ids[0] for ids in candidates if len(ids) == 1]


def _count_visits(session: Session, found: dict[str, HelperVisits], first: date, last: date) -> None:
    visits = list(session.scalars(select(Visit).where(*kept_visits(), Visit.visited_on.between(first, last))))
    taught = set(session.scalars(select(VisitPolicy.visit_id).where(~VisitPolicy.withdrawn)))
    visitors = visitors_of(session, visits)
    for visit in visits:
        for helper_id in visitors[visit.id]:
            if helper_id in found:
                _add(found[helper_id], visit, bool(visit.explained) or visit.id in taught)


def _add(counts: HelperVisits, visit: Visit, explained: bool) -> None:
    counts.visits += 1
    counts.asked += bool(visit.asked_for)
    counts.solved += bool(visit.asked_for and visit.carried_out)
    counts.explained += explained
    counts.signed += bool(visit.countersigned)
    counts.uploaded += visit.uploaded_on is not None
    counts.meals += visit.meals or 0
    counts.nights += visit.nights or 0
    counts.hours += visit.labour_hours or 0
    if visit.household_id:
        counts.household_ids.add(visit.household_id)
    if visit.visited_on:
        counts.visited_days.add(visit.visited_on)
        counts.months[f"{visit.visited_on:%Y-%m}"] += 1


def _count_plans(session: Session, found: dict[str, HelperVisits], first_month: str, last_month: str) -> None:
    plans = select(VisitPlan.helper_id, VisitPlan.household_id, VisitPlan.month).where(
        *kept_plans(), VisitPlan.month.between(first_month, last_month)
    )
    between = Visit.visited_on.between(month_days(first_month)[0], month_days(last_month)[1])
    made = {
        (household_id, f"{visited_on:%Y-%m}")
        for household_id, visited_on in session.execute(
            select(Visit.household_id, Visit.visited_on).where(~Visit.withdrawn, between)
        )
    }
    for helper_id, household_id, month in session.execute(plans):
        if helper_id in found:
            found[helper_id].planned += 1
            found[helper_id].kept += (household_id, month) in made
