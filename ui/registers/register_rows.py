"""The rows of a register as a table shows them."""

from collections.abc import Sequence
from typing import Any

from app.list_views.definition import PLAIN, ListView
from app.list_views.register_source import register_source
from app.list_views.rows import view_ids
from app.records.field import field_label
from app.registers.engine.progress import FINISHED
from app.registers.engine.register import SORT_BY_DUE, SORT_BY_STEP, Register
from app.registers.engine.rows import RegisterRow, load_rows
from ui.list_views.view_rows import FoundRows, added_fields, field_column, ids_in_sight, with_added, with_headings
from ui.widgets.row_table import Column, Row

SHOWN_FIRST = 8  # columns of the ledger that are seen before an officer chooses
_GROUP = Column("group", field_label("household", "group_name"), width=8)
_MEMBER = Column("name", "姓名", width=8)  # also seen in the household, which has several
_SUBJECT_COLUMNS = {
    "household": (Column("head", "户主", width=8), _GROUP),
    "member": (_MEMBER, Column("head", "户主", width=8), _GROUP),
    "helper": (Column("name", "姓名", width=8), Column("unit", "单位", width=14)),
    "village": (),
}
_OVERDUE = "（超期）"


def register_columns(register: Register, *, with_subject: bool = True, shown: int = SHOWN_FIRST) -> tuple[Column, ...]:
    """Whom a row is about, how far it has come, and the register's columns, of which the first few are seen."""
    columns = [one for one in _SUBJECT_COLUMNS[register.subject] if with_subject or one is _MEMBER]
    if register.steps:
        longest = max(len(f"{step.waiting_label}{_OVERDUE}") for step in register.steps)
        columns.append(Column(SORT_BY_STEP, "进度", width=max(15, 2 * longest)))
        columns.append(Column(SORT_BY_DUE, "办理期限", width=11, hidden=not with_subject))
    printed = {one.name for one in register.ledger_fields}
    in_ledger = [one.name for one in register.fields() if one.name in printed][:shown]
    shown_fields = [one for one in register.fields() if not one.spec.internal]
    return (*columns, *(field_column(one.name, one, hidden=one.name not in in_ledger) for one in shown_fields))


def find_rows(
    session: Any, register: Register, view: ListView, shown: Sequence[str], seen: tuple[int, int], current: str
) -> FoundRows:
    """The ids in their order, and the rows in sight: the first, and those around the current one.

    Args:
        shown: keys of the columns that the list shows
    """
    source = register_source(register)
    ids = view_ids(session, source, view)
    placed, headings = with_headings(session, source, view, ids, shown, "条")
    in_sight = ids_in_sight(placed, headings, seen, current)
    return FoundRows(placed, table_rows(session, register, in_sight, view), headings)


def table_rows(session: Any, register: Register, ids: Sequence[str], view: ListView = PLAIN) -> list[Row]:
    """These rows with their texts; what is past its day, due soon or done stands out."""
    rows = [register_row(register, row) for row in load_rows(session, register, ids)]
    source = register_source(register)
    return with_added(session, source, rows, added_fields(source, view, register_columns(register)))


def register_row(register: Register, row: RegisterRow) -> Row:
    """One row with its texts."""
    state, subject = row.progress, row.subject
    cells = {
        **row.texts,
        **{name: text for name, text in register.blank_texts.items() if not row.texts.get(name)},
        "head": subject.head,
        "group": subject.group,
        "name": subject.name or row.texts.get("name", ""),
        "unit": subject.unit or row.texts.get("unit", ""),
        SORT_BY_STEP: f"{state.label}{_OVERDUE}" if state.overdue else state.label,
        SORT_BY_DUE: state.due_on.isoformat() if state.due_on else "",
    }
    emphasis = "bad" if state.overdue else "warn" if state.soon else "quiet" if state.closed else ""
    return Row(row.id, cells, emphasis)


def step_choices(register: Register) -> list[tuple[str, str]]:
    """What a list can be narrowed by: (label, value of `RowQuery.step`)."""
    waiting = [(step.waiting_label, step.name) for step in register.steps if not step.optional]
    return [*waiting, ("已办结", FINISHED)] if waiting else []
