"""Single changes of the journal: writing a cell, and reading what was written.

docs/decisions/0004-journal.md.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.journal.heads import ChangeId, SqlValue, parse_change_ids
from db.journal.triggers import withdrawn_sql
from db.schema.journal import Change


class RowChange(NamedTuple):
    """One change of a row, `column` "" for the insert. `after_compacted`: what it replaced has left the journal."""

    table: str
    row: str
    column: str
    value: SqlValue
    stamp: int
    operator: str
    after_compacted: bool


class CellEdit(NamedTuple):
    """A change of a cell and what it replaced."""

    change_id: ChangeId
    table: str
    row: str
    column: str
    replaces: tuple[ChangeId, ...]


def write_cell(session: Session, table: str, row: str, column: str, value: SqlValue) -> None:
    """Write one cell as a decision: even a value that it shows already becomes a change.

    An UPDATE that repeats the shown value is no edit. Where the cell has several heads, or the heads that its
    writer saw are recorded (db/journal/observed_heads.py), a change that repeats it resolves them.

    Args:
        value: as SQLite holds it
    """
    session.flush()
    raw = session.connection()
    raw.exec_driver_sql(
        f'INSERT INTO cell_edit SELECT ?, village, id, ?, "{column}", {withdrawn_sql(table)} FROM {table} '
        f'WHERE id = ? AND "{column}" IS ? '
        "AND ((SELECT count(*) FROM head WHERE row_id = ? AND column_name = ?) > 1 "
        "OR EXISTS (SELECT 1 FROM seen WHERE row_id = ? AND column_name = ?))",
        (table, column, row, value, row, column, row, column),
    )
    raw.exec_driver_sql(f'UPDATE {table} SET "{column}" = ? WHERE id = ?', (value, row))


def last_seq(session: Session) -> int:
    """The sequence number of the newest change, 0 in an empty journal."""
    return int(session.execute(text("SELECT coalesce(max(seq), 0) FROM change")).scalar_one())


def rows_changed_since(session: Session, seq: int, limit: int) -> list[tuple[str, str]]:
    """(table, row) of each record with a change after this line, at most `limit`."""
    rows = session.execute(
        text("SELECT DISTINCT table_name, row_id FROM change WHERE seq > :seq LIMIT :limit"),
        {"seq": seq, "limit": limit},
    )
    return [(table, row) for table, row in rows]


def cells_changed_since(session: Session, seq: int) -> Iterator[tuple[str, str, str]]:
    """(table, row, column) of each cell that was written after this line; of a new record those that are filled."""
    query = text("SELECT table_name, row_id, column_name, value FROM change WHERE seq > :seq")
    for table, row, column, value in session.execute(query, {"seq": seq}):
        if column:
            yield table, row, column
        else:
            yield from ((table, row, name) for name, cell in json.loads(value).items() if cell)


def tables_changed_since(session: Session, seq: int, tables: Collection[str]) -> bool:
    """Whether a record of these tables has a change after this line."""
    query = text(
        "SELECT 1 FROM change WHERE seq > :seq AND table_name IN (SELECT value FROM json_each(:tables)) LIMIT 1"
    )
    return session.execute(query, {"seq": seq, "tables": json.dumps(list(tables))}).first() is not None


def changes_of_rows(session: Session, rows: Iterable[str]) -> list[RowChange]:
    """Every change of these rows, in the order of their stamps."""
    found = session.execute(
        text(
            "SELECT table_name, row_id, column_name, value, stamp, operator, replaces <> '' AND NOT EXISTS ("
            "SELECT 1 FROM change d WHERE d.stream = CAST(c.replaces AS INTEGER) "
            "AND d.number = CAST(substr(c.replaces, instr(c.replaces, ':') + 1) AS INTEGER)) "
            "FROM change c WHERE row_id IN (SELECT value FROM json_each(:rows)) ORDER BY stamp, seq"
        ),
        {"rows": json.dumps(list(rows))},
    )
    return [RowChange(*change) for change in found]


def lay_value_view(connection: Any, function: str) -> None:
    """Lay a view over the journal of a driver's connection, whose values pass through a function of this connection.

    Args:
        function: takes table, column and value
    """
    columns = ", ".join(
        f'{function}(table_name, column_name, value) AS "value"' if one.name == "value" else f'"{one.name}"'
        for one in Change.__table__.columns
    )
    connection.execute(f"CREATE TEMP VIEW change AS SELECT {columns} FROM main.change")


def heads_of_cell(session: Session, row: str, column: str) -> list[ChangeId]:
    """The changes of a cell that nobody has replaced; none where they are its row's inserts."""
    rows = session.execute(
        text("SELECT stream, number FROM head WHERE row_id = :row AND column_name = :column"),
        {"row": row, "column": column},
    )
    return [(stream, number) for stream, number in rows]


def is_kept(session: Session, change: ChangeId) -> bool:
    """Whether a change is still in the journal."""
    query = text("SELECT 1 FROM change WHERE stream = :stream AND number = :number")
    return session.execute(query, {"stream": change[0], "number": change[1]}).first() is not None


def value_written(session: Session, change: ChangeId, row: str, column: str) -> tuple[SqlValue] | None:
    """What a change wrote into a cell, None where it is not in the journal or wrote nothing there."""
    found = session.execute(
        text(
            "SELECT column_name, value FROM change WHERE stream = :stream AND number = :number AND row_id = :row "
            "AND column_name IN ('', :column)"
        ),
        {"stream": change[0], "number": change[1], "row": row, "column": column},
    ).first()
    if found is None:
        return None
    return (found.value if found.column_name else json.loads(found.value).get(column),)


def replaced_by(session: Session, village: str, replica: str, number: int) -> tuple[ChangeId, ...]:
    """The changes that a change replaces."""
    replaces = session.execute(
        text(
            "SELECT c.replaces FROM change c JOIN stream s ON s.n = c.stream "
            "WHERE s.village = :village AND s.replica = :replica AND c.number = :number"
        ),
        {"village": village, "replica": replica, "number": number},
    ).scalar_one()
    return parse_change_ids(replaces)


def merge_transaction(session: Session, household: str) -> tuple[str, list[CellEdit]]:
    """The household that this one was last merged into ("" for none), and the other edits of that transaction.

    They stand before it in its stream and have its stamp; the newest first.
    """
    head = session.execute(
        text(
            "SELECT c.stream, c.number, c.stamp, c.value FROM head h JOIN change c ON c.stream = h.stream "
            "AND c.number = h.number WHERE h.row_id = :row AND h.column_name = 'merged_into' "
            "AND c.column_name <> '' AND c.value IS NOT NULL ORDER BY c.stamp DESC LIMIT 1"
        ),
        {"row": household},
    ).first()
    if head is None:
        return "", []
    rows = session.execute(
        text(
            "SELECT stream, number, table_name, row_id, column_name, replaces FROM change WHERE stream = :stream "
            "AND number < :number AND number > coalesce((SELECT number FROM change WHERE stream = :stream "
            "AND number < :number AND stamp <> :stamp ORDER BY number DESC LIMIT 1), 0) "
            "AND column_name <> '' AND (column_name <> 'merged_into' OR table_name <> 'household') ORDER BY number DESC"
        ),
        head._asdict(),
    )
    return str(head.value), [
        CellEdit((stream, number), table, row, column, parse_change_ids(replaces))
        for stream, number, table, row, column, replaces in rows
    ]
