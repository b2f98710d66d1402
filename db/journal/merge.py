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

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from db.journal import compacted_ranges
from db.journal.compacted_ranges import CompactedRange, PendingRanges
from db.journal.deletion_conflicts import edits_concurrent_with_withdrawal
from db.journal.sql_variables import batched, placeholders
from db.journal.triggers import journaled_columns
from db.schema import records

VersionVector = dict[tuple[str, str], int]  # (village, replica) → highest number known, without gaps
ChangeId = tuple[int, int]  # stream as numbered here, number
CellKey = tuple[str, str]  # row, column
SqlValue = str | int | float | None  # a value as SQLite holds it


class JournalChange(NamedTuple):
    """One change as it travels.

    `column` "" is an insert, its `value` a JSON object of cells. `replaces`: (replica, number), always of the same
    village, because a row never leaves its village.
    """

    village: str
    replica: str
    number: int
    table: str
    row: str
    column: str
    value: SqlValue
    stamp: int
    operator: str
    replaces: tuple[tuple[str, int], ...]


class MissingChangesError(Exception):
    """Changes that this one builds on are not known here; merging it would lose them."""

    def __init__(self, village: str, replica: str, known: int, number: int) -> None:
        super().__init__(village, replica, known, number)
        self.village, self.replica, self.known, self.number = village, replica, known, number


@dataclass(slots=True)
class MergeResult:
    """What a merge did.

    Attributes:
        rows: table → ids that are new or changed
        conflicts: cells with several values that the merge touched
        first_seq, last_seq: the range of journal lines that it wrote, None where nothing was new
        advanced: streams that grew, with the numbers known before and after
    """

    new_changes: int = 0
    known_changes: int = 0
    inserted: dict[str, int] = field(default_factory=dict)
    rows: dict[str, set[str]] = field(default_factory=dict)
    conflicts: set[tuple[str, str, str]] = field(default_factory=set)
    first_seq: int | None = None
    last_seq: int | None = None
    advanced: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)


def version_vector(session: Session | Connection) -> VersionVector:
    """The version vector of this workbook."""
    rows = session.execute(text("SELECT village, replica, last FROM stream WHERE last > 0"))
    return {(village, replica): last for village, replica, last in rows}


def changes_after(
    session: Session, known: Mapping[tuple[str, str], int], villages: set[str] | None = None, block_size: int = 2000
) -> Iterator[list[JournalChange]]:
    """Every change that `known` lacks, of the villages named (all if None), in the order in which they came here.

    That order is causal: a change stands after all that its writer knew.
    """
    streams: dict[int, tuple[str, str]] = {}
    missing: list[ChangeId] = []
    for n, village, replica, last in session.execute(text("SELECT n, village, replica, last FROM stream")):
        if villages is None or village in villages:
            streams[n] = (village, replica)
            if last > known.get((village, replica), 0):
                missing.append((n, known.get((village, replica), 0)))
    # one parameter, because a township's streams are more than SQLite takes parts of a UNION
    missing_seqs = (
        "SELECT c.seq FROM json_each(:lacking) part CROSS JOIN change c "
        "ON c.stream = part.value ->> 0 AND c.number > part.value ->> 1"
    )
    rows = (
        session.connection()
        .execution_options(yield_per=block_size)
        .execute(
            text(
                "SELECT stream, number, table_name, row_id, column_name, value, stamp, operator, replaces FROM change "
                f"WHERE seq IN ({missing_seqs}) ORDER BY seq"
            ),
            {"lacking": json.dumps(missing)},
        )
    )
    for partition in rows.partitions(block_size):
        yield [
            JournalChange(
                *streams[stream], number, table, row, column, value, stamp, operator, _to_replica_ids(streams, replaces)
            )
            for stream, number, table, row, column, value, stamp, operator, replaces in partition
        ]


