"""Compacting old history: superseded edits leave the journal, and what superseded them inherits what they replaced.

A surviving change then names all that the compacted ones before it replaced, so that a laptop that still holds one of
them merges as before. Inserts, withdrawals and heads are never compacted. docs/decisions/0009-undo-and-compaction.md.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from db.journal import compacted_ranges
from db.journal.heads import ChangeId, parse_change_ids
from db.journal.sql_variables import placeholders

_BATCH_SIZE = 400  # records processed together
_ROW_OVERHEAD = (
    100  # bytes of a change in the file beside its texts: three trees whose pages are not full, numbers, lengths
)


class CompactionEdit(NamedTuple):
    """A change of a cell, as compaction needs it. `size`: bytes in the file, about; `is_head`: nothing replaced it.

    `inherited`: so many at the end of `replaces` came by compaction; `chain`: its chain value.
    """

    seq: int
    change_id: ChangeId
    column: str
    replaces: str
    inherited: int
    size: int
    is_head: bool
    chain: bytes | None


@dataclass(slots=True)
class RowEdits:
    """One record's edited cells. `decisions`: its withdrawals and restorings."""

    row: str
    table: str = ""
    withdrawals: set[ChangeId] = field(default_factory=set)
    cells: dict[str, list[CompactionEdit]] = field(default_factory=lambda: defaultdict(list))

    def superseded(self) -> Iterator[CompactionEdit]:
        """Edits that later ones superseded."""
        return (edit for edits in self.cells.values() for edit in edits if not edit.is_head)


def iter_superseded(session: Session) -> Iterator[tuple[int, list[RowEdits]]]:
    """Records with cells that were edited more than once, block by block, with how many of 65,536 parts are done."""
    raw: Any = session.connection().connection.driver_connection
    last_row = ""
    while rows := [
        row
        for (row,) in raw.execute(
            "SELECT DISTINCT row_id FROM (SELECT row_id FROM change INDEXED BY ix_change_cell WHERE row_id > ? "
            "AND column_name NOT IN ('', 'withdrawn') GROUP BY row_id, column_name HAVING count(*) > 1) LIMIT ?",
            (last_row, _BATCH_SIZE),
        )
    ]:
        last_row = rows[-1]
        yield int(last_row[:4], 16), _load_row_edits(raw, rows)


def _load_row_edits(raw: Any, rows: list[str]) -> list[RowEdits]:
    edits_by_row = {row: RowEdits(row) for row in rows}
    for row, table, column, seq, stream, number, replaces, inherited, size, is_head, chain in raw.execute(
        "SELECT c.row_id, c.table_name, c.column_name, c.seq, c.stream, c.number, c.replaces, c.inherited, "
        f"{_ROW_OVERHEAD} + 2 * (length(c.row_id) + length(c.column_name)) + length(c.table_name) "
        "+ coalesce(length(CAST(c.value AS BLOB)), 0) + length(CAST(c.operator AS BLOB)) + length(c.replaces), "
        "h.number IS NOT NULL, c.chain FROM change c LEFT JOIN head h ON h.row_id = c.row_id "
        "AND h.column_name = c.column_name AND h.stream = c.stream AND h.number = c.number "
        f"WHERE c.row_id IN ({placeholders(len(rows))}) AND c.column_name <> '' ORDER BY c.seq",
        rows,
    ):
        edits_by_row[row].table = table
        if column == "withdrawn":
            edits_by_row[row].withdrawals.add((stream, number))
        else:
            edits_by_row[row].cells[column].append(
                CompactionEdit(seq, (stream, number), column, replaces, inherited, size, bool(is_head), chain)
            )
    return list(edits_by_row.values())


class Compactor:
    """Compacts edits that the caller chooses, record by record, inside one write transaction."""

    def __init__(self, session: Session) -> None:
        raw: Any = session.connection().connection.driver_connection
        self._raw = raw
        self._streams: set[int] = set()
        self.changes = 0

    def compact(self, selection: Iterable[tuple[RowEdits, set[ChangeId]]]) -> None:
        """Remove these superseded edits of these records."""
        removed: list[CompactionEdit] = []
        updated_replaces: list[tuple[str, int, int]] = []
        for row_edits, selected in selection:
            for edits in row_edits.cells.values():
                replaced_by_removed = {
                    edit.change_id: parse_change_ids(edit.replaces)
                    for edit in edits
                    if edit.change_id in selected and not edit.is_head
                }
                removed += [edit for edit in edits if edit.change_id in replaced_by_removed]
                updated_replaces += _inherit_replaces(
                    [edit for edit in edits if edit.change_id not in replaced_by_removed],
                    replaced_by_removed,
                    row_edits.withdrawals,
                )
        self._raw.executemany("UPDATE change SET replaces = ?, inherited = ? WHERE seq = ?", updated_replaces)
        self._raw.executemany("DELETE FROM change WHERE seq = ?", [(edit.seq,) for edit in removed])
        self._raw.executemany(
            "INSERT INTO folded (stream, first, last, chain) VALUES (?, ?, ?, ?)",
            [(*edit.change_id, edit.change_id[1], edit.chain) for edit in removed],
        )
        self._raw.executemany(
            "INSERT INTO folded_chain (stream, number, chain) VALUES (?, ?, ?)",
            [(*edit.change_id, edit.chain) for edit in removed if edit.chain],
        )
        self._streams.update(edit.change_id[0] for edit in removed)
        self.changes += len(removed)

    def finish(self) -> int:
        """Finish after the last block; returns how many changes were compacted."""
        for stream in sorted(self._streams):
            compacted_ranges.coalesce(self._raw, stream)
        return self.changes


def _inherit_replaces(
    remaining: list[CompactionEdit],
    replaced_by_removed: Mapping[ChangeId, tuple[ChangeId, ...]],
    withdrawals: set[ChangeId],
) -> list[tuple[str, int, int]]:
    """(replaces, inherited, seq) of the remaining edits of a cell that replace more than before.

    A withdrawal that only a compacted edit knew of is not inherited: who wrote the later one may not have known of it
    (db/journal/deletion_conflicts.py).
    """
    updates = []
    for edit in remaining:
        direct = dict.fromkeys(parse_change_ids(edit.replaces))
        inherited = dict(direct)
        pending = [change_id for change_id in direct if change_id in replaced_by_removed]
        while pending:
            transitive = [
                change_id
                for change_id in replaced_by_removed[pending.pop()]
                if change_id not in inherited and change_id not in withdrawals
            ]
            inherited.update(dict.fromkeys(transitive))
            pending += [change_id for change_id in transitive if change_id in replaced_by_removed]
        if len(inherited) > len(direct):
            count = edit.inherited + len(inherited) - len(direct)
            updates.append((" ".join(f"{stream}:{number}" for stream, number in inherited), count, edit.seq))
    return updates
