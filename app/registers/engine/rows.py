"""The rows of a register: first the ids, filtered and sorted, then a page of rows by their ids.

So a list of 50,000 rows opens with its first screen, and what is scrolled to is read when it is shown.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    bindparam,
    case,
    cast,
    extract,
    func,
    null,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session

from app.records.field import Field, Value
from app.registers.engine import progress
from app.registers.engine.progress import StepProgress, step_progress
from app.registers.engine.register import SORT_BY_DUE, SORT_BY_STEP, Children, Register
from app.registers.engine.titles import SubjectTitle, batches, reference_titles, subject_titles
from app.registers.engine.typed_word import has_word
from db.schema.household import Household, Member


@dataclass(frozen=True, slots=True)
class RowQuery:
    """Which rows, in which order.

    Attributes:
        household_id, member_id, helper_id: only rows about one of these; a row that lists the household below it counts
        text: typed by an officer: each word is found in any text of the row, or in the name of the household's head,
            the member or the helper (typed_word.py)
        equals: column → the value it must have; of several choices, one of them
        year, month: of the column that the register is dated by; a month, where that holds any, by its first day
        step: the name of the step that rows wait for, `FINISHED` for those at their end
        overdue: only those past their last day
        sort: a column, "step" or "due", or several with commas between; "-" before one for descending; the register's
            own order if ""
    """

    household_id: str = ""
    member_id: str = ""
    helper_id: str = ""
    text: str = ""
    equals: Mapping[str, Value] = field(default_factory=dict)
    year: int = 0
    month: date | None = None
    step: str = ""
    overdue: bool = False
    sort: str = ""
    today: date = field(default_factory=date.today)


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One row. `title`: what it is called itself; `values` as kept, by column; `texts` for people, references as what
    they are called."""

    id: str
    village: str
    household_id: str
    subject: SubjectTitle
    title: str
    values: Mapping[str, Value]
    texts: Mapping[str, str]
    progress: StepProgress


def row_ids(
    session: Session,
    register: Register,
    query: RowQuery | None = None,
    conditions: Sequence[ColumnElement[bool]] = (),
    order: Sequence[Any] = (),
) -> list[str]:
    """Ids of the rows that are not withdrawn and fit, in order.

    Args:
        conditions, order: of a view of the list, in SQL; the order goes before that of the query
    """
    query = query or RowQuery()
    fitting = select(register.record.id).where(*_conditions(register, query), *conditions)
    ordered = fitting.order_by(*order, *_order(register, query.sort))
    # as one text: 50,000 rows that are fetched one by one hold the window up
    joined = session.scalar(select(func.group_concat(ordered.subquery().c.id)))
    return joined.split(",") if joined else []


def ids_of_households(
    session: Session, register: Register, household_ids: Sequence[str], query: RowQuery | None = None
) -> list[str]:
    """Ids of the rows about these households, household by household in the order given, then in the register's own."""
    household = household_column(register)
    conditions = (*_conditions(register, query or RowQuery()), household.in_(id_values(household_ids)))
    found = session.execute(select(register.record.id, household).where(*conditions).order_by(*_order(register, "")))
    positions = {id: n for n, id in enumerate(household_ids)}
    return [id for id, _ in sorted(map(tuple, found), key=lambda row: positions[row[1]])]


def due_days(session: Session, register: Register, today: date) -> list[tuple[str, date]]:
    """Id and last day of the rows whose next step is pointed out today, the earliest first."""
    return [(id, day) for id, day in session.execute(_due_statement(register), {"today": today})]


@cache
def _due_statement(register: Register) -> Select[str, date]:
    """Built once: 今日 asks it of every register, and a step's last day is a long expression."""
    day, is_soon = progress.due_day(register), progress.is_soon(register, bindparam("today", type_=Date))
    return select(register.record.id, day).where(*_conditions(register, RowQuery()), is_soon).order_by(day, "id")


def waiting_ids(session: Session, register: Register, most: int) -> list[str]:
    """Ids of the rows that wait for a step, those that are due first; no more than `most`."""
    due = progress.due_day(register)
    statement = select(register.record.id).where(
        *_conditions(register, RowQuery()), progress.step_number(register) < len(register.steps)
    )
    return list(session.scalars(statement.order_by(due.is_(None), due, register.record.id).limit(most)))


