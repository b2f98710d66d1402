"""Removing the changes of one import from the journal, as if it had not happened.

Whether later changes depend on them is asked first (`iter_dependents`). The rows they touched are recomputed from the
changes that remain. docs/decisions/0009-undo-and-compaction.md.
"""

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.journal.heads import ChangeId, RowHistory, SqlValue, parse_change_ids
from db.journal.sql_variables import batched, placeholders
from db.journal.triggers import known_columns
from db.schema import records

_BLOCK_SIZE = 2000  # changes looked at together
_ID_LENGTH = 32  # letters of a row's id


class DependentChange(NamedTuple):
    """A change that came after an import and builds on it. `import_n`: which of those that were asked about."""

    import_n: int
    seq: int
    table: str
    row: str
    column: str


@dataclass(frozen=True, slots=True)
class ImportRange:
    """The changes of one import.

    Attributes:
        first_seq, last_seq: lines of the journal, both included
        advanced: (village, replica) → the numbers known before and after it
    """

    first_seq: int
    last_seq: int
    advanced: Mapping[tuple[str, str], tuple[int, int]]


@dataclass(slots=True)
class UndoResult:
    """What a retraction did.

    `rows`: table → rows that changed or went; `gone`: how many went altogether; `line`: the newest of the journal then,
    which was line `former` before.
    """

    changes: int = 0
    rows: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    removed_rows: int = 0
    removed_pictures: int = 0
    last_seq: int = 0
    former_last_seq: int = 0


def renumbered_seqs(session: Session) -> dict[int, int]:
    """Lines that got another number when an import was undone → the one that they had."""
    renumberings = session.execute(
        text(
            "SELECT json_extract(result, '$.moved[1]'), json_extract(result, '$.moved[0]') FROM package_log "
            "WHERE undone_at IS NOT NULL AND json_extract(result, '$.moved') IS NOT NULL"
        )
    )
    return {seq: former for seq, former in renumberings}  # noqa: C416


def streams_extended_since(session: Session, import_range: ImportRange) -> list[tuple[str, str]]:
    """Streams of the lot that have gone on since: without it they would have a gap."""
    current = {(village, replica): last for village, replica, last in _streams(session)}
    return [
        stream
        for stream, (_, last_imported) in import_range.advanced.items()
        if current.get(stream, 0) != last_imported
    ]


def _streams(session: Session) -> list[tuple[str, str, int]]:
    return [tuple(row) for row in session.execute(text("SELECT village, replica, last FROM stream"))]


def is_complete(session: Session, import_range: ImportRange, change_count: int) -> bool:
    """Whether the lot is still in the journal line by line, and so is all that it replaced: nothing of it was
    compacted.

    Args:
        change_count: how many it brought
    """
    raw: Any = session.connection().connection.driver_connection
    remaining = raw.execute(
        "SELECT count(*) FROM change WHERE seq BETWEEN ? AND ?", (import_range.first_seq, import_range.last_seq)
    )
    if remaining.fetchone()[0] != change_count:
        return False
    spans = _number_ranges(raw, import_range)
    if any(_is_inside_compacted_range(raw, stream, last_before) for stream, (last_before, _) in spans.items()):
        return False
    gone = replaced_and_gone(session, import_range.first_seq, import_range.last_seq)
    return all(_in_ranges(change_id, spans) for change_id in gone)  # what never came but as compacted does not count


def _is_inside_compacted_range(raw: Any, stream: int, number: int) -> bool:
    """Whether a range would have to be cut at this number, whose chain value nobody knows any more."""
    query = "SELECT 1 FROM folded WHERE stream = ? AND first <= ? AND last > ?"
    return raw.execute(query, (stream, number, number)).fetchone() is not None


