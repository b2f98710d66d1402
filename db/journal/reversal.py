"""Taking an operation back: its cells get the values of before, what it made is withdrawn, what it withdrew restored,
what it settled is in conflict again.

All of that is ordinary editing, which is journaled and travels; the journal only grows. It is refused where something
built on the operation later (`later_changes`). docs/decisions/0015-operations.md.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from db.journal.heads import ChangeId, RowHistory, SqlValue
from db.journal.operations import OPERATION_OF_CHANGE, SPENT, OperationSpan
from db.journal.reopening import Statement, reopen, settled_statements
from db.journal.sql_variables import batched, placeholders
from db.schema import records


class LaterChange(NamedTuple):
    """A change that builds on an operation.

    Attributes:
        column: "" where the row was made by it
        operation, title, kind: what it belongs to; None where that was not stored
    """

    table: str
    row: str
    column: str
    operator: str
    stamp: int
    operation: int | None
    title: str | None
    kind: str | None


class CellReversal(NamedTuple):
    """What an operation did to one cell, as SQLite holds the values; `inserted`: it made the row."""

    table: str
    row: str
    column: str
    before: SqlValue
    after: SqlValue
    inserted: bool


@dataclass(slots=True)
class _RowWork:
    """What an operation did to one row.

    Attributes:
        before, after: column → value, of the cells that it wrote
        changes: column → what it wrote, of those cells
        settled: column → the values that were in conflict before
    """

    table: str
    inserted: bool = False
    before: dict[str, SqlValue] = field(default_factory=dict)
    after: dict[str, SqlValue] = field(default_factory=dict)
    changes: dict[str, list[ChangeId]] = field(default_factory=lambda: defaultdict(list))
    settled: dict[str, list[Statement]] = field(default_factory=dict)

    @property
    def written_back(self) -> set[str]:
        """The columns that taking this back writes; of a row that it made those that it filled."""
        return self.after.keys() | self.settled.keys()

    @property
    def is_to_withdraw(self) -> bool:
        """Whether the row goes when this is taken back: it was made, or restored."""
        if self.inserted:
            return not self.after.get("withdrawn") and not _is_kept_by_program(self.table)
        return "withdrawn" in self.after and bool(self.before["withdrawn"])


class Reversal:
    """One operation, looked at and taken back block by block inside one transaction."""

    def __init__(self, session: Session, operation: OperationSpan) -> None:
        raw: Any = session.connection().connection.driver_connection
        self._raw, self._operation = raw, operation
        self._lines = (operation.first_seq, operation.last_seq)
        self._replica: dict[int, str] = dict(raw.execute("SELECT n, replica FROM stream"))
        rows: list[tuple[str, int]] = raw.execute(
            "SELECT row_id, max(column_name = '') FROM change WHERE seq BETWEEN ? AND ? GROUP BY row_id", self._lines
        ).fetchall()
        self._rows = [row for row, _ in rows]
        self._inserted = {row for row, is_inserted in rows if is_inserted}

    @property
    def row_count(self) -> int:
        return len(self._rows)

    def cells(self) -> Iterator[list[CellReversal]]:
        """What it did, in blocks of records; of a row that it made all cells that are not empty."""
        for rows in batched(self._rows):
            yield [
                CellReversal(work.table, row, column, work.before.get(column), value, work.inserted)
                for row, work in self._load(rows).items()
                for column, value in work.after.items()
            ]

    def later_changes(self) -> Iterator[list[LaterChange]]:
        """What stands in the way, in blocks of records. Operations that were taken back do not count.

        Later changes of its cells, or of rows that would go, and records made to refer to those.
        """
        for rows in batched(self._rows):
            block = self._load(rows)
            leaving = {row for row, work in block.items() if work.is_to_withdraw}
            found = [
                LaterChange(*change)
                for change in self._changes_since(f"c.row_id IN ({placeholders(len(rows))})", rows)
                if change[1] in leaving or change[2] in block[change[1]].written_back
            ]
            yield found + list(self._later_references(block, leaving))

    def _changes_since(self, condition: str, arguments: Iterable[str]) -> list[tuple[Any, ...]]:
        spent = SPENT.replace(":after", "?")
        changes: list[tuple[Any, ...]] = self._raw.execute(
            "SELECT c.table_name, c.row_id, c.column_name, c.operator, c.stamp, o.n, o.title, o.kind FROM change c "
            f"{OPERATION_OF_CHANGE} WHERE {condition} AND c.seq > ? AND (o.n IS NULL OR NOT {spent}) ORDER BY c.seq",
            (*arguments, self._operation.last_seq, self._operation.n),
        ).fetchall()
        return changes

    def _later_references(self, block: Mapping[str, _RowWork], leaving: set[str]) -> Iterator[LaterChange]:
        """Records in force that were made to refer to one of these rows afterwards."""
        by_table: dict[str, list[str]] = defaultdict(list)
        for row in leaving:
            by_table[block[row].table].append(row)
        for referred, rows in by_table.items():
            for table, column in _referrers(referred):
                query = f"SELECT id FROM {table} WHERE {column} IN ({placeholders(len(rows))}) AND NOT withdrawn"
                referring = {row for (row,) in self._raw.execute(query, rows)} - self._inserted  # those go as well
                for row in sorted(referring):
                    condition = "c.row_id = ? AND c.column_name IN ('', ?)"
                    yield from (LaterChange(*change) for change in self._changes_since(condition, (row, column))[-1:])

    def write(self) -> Iterator[int]:
        """Write what was there before; yields how many records are done."""
        done = 0
        for rows in batched(self._rows):
            block = self._load(rows)
            for (table, column), cells in self._values_before(block).items():
                self._write_cells(table, column, cells)
            for row, work in block.items():
                reopen(self._raw, work.table, row, work.settled, work.changes)
            done += len(rows)
            yield done

    def _values_before(self, block: Mapping[str, _RowWork]) -> Mapping[tuple[str, str], list[tuple[SqlValue, str]]]:
        """(table, column) → values and rows to be written, of all cells but those that are in conflict again.

        A value that the operation repeated is repeated too: it settled a conflict, opened one, or was shown otherwise.
        """
        values: dict[tuple[str, str], list[tuple[SqlValue, str]]] = defaultdict(list)
        for row, work in block.items():
            if work.is_to_withdraw and work.inserted:
                values[work.table, "withdrawn"].append((1, row))
            for column, value in work.before.items():
                if column not in work.settled:
                    values[work.table, column].append((value, row))
        return values

    def _write_cells(self, table: str, column: str, cells: list[tuple[SqlValue, str]]) -> None:
        ids = [row for _, row in cells]
        shown: dict[str, SqlValue] = dict(
            self._raw.execute(f'SELECT id, "{column}" FROM {table} WHERE id IN ({placeholders(len(ids))})', ids)
        )
        self._raw.executemany(f'UPDATE {table} SET "{column}" = ? WHERE id = ?', cells)
        # a cell may show the value already while the journal holds another, where records were merged
        self._raw.executemany(
            f"INSERT INTO cell_edit SELECT ?, village, id, ?, ?, withdrawn FROM {table} WHERE id = ?",
            [(table, column, value, row) for value, row in cells if shown[row] == value],
        )

    def _load(self, rows: list[str]) -> dict[str, _RowWork]:
        """Row → what the operation did to it."""
        block: dict[str, _RowWork] = {}
        for row, table, column, value, *change_id in self._raw.execute(
            "SELECT row_id, table_name, column_name, value, stream, number FROM change "
            f"WHERE row_id IN ({placeholders(len(rows))}) AND seq BETWEEN ? AND ? ORDER BY seq",
            (*rows, *self._lines),
        ):
            work = block.setdefault(row, _RowWork(table))
            if column:
                work.after[column] = value
                work.changes[column].append(tuple(change_id))
            else:
                work.inserted = True
                work.after |= json.loads(value)
        self._load_before(block)
        return block

    def _load_before(self, block: Mapping[str, _RowWork]) -> None:
        edited = [row for row, work in block.items() if not work.inserted]
        histories: dict[str, RowHistory] = defaultdict(RowHistory)
        for row, stream, number, column, value, stamp, replaces in self._raw.execute(
            "SELECT row_id, stream, number, column_name, value, stamp, replaces FROM change "
            f"WHERE row_id IN ({placeholders(len(edited))}) AND seq < ?",
            (*edited, self._operation.first_seq),
        ):
            histories[row].add((stream, number), column, value, stamp, replaces)
        for row in edited:
            work = block[row]
            for column in work.after:
                value = histories[row].current_value(column, self._replica)
                work.before[column] = int(bool(value)) if column == "withdrawn" else value
            work.settled = settled_statements(histories[row], work.after.keys(), self._replica)


@cache
def _is_kept_by_program(table: str) -> bool:
    """Whether no officer writes such records: texts of forms and checklists, which stay for the next that uses them."""
    columns = records()[table].__table__.columns
    return all(column.info["declared"].derived for column in columns if "declared" in column.info)


@cache
def _referrers(table: str) -> tuple[tuple[str, str], ...]:
    """(table, column) of all that refers to records of this table."""
    return tuple(
        (name, column.name)
        for name, model in records().items()
        for column in model.__table__.columns
        if any(key.column.table.name == table for key in column.foreign_keys)
    )
