"""Triggers with which the database itself journals every change of every cell, whichever path wrote it.

The triggers are made from the schema. A new row is one change with all its cells (column ""), an edit is one change a
cell, with the heads that its writer had before it. What the words mean and why: docs/decisions/0004-journal.md.

What a new row, an update, an edit and a deletion mean is defined once, in the triggers of the views `row_insert`,
`row_update`, `cell_edit` and `kept`: SQLite parses all triggers whenever a connection is opened, so each table only
passes on all its cells. They are named once, in `cells`, a column of each table that is computed and takes no room. An
UPDATE that repeats a value is no edit; `write_cell` (db/journal/changes.py) repeats a value, which resolves a conflict.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from sqlalchemy.dialects.sqlite import dialect

from db.schema import records

_CAPTURING = "(SELECT capturing FROM writer)"
_CURRENT_STREAM = "stream.village = NEW.village AND stream.replica = (SELECT replica FROM writer)"
_ALLOCATE_NUMBER = (
    "INSERT OR IGNORE INTO stream (village, replica) SELECT NEW.village, replica FROM writer; "
    f"UPDATE stream SET last = last + 1 WHERE {_CURRENT_STREAM}; "
)
_ROW_INSERT = "CREATE VIEW row_insert (table_name, village, row_id, cells) AS SELECT NULL, NULL, NULL, NULL WHERE 0"
_ROW_UPDATE = "CREATE VIEW row_update (table_name, before, cells) AS SELECT NULL, NULL, NULL WHERE 0"
_CELL_EDIT = (
    "CREATE VIEW cell_edit (table_name, village, row_id, column_name, value, was_withdrawn) AS "
    "SELECT NULL, NULL, NULL, NULL, NULL, NULL WHERE 0"
)
_KEPT = "CREATE VIEW kept AS SELECT 1 FROM writer WHERE capturing"
_REFUSE_DELETION = (
    "CREATE TRIGGER journal__kept INSTEAD OF DELETE ON kept BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END"
)
_CELLS = "cells"
_BEHIND_COLUMNS = ", \n\tCONSTRAINT pk_"  # a table's first constraint, as SQLAlchemy writes it
# workbooks before schema 0033 have the longer name
_COMPUTED = re.compile(rf", (?:journal_)?{_CELLS} TEXT AS \(json_object\([^()]*\)\)")
_QUOTE = dialect().identifier_preparer.quote  # of the few columns that are named as a word of SQL


def journaled_columns(table: str) -> list[str]:
    """The columns whose cells travel: all but id and village, which never change."""
    return [name for name in records()[table].__table__.columns.keys() if name not in ("id", "village")]  # noqa: SIM118


@cache
def known_columns() -> Mapping[str, frozenset[str]]:
    """Table → its columns whose cells travel, of every table that this program knows; worked out once, as each package
    that comes in asks for all of them."""
    return {table: frozenset(journaled_columns(table)) for table in records()}


def withdrawn_sql(table: str, row: str = "") -> str:
    """SQL: whether a record was withdrawn, and is not only hidden because another stands for it (db/record_merge)."""
    return f"{row}withdrawn" if table == "household" else f"({row}withdrawn AND {row}merged_into IS NULL)"


def _computed_column(table: str) -> str:
    """All cells of a row as one JSON object, not stored; OLD and NEW have it too."""
    columns = ("id", "village", *journaled_columns(table))
    cells = ",".join(f"'{column}',{_QUOTE(column)}" for column in columns)
    return f", {_CELLS} TEXT AS (json_object({cells}))"


def _table_triggers(table: str) -> Iterator[str]:
    """What each table says of its own, in as few words as SQLite takes: as many times as there are tables."""
    on_change = f"ON {table} WHEN {_CAPTURING} BEGIN INSERT INTO"
    yield (
        f"CREATE TRIGGER {table}_i AFTER INSERT {on_change} row_insert "
        f"VALUES('{table}',NEW.village,NEW.id,NEW.{_CELLS});END"
    )
    yield (
        f"CREATE TRIGGER {table}_u AFTER UPDATE {on_change} row_update VALUES('{table}',OLD.{_CELLS},NEW.{_CELLS});END"
    )
    yield f"CREATE TRIGGER {table}_d BEFORE DELETE ON {table} BEGIN DELETE FROM kept;END"


def _row_update_trigger() -> str:
    """One row of `cell_edit` for each cell that an UPDATE made different; one that moves the row is refused.

    The last column comes first: numbers of a stream follow the order in which one trigger a column used to fire.
    """
    # as `withdrawn_sql`
    was_withdrawn = (
        "NEW.before ->> 'withdrawn' AND (NEW.table_name = 'household' OR NEW.before ->> 'merged_into' IS NULL)"
    )
    return (
        "CREATE TRIGGER journal__update INSTEAD OF INSERT ON row_update BEGIN "
        "SELECT RAISE(ABORT, 'id and village never change') WHERE NEW.cells ->> 'id' IS NOT NEW.before ->> 'id' "
        "OR NEW.cells ->> 'village' IS NOT NEW.before ->> 'village'; "
        "INSERT INTO cell_edit SELECT NEW.table_name, NEW.cells ->> 'village', NEW.cells ->> 'id', key, value, "
        f"{was_withdrawn} FROM json_each(NEW.cells) WHERE value IS NOT NEW.before ->> key ORDER BY id DESC; END"
    )


def _row_insert_trigger() -> str:
    """A new row: the next number of the writer's stream, with all its cells that travel. Patching an empty object takes
    the NULLs out of them."""
    return (
        f"CREATE TRIGGER journal__row INSTEAD OF INSERT ON row_insert BEGIN {_ALLOCATE_NUMBER}"
        "INSERT INTO change (stream, number, table_name, row_id, column_name, value, stamp, operator) "
        "SELECT stream.n, stream.last, NEW.table_name, NEW.row_id, '', "
        "json_remove(json_patch('{}', NEW.cells), '$.id', '$.village'), "
        f"writer.stamp, writer.operator FROM writer, stream WHERE {_CURRENT_STREAM}; END"
    )


def _cell_edit_trigger() -> str:
    """An edit of one cell: the next number of the writer's stream, what it replaces, and the heads from then on."""
    cell_filter = "row_id = NEW.row_id AND column_name = NEW.column_name"
    change_ids = "group_concat(stream || ':' || number, ' ')"
    observed_ids = f"(SELECT {change_ids} FROM seen WHERE {cell_filter})"
    # withdrawing replaces the row as its writer saw it, so that a concurrent edit can be recognised
    row = (
        f"(SELECT {change_ids} FROM (SELECT stream, number FROM head WHERE row_id = NEW.row_id "
        "UNION SELECT stream, number FROM change WHERE row_id = NEW.row_id AND column_name = ''))"
    )
    # who edits a withdrawn row says so, for the same reason, unless it was withdrawn behind an open form
    withdrawal_filter = "row_id = NEW.row_id AND column_name = 'withdrawn'"
    known_withdrawals = (
        f"(SELECT ' ' || {change_ids} FROM head WHERE {withdrawal_filter} "
        f"AND (NOT EXISTS (SELECT 1 FROM seen WHERE {withdrawal_filter}) OR EXISTS (SELECT 1 FROM seen s "
        f"WHERE s.{withdrawal_filter} AND s.stream = head.stream AND s.number = head.number)))"
    )
    replaced_ids = (
        f"CASE WHEN NEW.column_name = 'withdrawn' THEN coalesce({observed_ids}, {row}) "
        f"ELSE coalesce({observed_ids}, (SELECT {change_ids} FROM head WHERE {cell_filter}), '') "
        f"|| CASE WHEN NEW.was_withdrawn THEN coalesce({known_withdrawals}, '') ELSE '' END END"
    )
    # another insert with the same value as one that its writer saw is replaced with it, as in db/journal/merge.py
    path = "'$.' || NEW.column_name"
    equal_insert_replaced = (
        "EXISTS (SELECT 1 FROM seen s JOIN change b ON b.stream = s.stream AND b.number = s.number "
        "JOIN change o ON o.stream = head.stream AND o.number = head.number "
        "WHERE s.row_id = NEW.row_id AND s.column_name = NEW.column_name AND b.column_name = '' AND o.column_name = '' "
        f"AND json_extract(b.value, {path}) IS json_extract(o.value, {path}))"
    )
    return (
        f"CREATE TRIGGER journal__cell INSTEAD OF INSERT ON cell_edit WHEN {_CAPTURING} BEGIN {_ALLOCATE_NUMBER}"
        "INSERT INTO head SELECT NEW.row_id, NEW.column_name, stream, number FROM change WHERE row_id = NEW.row_id "
        f"AND column_name = '' AND NOT EXISTS (SELECT 1 FROM head WHERE {cell_filter}); "
        "INSERT INTO change (stream, number, table_name, row_id, column_name, value, stamp, operator, replaces) "
        "SELECT stream.n, stream.last, NEW.table_name, NEW.row_id, NEW.column_name, NEW.value, writer.stamp, "
        f"writer.operator, {replaced_ids} FROM writer, stream WHERE {_CURRENT_STREAM}; "
        f"DELETE FROM head WHERE {cell_filter} AND (NOT EXISTS (SELECT 1 FROM seen WHERE {cell_filter}) OR EXISTS ("
        f"SELECT 1 FROM seen WHERE {cell_filter} AND seen.stream = head.stream "
        f"AND seen.number = head.number) OR {equal_insert_replaced}); "
        "INSERT INTO head SELECT NEW.row_id, NEW.column_name, "
        f"stream.n, stream.last FROM stream WHERE {_CURRENT_STREAM}; "
        "END"
    )