def replaced_and_gone(session: Session, first_seq: int, last_seq: int, but: str = "") -> list[ChangeId]:
    """What these lines of the journal replaced and is in it no more.

    Args:
        but: a column whose changes do not count
    """
    raw: Any = session.connection().connection.driver_connection
    gone: list[ChangeId] = raw.execute(
        "SELECT CAST(d.value AS INTEGER), CAST(substr(d.value, instr(d.value, ':') + 1) AS INTEGER) "
        "FROM change c JOIN json_each('[\"' || replace(c.replaces, ' ', '\",\"') || '\"]') d "
        "LEFT JOIN change o ON o.stream = CAST(d.value AS INTEGER) "
        "AND o.number = CAST(substr(d.value, instr(d.value, ':') + 1) AS INTEGER) "
        "WHERE c.seq BETWEEN ? AND ? AND c.replaces <> '' AND c.column_name <> ? AND o.seq IS NULL",
        (first_seq, last_seq, but),
    ).fetchall()
    return gone


def iter_dependents(session: Session, imports: Mapping[int, ImportRange]) -> Iterator[list[DependentChange]]:
    """Later changes that replace one of an import's, or speak of or refer to a row that would go with it; in blocks.

    All imports are looked at in one pass over the lines after the first of them: in a township each village's last
    import may be undone, and one pass for each would read the same lines thirty times.
    """
    raw: Any = session.connection().connection.driver_connection
    lots = _Lots(raw, imports)
    seq = min((lot.last_seq for lot in imports.values()), default=0)
    while imports and (
        block := raw.execute(
            "SELECT seq, table_name, row_id, column_name, value, replaces FROM change WHERE seq > ? "
            "ORDER BY seq LIMIT ?",
            (seq, _BLOCK_SIZE),
        ).fetchall()
    ):
        seq = block[-1][0]
        touched_rows = [{change[2], *_referenced_rows(change[1], change[3], change[4])} for change in block]
        born_in = lots.births(set().union(*touched_rows))
        yield [
            DependentChange(n, *change[:4])
            for change, rows in zip(block, touched_rows, strict=True)
            for n in {born_in[row] for row in rows if row in born_in} | lots.replaced_by(change[5])
            if change[0] > imports[n].last_seq
        ]


class _Lots:
    """Several imports, found by a row that one of them brought or by a change that one of them holds."""

    def __init__(self, raw: Any, imports: Mapping[int, ImportRange]) -> None:
        self._raw, self._imports = raw, imports
        self._by_seq = sorted((lot.first_seq, n) for n, lot in imports.items())
        self._by_stream: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for n, lot in imports.items():
            for stream, (last_before, last_included) in _number_ranges(raw, lot).items():
                self._by_stream[stream].append((last_before, last_included, n))

    def replaced_by(self, replaces: str) -> set[int]:
        """The imports of which a change replaces something."""
        return {
            n
            for stream, number in parse_change_ids(replaces)
            for last_before, last_included, n in self._by_stream.get(stream, ())
            if last_before < number <= last_included
        }

    def births(self, rows: Iterable[str]) -> dict[str, int]:
        """Row → the import in which it was born, of those that were born nowhere else."""
        born: dict[str, int] = {}
        for batch in batched(rows):
            for row, first, last in self._raw.execute(
                f"SELECT row_id, min(seq), max(seq) FROM change WHERE column_name = '' "
                f"AND row_id IN ({placeholders(len(batch))}) GROUP BY row_id",
                batch,
            ):
                place = bisect_right(self._by_seq, first, key=itemgetter(0)) - 1
                if place >= 0 and last <= self._imports[n := self._by_seq[place][1]].last_seq:
                    born[row] = n
        return born


def _number_ranges(raw: Any, import_range: ImportRange) -> dict[int, tuple[int, int]]:
    """Stream as numbered here → the numbers before and after."""
    stream_ids = {
        (village, replica): n for n, village, replica in raw.execute("SELECT n, village, replica FROM stream")
    }
    return {stream_ids[stream]: span for stream, span in import_range.advanced.items() if stream in stream_ids}


