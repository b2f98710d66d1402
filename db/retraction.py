"""Taking the changes of one import out of the journal again, as if it had not happened.

Whether nobody has built on them is asked first (`built_on`). The rows they touched are worked out anew from the
changes that stay. docs/decisions/0009-undo-and-folding.md.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.heads import RowHistory, dots
from db.journal import journaled_columns
from db.merge import Dot, Raw
from db.schema import records

_BLOCK = 2000  # changes looked at together
_VARIABLES = 500  # of one SQL statement
_ID = 32  # letters of a row's id


class Later(NamedTuple):
    """A change that came after an import and builds on it."""

    table: str
    row: str


@dataclass(frozen=True, slots=True)
class Lot:
    """The changes of one import.

    Attributes:
        first, last: lines of the journal, both included
        advanced: (village, replica) → the numbers known before and after it
    """

    first: int
    last: int
    advanced: Mapping[tuple[str, str], tuple[int, int]]


@dataclass(slots=True)
class TakenBack:
    """What a retraction did.

    `rows`: table → rows that changed or went; `gone`: how many went altogether; `line`: the newest of the journal then,
    which was line `former` before.
    """

    changes: int = 0
    rows: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    gone: int = 0
    pictures: int = 0
    line: int = 0
    former: int = 0


def former_lines(session: Session) -> dict[int, int]:
    """Lines that got another number when an import was undone → the one that they had."""
    told = session.execute(
        text(
            "SELECT json_extract(result, '$.moved[1]'), json_extract(result, '$.moved[0]') FROM package_log "
            "WHERE undone_at IS NOT NULL AND json_extract(result, '$.moved') IS NOT NULL"
        )
    )
    return {line: former for line, former in told}  # noqa: C416


def grown(session: Session, lot: Lot) -> list[tuple[str, str]]:
    """Streams of the lot that have gone on since: without it they would have a gap."""
    now = {(village, replica): last for village, replica, last in _streams(session)}
    return [stream for stream, (_, after) in lot.advanced.items() if now.get(stream, 0) != after]


def _streams(session: Session) -> list[tuple[str, str, int]]:
    return [tuple(row) for row in session.execute(text("SELECT village, replica, last FROM stream"))]


def whole(session: Session, lot: Lot, changes: int) -> bool:
    """Whether the lot is still in the journal line by line, and so is all that it replaced: nothing of it was folded.

    Args:
        changes: how many it brought
    """
    raw: Any = session.connection().connection.driver_connection
    within = raw.execute("SELECT count(*) FROM change WHERE seq BETWEEN ? AND ?", (lot.first, lot.last))
    if within.fetchone()[0] != changes:
        return False
    spans = _spans(raw, lot)
    lost = raw.execute(
        "SELECT CAST(d.value AS INTEGER), CAST(substr(d.value, instr(d.value, ':') + 1) AS INTEGER) "
        "FROM change c JOIN json_each('[\"' || replace(c.replaces, ' ', '\",\"') || '\"]') d "
        "LEFT JOIN change o ON o.stream = CAST(d.value AS INTEGER) "
        "AND o.number = CAST(substr(d.value, instr(d.value, ':') + 1) AS INTEGER) "
        "WHERE c.seq BETWEEN ? AND ? AND c.replaces <> '' AND o.seq IS NULL",
        (lot.first, lot.last),
    )
    return all(_within(dot, spans) for dot in lost)  # what never came but as folded does not count


def built_on(session: Session, lot: Lot) -> Iterator[list[Later]]:
    """Later changes that replace one of the lot, or speak of or refer to a row that would go with it; in blocks."""
    raw: Any = session.connection().connection.driver_connection
    spans = _spans(raw, lot)
    seq = lot.last
    while block := raw.execute(
        "SELECT seq, table_name, row_id, column_name, value, replaces FROM change WHERE seq > ? ORDER BY seq LIMIT ?",
        (seq, _BLOCK),
    ).fetchall():
        seq = block[-1][0]
        touching = [{change[2], *_references(change[1], change[3], change[4])} for change in block]
        going = _going(raw, lot, set().union(*touching))
        yield [
            Later(change[1], change[2])
            for change, rows in zip(block, touching, strict=True)
            if not rows.isdisjoint(going) or any(_within(dot, spans) for dot in dots(change[5]))
        ]


def _spans(raw: Any, lot: Lot) -> dict[int, tuple[int, int]]:
    """Stream as numbered here → the numbers before and after."""
    numbered = {(village, replica): n for n, village, replica in raw.execute("SELECT n, village, replica FROM stream")}
    return {numbered[stream]: span for stream, span in lot.advanced.items() if stream in numbered}


def _within(dot: Dot, spans: Mapping[int, tuple[int, int]]) -> bool:
    before, after = spans.get(dot[0], (0, 0))
    return before < dot[1] <= after


def _references(table: str, column: str, value: Raw) -> list[str]:
    """The rows that a change's value refers to; of cells of a newer program, that it may refer to."""
    cells = {column: value} if column else json.loads(str(value))
    record = records().get(table)
    columns: Any = record.__table__.columns if record else {}
    return [
        said
        for name, said in cells.items()
        if isinstance(said, str) and (bool(columns[name].foreign_keys) if name in columns else len(said) == _ID)
    ]


