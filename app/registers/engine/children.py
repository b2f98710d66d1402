"""Rows below a row: written one cell at a time, as a grid is typed into."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.errors import UserError, ValidationError
from app.records.draft import new_draft, open_draft, validation_errors, write_draft
from app.records.field import Value
from app.registers.engine.register import Children, Register, reference_column
from app.registers.engine.rows import ChildRow, child_rows
from app.workbook.workbook import Workbook
from db.schema import records, relations


def rows_below(session: Session, register: Register, children: Children, parent_id: str) -> list[ChildRow]:
    """What stands below one row."""
    return child_rows(session, register, children, [parent_id])


def save_cell(
    workbook: Workbook, register: Register, children: Children, parent_id: str, child_id: str, name: str, value: Value
) -> str:
    """Write one cell of a row below, or begin a row with it where `child_id` is ""; returns the row's id.

    Raises:
        ValidationError: the value is not acceptable
        UserError: the row above is not stored yet
    """
    table = children.record.__tablename__
    label = relations.record_label(table)
    with workbook.operation(f"修改{label}" if child_id else f"新建{label}") as session:
        if child_id:
            draft = open_draft(session, table, child_id).with_values(**{name: value})
        else:
            village, column = _village(session, register, parent_id), children.parent_column(register.record)
            draft = new_draft(table, village, "", **{column: parent_id, name: value})
        error = validation_errors(draft).get(name, "")
        if error and not (value is None and not child_id):
            raise ValidationError(error)
        return write_draft(session, draft).draft.id


def add_listed(workbook: Workbook, register: Register, children: Children, parent_id: str, ids: Iterable[str]) -> int:
    """List records below a row (households, members, or what `Children.chosen` says), those that are there already left
    out; returns how many were added."""
    table, column = children.record.__tablename__, children.parent_column(register.record)
    listed = children.chosen_column or reference_column(children.record, children.listed)
    added = 0
    with workbook.operation(f"添加{relations.record_label(table)}") as session:
        village = _village(session, register, parent_id)
        there = {str(row.values[listed]) for row in rows_below(session, register, children, parent_id)}
        for id in ids:
            if id not in there:
                write_draft(session, new_draft(table, village, "", **{column: parent_id, listed: id}))
                added += 1
    return added


def _village(session: Session, register: Register, parent_id: str) -> str:
    parent = session.get(records()[register.key], parent_id)
    if parent is None:
        raise UserError(f"请先填好这条{register.title}，再填下面的内容。")
    return parent.village
