"""月考勤表: the members of the team by the days of a month; what is typed into it is planned, then written at once."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.records.draft import new_draft, open_draft, write_draft
from app.work_team.day_marks import WHOLE_DAY, cell_text, counted_as, day_marks, legend, parse_cell
from app.workbook.workbook import Workbook, running_operation
from db.journal.changes import write_cell
from db.schema.aid import Helper
from db.schema.work_team import Attendance, TeamTerm
from resources.option_roles import values_with_role

_TABLE = "attendance"
_HALF = Decimal("0.5")
_States = dict[str, str]  # part of a day → state


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One member of the team in a month.

    Attributes:
        cells: day of the month → its text
        in_village, on_duty, leave, absent: days, halves counted as such
    """

    helper_id: str
    name: str
    unit: str
    cells: Mapping[int, str]
    in_village: Decimal
    on_duty: Decimal
    leave: Decimal
    absent: Decimal


@dataclass(frozen=True, slots=True)
class MonthSheet:
    """A month; `days` from its first to its last."""

    days: tuple[date, ...]
    rows: tuple[MonthRow, ...]


@dataclass(frozen=True, slots=True)
class DayInput:
    """A text for one day of one member; "" empties it. `day`: of the month, as its column is called."""

    helper_id: str
    day: str
    text: str


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """One cell that changes. `before`, `after`: its texts, "" for none."""

    helper_id: str
    name: str
    day: date
    before: str
    after: str
    states: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MonthPlan:
    """What some inputs would do. `refused`: with the reason, a sentence without its full stop."""

    changes: tuple[PlannedDay, ...]
    refused: tuple[tuple[DayInput, str], ...] = ()


def month_days(first: date) -> tuple[date, ...]:
    """All days of the month of a day."""
    return tuple(date(first.year, first.month, n) for n in range(1, monthrange(first.year, first.month)[1] + 1))


def latest_month(session: Session, today: date) -> date:
    """The first day of the month of the last attendance until today; of this month where there is none."""
    last = session.scalar(select(func.max(Attendance.day)).where(~Attendance.withdrawn, Attendance.day <= today))
    return (last or today).replace(day=1)


def attended_months(session: Session) -> tuple[tuple[date, Decimal], ...]:
    """Months that have attendance, the newest first: their first day, and days in the village of all members."""
    rows = select(Attendance.day, Attendance.half, Attendance.state).where(
        ~Attendance.withdrawn, Attendance.day.is_not(None)
    )
    months: defaultdict[date, Decimal] = defaultdict(Decimal)
    for day, half, state in session.execute(rows):
        if day is not None:
            counts = bool(state) and counted_as(state or "", "in_village")
            months[day.replace(day=1)] += (Decimal(1) if _part(half) == WHOLE_DAY else _HALF) if counts else 0
    return tuple(sorted(months.items(), reverse=True))


def load_month(session: Session, first: date) -> MonthSheet:
    """The month of a day: who was in the team then, or has attendance in it, by name."""
    days = month_days(first)
    states = _states(session, days)
    return MonthSheet(
        days,
        tuple(
            _month_row(helper_id, name, unit, {day.day: states[helper_id, day] for day in days})
            for helper_id, name, unit in _members(session, days, {helper_id for helper_id, _ in states})
        ),
    )


def plan_month(session: Session, first: date, inputs: Iterable[DayInput], today: date) -> MonthPlan:
    """What these texts would do; one that says what is there already is left out. Writes nothing."""
    days = month_days(first)
    states, terms = _states(session, days), _terms(session)
    names = {helper_id: name for helper_id, name, _ in _members(session, days, {id for id, _ in states})}
    changes: list[PlannedDay] = []
    refused: list[tuple[DayInput, str]] = []
    for one in inputs:
        day = days[int(one.day) - 1] if one.day.isdecimal() and 0 < int(one.day) <= len(days) else None
        wanted, name = parse_cell(one.text), names.get(one.helper_id, "")
        reason = _refusal(one.text, day, wanted, name, terms[one.helper_id], today)
        if reason or day is None or wanted is None:
            refused.append((one, reason))
        elif wanted != states[one.helper_id, day]:
            before = cell_text(states[one.helper_id, day])
            changes.append(PlannedDay(one.helper_id, name, day, before, cell_text(wanted), wanted))
    return MonthPlan(tuple(changes), tuple(refused))


def save_month(workbook: Workbook, first: date, inputs: Sequence[DayInput], today: date) -> MonthPlan:
    """Write them as one operation; what is refused is told by the plan."""
    with workbook.operation("考勤") as session:
        plan = plan_month(session, first, inputs, today)
        members = list(dict.fromkeys(change.name for change in plan.changes))
        count = f"，{len(plan.changes)} 天次" if len(plan.changes) > 1 else ""
        who = members[0] if len(members) == 1 else f"{len(members)} 人"
        running_operation(session).title = f"{first.year}年{first.month}月考勤：{who}{count}"
        for change in plan.changes:
            _write_day(session, change)
    return plan


