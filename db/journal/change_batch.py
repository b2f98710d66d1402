"""One block of changes on its way into the journal and the tables (db/journal/merge.py says by which rules)."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from db.journal.heads import ChangeId, SqlValue
from db.journal.journal_change import JournalChange
from db.journal.sql_variables import batched, placeholders

CellKey = tuple[str, str]  # row, column


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


class NewChange(NamedTuple):
    """A change that is not known here yet. `replaced`: as this journal names it; `chain`: its chain value."""

    change_id: ChangeId
    change: JournalChange
    replaced: tuple[ChangeId, ...]
    chain: bytes | None


class ChangeBatch:
    """One block of new changes: the rows it inserts, the cells it updates, and their heads afterwards.

    Args:
        db: the driver's connection
        columns: table → those that travel; replica: stream → its name; result: counts what is done
    """

    def __init__(
        self,
        db: Any,
        columns: Mapping[str, frozenset[str]],
        replica: Mapping[int, str],
        result: MergeResult,
        new: list[NewChange],
    ) -> None:
        self._db, self._columns, self._replica, self._result, self._new = db, columns, replica, result, new
        self._rows = {added.change.row for added in new}
        self._insert_ids: dict[str, list[ChangeId]] = defaultdict(list)
        self._heads: dict[CellKey, list[ChangeId]] = {}
        self._change_facts: dict[ChangeId, tuple[SqlValue, int, str]] = {}  # value or insert JSON, stamp, table
        self._decoded_inserts: dict[ChangeId, dict[str, SqlValue]] = {}
        self._new_rows: dict[str, dict[str, dict[str, SqlValue]]] = defaultdict(dict)  # table → row → cells
        self._touched: dict[CellKey, str] = {}  # → table

    def apply(self) -> None:
        self._load_existing()
        for change_id, change, replaced, _ in self._new:
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
            self._result.inserted[table] = self._result.inserted.get(table, 0) + 1
            return
        insert_ids.append(change_id)
        # of a table or column of a newer program only the inserts tell which cells there are
        for column in self._columns.get(table, frozenset()).union(*map(self._insert_cells, insert_ids)):
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
        for _, change, replaced_ids, _ in self._new:
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
            "INSERT INTO change (stream, number, table_name, row_id, column_name, value, stamp, operator, replaces, "
            "inherited, chain) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    *added.change_id,
                    *added.change[3:9],
                    " ".join(f"{stream}:{number}" for stream, number in added.replaced),
                    added.change.inherited,
                    added.chain,
                )
                for added in self._new
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
            if column not in self._columns.get(table, ()):
                continue  # a column of a newer program: kept in the journal until this one is upgraded
            if len({self._value(head, row, column) for head in heads}) > 1:
                self._result.conflicts.add((table, row, column))
            winner = max(heads, key=lambda head: (self._change_facts[head][1], self._replica[head[0]], head[1]))
            self._result.rows.setdefault(table, set()).add(row)
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
            if table not in self._columns:
                continue
            rows_by_columns: dict[tuple[str, ...], list[dict[str, SqlValue]]] = defaultdict(list)
            for cells in rows.values():
                known_columns = sorted(column for column in cells if column in self._columns[table])
                rows_by_columns["id", "village", *known_columns].append(cells)
            for columns, column_rows in rows_by_columns.items():
                names = ", ".join(f'"{column}"' for column in columns)
                self._db.executemany(
                    f"INSERT INTO {table} ({names}) VALUES ({placeholders(len(columns))})",
                    [tuple(cells[column] for column in columns) for cells in column_rows],
                )
            self._result.rows.setdefault(table, set()).update(rows)