def triggers() -> Iterator[str]:
    """SQL of the views and of all journal triggers, and of those that keep rows from being deleted or moved; the tables
    must have their computed columns.

    Only where an import is undone, which writes no journal, rows that came with it go (db/journal/undo.py).
    """
    yield _ROW_INSERT
    yield _row_insert_trigger()
    yield _ROW_UPDATE
    yield _row_update_trigger()
    yield _CELL_EDIT
    yield _cell_edit_trigger()
    yield _KEPT
    yield _REFUSE_DELETION
    for table in records():
        yield from _table_triggers(table)


def drop_triggers(connection: Any) -> None:
    """Take all triggers, views and computed columns out of a workbook, so that its tables may be altered."""
    created = "SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'view') ORDER BY type"
    for kind, name in connection.execute(created).fetchall():
        connection.execute(f'DROP {kind} "{name}"')
    _drop_computed_columns(connection)


def add_computed_columns(connection: Any) -> None:
    """Tell the schema of the cells of each table, behind its other columns.

    Raises:
        ValueError: a table is not written as SQLAlchemy does
    """
    statements = {}
    for table, statement in _table_statements(connection):
        if table in records():
            columns, constraints = statement.split(_BEHIND_COLUMNS, 1)
            statements[table] = f"{columns}{_computed_column(table)}{_BEHIND_COLUMNS}{constraints}"
    _rewrite_tables(connection, statements)


def _drop_computed_columns(connection: Any) -> None:
    """Take `cells` out of what the schema says; no row holds it."""
    _rewrite_tables(
        connection,
        {
            table: _COMPUTED.sub("", statement)
            for table, statement in _table_statements(connection)
            if f"{_CELLS} TEXT AS (json_object(" in statement
        },
    )


def _table_statements(connection: Any) -> Iterable[tuple[str, str]]:
    found: Iterable[tuple[str, str]] = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    return list(found)


def _rewrite_tables(connection: Any, statements: Mapping[str, str]) -> None:
    """Say otherwise in the schema what tables are, without touching a row.

    ALTER TABLE reads the whole schema again, once to add a column of each table and three times to drop it: two thirds
    of an upgrade's time. https://sqlite.org/lang_altertable.html#otheralter
    """
    connection.execute("PRAGMA writable_schema = ON")
    connection.executemany(
        "UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?",
        [(statement, table) for table, statement in statements.items()],
    )
    connection.execute("PRAGMA writable_schema = RESET")