def load_rows(
    session: Session, register: Register, ids: Sequence[str], today: date | None = None, *, hide: bool = True
) -> list[RegisterRow]:
    """The rows with these ids in their order; what is gone is left out. `hide` masks personal numbers in texts."""
    names = _loaded_columns(register)
    by_id: dict[str, Any] = {}
    for part in batches(ids):
        statement = _row_select(register, names).where(register.record.id.in_(part))
        by_id.update((row[0], row) for row in session.execute(statement))
    found = [by_id[id] for id in ids if id in by_id]
    subjects = subject_titles(session, register, {row[0]: (row[2], row[3]) for row in found}, hide=hide)
    titles = reference_titles(session, [register.field(name) for name in names], [row[4:] for row in found])
    derived = register.derive(session, [row[0] for row in found]) if register.derive else {}
    return [
        _to_row(register, names, row, subjects[row[0]], titles, derived.get(row[0], {}), today or date.today(), hide)
        for row in found
    ]


@dataclass(frozen=True, slots=True)
class ChildRow:
    """One row below a row, e.g. a repayment of a loan."""

    id: str
    parent_id: str
    values: Mapping[str, Value]
    texts: Mapping[str, str]


def child_rows(
    session: Session, register: Register, children: Children, parent_ids: Sequence[str], *, hide: bool = True
) -> list[ChildRow]:
    """What stands below these rows, by row and by its columns in order."""
    record: Any = children.record
    parent = getattr(record, children.parent_column(register.record))
    columns = [getattr(record, name) for name in children.columns]
    order = [_child_order(children.field(name), getattr(record, name)) for name in children.columns]
    found: list[Any] = []
    for part in batches(parent_ids):
        statement = select(record.id, parent, *columns).where(parent.in_(part), ~record.withdrawn)
        found += session.execute(statement.order_by(parent, *order, record.id))
    fields = [children.field(name) for name in children.columns]
    titles = reference_titles(session, fields, [row[2:] for row in found])
    return [
        ChildRow(
            id=row[0],
            parent_id=row[1],
            values=MappingProxyType(dict(zip(children.columns, row[2:], strict=True))),
            texts=MappingProxyType(
                {one.name: _text(one, value, titles, hide) for one, value in zip(fields, row[2:], strict=True)}
            ),
        )
        for row in found
    ]


def _child_order(one: Field, column: Any) -> Any:
    """In SQL: a choice as its options stand, anything else by its value."""
    places = {option.value: n for n, option in enumerate(one.options)}
    return case(places, value=column, else_=len(places)) if places and one.kind == "choice" else column


def _text(one: Field, value: Any, titles: Mapping[tuple[str, str], str], hide: bool) -> str:
    return titles.get((one.spec.refers, str(value)), "") if one.kind == "reference" else one.text(value, hide=hide)


def sums(session: Session, register: Register, ids: Sequence[str]) -> dict[str, Decimal]:
    """Column of `totals` → its sum over these rows."""
    if not register.totals:
        return {}
    columns = [func.sum(register.expression(name)) for name in register.totals]
    row = session.execute(select(*columns).where(register.record.id.in_(id_values(ids)))).one()
    return {name: Decimal(value or 0) for name, value in zip(register.totals, row, strict=True)}


def id_values(ids: Sequence[str]) -> Select[Any]:
    """Ids as one value of a statement, however many they are."""
    return select(func.json_each(json.dumps(list(ids))).table_valued("value").c.value)


def count_rows(session: Session, register: Register, query: RowQuery) -> int:
    """How many rows fit."""
    counted = select(func.count()).select_from(register.record).where(*_conditions(register, query))
    return session.scalar(counted) or 0


def household_column(register: Register) -> ColumnElement[Any]:
    """In SQL: the household of a row, NULL for one of the village."""
    record: Any = register.record
    if record is Household:
        return Household.__table__.c.id
    if hasattr(record, "household_id"):
        return record.household_id  # type: ignore[no-any-return]
    if hasattr(record, "member_id"):
        return select(Member.household_id).where(Member.id == record.member_id).scalar_subquery()
    return null()


def _loaded_columns(register: Register) -> tuple[str, ...]:
    """What the list and the ledger show, and what tells how far a row has come."""
    shown = dict.fromkeys((*register.columns, *register.ledger.columns))
    named = (
        name for step in register.steps for name in (step.column, step.if_filled, step.counted_from, *step.due) if name
    )
    ended = (register.abandoned.done_on,) if register.abandoned else ()
    responsible = (step.responsible for step in register.steps if step.responsible)
    return tuple(dict.fromkeys((*shown, *named, *ended, *responsible, *register.record.TITLE)))


def _row_select(register: Register, names: Sequence[str]) -> Select[Any]:
    record: Any = register.record
    subject = getattr(record, f"{register.subject}_id", null())
    columns = [register.expression(name).label(name) for name in names]
    return select(record.id, record.village, household_column(register), subject, *columns)


