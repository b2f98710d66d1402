"""Laying another laptop's changes into the tables: cells with several heads, conflicts, and their settling.

The rules (docs/decisions/0004-journal.md), all independent of the order in which packages arrive:

- the heads of a cell are its changes that no known change replaces; a cell nobody has edited has its row's births;
- a birth also counts as replaced by a change that replaced another birth with the same value: two laptops that import
  one roster and edit it afterwards have no conflict with the other's import;
- the table shows the head with the highest (stamp, replica), on every laptop the same;
- a cell is in conflict while its heads hold different values; so is a withdrawal that an edit did not know of
  (db/withdrawal.py).
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from db import skipped
from db.journal import journaled_columns
from db.schema import records
from db.skipped import Declared, Skip
from db.withdrawal import unaware_edits

Vector = dict[tuple[str, str], int]  # (village, replica) → highest number known, without gaps
Dot = tuple[int, int]  # stream as numbered here, number
Cell = tuple[str, str]  # row, column
Raw = str | int | float | None  # a value as SQLite holds it
_BATCH = 500  # SQL variables at a time


class JournalChange(NamedTuple):
    """One change as it travels.

    `column` "" is a birth, its `value` a JSON object of cells. `replaces`: (replica, number), always of the same
    village, because a row never leaves its village.
    """

    village: str
    replica: str
    number: int
    table: str
    row: str
    column: str
    value: Raw
    stamp: int
    operator: str
    replaces: tuple[tuple[str, int], ...]


class Gap(Exception):
    """Changes before this one are not known here; a merge of it would lose what it builds on."""

    def __init__(self, village: str, replica: str, known: int, number: int) -> None:
        super().__init__(village, replica, known, number)
        self.village, self.replica, self.known, self.number = village, replica, known, number


@dataclass(slots=True)
class Merged:
    """What a merge did.

    Attributes:
        rows: table → ids that are new or changed
        conflicts: cells with several values that the merge touched
        first, last: the lines of the journal that it wrote, None where nothing was new
        advanced: streams that went on, with the numbers known before and after
    """

    new_changes: int = 0
    known_changes: int = 0
    births: dict[str, int] = field(default_factory=dict)
    rows: dict[str, set[str]] = field(default_factory=dict)
    conflicts: set[tuple[str, str, str]] = field(default_factory=set)
    first: int | None = None
    last: int | None = None
    advanced: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)


def vector(session: Session | Connection) -> Vector:
    """What this workbook knows."""
    rows = session.execute(text("SELECT village, replica, last FROM stream WHERE last > 0"))
    return {(village, replica): last for village, replica, last in rows}


def changes_after(
    session: Session, known: Mapping[tuple[str, str], int], villages: set[str] | None = None, block: int = 2000
) -> Iterator[list[JournalChange]]:
    """Every change that `known` lacks, of the villages named (all if None), in the order in which they came here.

    That order is causal: a change stands after all that its writer knew.
    """
    streams: dict[int, tuple[str, str]] = {}
    lacking: list[Dot] = []
    for n, village, replica, last in session.execute(text("SELECT n, village, replica, last FROM stream")):
        if villages is None or village in villages:
            streams[n] = (village, replica)
            if last > known.get((village, replica), 0):
                lacking.append((n, known.get((village, replica), 0)))
    # one parameter, because a township's streams are more than SQLite takes parts of a UNION
    wanted = (
        "SELECT c.seq FROM json_each(:lacking) part CROSS JOIN change c "
        "ON c.stream = part.value ->> 0 AND c.number > part.value ->> 1"
    )
    rows = (
        session.connection()
        .execution_options(yield_per=block)
        .execute(
            text(
                "SELECT stream, number, table_name, row_id, column_name, value, stamp, operator, replaces FROM change "
                f"WHERE seq IN ({wanted}) ORDER BY seq"
            ),
            {"lacking": json.dumps(lacking)},
        )
    )
    for part in rows.partitions(block):
        yield [
            JournalChange(
                *streams[stream], number, table, row, column, value, stamp, operator, _dots(streams, replaces)
            )
            for stream, number, table, row, column, value, stamp, operator, replaces in part
        ]


def _dots(streams: Mapping[int, tuple[str, str]], replaces: str) -> tuple[tuple[str, int], ...]:
    pairs = (dot.split(":") for dot in replaces.split()) if replaces else ()
    return tuple((streams[int(stream)][1], int(number)) for stream, number in pairs)


def _many(items: Iterable[Any], size: int = _BATCH) -> Iterator[list[Any]]:
    whole = list(items)
    for start in range(0, len(whole), size):
        yield whole[start : start + size]


def _marks(count: int) -> str:
    return ",".join("?" * count)


class Merge:
    """One incoming package, block by block, inside one write transaction.

    Raises Gap at the first change that builds on something not known here; the caller rolls back.
    """

    def __init__(self, session: Session) -> None:
        raw: Any = session.connection().connection.driver_connection
        self._session, self._db = session, raw
        self._db.execute("UPDATE writer SET capturing = 0")
        self._streams: dict[tuple[str, str], int] = {}
        self._last: dict[int, int] = {}
        self._replica: dict[int, str] = {}
        self._names: dict[int, tuple[str, str]] = {}
        for n, village, replica, last in self._db.execute("SELECT n, village, replica, last FROM stream"):
            self._learn(n, village, replica, last)
        self._before = dict(self._last)
        self._seq = self._newest_line()
        self._columns = {table: set(journaled_columns(table)) for table in records()}
        self._skips, self._skipped = Declared(), list[tuple[int, int, int]]()
        self._newest = 0
        self._edited: set[str] = set()  # rows
        self.merged = Merged()

    def _newest_line(self) -> int:
        return int(self._db.execute("SELECT coalesce(max(seq), 0) FROM change").fetchone()[0])

    def _learn(self, n: int, village: str, replica: str, last: int) -> None:
        self._streams[village, replica] = n
        self._names[n] = (village, replica)
        self._last[n] = last
        self._replica[n] = replica

    def _stream(self, village: str, replica: str) -> int:
        found = self._streams.get((village, replica))
        if found is None:
            cursor = self._db.execute("INSERT INTO stream (village, replica) VALUES (?, ?)", (village, replica))
            found = int(cursor.lastrowid)
            self._learn(found, village, replica, 0)
        return found

    def skip(self, skips: Iterable[Skip]) -> None:
        """Numbers that the sender has folded away; those that are known here stay as they are."""
        for skip in skips:
            self._skips.add(skip)
            self._glide(self._stream(skip.village, skip.replica))

    def _glide(self, stream: int) -> None:
        last = self._last[stream]
        past = self._last[stream] = self._skips.past(self._names[stream], last)
        if past > last:
            self._skipped.append((stream, last + 1, past))

    def add(self, changes: Iterable[JournalChange]) -> None:
        """Lay in the next block; changes known already are passed over."""
        new: list[tuple[Dot, JournalChange, tuple[Dot, ...]]] = []
        for change in changes:
            stream = self._stream(change.village, change.replica)
            last = self._last[stream]
            if change.number <= last:
                self.merged.known_changes += 1
                continue
            if change.number != last + 1:
                raise Gap(change.village, change.replica, last, change.number)
            self._last[stream] = change.number
            self._glide(stream)
            replaced = tuple((self._stream(change.village, replica), number) for replica, number in change.replaces)
            new.append(((stream, change.number), change, replaced))
            self._newest = max(self._newest, change.stamp)
            if change.column:
                self._edited.add(change.row)
        if new:
            _Block(self, new).lay_in()
            self.merged.new_changes += len(new)

    def finish(self) -> Merged:
        """After the last block: the triggers write the journal again."""
        self._db.executemany("UPDATE stream SET last = ? WHERE n = ?", [(last, n) for n, last in self._last.items()])
        self._db.execute("UPDATE writer SET capturing = 1, stamp = max(stamp, ?)", (self._newest,))
        skipped.keep(self._db, self._skipped)
        self._note_lines()
        for edit in unaware_edits(self._session):
            if edit.row in self._edited and edit.table in records():
                self.merged.conflicts.add((edit.table, edit.row, "withdrawn"))
        return self.merged

    def _note_lines(self) -> None:
        spans = {self._names[n]: (self._before.get(n, 0), last) for n, last in self._last.items()}
        self.merged.advanced = {stream: (before, last) for stream, (before, last) in spans.items() if before != last}
        if self.merged.new_changes:
            self.merged.first, self.merged.last = self._seq + 1, self._newest_line()


class _Block:
    """One block of new changes: which rows it makes, which cells it changes, and what their heads are afterwards."""

    def __init__(self, merge: Merge, new: list[tuple[Dot, JournalChange, tuple[Dot, ...]]]) -> None:
        self._merge, self._db, self._new = merge, merge._db, new
        self._rows = {change.row for _, change, _ in new}
        self._births: dict[str, list[Dot]] = defaultdict(list)
        self._heads: dict[Cell, list[Dot]] = {}
        self._facts: dict[Dot, tuple[Raw, int, str]] = {}  # value or birth JSON, stamp, table
        self._cells_of_birth: dict[Dot, dict[str, Raw]] = {}
        self._inserts: dict[str, dict[str, dict[str, Raw]]] = defaultdict(dict)  # table → row → cells
        self._touched: dict[Cell, str] = {}  # → table

    def lay_in(self) -> None:
        self._look_up()
        for dot, change, replaced in self._new:
            self._facts[dot] = (change.value, change.stamp, change.table)
            if change.column == "":
                self._birth(dot, change)
            else:
                self._cell(dot, change, replaced)
        self._write_journal()
        self._write_rows()

    def _look_up(self) -> None:
        """The births and heads that rows of this block have here already."""
        for part in _many(self._rows):
            for row, stream, number, value, stamp, table in self._db.execute(
                "SELECT row_id, stream, number, value, stamp, table_name FROM change "
                f"WHERE column_name = '' AND row_id IN ({_marks(len(part))})",
                part,
            ):
                self._births[row].append((stream, number))
                self._facts[stream, number] = (value, stamp, table)
            for row, column, stream, number, value, stamp, table in self._db.execute(
                "SELECT h.row_id, h.column_name, h.stream, h.number, c.value, c.stamp, c.table_name FROM head h "
                "JOIN change c ON c.stream = h.stream AND c.number = h.number "
                f"WHERE h.row_id IN ({_marks(len(part))})",
                part,
            ):
                self._heads.setdefault((row, column), []).append((stream, number))
                self._facts[stream, number] = (value, stamp, table)

    def _born(self, dot: Dot) -> dict[str, Raw]:
        found = self._cells_of_birth.get(dot)
        if found is None:
            found = self._cells_of_birth[dot] = json.loads(str(self._facts[dot][0]))
        return found

    def _value(self, dot: Dot, row: str, column: str) -> Raw:
        if dot in self._births[row]:
            return self._born(dot).get(column)
        return self._facts[dot][0]

    def _birth(self, dot: Dot, change: JournalChange) -> None:
        row, table = change.row, change.table
        earlier = self._births[row]
        if not earlier:
            earlier.append(dot)
            self._inserts[table][row] = {"id": row, "village": change.village, **self._born(dot)}
            self._merge.merged.births[table] = self._merge.merged.births.get(table, 0) + 1
            return
        earlier.append(dot)
        # of a table or column of a newer program only the births tell which cells there are
        for column in self._merge._columns.get(table, set()).union(*map(self._born, earlier)):
            cell = (row, column)
            heads = self._heads.get(cell)
            if heads is None:
                if len({self._born(birth).get(column) for birth in earlier}) > 1:
                    self._heads[cell] = list(earlier)
                    self._touched[cell] = table
            elif not self._agreed(cell, dot):
                heads.append(dot)
                self._touched[cell] = table

    def _agreed(self, cell: Cell, birth: Dot) -> bool:
        """Whether some known edit of the cell replaced a birth that held the same value as this one."""
        row, column = cell
        value = self._born(birth).get(column)
        known = [
            replaces
            for (replaces,) in self._db.execute(
                "SELECT replaces FROM change WHERE row_id = ? AND column_name = ?", cell
            )
        ]
        replaced = {tuple(map(int, dot.split(":"))) for replaces in known for dot in replaces.split()}
        for _, change, dots in self._new:
            if (change.row, change.column) == cell:
                replaced.update(dots)
        return birth in replaced or any(
            other in replaced and self._born(other).get(column) == value
            for other in self._births[row]
            if other != birth
        )

    def _cell(self, dot: Dot, change: JournalChange, replaced: tuple[Dot, ...]) -> None:
        cell = (change.row, change.column)
        births = self._births[change.row]
        heads = self._heads.get(cell) or births
        gone = set(replaced)
        same = {self._born(birth).get(change.column) for birth in births if birth in gone}
        if len(births) > 1 and same:
            gone |= {birth for birth in births if self._born(birth).get(change.column) in same}
        self._heads[cell] = [head for head in heads if head not in gone] + [dot]
        self._touched[cell] = change.table

    def _write_journal(self) -> None:
        self._db.executemany(
            "INSERT INTO change (stream, number, table_name, row_id, column_name, value, stamp, operator, replaces) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    *dot,
                    change.table,
                    change.row,
                    change.column,
                    change.value,
                    change.stamp,
                    change.operator,
                    " ".join(f"{stream}:{number}" for stream, number in replaced),
                )
                for dot, change, replaced in self._new
            ],
        )
        self._db.executemany("DELETE FROM head WHERE row_id = ? AND column_name = ?", list(self._touched))
        self._db.executemany(
            "INSERT INTO head (row_id, column_name, stream, number) VALUES (?, ?, ?, ?)",
            [(*cell, *dot) for cell in self._touched for dot in self._heads[cell]],
        )

    def _write_rows(self) -> None:
        updates: dict[tuple[str, str], list[tuple[Raw, str]]] = defaultdict(list)
        for (row, column), table in self._touched.items():
            heads = self._heads[row, column]
            if column not in self._merge._columns.get(table, ()):
                continue  # a column of a newer program: kept in the journal until this one is upgraded
            if len({self._value(head, row, column) for head in heads}) > 1:
                self._merge.merged.conflicts.add((table, row, column))
            winner = max(heads, key=lambda head: (self._facts[head][1], self._merge._replica[head[0]], head[1]))
            self._merge.merged.rows.setdefault(table, set()).add(row)
            value = self._value(winner, row, column)
            if row in self._inserts[table]:
                self._inserts[table][row][column] = value
            else:
                updates[table, column].append((value, row))
        for (table, column), cells in updates.items():
            self._db.executemany(f'UPDATE {table} SET "{column}" = ? WHERE id = ?', cells)
        self._insert_rows()

    def _insert_rows(self) -> None:
        for table, rows in self._inserts.items():
            if table not in self._merge._columns:
                continue
            shapes: dict[tuple[str, ...], list[dict[str, Raw]]] = defaultdict(list)
            for cells in rows.values():
                known = sorted(column for column in cells if column in self._merge._columns[table])
                shapes["id", "village", *known].append(cells)
            for columns, group in shapes.items():
                names = ", ".join(f'"{column}"' for column in columns)
                self._db.executemany(
                    f"INSERT INTO {table} ({names}) VALUES ({_marks(len(columns))})",
                    [tuple(cells[column] for column in columns) for cells in group],
                )
            self._merge.merged.rows.setdefault(table, set()).update(rows)