def _to_replica_ids(streams: Mapping[int, tuple[str, str]], replaces: str) -> tuple[tuple[str, int], ...]:
    pairs = (change_id.split(":") for change_id in replaces.split()) if replaces else ()
    return tuple((streams[int(stream)][1], int(number)) for stream, number in pairs)


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
        self._columns = {table: set(journaled_columns(table)) for table in records()}
        self._pending_ranges, self._compacted = PendingRanges(), list[tuple[int, int, int]]()
        self._max_stamp = 0
        self._edited_rows: set[str] = set()  # rows
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

    def add_compacted_ranges(self, ranges: Iterable[CompactedRange]) -> None:
        """Accept ranges that the sender has compacted away; numbers that are known here stay as they are."""
        for compacted in ranges:
            self._pending_ranges.add(compacted)
            self._advance_over_compacted(self._stream_id(compacted.village, compacted.replica))

    def _advance_over_compacted(self, stream: int) -> None:
        last = self._last[stream]
        advanced_to = self._last[stream] = self._pending_ranges.advance(self._stream_keys[stream], last)
        if advanced_to > last:
            self._compacted.append((stream, last + 1, advanced_to))

    def add_changes(self, changes: Iterable[JournalChange]) -> None:
        """Apply the next block; changes known already are skipped."""
        new: list[tuple[ChangeId, JournalChange, tuple[ChangeId, ...]]] = []
        for change in changes:
            stream = self._stream_id(change.village, change.replica)
            last = self._last[stream]
            if change.number <= last:
                self.result.known_changes += 1
                continue
            if change.number != last + 1:
                raise MissingChangesError(change.village, change.replica, last, change.number)
            self._last[stream] = change.number
            self._advance_over_compacted(stream)
            replaced = tuple((self._stream_id(change.village, replica), number) for replica, number in change.replaces)
            new.append(((stream, change.number), change, replaced))
            self._max_stamp = max(self._max_stamp, change.stamp)
            if change.column:
                self._edited_rows.add(change.row)
        if new:
            _ChangeBatch(self, new).apply()
            self.result.new_changes += len(new)

    def finish(self) -> MergeResult:
        """Finish after the last block: the triggers write the journal again."""
        self._db.executemany("UPDATE stream SET last = ? WHERE n = ?", [(last, n) for n, last in self._last.items()])
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


