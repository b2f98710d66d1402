"""Merging another laptop's changes into the tables: cells with several heads, conflicts, and their resolution.

The rules (docs/decisions/0004-journal.md), all independent of the order in which packages arrive:

- the heads of a cell are its changes that no known change replaces; a cell nobody has edited has its row's inserts;
- an insert also counts as replaced by a change that replaced another insert with the same value: two laptops that
import
  one roster and edit it afterwards have no conflict with the other's import;
- the table shows the head with the highest (stamp, replica), on every laptop the same;
- a cell is in conflict while its heads hold different values; so is a withdrawal that an edit did not know of
  (db/journal/deletion_conflicts.py).
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from db.journal import branch_split, compacted_ranges
from db.journal.chains import next_value, stream_roots, value_at
from db.journal.change_batch import ChangeBatch, MergeResult, NewChange
from db.journal.compacted_ranges import CompactedRange, PendingRanges
from db.journal.deletion_conflicts import edits_concurrent_with_withdrawal
from db.journal.journal_change import JournalChange
from db.journal.triggers import known_columns
from db.schema import records

VersionVector = dict[tuple[str, str], int]  # (village, replica) → highest number known, without gaps


class MissingChangesError(Exception):
    """Changes that this one builds on are not known here; merging it would lose them."""

    def __init__(self, village: str, replica: str, known: int, number: int) -> None:
        super().__init__(village, replica, known, number)
        self.village, self.replica, self.known, self.number = village, replica, known, number


def version_vector(session: Session | Connection) -> VersionVector:
    """The version vector of this workbook."""
    rows = session.execute(text("SELECT village, replica, last FROM stream WHERE last > 0"))
    return {(village, replica): last for village, replica, last in rows}


class Merge:
    """One incoming package, block by block, inside one write transaction.

    Raises MissingChangesError at the first change that builds on something not known here; the caller rolls back.
    """

    def __init__(self, session: Session) -> None:
        raw: Any = session.connection().connection.driver_connection
        self._session, self._db = session, raw
        self._db.execute("UPDATE writer SET capturing = 0")
        self._streams: dict[tuple[str, str], int] = {}
        self._last: dict[int, int] = {}
        self._replica: dict[int, str] = {}
        self._stream_keys: dict[int, tuple[str, str]] = {}
        for n, village, replica, last in self._db.execute("SELECT n, village, replica, last FROM stream"):
            self._register_stream(n, village, replica, last)
        self._initial_last = dict(self._last)
        self._initial_seq = self._last_seq()
        self._columns = known_columns()
        self._pending_ranges, self._compacted = PendingRanges(), list[tuple[int, CompactedRange]]()
        self._roots: dict[str, str] = {}  # branch → root, where that is another
        for n, root in stream_roots(raw).items():
            if root != self._replica[n]:
                self._roots[self._replica[n]] = root
        self._chain: dict[int, bytes | None] = {}
        self._max_stamp = 0
        self._edited_rows: set[str] = set()  # rows
        self.renamed: dict[str, set[str]] = {}  # table → rows that show another value since a stream was split
        self.result = MergeResult()

    def _last_seq(self) -> int:
        return int(self._db.execute("SELECT coalesce(max(seq), 0) FROM change").fetchone()[0])

    def _register_stream(self, n: int, village: str, replica: str, last: int) -> None:
        self._streams[village, replica] = n
        self._stream_keys[n] = (village, replica)
        self._last[n] = last
        self._replica[n] = replica

    def _stream_id(self, village: str, replica: str) -> int:
        stream_id = self._streams.get((village, replica))
        if stream_id is None:
            cursor = self._db.execute("INSERT INTO stream (village, replica) VALUES (?, ?)", (village, replica))
            stream_id = int(cursor.lastrowid)
            self._register_stream(stream_id, village, replica, 0)
        return stream_id

    def stream_number(self, village: str, name: str) -> int:
        """How this journal numbers a stream; made where there is none."""
        return self._stream_id(village, name)

    def split(self, stream: int, number: int) -> tuple[int, str]:
        """Make a branch of what a stream has from a number on (db/journal/branches.py): its number here, its name."""
        branch, name, shown = branch_split.split(self._db, stream, number)
        for table, rows in shown.items():
            self.renamed.setdefault(table, set()).update(rows)
        last = self._last[stream]
        self._register_branch(branch, stream, name, last)
        self._last[stream] = number - 1
        self._chain.pop(stream, None)
        self._initial_last[branch] = max(number - 1, self._initial_last.get(stream, 0))
        self._initial_last[stream] = min(number - 1, self._initial_last.get(stream, 0))
        return branch, name

    def add_branch(self, parent: int, first: int, name: str) -> int:
        """A branch that leaves a stream before a number, without changes yet."""
        village, _ = self._stream_keys[parent]
        cursor = self._db.execute(
            "INSERT INTO stream (village, replica, last, parent, first, chained) VALUES (?, ?, ?, ?, ?, ?)",
            (village, name, first - 1, parent, first, first - 1),
        )
        branch = int(cursor.lastrowid)
        self._register_branch(branch, parent, name, first - 1)
        self._initial_last[branch] = first - 1
        return branch

    def _register_branch(self, branch: int, parent: int, name: str, last: int) -> None:
        village, parent_name = self._stream_keys[parent]
        self._register_stream(branch, village, name, last)
        self._roots[name] = self._roots.get(parent_name, parent_name)

    def add_compacted_ranges(self, ranges: Iterable[CompactedRange]) -> None:
        """Accept ranges that the sender has compacted away; numbers that are known here stay as they are."""
        for compacted in ranges:
            self._pending_ranges.add(compacted)
            self._advance_over_compacted(self._stream_id(compacted.village, compacted.replica))

    def _advance_over_compacted(self, stream: int) -> None:
        for compacted in self._pending_ranges.take(self._stream_keys[stream], self._last[stream]):
            self._last[stream] = compacted.last
            self._chain[stream] = compacted.chain
            self._compacted.append((stream, compacted))

    def _next_chain(self, stream: int, change: JournalChange) -> bytes | None:
        """The chain value of the next change of a stream, None in those of earlier versions of the program."""
        if stream not in self._chain:
            self._chain[stream] = value_at(self._db, stream, self._last[stream])
        previous = self._chain[stream]
        chain = change.chain or (previous and next_value(previous, change.hashed(self._roots)))
        self._chain[stream] = chain
        return chain

    def add_changes(self, changes: Iterable[JournalChange]) -> None:
        """Apply the next block; changes known already are skipped."""
        new: list[NewChange] = []
        for change in changes:
            stream = self._stream_id(change.village, change.replica)
            last = self._last[stream]
            if change.number <= last:
                self.result.known_changes += 1
                continue
            if change.number != last + 1:
                raise MissingChangesError(change.village, change.replica, last, change.number)
            chain = self._next_chain(stream, change)
            self._last[stream] = change.number
            self._advance_over_compacted(stream)
            replaced = tuple((self._stream_id(change.village, replica), number) for replica, number in change.replaces)
            new.append(NewChange((stream, change.number), change, replaced, chain))
            self._max_stamp = max(self._max_stamp, change.stamp)
            if change.column:
                self._edited_rows.add(change.row)
        if new:
            ChangeBatch(self._db, self._columns, self._replica, self.result, new).apply()
            self.result.new_changes += len(new)

    def finish(self) -> MergeResult:
        """Finish after the last block: the triggers write the journal again."""
        advanced = [(last, last, n) for n, last in self._last.items() if last != self._initial_last.get(n, 0)]
        self._db.executemany("UPDATE stream SET last = ?, chained = ? WHERE n = ?", advanced)
        self._db.execute("UPDATE writer SET capturing = 1, stamp = max(stamp, ?)", (self._max_stamp,))
        compacted_ranges.store(self._db, self._compacted)
        self._record_ranges()
        for edit in edits_concurrent_with_withdrawal(self._session):
            if edit.row in self._edited_rows and edit.table in records():
                self.result.conflicts.add((edit.table, edit.row, "withdrawn"))
        return self.result

    def _record_ranges(self) -> None:
        spans = {self._stream_keys[n]: (self._initial_last.get(n, 0), last) for n, last in self._last.items()}
        self.result.advanced = {
            stream: (first_before, last) for stream, (first_before, last) in spans.items() if first_before != last
        }
        if self.result.new_changes:
            self.result.first_seq, self.result.last_seq = self._initial_seq + 1, self._last_seq()