def _to_row(
    register: Register,
    names: Sequence[str],
    row: Any,
    subject: SubjectTitle,
    titles: Mapping[tuple[str, str], str],
    derived: Mapping[str, Value],
    today: date,
    hide: bool,
) -> RegisterRow:
    values = {**dict(zip(names, row[4:], strict=True)), **derived}
    texts = {name: _text(register.field(name), value, titles, hide) for name, value in values.items()}
    return RegisterRow(
        id=row[0],
        village=row[1],
        household_id=row[2] or "",
        subject=subject,
        title=" ".join(texts[name] for name in register.record.TITLE if texts[name]),
        values=MappingProxyType(values),
        texts=MappingProxyType(texts),
        progress=step_progress(register, values, today),
    )


def kept_conditions(register: Register) -> list[ColumnElement[bool]]:
    """In SQL: the rows that are not withdrawn, nor their household, nor whom they are about."""
    conditions: list[ColumnElement[bool]] = [~register.record.withdrawn]
    if register.listed is not None:
        conditions.append(register.listed)
    if register.subject in ("household", "member"):
        household, gone = household_column(register), select(Household.id).where(Household.withdrawn)
        conditions.append(or_(household.is_(None), household.not_in(gone)))
    if register.subject == "member":
        person = register.expression("member_id")
        conditions.append(or_(person.is_(None), person.not_in(select(Member.id).where(Member.withdrawn))))
    return conditions


def _conditions(register: Register, query: RowQuery) -> list[ColumnElement[bool]]:
    record: Any = register.record
    household = household_column(register)
    conditions = kept_conditions(register)
    if query.household_id:
        conditions.append(about_household(register, household, query.household_id))
    for name in ("member_id", "helper_id"):
        wanted = getattr(query, name)
        if wanted:
            conditions.append(getattr(record, name) == wanted)
    conditions += [_equals(register, name, value) for name, value in query.equals.items()]
    if query.year and register.dated:
        conditions.append(year_of(register) == query.year)
    if query.month and register.dated:
        conditions.append(func.substr(register.expression(register.dated), 1, 7) == f"{query.month:%Y-%m}")
    if query.step:
        conditions.append(progress.step_number(register) == _step_index(register, query.step))
    if query.overdue:
        conditions.append(progress.due_day(register) < query.today)
    for word in query.text.split():
        conditions.append(has_word(register, household, word))
    return conditions


def year_of(register: Register) -> ColumnElement[Any]:
    """In SQL: the year that a row belongs to, NULL where its date is not filled; the register must be dated."""
    column = register.expression(register.dated)
    kind = register.field(register.dated).kind
    if kind == "month":
        return cast(func.substr(column, 1, 4), Integer)
    return extract("year", column) if kind == "date" else type_coerce(column, Integer)


def about_household(
    register: Register, household: ColumnElement[Any], household_id: str | ColumnElement[str]
) -> ColumnElement[bool]:
    """Rows of the household, and rows below which it or one of its people is listed (who benefits, who took part)."""
    own: Any = register.record
    everybody = select(Member.id).where(Member.household_id == household_id)
    is_theirs = household == household_id
    if hasattr(own, "member_id") and not hasattr(own, "household_id"):
        is_theirs = own.member_id.in_(everybody)  # found by the index; the household of each row would be looked up
    people = everybody.where(~Member.withdrawn)
    listed = []
    for children in register.children:
        record: Any = children.record
        rows = select(getattr(record, children.parent_column(register.record))).where(~record.withdrawn)
        if hasattr(record, "household_id"):
            listed.append(rows.where(record.household_id == household_id))
        elif hasattr(record, "member_id"):
            listed.append(rows.where(record.member_id.in_(people)))
    return or_(is_theirs, *(register.record.id.in_(ids) for ids in listed))


def _equals(register: Register, name: str, value: Value) -> ColumnElement[bool]:
    column = register.expression(name)
    if value is None:
        return column.is_(None)
    if register.field(name).kind == "choices":
        chosen = value if isinstance(value, tuple) else (str(value),)
        padded = func.concat(",", column, ",")
        return or_(*(padded.contains(f",{one},", autoescape=True) for one in chosen))
    return column == value


def _step_index(register: Register, name: str) -> int:
    names = [step.name for step in register.steps]
    return names.index(name) if name in names else len(names)


def _order(register: Register, sort: str) -> list[Any]:
    wanted = sort or register.sort
    if not wanted:
        return [register.record.village, household_column(register), register.record.id]
    terms: list[Any] = []
    for one in wanted.split(","):
        column = _sort_expression(register, one.removeprefix("-"))
        terms += [column.is_(None), column.desc() if one.startswith("-") else column]
    return [*terms, register.record.id]


def _sort_expression(register: Register, name: str) -> Any:
    if name == SORT_BY_STEP:
        return progress.step_number(register)
    return progress.due_day(register) if name == SORT_BY_DUE else register.expression(name)
