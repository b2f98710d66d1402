"""办理中的事: promises, steps of monitoring, problems, tasks and dispatch meetings that wait, in one list by day.

Nothing is copied: each line is a row of its register, and opens there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.rectifications.meeting_tasks import waiting_decisions
from app.registers import get_register
from app.registers.engine.register import Register
from app.registers.engine.rows import RegisterRow, load_rows, waiting_ids
from db.filled_tables import filled_tables
from db.schema.community import Meeting
from resources.limits import Limit
from resources.option_roles import values_with_role

_REGISTERS = ("work_task", "rectification", "monitoring", "visit")
_DAYS = Limit("village_work")["days"]
_YEAR = timedelta(days=365)
_MOST = 200  # of each register, those that are due first


@dataclass(frozen=True, slots=True)
class OpenWork:
    """One thing to be done.

    Attributes:
        register: the key of the register that it is a row of
        kind: what the register is called
        list_name: the work list that a task stands on; of anything else its kind
        title: what is to be done
        household_id, whom: the household it is about, "" for the village
        step: what it waits for
        responsible: who does it, "" where nobody is named
        due_on, days_left: None where no day is set
    """

    register: str
    record_id: str
    kind: str
    list_name: str
    title: str
    household_id: str
    whom: str
    step: str
    responsible: str
    due_on: date | None
    days_left: int | None

    @property
    def id(self) -> str:
        return f"{self.register}:{self.record_id}"

    @property
    def overdue(self) -> bool:
        return self.days_left is not None and self.days_left < 0


def open_work(session: Session, today: date, most: int = _MOST) -> tuple[OpenWork, ...]:
    """All that waits: what is due first comes first, what has no day last; of each register no more than `most`."""
    filled = filled_tables(session)
    items = [
        item for key in _REGISTERS if key in filled for item in _of_register(session, get_register(key), today, most)
    ]
    if Meeting.__tablename__ in filled:
        items += _dispatch_meetings(session, today, most)
    return tuple(sorted(items, key=lambda item: (item.due_on is None, item.due_on or today, item.kind, item.record_id)))


def _of_register(session: Session, register: Register, today: date, most: int) -> list[OpenWork]:
    rows = load_rows(session, register, waiting_ids(session, register, most), today)
    return [_item(register, row) for row in rows if row.progress.next is not None]


def _item(register: Register, row: RegisterRow) -> OpenWork:
    state = row.progress
    assert state.next is not None
    told = next((row.texts[name] for name in _CONTENT[register.key] if row.texts.get(name)), row.title)
    return OpenWork(
        register=register.key,
        record_id=row.id,
        kind=register.title,
        list_name=row.texts.get("list_kind") or register.title,
        title=told,
        household_id=row.household_id,
        whom=str(row.subject),
        step=state.label,
        responsible=row.texts.get(state.next.responsible, ""),
        due_on=state.due_on,
        days_left=state.days_left,
    )


def _dispatch_meetings(session: Session, today: date, most: int) -> list[OpenWork]:
    """Those that are still to be held, and those of the last year that decided what is no task yet."""
    conditions = (
        ~Meeting.withdrawn,
        Meeting.kind.in_(values_with_role("meeting_kind", "dispatch")),
        or_(Meeting.held_on >= today, Meeting.decisions.is_not(None)),
        Meeting.held_on > today - _YEAR,
    )
    found = session.scalars(select(Meeting).where(*conditions).order_by(Meeting.held_on, Meeting.id)).all()
    waiting = waiting_decisions(session, {one.id: one.decisions or "" for one in found})
    items = (_meeting_item(one, waiting.get(one.id, ()), today) for one in found)
    return [item for item in items if item is not None][:most]


def _meeting_item(meeting: Meeting, waiting: Sequence[str], today: date) -> OpenWork | None:
    """`waiting`: what it decided that is no task yet; None where nothing is to be done about it."""
    held_on = meeting.held_on
    if held_on is None or (held_on < today and not waiting) or (meeting.decisions and not waiting):
        return None
    due_on = held_on + timedelta(days=int(_DAYS["meeting_tasks"])) if waiting else held_on
    return OpenWork(
        register=Meeting.__tablename__,
        record_id=meeting.id,
        kind=meeting.kind or "",
        list_name=meeting.kind or "",
        title="；".join(waiting) or meeting.title or "",
        household_id="",
        whom="",
        step="待列为任务" if waiting else "待召开",
        responsible=meeting.host or "",
        due_on=due_on,
        days_left=(due_on - today).days,
    )


# the columns that say what is to be done, the first that is filled counts
_CONTENT = {
    "work_task": ("title",),
    "rectification": ("problem",),
    "monitoring": ("risk_note", "risks", "kind"),
    "visit": ("promised",),
}
