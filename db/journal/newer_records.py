"""What only a newer version of the program knows: rows of its tables, and cells of its columns in tables of this one.

They are in the journal and in no table (docs/decisions/0004-journal.md, Unknown columns). An index of the changes of
such tables finds them. It names the tables that this program knows, so it is made anew with the triggers
(db/migrate.py).
"""

import json
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.journal.heads import RowHistory, SqlValue
from db.journal.integrity import row_histories
from db.journal.streams import stream_replicas
from db.journal.triggers import known_columns
from db.schema import records

INDEX = "ix_change_newer"


class NewerRow(NamedTuple):
    """A row as the journal tells it.

    Attributes:
        cells: column → the value that a newer program would show; only the columns unknown here of a known table
        operator, stamp: who changed it last, and when
    """

    table: str
    id: str
    cells: Mapping[str, SqlValue]
    operator: str
    stamp: int


@cache
def _is_newer() -> str:
    """In SQL: a change is of a table that this program does not know."""
    return f"instr(',{','.join(sorted(records()))},', ',' || table_name || ',') = 0"


def index_statements() -> list[str]:
    """SQL that makes the index; run after every migration."""
    return [
        f"DROP INDEX IF EXISTS {INDEX}",
        f"CREATE INDEX {INDEX} ON change (table_name, row_id) WHERE {_is_newer()}",
    ]


def newer_tables(session: Session) -> dict[str, int]:
    """Table that is not known here → how many rows the journal has of it."""
    query = text(
        f"SELECT table_name, count(DISTINCT row_id) FROM change INDEXED BY {INDEX} WHERE {_is_newer()} "
        "GROUP BY table_name"
    )
    return {table: count for table, count in session.execute(query)}  # noqa: C416


def has_newer_rows(session: Session) -> bool:
    """Whether the journal has a row of a table that is not known here."""
    query = text(f"SELECT 1 FROM change INDEXED BY {INDEX} WHERE {_is_newer()} LIMIT 1")
    return session.execute(query).first() is not None


def newer_row_ids(session: Session, table: str, typed: str, limit: int) -> list[str]:
    """Rows of a table that is not known here in the order of their ids, those of which a change has this text."""
    query = text(
        f"SELECT DISTINCT row_id FROM change INDEXED BY {INDEX} WHERE {_is_newer()} AND table_name = :table "
        "AND (:typed = '' OR instr(value, :typed) > 0) ORDER BY row_id LIMIT :limit"
    )
    return list(session.scalars(query, {"table": table, "typed": typed, "limit": limit}))


def newer_rows_naming(session: Session, ids: Iterable[str]) -> list[str]:
    """Rows of tables that are not known here which name one of these records, or a row that does so."""
    query = text(
        f"SELECT DISTINCT c.row_id FROM change c INDEXED BY {INDEX}, "
        "json_each(iif(c.column_name = '', c.value, json_array(c.value))) cell "
        f"WHERE {_is_newer()} AND cell.value IN (SELECT value FROM json_each(:ids)) ORDER BY c.row_id"
    )
    found: dict[str, None] = {}
    wanted = list(ids)
    while wanted:
        naming = session.scalars(query, {"ids": json.dumps(wanted)}).all()
        wanted = [row for row in naming if row not in found]
        found |= dict.fromkeys(wanted)
    return list(found)


def rows_with_newer_cells(session: Session, rows: Collection[str]) -> list[str]:
    """Those of these rows of which the journal has a column that is not known here."""
    query = text(
        "SELECT table_name, row_id, column_name, value FROM change "
        "WHERE row_id IN (SELECT value FROM json_each(:rows)) ORDER BY row_id"
    )
    known = _known_columns()
    return list(
        dict.fromkeys(
            row
            for table, row, column, value in session.execute(query, {"rows": json.dumps(list(rows))})
            if not ({column} if column else json.loads(value).keys()) <= known.get(table, frozenset())
        )
    )


@cache
def _known_columns() -> Mapping[str, frozenset[str]]:
    """Table → its columns that changes name, "" among them, which stands for a whole row."""
    return {table: columns | {""} for table, columns in known_columns().items()}


def newer_rows(session: Session, rows: Collection[str]) -> list[NewerRow]:
    """These rows in their order, each with what is not known here of it; what the journal does not have is left out."""
    tables = tables_of_rows(session, rows)
    histories, replicas = row_histories(session, tables), stream_replicas(session)
    operators = _last_operators(session, tables)
    return [_newer_row(tables[row], row, histories[row], replicas, operators[row]) for row in rows if row in tables]


def tables_of_rows(session: Session, rows: Iterable[str]) -> dict[str, str]:
    """Row → its table, known here or not, of the rows that the journal has."""
    query = text(
        "SELECT DISTINCT row_id, table_name FROM change WHERE row_id IN (SELECT value FROM json_each(:rows)) "
        "AND column_name = ''"
    )
    return {row: table for row, table in session.execute(query, {"rows": json.dumps(list(rows))})}  # noqa: C416


def _newer_row(table: str, row: str, history: RowHistory, replicas: Mapping[int, str], operator: str) -> NewerRow:
    known = known_columns().get(table, frozenset())
    columns = sorted(history.columns() - known)
    cells = {column: history.current_value(column, replicas) for column in columns}
    return NewerRow(table, row, cells, operator, max(history.stamps.values()))


def _last_operators(session: Session, rows: Collection[str]) -> dict[str, str]:
    query = text(
        "SELECT row_id, operator, max(stamp) FROM change WHERE row_id IN (SELECT value FROM json_each(:rows)) "
        "GROUP BY row_id"
    )
    return {row: operator for row, operator, _ in session.execute(query, {"rows": json.dumps(list(rows))})}
