"""The heads of a cell, from all its changes at once: the definition that docs/decisions/0004-journal.md gives.

db/journal/merge.py keeps heads up to date change by change, which a package of a million cells needs; where changes
leave the journal again (db/journal/undo.py) and where a workbook is verified (app/workbook/integrity.py) they are
recomputed. Tests compare the two.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

ChangeId = tuple[int, int]  # stream as numbered here, number
SqlValue = str | int | float | None  # a value as SQLite holds it


def parse_change_ids(replaces: str) -> tuple[ChangeId, ...]:
    """`Change.replaces` parsed."""
    pairs = (change_id.split(":") for change_id in replaces.split())
    return tuple((int(stream), int(number)) for stream, number in pairs)


def cell_heads(inserts: Mapping[ChangeId, SqlValue], edits: Mapping[ChangeId, Iterable[ChangeId]]) -> list[ChangeId]:
    """The heads of one cell that table `head` holds: none where the cell has its row's inserts as heads, all equal.

    Args:
        inserts: of the row, each with its value of this cell
        edits: of the cell, each with the change ids it replaces
    """
    if not edits and len(set(inserts.values())) < 2:
        return []
    superseded = {change_id for replaced in edits.values() for change_id in replaced}
    superseded_values = {value for insert_id, value in inserts.items() if insert_id in superseded}
    return [change_id for change_id in edits if change_id not in superseded] + [
        insert_id
        for insert_id, value in inserts.items()
        if insert_id not in superseded and value not in superseded_values
    ]


@dataclass(slots=True)
class RowHistory:
    """The known changes of one row.

    Attributes:
        inserts: each with its cells
        edits: column → each change with what it replaces
        values, stamps: of every change that is here
    """

    inserts: dict[ChangeId, dict[str, SqlValue]] = field(default_factory=dict)
    edits: dict[str, dict[ChangeId, tuple[ChangeId, ...]]] = field(default_factory=lambda: defaultdict(dict))
    values: dict[ChangeId, SqlValue] = field(default_factory=dict)
    stamps: dict[ChangeId, int] = field(default_factory=dict)

    def add(self, change_id: ChangeId, column: str, value: Any, stamp: int, replaces: str) -> None:
        self.stamps[change_id] = stamp
        if column:
            self.values[change_id] = value
            self.edits[column][change_id] = parse_change_ids(replaces)
        else:
            self.inserts[change_id] = json.loads(value)

    def columns(self) -> set[str]:
        """The cells that some change wrote."""
        return set(self.edits).union(*self.inserts.values())

    def heads(self, column: str) -> list[ChangeId]:
        """The heads that table `head` holds."""
        if self._is_as_born(column):
            return []
        inserts = {insert_id: cells.get(column) for insert_id, cells in self.inserts.items()}
        return cell_heads(inserts, self.edits.get(column, {}))

    def _is_as_born(self, column: str) -> bool:
        """Whether a cell is as its row's only insert states it: most cells of a village are, and cost nothing."""
        return len(self.inserts) == 1 and column not in self.edits

    def ranked_heads(self, column: str, replica_of_stream: Mapping[int, str]) -> list[ChangeId]:
        """The heads of a cell, its row's inserts where nobody edited it; last the one that the table shows.

        Args:
            replica_of_stream: stream → its replica
        """
        return sorted(
            self.heads(column) or self.inserts,
            key=lambda change_id: (self.stamps[change_id], replica_of_stream[change_id[0]], change_id[1]),
        )

    def value(self, change_id: ChangeId, column: str) -> SqlValue:
        """What a change states of a cell."""
        return self.inserts[change_id].get(column) if change_id in self.inserts else self.values[change_id]

    def current_value(self, column: str, replica_of_stream: Mapping[int, str]) -> SqlValue:
        """The value that the table shows: the head with the highest (stamp, replica)."""
        if self._is_as_born(column):
            return next(iter(self.inserts.values())).get(column)
        return self.value(self.ranked_heads(column, replica_of_stream)[-1], column)

    def edits_unaware_of_withdrawal(self) -> dict[str, set[ChangeId]]:
        """Column → edits that are in conflict with the row's withdrawal (db/journal/deletion_conflicts.py)."""
        decisions = self.edits.get("withdrawn", {})
        withdrawals = {change_id for change_id in decisions if self.values[change_id]}
        if not withdrawals or withdrawals.isdisjoint(self.heads("withdrawn")):
            return {}
        decided = {change_id for replaced in decisions.values() for change_id in replaced}
        unaware = {
            column: {
                head
                for head in self.heads(column)
                if head in edits and head not in decided and withdrawals.isdisjoint(edits[head])
            }
            for column, edits in self.edits.items()
            if column != "withdrawn"
        }
        return {column: heads for column, heads in unaware.items() if heads}
