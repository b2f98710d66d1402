"""Taking a thing one step further, and what is due: the same for loans, projects, petitions, emergency aid."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.errors import UserError
from app.records.draft import Draft, SaveResult, open_draft, write_draft
from app.records.field import Value
from app.registers.engine import progress
from app.registers.engine.register import Register, Step
from app.registers.engine.rows import due_days, load_rows
from app.workbook.workbook import Workbook
from db.filled_tables import filled_tables


@dataclass(frozen=True, slots=True)
class DueItem:
    """A row whose next step is due soon, or past its day.

    Attributes:
        title: whom it is about, or what it is called
        step: the name of the step that it waits for
        responsible: who does it, "" where nobody is named
    """

    register: str
    record_id: str
    household_id: str
    title: str
    step: str
    responsible: str
    due_on: date
    days_left: int

    @property
    def overdue(self) -> bool:
        return self.days_left < 0


@dataclass(frozen=True, slots=True)
class DueRows:
    """What is due in a register: how many rows, how many of them past their day, and the one that is most urgent."""

    register: str
    count: int
    overdue: int
    first: DueItem


def due_rows(session: Session, registers: Sequence[Register], today: date) -> list[DueRows]:
    """The registers in which something is due, in the order given; of each only the most urgent row is read."""
    found = []
    for register, days in _due_days(session, registers, today):
        (first,) = _items(session, register, [days[0][0]], today)
        found.append(DueRows(register.key, len(days), sum(day < today for _, day in days), first))
    return found


def due_items(session: Session, registers: Sequence[Register], today: date) -> list[DueItem]:
    """What is due within the days of warning of its step, or past: the longest past first."""
    items = [
        item
        for register, days in _due_days(session, registers, today)
        for item in _items(session, register, [id for id, _ in days], today)
    ]
    return sorted(items, key=lambda item: (item.due_on, item.register, item.title, item.record_id))


def _due_days(
    session: Session, registers: Sequence[Register], today: date
) -> Iterator[tuple[Register, list[tuple[str, date]]]]:
    filled = filled_tables(session)
    for register in registers:
        has_any = register.key in filled and progress.has_deadlines(register)
        if days := due_days(session, register, today) if has_any else []:
            yield register, days


def _items(session: Session, register: Register, ids: Sequence[str], today: date) -> Iterator[DueItem]:
    for row in load_rows(session, register, ids, today):
        state = row.progress
        assert state.next is not None
        assert state.due_on is not None
        assert state.days_left is not None
        yield DueItem(
            register=register.key,
            record_id=row.id,
            household_id=row.household_id,
            title=str(row.subject) or row.title,
            step=state.next.name,
            responsible=row.texts.get(state.next.responsible, ""),
            due_on=state.due_on,
            days_left=state.days_left,
        )


def complete_step(
    workbook: Workbook,
    register: Register,
    record_id: str,
    name: str,
    on: date,
    values: Mapping[str, Value] | None = None,
) -> SaveResult:
    """Write the date of a step, with other values that are filled in at the same time, in one transaction.

    A step that has no date but an outcome needs it among the values, or in the record already.

    Raises:
        UserError: an earlier step is not done, what the step needs is not filled, or the days are not in order
        KeyError: there is no such step
    """
    step = _find_step(register, name)
    with workbook.operation(f"{register.title}：{step.name}") as session:
        dated = {step.done_on: register.field(step.done_on).parse(on.isoformat())} if step.done_on else {}
        draft = open_draft(session, register.key, record_id).with_values(**{**(values or {}), **dated})
        error = step_error(register, draft, step)
        if error:
            raise UserError(error)
        return write_draft(session, draft)


def step_error(register: Register, draft: Draft, step: Step) -> str:
    """The sentence that refuses a step of a record whose date is in the draft, or "" where it may be done."""
    values = draft.values
    on = values[step.column]
    if not on:
        return f"请填“{register.field(step.column).label}”。"
    if register.abandoned is not None and step != register.abandoned and values[register.abandoned.done_on]:
        return f"这一项已{register.abandoned.name}，不能再办“{step.name}”。"
    empty = [register.field(name).label for name in step.needs if values[name] in (None, "", ())]
    if empty:
        return f"办“{step.name}”以前，请先填{'、'.join(f'“{label}”' for label in empty)}。"
    return "" if step == register.abandoned else order_error(register, values, step)


def order_error(register: Register, values: Mapping[str, Value], step: Step) -> str:
    """What is wrong with the order of a step and those before it; a month is compared with a day by its month."""
    for former in reversed(register.steps[: register.steps.index(step)]):
        done = values[former.column]
        if done and former.done_on:
            on, done_on = str(values[step.column]), str(done)
            length = min(len(on), len(done_on))
            too_early = step.done_on and on[:length] < done_on[:length]
            return f"日期前后不对：{former.name} {done_on}，{step.name} {on}。请核对。" if too_early else ""
        if not done and not former.optional and progress.applies(former, values):
            return f"“{former.name}”还没有办（没有填“{register.field(former.column).label}”），不能先办“{step.name}”。"
    return ""


def _find_step(register: Register, name: str) -> Step:
    for step in register.all_steps:
        if step.name == name:
            return step
    raise KeyError(name)
