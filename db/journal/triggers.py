"""Every change of every cell is written down by the database itself, whichever path wrote it.

The triggers are made from the schema. A new row is one change with all its cells (column ""), an edit is one change a
cell, with the heads that its writer had before it. What the words mean and why: docs/decisions/0004-journal.md.
"""

from collections.abc import Iterator

from db.schema import records

_CURRENT_STREAM = "stream.village = NEW.village AND stream.replica = (SELECT replica FROM writer)"
_ALLOCATE_NUMBER = (
    "INSERT OR IGNORE INTO stream (village, replica) SELECT NEW.village, replica FROM writer; "
    f"UPDATE stream SET last = last + 1 WHERE {_CURRENT_STREAM}; "
)
_CAPTURING = "(SELECT capturing FROM writer) = 1"


def journaled_columns(table: str) -> list[str]:
    """The columns whose cells travel: all but id and village, which never change."""
    return [column.name for column in records()[table].__table__.columns if column.name not in ("id", "village")]


def _insert_trigger(table: str) -> str:
    cell_pairs = ", ".join(f"'{column}', NEW.\"{column}\"" for column in journaled_columns(table))
    # patching an empty object with it takes the NULLs out
    return (
        f"CREATE TRIGGER journal_{table}__born AFTER INSERT ON {table} WHEN {_CAPTURING} BEGIN {_ALLOCATE_NUMBER}"
        "INSERT INTO change (stream, number, table_name, row_id, column_name, value, stamp, operator) "
        f"SELECT stream.n, stream.last, '{table}', NEW.id, '', json_patch('{{}}', json_object({cell_pairs})), "
        f"writer.stamp, writer.operator FROM writer, stream WHERE {_CURRENT_STREAM}; END"
    )


def _cell_edit_trigger(table: str, column: str) -> str:
    cell_filter = f"row_id = NEW.id AND column_name = '{column}'"
    change_ids = "group_concat(stream || ':' || number, ' ')"
    observed_ids = f"(SELECT {change_ids} FROM seen WHERE {cell_filter})"
    if column == "withdrawn":
        # withdrawing replaces the row as its writer saw it, so that an edit made without knowing can be told apart
        replaced_ids = (
            f"coalesce({observed_ids}, (SELECT {change_ids} FROM (SELECT stream, number FROM head WHERE row_id = NEW.id "
            "UNION SELECT stream, number FROM change WHERE row_id = NEW.id AND column_name = '')))"
        )
    else:
        # who edits a withdrawn row says so, for the same reason, unless it was withdrawn behind an open form
        withdrawal_filter = "row_id = NEW.id AND column_name = 'withdrawn'"
        known_withdrawals = (
            f"(SELECT ' ' || {change_ids} FROM head WHERE {withdrawal_filter} "
            f"AND (NOT EXISTS (SELECT 1 FROM seen WHERE {withdrawal_filter}) OR EXISTS (SELECT 1 FROM seen s "
            f"WHERE s.{withdrawal_filter} AND s.stream = head.stream AND s.number = head.number)))"
        )
        replaced_ids = (
            f"coalesce({observed_ids}, (SELECT {change_ids} FROM head WHERE {cell_filter}), '') "
            f"|| CASE WHEN OLD.withdrawn THEN coalesce({known_withdrawals}, '') ELSE '' END"
        )
    differs = (
        f'(NEW."{column}" IS NOT OLD."{column}" OR (SELECT count(*) FROM head WHERE {cell_filter}) > 1 '
        f"OR EXISTS (SELECT 1 FROM seen WHERE {cell_filter}))"
    )
    # another birth that says the same as one that its writer saw is replaced with it, as in db/journal/merge.py
    equal_insert_replaced = (
        f"EXISTS (SELECT 1 FROM seen s JOIN change b ON b.stream = s.stream AND b.number = s.number "
        "JOIN change o ON o.stream = head.stream AND o.number = head.number "
        f"WHERE s.row_id = NEW.id AND s.column_name = '{column}' AND b.column_name = '' AND o.column_name = '' "
        f"AND json_extract(b.value, '$.{column}') IS json_extract(o.value, '$.{column}'))"
    )
    return (
        f'CREATE TRIGGER journal_{table}_{column} AFTER UPDATE OF "{column}" ON {table} '
        f"WHEN {_CAPTURING} AND {differs} BEGIN {_ALLOCATE_NUMBER}"
        f"INSERT INTO head SELECT NEW.id, '{column}', stream, number FROM change WHERE row_id = NEW.id "
        f"AND column_name = '' AND NOT EXISTS (SELECT 1 FROM head WHERE {cell_filter}); "
        "INSERT INTO change (stream, number, table_name, row_id, column_name, value, stamp, operator, replaces) "
        f"SELECT stream.n, stream.last, '{table}', NEW.id, '{column}', NEW.\"{column}\", writer.stamp, "
        f"writer.operator, {replaced_ids} FROM writer, stream WHERE {_CURRENT_STREAM}; "
        f"DELETE FROM head WHERE {cell_filter} AND (NOT EXISTS (SELECT 1 FROM seen WHERE {cell_filter}) OR EXISTS ("
        f"SELECT 1 FROM seen WHERE {cell_filter} AND seen.stream = head.stream AND seen.number = head.number) OR {equal_insert_replaced}); "
        f"INSERT INTO head SELECT NEW.id, '{column}', stream.n, stream.last FROM stream WHERE {_CURRENT_STREAM}; END"
    )


def trigger_statements() -> Iterator[str]:
    """SQL of all journal triggers, and of those that keep rows from being deleted or moved to another village.

    Only where an import is undone, which writes no journal, rows that came with it go (db/journal/undo.py).
    """
    for table in records():
        yield _insert_trigger(table)
        for column in journaled_columns(table):
            yield _cell_edit_trigger(table, column)
        yield (
            f"CREATE TRIGGER journal_{table}__kept BEFORE DELETE ON {table} WHEN {_CAPTURING} "
            "BEGIN SELECT RAISE(ABORT, 'records are withdrawn, never deleted'); END"
        )
        yield (
            f"CREATE TRIGGER journal_{table}__fixed BEFORE UPDATE OF id, village ON {table} "
            "WHEN NEW.id IS NOT OLD.id OR NEW.village IS NOT OLD.village "
            "BEGIN SELECT RAISE(ABORT, 'id and village never change'); END"
        )
