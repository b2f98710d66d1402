"""Cells that hold several values, and how one of them is decided."""

import json
from collections import defaultdict
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.merge import Raw
from db.schema import records


class HeadValue(NamedTuple):
    """One of the values of a cell, and whose."""

    village: str
    replica: str
    number: int
    value: Raw
    stamp: int
    operator: str


class OpenConflict(NamedTuple):
    """A cell whose heads hold different values, the one that is shown first."""

    table: str
    row: str
    column: str
    heads: tuple[HeadValue, ...]


def open_conflicts(session: Session, table: str = "", row: str = "") -> list[OpenConflict]:
    """Cells whose heads hold different values, of one row if asked, in a stable order."""
    crowded = session.execute(
        text(
            "SELECT h.row_id, h.column_name, c.table_name, s.village, s.replica, h.number, c.column_name, c.value, "
            "c.stamp, c.operator FROM head h JOIN change c ON c.stream = h.stream AND c.number = h.number "
            "JOIN stream s ON s.n = h.stream WHERE (h.row_id, h.column_name) IN (SELECT row_id, column_name FROM head "
            "GROUP BY row_id, column_name HAVING count(*) > 1) AND (:row = '' OR h.row_id = :row) "
            "ORDER BY c.table_name, h.row_id, h.column_name"
        ),
        {"row": row},
    )
    cells: dict[tuple[str, str, str], list[HeadValue]] = defaultdict(list)
    for row_id, column, name, village, replica, number, born, value, stamp, operator in crowded:
        if table in ("", name):
            held = value if born else json.loads(value).get(column)
            cells[name, row_id, column].append(HeadValue(village, replica, number, held, stamp, operator))
    return [
        OpenConflict(
            *cell, tuple(sorted(heads, key=lambda head: (head.stamp, head.replica, head.number), reverse=True))
        )
        for cell, heads in cells.items()
        if len({head.value for head in heads}) > 1 and cell[0] in records()
    ]


def settle(session: Session, table: str, row: str, column: str, value: Raw) -> None:
    """Decide a conflict: an ordinary edit whose writer has seen every head, so it travels like any edit."""
    session.connection().exec_driver_sql(f'UPDATE {table} SET "{column}" = ? WHERE id = ?', (value, row))