def _in_ranges(change_id: ChangeId, spans: Mapping[int, tuple[int, int]]) -> bool:
    first_before, last_included = spans.get(change_id[0], (0, 0))
    return first_before < change_id[1] <= last_included


def _referenced_rows(table: str, column: str, value: SqlValue) -> list[str]:
    """The rows that a change's value refers to; of internal cells and of a newer program's, that it may refer to."""
    cells = {column: value} if column else json.loads(str(value))
    record = records().get(table)
    columns: Any = record.__table__.columns if record else {}
    return [
        cell_value
        for name, cell_value in cells.items()
        if isinstance(cell_value, str)
        and ((name in columns and columns[name].foreign_keys) or _may_be_id(columns.get(name), cell_value))
    ]


def _may_be_id(column: Any, value: str) -> bool:
    """Whether a value without a foreign key may name a row of any table, as `photo.about_id` does.

    Args:
        column: of the table, None where only a newer program has it
    """
    declared = None if column is None else column.info.get("declared")
    return len(value) == _ID_LENGTH and (column is None or (declared is not None and declared.internal))


class ImportUndo:
    """Takes a lot back, block by block, inside one write transaction."""

    def __init__(self, session: Session, import_range: ImportRange) -> None:
        raw: Any = session.connection().connection.driver_connection
        self._raw, self._range = raw, import_range
        self._raw.execute("UPDATE writer SET capturing = 0")
        self._replica: dict[int, str] = dict(raw.execute("SELECT n, replica FROM stream"))
        self._known_columns = known_columns()
        self._pictures: set[str] = set()
        self.result = UndoResult()

    def recompute_blocks(self) -> Iterator[int]:
        """Work out the rows again; yields how many changes have been looked at."""
        for start in range(self._range.first_seq, self._range.last_seq + 1, _BLOCK_SIZE):
            stop = min(start + _BLOCK_SIZE - 1, self._range.last_seq)
            self._recompute_block(
                self._raw.execute(
                    "SELECT table_name, row_id, column_name, value FROM change WHERE seq BETWEEN ? AND ?", (start, stop)
                ).fetchall()
            )
            yield stop - self._range.first_seq + 1

    def _recompute_block(self, changes: list[tuple[str, str, str, SqlValue]]) -> None:
        tables: dict[str, str] = {}
        cells: dict[str, set[str]] = defaultdict(set)
        for table, row, column, value in changes:
            tables[row] = table
            insert_cells = {} if column else json.loads(str(value))
            # of a row that was here already its other inserts tell further cells
            cells[row] |= {column} if column else {"", *insert_cells}
            if table == "photo" and (content := insert_cells.get("content") or (column == "content" and value)):
                self._pictures.add(str(content))
        histories = self._remaining_histories(tables)
        removed_rows = [row for row in tables if not histories[row].inserts]
        self._delete_rows(removed_rows, tables)
        self._rewrite_cells(
            {row: columns for row, columns in cells.items() if histories[row].inserts}, tables, histories
        )
        self.result.changes += len(changes)

    def _remaining_histories(self, rows: Iterable[str]) -> dict[str, RowHistory]:
        histories: dict[str, RowHistory] = defaultdict(RowHistory)
        for batch in batched(rows):
            for row, stream, number, column, value, stamp, replaces in self._raw.execute(
                "SELECT row_id, stream, number, column_name, value, stamp, replaces FROM change "
                f"WHERE row_id IN ({placeholders(len(batch))}) AND seq NOT BETWEEN ? AND ?",
                (*batch, self._range.first_seq, self._range.last_seq),
            ):
                histories[row].add((stream, number), column, value, stamp, replaces)
        return histories

    def _delete_rows(self, row_ids: list[str], tables: Mapping[str, str]) -> None:
        self._raw.executemany("DELETE FROM head WHERE row_id = ?", [(row,) for row in row_ids])
        for row in row_ids:
            if tables[row] in self._known_columns:
                self.result.removed_rows += self._raw.execute(
                    f"DELETE FROM {tables[row]} WHERE id = ?", (row,)
                ).rowcount
                self.result.rows[tables[row]].add(row)

    def _rewrite_cells(
        self, cells: Mapping[str, set[str]], tables: Mapping[str, str], histories: Mapping[str, RowHistory]
    ) -> None:
        touched: list[tuple[str, str]] = []
        heads: list[tuple[str, str, int, int]] = []
        updates: dict[tuple[str, str], list[tuple[SqlValue, str]]] = defaultdict(list)
        for row, columns in cells.items():
            history, table = histories[row], tables[row]
            for column in (columns | history.columns() if "" in columns else columns) - {""}:
                touched.append((row, column))
                heads += [(row, column, *change_id) for change_id in history.heads(column)]
                if column in self._known_columns.get(table, ()):
                    updates[table, column].append((history.current_value(column, self._replica), row))
            self.result.rows[table].add(row)
        self._raw.executemany("DELETE FROM head WHERE row_id = ? AND column_name = ?", touched)
        self._raw.executemany("INSERT INTO head (row_id, column_name, stream, number) VALUES (?, ?, ?, ?)", heads)
        for (table, column), values in updates.items():
            self._raw.executemany(f'UPDATE {table} SET "{column}" = ? WHERE id = ?', values)

    def finish(self) -> UndoResult:
        """After the last block: the changes leave the journal, its streams go back, and it is written again."""
        spans = _number_ranges(self._raw, self._range)
        last_seq = self._last_seq()
        self._raw.execute("DELETE FROM change WHERE seq BETWEEN ? AND ?", (self._range.first_seq, self._range.last_seq))
        self._renumber_last(last_seq)
        for n, (last_before, _) in spans.items():
            self._raw.execute("UPDATE stream SET last = ?, chained = ? WHERE n = ?", (last_before, last_before, n))
            self._raw.execute("DELETE FROM folded WHERE stream = ? AND first > ?", (n, last_before))
            self._raw.execute("DELETE FROM folded_chain WHERE stream = ? AND number > ?", (n, last_before))
            self._raw.execute("DELETE FROM stream WHERE n = ? AND last < first", (n,))
        self._delete_unreferenced_pictures()
        self._raw.execute("UPDATE writer SET capturing = 1")
        return self.result

    def _last_seq(self) -> int:
        return int(self._raw.execute("SELECT coalesce(max(seq), 0) FROM change").fetchone()[0])

    def _renumber_last(self, former_seq: int) -> None:
        """The newest line that stays takes the next number, so that no line has one that a form or a preview that is
        open has seen already (`Draft.seen`)."""
        remaining_seq = self._last_seq()
        self.result.former_last_seq, self.result.last_seq = remaining_seq, former_seq + 1
        self._raw.execute("UPDATE change SET seq = ? WHERE seq = ?", (former_seq + 1, remaining_seq))
        for seq_column in ("first_seq", "last_seq"):
            self._raw.execute(
                f"UPDATE package_log SET {seq_column} = ? WHERE {seq_column} = ?", (former_seq + 1, remaining_seq)
            )

    def _delete_unreferenced_pictures(self) -> None:
        """Photographs are stored by content; one that a staying change names stays."""
        if not self._pictures:
            return
        referenced = self._raw.execute(
            "SELECT iif(c.column_name = '', json_extract(c.value, '$.content'), c.value) FROM photo p "
            "JOIN change c ON c.row_id = p.id AND c.column_name IN ('', 'content')"
        )
        unreferenced = [(sha256,) for sha256 in self._pictures.difference(content for (content,) in referenced)]
        self.result.removed_pictures = max(
            0, self._raw.executemany("DELETE FROM picture WHERE sha256 = ?", unreferenced).rowcount
        )
        self._raw.executemany("DELETE FROM owed_picture WHERE sha256 = ?", unreferenced)
