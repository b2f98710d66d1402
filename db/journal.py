"""Every change of every cell is written down by the database itself, whichever path wrote it.

The triggers are made from the schema. A new row is one change with all its cells (column ""), an edit is one change a
cell, with the heads that its writer had before it. What the words mean and why: docs/decisions/0004-journal.md.
"""

from collections.abc import Iterator

from db.schema import records

_OWN_STREAM = "stream.village = NEW.village AND stream.replica = (SELECT replica FROM writer)"
_NEXT_NUMBER = (
    "INSERT OR IGNORE INTO stream (village, replica) SELECT NEW.village, replica FROM writer; "
    f"UPDATE stream SET last = last + 1 WHERE {_OWN_STREAM}; "
)
_CAPTURING = "(SELECT capturing FROM writer) = 1"


def journaled_columns(table: str) -> list[str]:
    """The columns whose cells travel: all but id and village, which never change."""
    return [column.name for column in records()[table].__table__.columns if column.name not in ("id", "village")]


def _birth(table: str) -> str:
    pairs = ", ".join(f"'{column}', NEW.\"{column}\"" for column in journaled_columns(table))
    # patching an empty object with it takes the NULLs out
    return (
        f"CREATE TRIGGER journal_{table}__born AFTER INSERT ON {table} WHEN {_CAPTURING} BEGIN {_NEXT_NUMBER}"
        "INSERT INTO change (stream, number, table_name, row_id, column_name, value, stamp, operator) "
        f"SELECT stream.n, stream.last, '{table}', NEW.id, '', json_patch('{{}}', json_object({pairs})), "
        f"writer.stamp, writer.operator FROM writer, stream WHERE {_OWN_STREAM}; END"
    )


def _cell(table: str, column: str) -> str:
    here = f"row_id = NEW.id AND column_name = '{column}'"
    dots = "group_concat(stream || ':' || number, ' ')"
    shown = f"(SELECT {dots} FROM seen WHERE {here})"
    if column == "withdrawn":
        # withdrawing replaces the row as its writer saw it, so that an edit made without knowing can be told apart
        replaced = (
            f"coalesce({shown}, (SELECT {dots} FROM (SELECT stream, number FROM head WHERE row_id = NEW.id "
            "UNION SELECT stream, number FROM change WHERE row_id = NEW.id AND column_name = '')))"
        )
    else:
        # who edits a withdrawn row says so, for the same reason, unless it was withdrawn behind an open form
        withdrawal = "row_id = NEW.id AND column_name = 'withdrawn'"
        knowing = (
            f"(SELECT ' ' || {dots} FROM head WHERE {withdrawal} "
            f"AND (NOT EXISTS (SELECT 1 FROM seen WHERE {withdrawal}) OR EXISTS (SELECT 1 FROM seen s "
            f"WHERE s.{withdrawal} AND s.stream = head.stream AND s.number = head.number)))"
        )
        replaced = (
            f"coalesce({shown}, (SELECT {dots} FROM head WHERE {here}), '') "
            f"|| CASE WHEN OLD.withdrawn THEN coalesce({knowing}, '') ELSE '' END"
        )
    differs = (
        f'(NEW."{column}" IS NOT OLD."{column}" OR (SELECT count(*) FROM head WHERE {here}) > 1 '
        f"OR EXISTS (SELECT 1 FROM seen WHERE {here}))"
    )
    # another birth that says the same as one that its writer saw is replaced with it, as in db/merge.py
    agreed = (
        f"EXISTS (SELECT 1 FROM seen s JOIN change b ON b.stream = s.stream AND b.number = s.number "
        "JOIN change o ON o.stream = head.stream AND o.number = head.number "
        f"WHERE s.row_id = NEW.id AND s.column_name = '{column}' AND b.column_name = '' AND o.column_name = '' "
        f"AND json_extract(b.value, '$.{column}') IS json_extract(o.value, '$.{column}'))"
    )
    return (
        f'CREATE TRIGGER journal_{table}_{column} AFTER UPDATE OF "{column}" ON {table} '
        f"WHEN {_CAPTURING} AND {differs} BEGIN {_NEXT_NUMBER}"
        f"INSERT INTO head SELECT NEW.id, '{column}', stream, number FROM change WHERE row_id = NEW.id "
        f"AND column_name = '' AND NOT EXISTS (SELECT 1 FROM head WHERE {here}); "
        "INSERT INTO change (stream, number, table_name, row_id, column_name, value, stamp, operator, replaces) "
        f"SELECT stream.n, stream.last, '{table}', NEW.id, '{column}', NEW.\"{column}\", writer.stamp, "
        f"writer.operator, {replaced} FROM writer, stream WHERE {_OWN_STREAM}; "
        f"DELETE FROM head WHERE {here} AND (NOT EXISTS (SELECT 1 FROM seen WHERE {here}) OR EXISTS ("
        f"SELECT 1 FROM seen WHERE {here} AND seen.stream = head.stream AND seen.number = head.number) OR {agreed}); "
        f"INSERT INTO head SELECT NEW.id, '{column}', stream.n, stream.last FROM stream WHERE {_OWN_STREAM}; END"
    )


def triggers() -> Iterator[str]:
    """SQL of all journal triggers, and of those that keep rows from being deleted or moved to another village.

    Only where an import is undone, which writes no journal, rows that came with it go (db/retraction.py).
    """
    for table in records():
        yield _birth(table)
        for column in journaled_columns(table):
            yield _cell(table, column)
        yield (
            f"CREATE TRIGGER journal_{table}__kept BEFORE DELETE ON {table} WHEN {_CAPTURING} "
            "BEGIN SELECT RAISE(ABORT, 'records are withdrawn, never deleted'); END"
        )
        yield (
            f"CREATE TRIGGER journal_{table}__fixed BEFORE UPDATE OF id, village ON {table} "
            "WHEN NEW.id IS NOT OLD.id OR NEW.village IS NOT OLD.village "
            "BEGIN SELECT RAISE(ABORT, 'id and village never change'); END"
        )
