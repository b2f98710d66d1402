"""Folding old history: edits that later ones replaced leave the journal, and what replaced them says so for them.

A surviving change then names all that the folded ones before it replaced, so that a laptop that still holds one of
them merges as before. Births, withdrawals and heads are never folded. docs/decisions/0009-undo-and-folding.md.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from db import skipped
from db.heads import dots
from db.merge import Dot

_ROWS = 400  # records looked at together
_LINE = 100  # bytes of a change in the file beside its texts: three trees whose pages are not full, numbers, lengths


class Edit(NamedTuple):
    """A change of a cell, as far as folding asks. `size`: bytes in the file, about; `head`: nobody replaced it."""

    seq: int
    dot: Dot
    column: str
    replaces: str
    size: int
    head: bool


@dataclass(slots=True)
class RowChains:
    """One record's edited cells. `decisions`: its withdrawals and restorings."""

    row: str
    table: str = ""
    decisions: set[Dot] = field(default_factory=set)
    cells: dict[str, list[Edit]] = field(default_factory=lambda: defaultdict(list))

    def replaced(self) -> Iterator[Edit]:
        """Edits that later ones replaced."""
        return (edit for edits in self.cells.values() for edit in edits if not edit.head)


def chains(session: Session) -> Iterator[tuple[int, list[RowChains]]]:
    """Records with cells that were edited more than once, block by block, with how many of 65,536 parts are done."""
    raw: Any = session.connection().connection.driver_connection
    after = ""
    while rows := [
        row
        for (row,) in raw.execute(
            "SELECT DISTINCT row_id FROM (SELECT row_id FROM change INDEXED BY ix_change_cell WHERE row_id > ? "
            "AND column_name NOT IN ('', 'withdrawn') GROUP BY row_id, column_name HAVING count(*) > 1) LIMIT ?",
            (after, _ROWS),
        )
    ]:
        after = rows[-1]
        yield int(after[:4], 16), _chains(raw, rows)


def _chains(raw: Any, rows: list[str]) -> list[RowChains]:
    found = {row: RowChains(row) for row in rows}
    marks = ",".join("?" * len(rows))
    for row, table, column, seq, stream, number, replaces, size, head in raw.execute(
        "SELECT c.row_id, c.table_name, c.column_name, c.seq, c.stream, c.number, c.replaces, "
        f"{_LINE} + 2 * (length(c.row_id) + length(c.column_name)) + length(c.table_name) "
        "+ coalesce(length(CAST(c.value AS BLOB)), 0) + length(CAST(c.operator AS BLOB)) + length(c.replaces), "
        "h.number IS NOT NULL FROM change c LEFT JOIN head h ON h.row_id = c.row_id "
        "AND h.column_name = c.column_name AND h.stream = c.stream AND h.number = c.number "
        f"WHERE c.row_id IN ({marks}) AND c.column_name <> '' ORDER BY c.seq",
        rows,
    ):
        found[row].table = table
        if column == "withdrawn":
            found[row].decisions.add((stream, number))
        else:
            found[row].cells[column].append(Edit(seq, (stream, number), column, replaces, size, bool(head)))
    return list(found.values())


class Fold:
    """Folds edits that the caller chooses, record by record, inside one write transaction."""

    def __init__(self, session: Session) -> None:
        raw: Any = session.connection().connection.driver_connection
        self._raw = raw
        self._streams: set[int] = set()
        self.changes = 0

    def away(self, folding: Iterable[tuple[RowChains, set[Dot]]]) -> None:
        """Fold these replaced edits of these records."""
        leaving: list[Edit] = []
        naming: list[tuple[str, int]] = []
        for record, gone in folding:
            for edits in record.cells.values():
                behind = {edit.dot: dots(edit.replaces) for edit in edits if edit.dot in gone and not edit.head}
                leaving += [edit for edit in edits if edit.dot in behind]
                naming += _naming([edit for edit in edits if edit.dot not in behind], behind, record.decisions)
        self._raw.executemany("UPDATE change SET replaces = ? WHERE seq = ?", naming)
        self._raw.executemany("DELETE FROM change WHERE seq = ?", [(edit.seq,) for edit in leaving])
        self._raw.executemany(
            "INSERT INTO folded (stream, first, last) VALUES (?, ?, ?)",
            [(*edit.dot, edit.dot[1]) for edit in leaving],
        )
        self._streams.update(edit.dot[0] for edit in leaving)
        self.changes += len(leaving)

    def finish(self) -> int:
        """After the last: how many changes were folded."""
        for stream in sorted(self._streams):
            skipped.join(self._raw, stream)
        return self.changes


def _naming(staying: list[Edit], behind: Mapping[Dot, tuple[Dot, ...]], decisions: set[Dot]) -> list[tuple[str, int]]:
    """What the edits of a cell that stay replace from now on, where that is more than before.

    A withdrawal that only a folded edit knew of is not taken over: who wrote the later one may not have known of it
    (db/withdrawal.py).
    """
    changed = []
    for edit in staying:
        own = dict.fromkeys(dots(edit.replaces))
        named = dict(own)
        ahead = [dot for dot in own if dot in behind]
        while ahead:
            further = [dot for dot in behind[ahead.pop()] if dot not in named and dot not in decisions]
            named.update(dict.fromkeys(further))
            ahead += [dot for dot in further if dot in behind]
        if len(named) > len(own):
            changed.append((" ".join(f"{stream}:{number}" for stream, number in named), edit.seq))
    return changed
