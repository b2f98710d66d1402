"""What a list shows as a sheet: its columns, and the rows of some ids."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.cell_edits.edit_planning import refusal_of_column
from app.cell_edits.income_items import amount_field, item_columns, item_texts
from app.cell_edits.new_row import new_row_fields
from app.cell_edits.row_households import ids_in_walking_order
from app.records.field import Field
from app.registers.engine.register import Register
from app.registers.engine.rows import RowQuery, load_rows
from ui.list_views.view_rows import field_column
from ui.registers.register_rows import register_columns, register_row
from ui.widgets.row_table import Column, Row

# numbers that are read digit by digit, in characters
_NUMBER_WIDTHS = {"id_number": 20, "person_no": 22, "household_no": 18, "disability_no": 22, "bank_card": 20}
NEW_ROW = "new"  # id of the empty row below a list
ACCOUNTS = "income_year"  # the list whose items stand beside it as columns


@dataclass(frozen=True, slots=True)
class GridColumns:
    """The columns of a list.

    Attributes:
        fields: key → field, of those that may be typed into
        refusals: why others may not
        new_fields: key → field, of those that the empty row below the list has; none where there is no such row
    """

    columns: tuple[Column, ...]
    fields: Mapping[str, Field]
    refusals: Mapping[str, str]
    new_fields: Mapping[str, Field]

    def field_of(self, id: str, key: str) -> Field | None:
        """What may be typed into a cell, None where nothing may."""
        return (self.new_fields if id == NEW_ROW else self.fields).get(key)


def grid_columns(register: Register) -> GridColumns:
    """Whom a row is about, then all columns of the list; of accounts also one an item."""
    shown = [column for column in register_columns(register, shown=len(register.columns)) if column.key]
    own = [_column(one) for one in register.fields()]
    about = [column for column in shown if column.key not in {one.key for one in own}]
    fields = {one.name: one for one in register.fields()}
    if register.key == ACCOUNTS:
        items = [Column(key, label, "right", width=11) for key, label in item_columns()]
        own = [*own, *items]
        fields |= {key: amount_field() for key, _ in item_columns()}
    refusals = {key: reason for key in fields if (reason := refusal_of_column(register, key))}
    refusals |= {column.key: "这一栏说明是谁的，不能改" for column in about}
    typed = {key: one for key, one in fields.items() if key not in refusals}
    return GridColumns((*about, *own), typed, refusals, new_row_fields(register))


def _column(one: Field) -> Column:
    column = field_column(one.name, one)
    return replace(column, width=_NUMBER_WIDTHS.get(one.spec.rule, column.width))


def grid_rows(session: Any, register: Register, ids: Sequence[str]) -> list[Row]:
    """These rows with their texts, personal numbers masked."""
    rows = [register_row(register, row) for row in load_rows(session, register, ids)]
    if register.key != ACCOUNTS:
        return rows
    items = item_texts(session, ids)
    return [Row(row.id, {**row.cells, **items.get(row.id, {})}, row.emphasis) for row in rows]


@dataclass(frozen=True, slots=True)
class GridContent:
    """The ids of a list in their order, and the rows that are seen first."""

    ids: Sequence[str]
    rows: list[Row]


def grid_content(
    session: Any, register: Register, query: RowQuery, only: frozenset[str], first: int, height: int
) -> GridContent:
    """
    Args:
        only: the ids that the list is narrowed to, none for all
        first, height: the first row that is in sight, and how many are
    """
    found = ids_in_walking_order(session, register, query)
    ids = [id for id in found if id in only] if only else found
    return GridContent(ids, grid_rows(session, register, ids[first : first + height]))
