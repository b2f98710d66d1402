"""Two records of one thing are one: what refers to the one given up is shown with the one that is kept.

The journal keeps what was stated, the tables show where it leads (docs/decisions/0010-household-merge.md). A record
stands for another where somebody stated it (`merged_into`), or where two households are merged and records of both
have one key (db/schema/relations.py). Where a record leads follows from the heads of the journal alone, so that it is
the same on every laptop that knows the same changes, in whatever order they came.

Shown are: `merged_into`, the record that stands for this one, NULL where it stands for itself; `withdrawn`, set for a
record that another stands for (households apart, which lists leave out by `merged_into`); and references, which name
the record that stands for the one stated.
"""

from db.record_merge.concerned_rows import has_merges, rows_of_merges
from db.record_merge.propagation import MovedRows, expected_targets, propagate, propagate_all, shown_targets

__all__ = [
    "MovedRows",
    "expected_targets",
    "has_merges",
    "propagate",
    "propagate_all",
    "rows_of_merges",
    "shown_targets",
]
