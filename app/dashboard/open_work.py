"""办理中的事: promises, steps of monitoring, problems and tasks that somebody has to finish, in one list by day.

Nothing is copied: each line is a row of its register, and opens there.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.registers import get_register
from app.registers.engine.register import Register
from app.registers.engine.rows import RegisterRow, load_rows, waiting_ids
from db.filled_tables import filled_tables

_REGISTERS = ("work_task", "rectification", "monitoring", "visit")
_MOST = 200  # of each register, those that are due first


@dataclass(frozen=True, slots=True)
class OpenWork:
    """One thing to be done.

    Attributes:
        register: the key of the register that it is a row of
        kind: what the register is called
        title: what is to be done
        whom: the household it is about, "" for the village
        step: what it waits for
        responsible: who does it, "" where nobody is named
        due_on, days_left: None where no day is set
    """

    register: str
    record_id: str
    kind: str
    title: str
    whom: str
    step: str
    responsible: str
    due_on: date | None
    days_left: int | None

    @property
    def overdue(self) -> bool:
        return self.days_left is not None and self.days_left < 0


def open_work(session: Session, today: date, most: int = _MOST) -> tuple[OpenWork, ...]:
    """All that waits: what is due first comes first, what has no day last; of each register no more than `most`."""
    filled = filled_tables(session)
    items = [
        item for key in _REGISTERS if key in filled for item in _of_register(session, get_register(key), today, most)
    ]
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
        title=told,
        whom=str(row.subject),
        step=state.label,
        responsible=row.texts.get(state.next.responsible, ""),
        due_on=state.due_on,
        days_left=state.days_left,
    )


# the columns that say what is to be done, the first that is filled counts
_CONTENT = {
    "work_task": ("title",),
    "rectification": ("problem",),
    "monitoring": ("risk_note", "risks", "kind"),
    "visit": ("promised",),
}
