"""How far a thing has come: worked out from the dates of its steps, in SQL for lists and in Python for one record.

The next step is the first that is neither done nor settled by a later one and may not be passed over. Its last day is
the date in its `due` column, or so many days after the step before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Date, String, and_, case, cast, func, literal, null, type_coerce

from app.records.field import Value
from app.registers.engine.register import Days, Register, Step
from db.county_values import limit_value
from resources.limits import Limit

FINISHED = "finished"  # stands for the name of a step where rows are chosen by how far they have come


@dataclass(frozen=True, slots=True)
class StepProgress:
    """Where a row stands on a day.

    Attributes:
        label: 待验收, 已验收, 已退库; "" for a register without steps
        next: the step it waits for, None where nothing is left to do
        due_on: the last day of that step
        days_left: until then; negative where it has passed
        soon: within the days of warning, or past
        closed: it came to its last step, or was abandoned; a visit without a promise has nothing to close
    """

    label: str = ""
    next: Step | None = None
    due_on: date | None = None
    days_left: int | None = None
    closed: bool = False

    @property
    def overdue(self) -> bool:
        return self.days_left is not None and self.days_left < 0

    @property
    def soon(self) -> bool:
        return self.next is not None and self.days_left is not None and self.days_left <= int(self.next.warn_days)


def step_progress(register: Register, values: Mapping[str, Value], today: date) -> StepProgress:
    """Where a row with these values stands; values not named count as empty."""
    if not register.steps:
        return StepProgress()
    if register.abandoned and values.get(register.abandoned.done_on):
        return StepProgress(f"已{register.abandoned.name}", closed=True)
    for n, step in enumerate(register.steps):
        settled = any(values.get(column) for column in _settling_columns(register, n))
        if applies(step, values) and not step.optional and not settled:
            due_on = _due_on(register, n, values)
            return StepProgress(step.waiting_label, step, due_on, (due_on - today).days if due_on else None)
    last = [step for step in register.steps if applies(step, values)][-1:]
    return StepProgress("".join(f"已{step.name}" for step in last), closed=last == [register.steps[-1]])


def applies(step: Step, values: Mapping[str, Value]) -> bool:
    """Whether there is this step for a row with these values."""
    return not step.if_filled or bool(values.get(step.if_filled))


def _settling_columns(register: Register, n: int) -> tuple[str, ...]:
    """The columns of which one that is filled says that a step is done: its own, and those that settle it."""
    return (register.steps[n].column, *(step.column for step in register.steps[n + 1 :] if step.settles_earlier))


def _counted_from(register: Register, n: int) -> str:
    """The column that the days of a step are counted from."""
    return register.steps[n].counted_from or register.steps[n - 1].column


def _due_on(register: Register, n: int, values: Mapping[str, Value]) -> date | None:
    step = register.steps[n]
    for name in step.due:
        due = values.get(name)
        if isinstance(due, date):
            return due
    if step.within_days is None:
        return None
    before = values.get(_counted_from(register, n))
    return before + timedelta(days=int(step.within_days)) if isinstance(before, date) else None


@cache
def step_number(register: Register) -> ColumnElement[int]:
    """In SQL: the position of the step that a row waits for; one more than there are where it is at its end."""
    end = len(register.steps)
    waiting = [
        (
            and_(
                *(register.expression(column).is_(None) for column in _settling_columns(register, n)),
                *_applies_expression(register, step),
            ),
            n,
        )
        for n, step in enumerate(register.steps)
        if not step.optional
    ]
    ended = [(register.expression(register.abandoned.done_on).is_not(None), end)] if register.abandoned else []
    return case(*ended, *waiting, else_=end) if ended or waiting else literal(end)


def _applies_expression(register: Register, step: Step) -> tuple[ColumnElement[bool], ...]:
    return (register.expression(step.if_filled).is_not(None),) if step.if_filled else ()


@cache
def due_day(register: Register) -> ColumnElement[Any]:
    """In SQL: the last day of the step that a row waits for."""
    number = step_number(register)
    days = [(number == n, _due_expression(register, n)) for n in range(len(register.steps))]
    timed = [(condition, day) for condition, day in days if day is not None]
    return type_coerce(case(*timed, else_=null()), Date) if timed else type_coerce(null(), Date)


def is_soon(register: Register, today: ColumnElement[Any]) -> ColumnElement[bool]:
    """In SQL: whether the step that a row waits for is pointed out on a day: its last day is near, or over."""
    number = step_number(register)
    days = [(number == n, func.date(today, _later(step.warn_days))) for n, step in enumerate(register.steps)]
    return due_day(register) <= type_coerce(case(*days, else_=null()), Date)


def _due_expression(register: Register, n: int) -> ColumnElement[Any] | None:
    step = register.steps[n]
    days: list[Any] = [register.expression(name) for name in step.due]
    if step.within_days is not None:
        before = register.expression(_counted_from(register, n))
        days.append(func.date(before, _later(step.within_days)))
    return type_coerce(func.coalesce(*days, null()), Date) if days else None


def _later(days: Days) -> ColumnElement[str]:
    number = limit_value(days) if isinstance(days, Limit) else literal(days)
    return literal("+").concat(cast(number, String)).concat(" days")


def has_deadlines(register: Register) -> bool:
    """Whether any step has a last day."""
    return any(step.due or step.within_days is not None for step in register.steps)
