"""Cells that hold several values, and how such a conflict is resolved."""

import json
from collections import defaultdict
from typing import NamedTuple

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from db.journal import observed_heads
from db.journal.changes import write_cell
from db.journal.deletion_conflicts import edits_concurrent_with_withdrawal
from db.journal.heads import SqlValue
from db.schema import records


class HeadValue(NamedTuple):
    """One of the values of a cell, and who wrote it."""

    village: str
    replica: str
    number: int
    value: SqlValue
    stamp: int
    operator: str


class OpenConflict(NamedTuple):
    """A cell whose heads hold different values, the one that is shown first."""

    table: str
    row: str
    column: str
    heads: tuple[HeadValue, ...]


_HEADS = (
    "SELECT h.row_id, h.column_name, c.table_name, s.village, s.replica, h.number, c.column_name, c.value, "
    "c.stamp, c.operator FROM head h JOIN change c ON c.stream = h.stream AND c.number = h.number "
    "JOIN stream s ON s.n = h.stream "
)
_MULTIPLE_HEADS, _MULTIPLE_HEADS_IN_ROW = (
    text(
        f"{_HEADS} WHERE (h.row_id, h.column_name) IN (SELECT row_id, column_name FROM head {row_filter} "
        "GROUP BY row_id, column_name HAVING count(*) > 1) ORDER BY c.table_name, h.row_id, h.column_name"
    )
    for row_filter in ("", "WHERE row_id = :row")
)
_WITHDRAWAL_HEADS = text(f"{_HEADS} WHERE h.row_id = :row AND h.column_name = 'withdrawn'")
_HeadsByCell = dict[tuple[str, str, str], list[HeadValue]]


def open_conflicts(session: Session, table: str = "", row: str = "") -> list[OpenConflict]:
    """Cells whose heads hold different values, of one row if asked, in a stable order.

    A withdrawn record that somebody edited without knowing is a conflict too: its cell `withdrawn` holds the
        withdrawal and,
    with the value 0, each such edit.
    """
    cells = _load_heads(session, _MULTIPLE_HEADS_IN_ROW if row else _MULTIPLE_HEADS, row)
    for edit in edits_concurrent_with_withdrawal(session, row):
        cell = (edit.table, edit.row, "withdrawn")
        if cell not in cells:
            cells |= _load_heads(session, _WITHDRAWAL_HEADS, edit.row)
        cells[cell].append(HeadValue(edit.village, edit.replica, edit.number, 0, edit.stamp, edit.operator))
    return [
        OpenConflict(*cell, tuple(heads))
        for cell, heads in sorted(cells.items())
        if len({head.value for head in heads}) > 1 and cell[0] in records() and table in ("", cell[0])
    ]


def _load_heads(session: Session, query: TextClause, row: str) -> _HeadsByCell:
    """The heads of cells, the one that is shown first."""
    cells: _HeadsByCell = defaultdict(list)
    for row_id, column, name, village, replica, number, changed_column, value, stamp, operator in session.execute(
        query, {"row": row} if row else {}
    ):
        head_value = value if changed_column else json.loads(value).get(column)
        cells[name, row_id, column].append(HeadValue(village, replica, number, head_value, stamp, operator))
    for heads in cells.values():
        heads.sort(key=lambda head: (head.stamp, head.replica, head.number), reverse=True)
    return cells


def resolve(session: Session, table: str, row: str, column: str, value: SqlValue) -> None:
    """Resolve a conflict: an ordinary edit that replaces every head, so it is exported like any edit.

    Where the caller has recorded (db/journal/observed_heads.py) which heads the decision is about, it replaces only
    those.
    """
    if not observed_heads.is_marked(session, row, column):
        conflicts = [conflict for conflict in open_conflicts(session, table, row) if conflict.column == column]
        heads = [(head.village, head.replica, head.number) for conflict in conflicts for head in conflict.heads]
        observed_heads.mark(session, row, column, heads)
    write_cell(session, table, row, column, value)
