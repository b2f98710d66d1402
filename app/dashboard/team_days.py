"""How many days each member of the work team was in the village, and on leave, against what the county asks for."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from db.schema.aid import Helper
from db.schema.work_team import Attendance, LeaveRequest, TeamTerm
from resources.limits import Limit
from resources.option_roles import values_with_role

_NORMS = Limit("village_work")
MONTH_NORM, YEAR_NORM = _NORMS["team_days_month"], _NORMS["team_days_year"]  # days in the village
MOST_LEAVE = _NORMS["leave_days_year"]  # days of leave in a year
_HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class TeamDays:
    """Days in the village of one member of the team, halves counted as such: this month and this year so far.

    `leave`: days of leave that began this year, unless it was refused.
    """

    name: str
    month: Decimal
    year: Decimal
    leave: int = 0

    @property
    def too_much_leave(self) -> bool:
        return self.leave > int(MOST_LEAVE)


def team_days(session: Session, today: date) -> tuple[TeamDays, ...]:
    """For each who is in the team on this day: by a term that runs, or as the list of helpers says."""
    running = select(TeamTerm.helper_id).where(
        ~TeamTerm.withdrawn,
        TeamTerm.started_on <= today,
        or_(TeamTerm.ended_on.is_(None), TeamTerm.ended_on >= today),
    )
    in_team = or_(Helper.is_team_leader.is_(True), Helper.is_team_member.is_(True), Helper.id.in_(running))
    members = session.execute(select(Helper.id, Helper.name).where(~Helper.withdrawn, in_team).order_by(Helper.name))
    days, leave = _days_by_helper(session, today), _leave_by_helper(session, today.year)
    return tuple(
        TeamDays(
            name or "",
            days[id, today.month],
            sum((days[id, month] for month in range(1, 13)), Decimal()),
            leave.get(id, 0),
        )
        for id, name in members
    )


def _leave_by_helper(session: Session, year: int) -> dict[str | None, int]:
    """Helper → days of leave that began in a year, the first and the last day counted."""
    rows = session.execute(
        select(LeaveRequest.helper_id, LeaveRequest.started_on, LeaveRequest.ended_on).where(
            ~LeaveRequest.withdrawn,
            LeaveRequest.refused_on.is_(None),
            LeaveRequest.started_on.between(date(year, 1, 1), date(year, 12, 31)),
        )
    )
    days: dict[str | None, int] = {}
    for helper, start, end in rows:
        if start is not None and end is not None:
            days[helper] = days.get(helper, 0) + (end - start).days + 1
    return days


def _days_by_helper(session: Session, today: date) -> defaultdict[tuple[str | None, int], Decimal]:
    """(helper, month of this year) → days in the village until today."""
    in_village = Attendance.state.in_(values_with_role("attendance_state", "in_village"))
    rows = session.execute(
        select(Attendance.helper_id, Attendance.day, Attendance.half).where(
            ~Attendance.withdrawn, in_village, Attendance.day >= today.replace(month=1, day=1), Attendance.day <= today
        )
    )
    halves = values_with_role("day_half", "half")
    days: defaultdict[tuple[str | None, int], Decimal] = defaultdict(Decimal)
    for helper, day, half in rows:
        if day is not None:
            days[helper, day.month] += _HALF if half in halves else 1
    return days