class _ChangeBatch:
    """One block of new changes: the rows it inserts, the cells it updates, and their heads afterwards."""

    def __init__(self, merge: Merge, new: list[tuple[ChangeId, JournalChange, tuple[ChangeId, ...]]]) -> None:
        self._merge, self._db, self._new = merge, merge._db, new
        self._rows = {change.row for _, change, _ in new}
        self._insert_ids: dict[str, list[ChangeId]] = defaultdict(list)
        self._heads: dict[CellKey, list[ChangeId]] = {}
        self._change_facts: dict[ChangeId, tuple[SqlValue, int, str]] = {}  # value or insert JSON, stamp, table
        self._decoded_inserts: dict[ChangeId, dict[str, SqlValue]] = {}
        self._new_rows: dict[str, dict[str, dict[str, SqlValue]]] = defaultdict(dict)  # table → row → cells
        self._touched: dict[CellKey, str] = {}  # → table

    def apply(self) -> None:
        self._load_existing()
        for change_id, change, replaced in self._new:
            self._change_facts[change_id] = (change.value, change.stamp, change.table)
            if change.column == "":
                self._apply_insert(change_id, change)
            else:
                self._apply_update(change_id, change, replaced)
        self._write_journal()
        self._write_rows()

    def _load_existing(self) -> None:
        """Loads the inserts and heads that rows of this block already have here."""
        for batch in batched(self._rows):
            for row, stream, number, value, stamp, table in self._db.execute(
                "SELECT row_id, stream, number, value, stamp, table_name FROM change "
                f"WHERE column_name = '' AND row_id IN ({placeholders(len(batch))})",
                batch,
            ):
                self._insert_ids[row].append((stream, number))
                self._change_facts[stream, number] = (value, stamp, table)
            for row, column, stream, number, value, stamp, table in self._db.execute(
                "SELECT h.row_id, h.column_name, h.stream, h.number, c.value, c.stamp, c.table_name FROM head h "
                "JOIN change c ON c.stream = h.stream AND c.number = h.number "
                f"WHERE h.row_id IN ({placeholders(len(batch))})",
                batch,
            ):
                self._heads.setdefault((row, column), []).append((stream, number))
                self._change_facts[stream, number] = (value, stamp, table)

    def _insert_cells(self, change_id: ChangeId) -> dict[str, SqlValue]:
        cells = self._decoded_inserts.get(change_id)
        if cells is None:
            cells = self._decoded_inserts[change_id] = json.loads(str(self._change_facts[change_id][0]))
        return cells

    def _value(self, change_id: ChangeId, row: str, column: str) -> SqlValue:
        if change_id in self._insert_ids[row]:
            return self._insert_cells(change_id).get(column)
        return self._change_facts[change_id][0]

    def _apply_insert(self, change_id: ChangeId, change: JournalChange) -> None:
        row, table = change.row, change.table
        insert_ids = self._insert_ids[row]
        if not insert_ids:
            insert_ids.append(change_id)
            self._new_rows[table][row] = {"id": row, "village": change.village, **self._insert_cells(change_id)}
            self._merge.result.inserted[table] = self._merge.result.inserted.get(table, 0) + 1
            return
        insert_ids.append(change_id)
        # of a table or column of a newer program only the inserts tell which cells there are
        for column in self._merge._columns.get(table, set()).union(*map(self._insert_cells, insert_ids)):
            cell = (row, column)
            heads = self._heads.get(cell)
            if heads is None:
                if len({self._insert_cells(insert_id).get(column) for insert_id in insert_ids}) > 1:
                    self._heads[cell] = list(insert_ids)
                    self._touched[cell] = table
            elif not self._superseded_by_equal_insert(cell, change_id):
                heads.append(change_id)
                self._touched[cell] = table

    def _superseded_by_equal_insert(self, cell: CellKey, insert_id: ChangeId) -> bool:
        """Whether a known edit of the cell replaced an insert that held the same value as this one."""
        row, column = cell
        value = self._insert_cells(insert_id).get(column)
        replaces_texts = [
            replaces
            for (replaces,) in self._db.execute(
                "SELECT replaces FROM change WHERE row_id = ? AND column_name = ?", cell
            )
        ]
        replaced = {
            tuple(map(int, change_id.split(":"))) for replaces in replaces_texts for change_id in replaces.split()
        }
        for _, change, replaced_ids in self._new:
            if (change.row, change.column) == cell:
                replaced.update(replaced_ids)
        return insert_id in replaced or any(
            other in replaced and self._insert_cells(other).get(column) == value
            for other in self._insert_ids[row]
            if other != insert_id
        )

    def _apply_update(self, change_id: ChangeId, change: JournalChange, replaced: tuple[ChangeId, ...]) -> None:
        cell = (change.row, change.column)
        insert_ids = self._insert_ids[change.row]
        heads = self._heads.get(cell) or insert_ids
        superseded = set(replaced)
        superseded_values = {
            self._insert_cells(insert_id).get(change.column) for insert_id in insert_ids if insert_id in superseded
        }
        if len(insert_ids) > 1 and superseded_values:
            superseded |= {
                insert_id
                for insert_id in insert_ids
                if self._insert_cells(insert_id).get(change.column) in superseded_values
            }
        self._heads[cell] = [head for head in heads if head not in superseded] + [change_id]
        self._touched[cell] = change.table

    def _write_journal(self) -> None:
        self._db.executemany(
            "INSERT INTO change (stream, number, table_name, row_id, column_name, value, stamp, operator, replaces) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    *change_id,
                    change.table,
                    change.row,
                    change.column,
                    change.value,
                    change.stamp,
                    change.operator,
                    " ".join(f"{stream}:{number}" for stream, number in replaced),
                )
                for change_id, change, replaced in self._new
            ],
        )
        self._db.executemany("DELETE FROM head WHERE row_id = ? AND column_name = ?", list(self._touched))
        self._db.executemany(
            "INSERT INTO head (row_id, column_name, stream, number) VALUES (?, ?, ?, ?)",
            [(*cell, *change_id) for cell in self._touched for change_id in self._heads[cell]],
        )

    def _write_rows(self) -> None:
        updates: dict[tuple[str, str], list[tuple[SqlValue, str]]] = defaultdict(list)
        for (row, column), table in self._touched.items():
            heads = self._heads[row, column]
            if column not in self._merge._columns.get(table, ()):
                continue  # a column of a newer program: kept in the journal until this one is upgraded
            if len({self._value(head, row, column) for head in heads}) > 1:
                self._merge.result.conflicts.add((table, row, column))
            winner = max(heads, key=lambda head: (self._change_facts[head][1], self._merge._replica[head[0]], head[1]))
            self._merge.result.rows.setdefault(table, set()).add(row)
            value = self._value(winner, row, column)
            if row in self._new_rows[table]:
                self._new_rows[table][row][column] = value
            else:
                updates[table, column].append((value, row))
        for (table, column), cells in updates.items():
            self._db.executemany(f'UPDATE {table} SET "{column}" = ? WHERE id = ?', cells)
        self._insert_rows()

    def _insert_rows(self) -> None:
        for table, rows in self._new_rows.items():
            if table not in self._merge._columns:
                continue
            rows_by_columns: dict[tuple[str, ...], list[dict[str, SqlValue]]] = defaultdict(list)
            for cells in rows.values():
                known_columns = sorted(column for column in cells if column in self._merge._columns[table])
                rows_by_columns["id", "village", *known_columns].append(cells)
            for columns, column_rows in rows_by_columns.items():
                names = ", ".join(f'"{column}"' for column in columns)
                self._db.executemany(
                    f"INSERT INTO {table} ({names}) VALUES ({placeholders(len(columns))})",
                    [tuple(cells[column] for column in columns) for cells in column_rows],
                )
            self._merge.result.rows.setdefault(table, set()).update(rows)
