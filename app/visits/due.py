"""Which households are due for a visit: so many days after the last one, by kind of household, in walking order."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.checklists.households import load_register
from app.records.assignment import is_in_force
from app.records.row_views import HouseholdRow, household_rows
from db.schema.aid import Assignment, Helper
from db.schema.rectification import Rectification
from resources.limits import Limit
from resources.option_roles import value_of

_DAYS = Limit("visit")["due_days"]


@dataclass(frozen=True, slots=True)
class DueVisit:
    """A household and when it is due.

    Attributes:
        reason: an option of visit_reason
        helpers: id → name of those who help it now, the longest first
        due_on: None where nobody has come yet: it is due at once
    """

    household_id: str
    village: str
    place: str
    head: str
    kinds: str
    reason: str
    helpers: dict[str, str]
    last_visit: date | None
    due_on: date | None

    def is_due(self, by: date) -> bool:
        """Whether somebody should have come by that day."""
        return self.due_on is None or self.due_on <= by

    def days_late(self, today: date) -> int | None:
        """Days since it fell due, negative where there is time left; None where nobody has come yet."""
        return None if self.due_on is None else (today - self.due_on).days


def due_visits(session: Session) -> list[DueVisit]:
    """All households that are not closed, group by group as they are walked to."""
    rows = {row.id: row for row in household_rows(session)}
    walked = [
        entry.household.household_id
        for village in sorted({row.village for row in rows.values()})
        for entry in load_register(session, village)
        if entry.in_force
    ]
    helpers, troubled = _helpers(session), _with_open_problems(session)
    return [_due(row, helpers.get(row.id, {}), row.id in troubled) for row in map(rows.__getitem__, walked)]


def _due(row: HouseholdRow, helpers: dict[str, str], is_troubled: bool) -> DueVisit:
    kind = "monitored" if row.monitored else "registered" if row.needs_helper else "other"
    reason = "monitored" if row.monitored else "problem" if is_troubled else "regular"
    return DueVisit(
        household_id=row.id,
        village=row.village,
        place=row.group or row.hamlet,
        head=row.head,
        kinds=row.kinds,
        reason=value_of("visit_reason", reason),
        helpers=helpers,
        last_visit=row.last_visit,
        due_on=row.last_visit + timedelta(days=int(_DAYS[kind])) if row.last_visit else None,
    )


def _helpers(session: Session) -> dict[str, dict[str, str]]:
    """Household → id and name of its helpers."""
    found: dict[str, dict[str, str]] = {}
    statement = (
        select(Assignment.household_id, Helper.id, Helper.name)
        .join(Helper, Helper.id == Assignment.helper_id)
        .where(is_in_force(), ~Helper.withdrawn)
        .order_by(Assignment.started_on, Assignment.id)
    )
    for household_id, helper_id, name in session.execute(statement):
        found.setdefault(household_id or "", {})[helper_id] = name or ""
    return found


def _with_open_problems(session: Session) -> set[str]:
    statement = select(Rectification.household_id).where(~Rectification.withdrawn, Rectification.closed_on.is_(None))
    return {household_id for household_id in session.scalars(statement) if household_id}
