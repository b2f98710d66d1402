"""Bringing a workbook to the schema of this program.

Always on a file that nobody else has open: a new one, or a copy that replaces the original by rename when it is whole
(app/workbook/access.py). Traps that this answers (docs/decisions/0003-migrations.md): batch mode with foreign keys on
deletes children, and drops triggers in any case.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from db import record_merge, text_search
from db.journal import newer_records, triggers
from db.schema import records

SCRIPTS = Path(__file__).parent / "migrations"


class MigrationError(Exception):
    """The upgraded copy is not whole; the original was not touched."""


def known_revisions() -> list[str]:
    """Ids of all revisions that this program knows, oldest first; a file v0001_first.py holds revision "0001"."""
    return sorted(path.name[1:5] for path in (SCRIPTS / "versions").glob("v[0-9][0-9][0-9][0-9]_*.py"))


def revision(connection: Any) -> str:
    """The revision of an open workbook (any connection with `execute`), "" for an empty file."""
    table = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if table else None
    return str(row[0]) if row else ""


def upgrade(engine: Engine) -> None:
    """Run every missing migration, make the triggers again, and check that nothing was lost.

    Raises:
        MigrationError: rows are missing, references dangle, or triggers are not all there
    """
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("PRAGMA legacy_alter_table = ON")
        if raw.execute("PRAGMA foreign_keys").fetchone()[0] != 0:
            raise MigrationError("foreign keys could not be switched off")
        row_counts_before = _row_counts(raw)
        columns_before = _table_columns(raw)
        raw.execute("BEGIN IMMEDIATE")
        triggers.drop_triggers(raw)
        raw.execute("COMMIT")
        _run_alembic(connection)
        _create_triggers(raw)
        if columns_before:
            _backfill(raw, {cell for cell in _table_columns(raw) - columns_before if cell[0] in records()})
            raw.execute("BEGIN IMMEDIATE")
            record_merge.propagate_all(raw)
            raw.execute("COMMIT")
        row_counts_after = _row_counts(raw)
        lost = [table for table, count in row_counts_before.items() if row_counts_after.get(table, 0) < count]
        dangling = raw.execute("PRAGMA foreign_key_check").fetchall()
        if lost or dangling:
            raise MigrationError(f"rows lost in {lost}, {len(dangling)} dangling references")
        raw.execute("PRAGMA legacy_alter_table = OFF")
        raw.execute("PRAGMA foreign_keys = ON")


def _run_alembic(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.commit()


def _create_triggers(raw: Any) -> None:
    raw.execute("BEGIN IMMEDIATE")
    triggers.add_computed_columns(raw)
    statements = [*text_search.schema_statements(), *triggers.triggers()]
    for statement in (*statements, *newer_records.index_statements(), *text_search.rebuild_statements()):
        raw.execute(statement)
    raw.execute("COMMIT")
    count = raw.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'").fetchone()[0]
    expected = sum(statement.startswith("CREATE TRIGGER") for statement in statements)
    if count != expected:
        raise MigrationError(f"{count} triggers instead of {expected}")


def _row_counts(raw: Any) -> dict[str, int]:
    names = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
    checked_tables = [name for name in names if name in records() or name in ("change", "head", "stream", "picture")]
    return {name: raw.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in checked_tables}


def _table_columns(raw: Any) -> set[tuple[str, str]]:
    names = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
    return {(name, row[1]) for name in names for row in raw.execute(f'PRAGMA table_info("{name}")').fetchall()}


def _backfill(raw: Any, added: set[tuple[str, str]]) -> None:
    """Fill tables and columns that an upgrade added from changes that newer programs had sent before it."""
    raw.execute("BEGIN IMMEDIATE")
    raw.execute("UPDATE writer SET capturing = 0")
    for table in sorted(table for table, column in added if column == "id"):
        raw.execute(
            f"INSERT INTO {table} (id, village) SELECT DISTINCT c.row_id, s.village FROM change c "
            "JOIN stream s ON s.n = c.stream WHERE c.table_name = ? AND c.column_name = ''",
            (table,),
        )
    # most tables of an upgrade are new and empty, and their columns are over a thousand
    filled = {table for table, _ in added if raw.execute(f"SELECT EXISTS (SELECT 1 FROM {table})").fetchone()[0]}
    for table, column in sorted(added):
        if table in filled and column not in ("id", "village"):
            _backfill_column(raw, table, column)
    raw.execute("UPDATE writer SET capturing = 1")
    raw.execute("COMMIT")


def _backfill_column(raw: Any, table: str, column: str) -> None:
    newest = "ORDER BY c.stamp DESC, s.replica DESC, c.number DESC LIMIT 1"
    raw.execute(
        f'UPDATE {table} SET "{column}" = coalesce((SELECT json_extract(c.value, ?) FROM change c '
        f"JOIN stream s ON s.n = c.stream WHERE c.row_id = {table}.id AND c.column_name = '' {newest}), \"{column}\")",
        (f'$."{column}"',),
    )
    heads = "head h JOIN change c ON c.stream = h.stream AND c.number = h.number JOIN stream s ON s.n = h.stream"
    raw.execute(
        f"UPDATE {table} SET \"{column}\" = (SELECT iif(c.column_name = '', json_extract(c.value, ?), c.value) "
        f"FROM {heads} WHERE h.column_name = ? AND h.row_id = {table}.id {newest}) "
        f"WHERE id IN (SELECT row_id FROM head WHERE column_name = ?)",
        (f'$."{column}"', column, column),
    )