def _refusal(
    text: str,
    day: date | None,
    wanted: Mapping[str, str] | None,
    name: str,
    terms: Sequence[tuple[date | None, date | None]],
    today: date,
) -> str:
    """Why a cell is not taken, "" where it is."""
    if day is None:
        return "这一栏不是本月的日期，不能填写"
    if not name:
        return "这一行不是驻村工作队的队员，不能填写"
    if wanted is None:
        return f"“{text.strip()[:20]}”不是考勤的写法，请填：{legend(day_marks())}"
    if wanted and day > today:
        return f"{day.month}月{day.day}日还没有到，不能记考勤"
    in_term = (not since or since <= day for since, until in terms if not until or day <= until)
    if wanted and terms and not any(in_term):
        return f"{name} {day.month}月{day.day}日不在任期内，请核对“驻村任职”里的到岗和离岗日期"
    return ""


def _write_day(session: Session, change: PlannedDay) -> None:
    """One record a part of the day; those that say something else of the day are taken back."""
    kept = select(Attendance).where(
        ~Attendance.withdrawn, Attendance.helper_id == change.helper_id, Attendance.day == change.day
    )
    wanted = dict(change.states)
    for row in session.scalars(kept.order_by(Attendance.id)).all():
        state = wanted.pop(_part(row.half), None)
        if state is None:
            write_cell(session, _TABLE, row.id, "withdrawn", 1)
        else:
            write_draft(session, open_draft(session, _TABLE, row.id).with_values(state=state))
    village = session.get_one(Helper, change.helper_id).village
    for part, state in wanted.items():
        half = part or None
        row_id = Attendance.id_of(change.helper_id, change.day, half)
        if session.get(Attendance, row_id) is None:
            draft = new_draft(_TABLE, village, row_id, helper_id=change.helper_id, day=change.day, half=half)
            write_draft(session, draft.with_values(state=state))
        else:  # it was taken back, and says again that the member was there
            write_draft(session, open_draft(session, _TABLE, row_id).with_values(state=state))
            write_cell(session, _TABLE, row_id, "withdrawn", 0)


def _members(session: Session, days: Sequence[date], with_rows: Iterable[str]) -> list[tuple[str, str, str]]:
    """Id, name and unit of who was in the team in these days, or has attendance."""
    in_term = select(TeamTerm.helper_id).where(
        ~TeamTerm.withdrawn,
        TeamTerm.started_on <= days[-1],
        or_(TeamTerm.ended_on.is_(None), TeamTerm.ended_on >= days[0]),
    )
    has_terms = select(TeamTerm.helper_id).where(~TeamTerm.withdrawn, TeamTerm.started_on.is_not(None))
    marked = or_(Helper.is_team_leader.is_(True), Helper.is_team_member.is_(True))
    wanted = or_(Helper.id.in_(in_term), marked & Helper.id.not_in(has_terms), Helper.id.in_(list(with_rows)))
    found = select(Helper.id, Helper.name, Helper.unit).where(~Helper.withdrawn, wanted)
    order = (Helper.is_team_leader.is_not(True), Helper.name, Helper.id)
    return [(id, name or "", unit or "") for id, name, unit in session.execute(found.order_by(*order))]


def _terms(session: Session) -> defaultdict[str, list[tuple[date | None, date | None]]]:
    """Helper → first and last day of each term."""
    terms: defaultdict[str, list[tuple[date | None, date | None]]] = defaultdict(list)
    rows = select(TeamTerm.helper_id, TeamTerm.started_on, TeamTerm.ended_on).where(~TeamTerm.withdrawn)
    for helper_id, since, until in session.execute(rows):
        terms[helper_id or ""].append((since, until))
    return terms


def _states(session: Session, days: Sequence[date]) -> defaultdict[tuple[str, date], _States]:
    """(helper, day) → what is written of it; a whole day goes before its halves."""
    found: defaultdict[tuple[str, date], _States] = defaultdict(dict)
    rows = select(Attendance.helper_id, Attendance.day, Attendance.half, Attendance.state).where(
        ~Attendance.withdrawn, Attendance.day.between(days[0], days[-1]), Attendance.state.is_not(None)
    )
    for helper_id, day, half, state in session.execute(rows.order_by(Attendance.id)):
        if helper_id and day and state:
            found[helper_id, day].setdefault(_part(half), state)
    for states in found.values():
        if WHOLE_DAY in states:
            states_of_day = {WHOLE_DAY: states[WHOLE_DAY]}
            states.clear()
            states.update(states_of_day)
    return found


def _part(half: str | None) -> str:
    """The part of a day that a record is about: a half, or the whole."""
    return half if half and half in values_with_role("day_half", "half") else WHOLE_DAY


def _month_row(helper_id: str, name: str, unit: str, by_day: Mapping[int, _States]) -> MonthRow:
    def total(role: str) -> Decimal:
        parts = ((part, state) for states in by_day.values() for part, state in states.items())
        days = (Decimal(1) if part == WHOLE_DAY else _HALF for part, state in parts if counted_as(state, role))
        return sum(days, Decimal())

    cells = {day: cell_text(states) for day, states in by_day.items() if states}
    return MonthRow(
        helper_id, name, unit, cells, total("in_village"), total("on_duty"), total("leave"), total("absent")
    )
