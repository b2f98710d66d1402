"""Rows that show something because records were merged: they change without a line in the journal."""

from collections import defaultdict
from typing import Any

from db.journal.sql_variables import batched, placeholders
from db.record_merge.components import Targets
from db.record_merge.journal_values import merge_history
from db.record_merge.propagation import shown_targets
from db.schema import records, relations


def has_merges(db: Any) -> bool:
    """Whether any record was ever merged into another."""
    return bool(merge_history(db))


def rows_of_merges(db: Any, former: Targets) -> dict[str, set[str]]:
    """Table → rows that were ever merged, that stand for such, and all that refer to one of these.

    Whatever `propagate` writes into a table is in one of these rows.

    Args:
        db: the driver's connection
        former: what `shown_targets` said at the time with which now is compared
    """
    merged: dict[str, set[str]] = defaultdict(set)
    for table, targets_by_row in merge_history(db).items():
        merged[table].update(targets_by_row, *targets_by_row.values())
    for shown in (former, shown_targets(db)):
        for table, targets in shown.items():
            merged[table].update(targets, targets.values())
    concerned = {table: set(rows) for table, rows in merged.items() if table in records()}
    for table in list(concerned):
        for referrer, column in relations.referrers(table):
            for batch in batched(sorted(merged[table])):
                found = db.execute(f"SELECT id FROM {referrer} WHERE {column} IN ({placeholders(len(batch))})", batch)
                concerned.setdefault(referrer, set()).update(row for (row,) in found)
    return concerned