def _going(raw: Any, lot: Lot, rows: Iterable[str]) -> set[str]:
    """Those of these rows that were born in the lot and nowhere else."""
    going: set[str] = set()
    for some in _some(rows):
        going.update(
            row
            for (row,) in raw.execute(
                f"SELECT row_id FROM change WHERE column_name = '' AND row_id IN ({_marks(some)}) "
                "GROUP BY row_id HAVING min(seq) >= ? AND max(seq) <= ?",
                (*some, lot.first, lot.last),
            )
        )
    return going


def _some(items: Iterable[str]) -> Iterator[list[str]]:
    whole_list = list(items)
    for start in range(0, len(whole_list), _VARIABLES):
        yield whole_list[start : start + _VARIABLES]


def _marks(items: list[str]) -> str:
    return ",".join("?" * len(items))


class Retraction:
    """Takes a lot back, block by block, inside one write transaction."""

    def __init__(self, session: Session, lot: Lot) -> None:
        raw: Any = session.connection().connection.driver_connection
        self._raw, self._lot = raw, lot
        self._raw.execute("UPDATE writer SET capturing = 0")
        self._replica: dict[int, str] = dict(raw.execute("SELECT n, replica FROM stream"))
        self._known = {table: set(journaled_columns(table)) for table in records()}
        self._pictures: set[str] = set()
        self.done = TakenBack()

    def blocks(self) -> Iterator[int]:
        """Work out the rows anew; yields how many changes have been looked at."""
        for start in range(self._lot.first, self._lot.last + 1, _BLOCK):
            stop = min(start + _BLOCK - 1, self._lot.last)
            self._block(
                self._raw.execute(
                    "SELECT table_name, row_id, column_name, value FROM change WHERE seq BETWEEN ? AND ?", (start, stop)
                ).fetchall()
            )
            yield stop - self._lot.first + 1

    def _block(self, leaving: list[tuple[str, str, str, Raw]]) -> None:
        tables: dict[str, str] = {}
        cells: dict[str, set[str]] = defaultdict(set)
        for table, row, column, value in leaving:
            tables[row] = table
            born = {} if column else json.loads(str(value))
            # of a row that was here already its other births tell further cells
            cells[row] |= {column} if column else {"", *born}
            if table == "photo" and (content := born.get("content") or (column == "content" and value)):
                self._pictures.add(str(content))
        histories = self._staying(tables)
        gone = [row for row in tables if not histories[row].births]
        self._remove(gone, tables)
        self._lay_out({row: columns for row, columns in cells.items() if histories[row].births}, tables, histories)
        self.done.changes += len(leaving)

    def _staying(self, rows: Iterable[str]) -> dict[str, RowHistory]:
        histories: dict[str, RowHistory] = defaultdict(RowHistory)
        for some in _some(rows):
            for row, stream, number, column, value, stamp, replaces in self._raw.execute(
                "SELECT row_id, stream, number, column_name, value, stamp, replaces FROM change "
                f"WHERE row_id IN ({_marks(some)}) AND seq NOT BETWEEN ? AND ?",
                (*some, self._lot.first, self._lot.last),
            ):
                histories[row].add((stream, number), column, value, stamp, replaces)
        return histories

    def _remove(self, gone: list[str], tables: Mapping[str, str]) -> None:
        self._raw.executemany("DELETE FROM head WHERE row_id = ?", [(row,) for row in gone])
        for row in gone:
            if tables[row] in self._known:
                self.done.gone += self._raw.execute(f"DELETE FROM {tables[row]} WHERE id = ?", (row,)).rowcount
                self.done.rows[tables[row]].add(row)

    def _lay_out(
        self, cells: Mapping[str, set[str]], tables: Mapping[str, str], histories: Mapping[str, RowHistory]
    ) -> None:
        touched: list[tuple[str, str]] = []
        heads: list[tuple[str, str, int, int]] = []
        updates: dict[tuple[str, str], list[tuple[Raw, str]]] = defaultdict(list)
        for row, columns in cells.items():
            history, table = histories[row], tables[row]
            for column in (columns | history.columns() if "" in columns else columns) - {""}:
                touched.append((row, column))
                heads += [(row, column, *dot) for dot in history.heads(column)]
                if column in self._known.get(table, ()):
                    updates[table, column].append((history.shown(column, self._replica), row))
            self.done.rows[table].add(row)
        self._raw.executemany("DELETE FROM head WHERE row_id = ? AND column_name = ?", touched)
        self._raw.executemany("INSERT INTO head (row_id, column_name, stream, number) VALUES (?, ?, ?, ?)", heads)
        for (table, column), values in updates.items():
            self._raw.executemany(f'UPDATE {table} SET "{column}" = ? WHERE id = ?', values)

    def finish(self) -> TakenBack:
        """After the last block: the changes leave the journal, its streams go back, and it is written again."""
        spans = _spans(self._raw, self._lot)
        newest = self._newest()
        self._raw.execute("DELETE FROM change WHERE seq BETWEEN ? AND ?", (self._lot.first, self._lot.last))
        self._go_on_counting(newest)
        for n, (before, _) in spans.items():
            self._raw.execute("UPDATE stream SET last = ? WHERE n = ?", (before, n))
            self._raw.execute("DELETE FROM folded WHERE stream = ? AND first > ?", (n, before))
            self._raw.execute("UPDATE folded SET last = ? WHERE stream = ? AND last > ?", (before, n, before))
            self._raw.execute("DELETE FROM stream WHERE n = ? AND last = 0", (n,))
        self._forget_pictures()
        self._raw.execute("UPDATE writer SET capturing = 1")
        return self.done

    def _newest(self) -> int:
        return int(self._raw.execute("SELECT coalesce(max(seq), 0) FROM change").fetchone()[0])

    def _go_on_counting(self, newest: int) -> None:
        """The newest line that stays takes the next number, so that no line has one that a form or a preview that is
        open has seen already (`Draft.seen`)."""
        staying = self._newest()
        self.done.former, self.done.line = staying, newest + 1
        self._raw.execute("UPDATE change SET seq = ? WHERE seq = ?", (newest + 1, staying))
        for bound in ("first_seq", "last_seq"):
            self._raw.execute(f"UPDATE package_log SET {bound} = ? WHERE {bound} = ?", (newest + 1, staying))

    def _forget_pictures(self) -> None:
        """Photographs are kept by content; one that a staying change names stays."""
        if not self._pictures:
            return
        named = self._raw.execute(
            "SELECT iif(c.column_name = '', json_extract(c.value, '$.content'), c.value) FROM photo p "
            "JOIN change c ON c.row_id = p.id AND c.column_name IN ('', 'content')"
        )
        unnamed = [(sha256,) for sha256 in self._pictures.difference(content for (content,) in named)]
        self.done.pictures = max(0, self._raw.executemany("DELETE FROM picture WHERE sha256 = ?", unnamed).rowcount)
        self._raw.executemany("DELETE FROM owed_picture WHERE sha256 = ?", unnamed)
