"""What the journal states of merges: links, and the values that cells had before anything was shown in their place."""

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from db.journal.sql_variables import batched, placeholders
from db.schema.journal import MERGE_CHANGES

_MERGE_INDEX = f"ix_change_joining WHERE ({MERGE_CHANGES})"
_ORDER_BY_VERSION = "ORDER BY c.stamp, s.replica, c.number"

MergeHistory = dict[str, dict[str, set[str]]]  # table → row → every record of it that the row was ever merged into


def merge_history(db: Any) -> MergeHistory:
    """Every link that was ever stated, of the driver's connection `db`."""
    history: MergeHistory = defaultdict(lambda: defaultdict(set))
    for table, row, column, value in db.execute(
        f"SELECT table_name, row_id, column_name, value FROM change INDEXED BY {_MERGE_INDEX} "
        "AND column_name <> 'withdrawn'"
    ):
        target = value if column else json.loads(value).get("merged_into")
        history[table][row].update([target] if target else [])
    return history


def merges_since(db: Any, seq: int) -> list[tuple[str, str]]:
    """(table, row) of the records whose link, or as a household whose withdrawal, was written after this line."""
    query = f"SELECT table_name, row_id FROM change INDEXED BY {_MERGE_INDEX} AND seq > ?"
    return [(table, row) for table, row in db.execute(query, (seq,))]


def rows_since(db: Any, seq: int) -> list[tuple[str, str]]:
    """(table, row) of the records that were written after this line."""
    return [
        (table, row)
        for table, row in db.execute("SELECT DISTINCT table_name, row_id FROM change WHERE seq > ?", (seq,))
    ]


def stated_values(db: Any, rows: Iterable[str], column: str) -> dict[str, Any]:
    """Row → what the journal says of one column: of the heads the one with the highest (stamp, replica)."""
    values: dict[str, Any] = {}
    for batch in batched(sorted(rows)):
        versions = db.execute(
            "SELECT h.row_id, c.column_name, c.value FROM head h JOIN change c ON c.stream = h.stream "
            f"AND c.number = h.number JOIN stream s ON s.n = h.stream WHERE h.row_id IN ({placeholders(len(batch))}) "
            f"AND h.column_name = ? {_ORDER_BY_VERSION}",
            (*batch, column),
        ).fetchall()
        rows_with_heads = {row for row, _, _ in versions}
        rows_without_heads = [row for row in batch if row not in rows_with_heads]
        versions += db.execute(
            "SELECT c.row_id, '', c.value FROM change c JOIN stream s ON s.n = c.stream "
            f"WHERE c.row_id IN ({placeholders(len(rows_without_heads))}) AND c.column_name = '' {_ORDER_BY_VERSION}",
            rows_without_heads,
        ).fetchall()
        values |= {row: value if edited else json.loads(value).get(column) for row, edited, value in versions}
    return values
