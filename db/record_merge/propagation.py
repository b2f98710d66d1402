"""Showing records where merges lead: after each transaction, after an upgrade, and to prove that it is so."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

from db.journal.sql_variables import batched, placeholders
from db.record_merge.components import Components, Targets
from db.record_merge.journal_values import (
    MergeHistory,
    merge_history,
    merges_since,
    rows_since,
    stated_values,
)
from db.record_merge.targets import ShownRow, resolve_households, resolve_records
from db.schema import records, relations

MovedRows = dict[str, set[str]]  # table → rows that show something else than before


def shown_targets(db: Any) -> dict[str, dict[str, str]]:
    """Table → record → the one that is shown for it, as the tables have it now."""
    shown: dict[str, dict[str, str]] = {}
    for table, row, target in db.execute(_all_targets()):
        shown.setdefault(table, {})[row] = target
    return shown


@cache
def _all_targets() -> str:
    """One statement for all tables: the driver keeps a connection's last 128 prepared, fewer than there are tables."""
    return " UNION ALL ".join(
        f"SELECT '{table}', id, merged_into FROM {table} WHERE merged_into > ''" for table in records()
    )


def propagate(
    db: Any, last_seq: int, former: Targets, rewritten: Mapping[str, Collection[str]] | None = None
) -> MovedRows:
    """Let the tables follow what the running transaction wrote, received or took out of the journal.

    Args:
        db: the driver's connection
        last_seq: the last line of the journal before the transaction
        former: what `shown_targets` said then
        rewritten: table → rows that the transaction changed without a line in the journal
    """
    moved: MovedRows = defaultdict(set)
    touched = merges_since(db, last_seq)
    if not touched and not former and not rewritten:
        return moved
    touched += [(table, row) for table, rows in (rewritten or {}).items() for row in rows]
    touched += rows_since(db, last_seq)
    history = merge_history(db)
    with _journaling_suspended(db):
        current = shown_targets(db)
        components = Components(db, history, former, current)
        touched += [
            (table, row)
            for table, targets in former.items()
            for row in targets
            if current.get(table, {}).get(row) != targets[row]
        ]
        resolution = _Resolution(db, history, former, moved)
        resolution.release(components.without_household(current))
        households = components.connected(_households_touched(components, touched, former, current))
        if households:
            resolution.run(households)
        _late_references(db, moved)
    return moved


def propagate_all(db: Any) -> None:
    """The same for everything that was ever merged, after an upgrade."""
    with _journaling_suspended(db):
        history, current = merge_history(db), shown_targets(db)
        components = Components(db, history, current)
        resolution = _Resolution(db, history, current, defaultdict(set))
        resolution.release(components.without_household(current))
        resolution.run(components.all_households())


def expected_targets(db: Any) -> dict[str, str]:
    """Record → the one that stands for it, of all that are merged, proved from the journal; nothing is written."""
    history, current = merge_history(db), shown_targets(db)
    resolution = _Resolution(db, history, current, defaultdict(set), writes=False)
    resolution.run(Components(db, history, current).all_households())
    return resolution.targets


@contextmanager
def _journaling_suspended(db: Any) -> Iterator[None]:
    """The triggers write no journal meanwhile: nothing is stated again."""
    db.execute("UPDATE writer SET capturing = 0")
    yield
    db.execute("UPDATE writer SET capturing = 1")


def _households_touched(components: Components, touched: Iterable[tuple[str, str]], *shown: Targets) -> set[str]:
    """The households of these records and of those that they stand for; of a moved record, the former household."""
    rows_by_table: dict[str, set[str]] = defaultdict(set)
    for table, row in touched:
        rows_by_table[table].add(row)
    households: set[str] = set()
    for table, rows in rows_by_table.items():
        for targets in shown:
            rows |= {row for row, target in targets.get(table, {}).items() if target in rows}
        households.update(components.households(table, rows).values())
    return households


@cache
def _tables() -> tuple[str, ...]:
    """The household's and what belongs to one, each after all that it refers to."""
    below = relations.tables_below("household")
    return ("household", *(table for table in records() if table in below))


class _Resolution:
    """Works out a set of households that hang together, table by table, and writes what is shown otherwise.

    Attributes:
        targets: record → the one that stands for it, of all tables done so far
    """

    def __init__(
        self, db: Any, history: MergeHistory, former: Targets, moved: MovedRows, *, writes: bool = True
    ) -> None:
        self._db, self._history, self._former, self._moved, self._writes = db, history, former, moved, writes
        self.targets: dict[str, str] = {}

    def run(self, households: Collection[str]) -> None:
        rows_by_table: dict[str, list[str]] = {"household": sorted(households)}
        for table in _tables():
            if table == "household":
                rows = self._shown_rows(table, "id", households)
                targets, withdrawals = resolve_households(self._db, households, self._history), dict[str, bool]()
            else:
                rows = self._shown_rows(
                    table, relations.parent_column(table), rows_by_table[relations.parent_table(table)]
                )
                representatives = set(self.targets.values())
                former = self._former.get(table, {})
                targets, withdrawals = resolve_records(self._db, table, rows, self._history, former, representatives)
            rows_by_table[table] = [row.id for row in rows]
            self.targets |= targets
            self._show_links(table, rows, targets, withdrawals)
            self._show_references(table, rows, targets)

    def release(self, orphans: Mapping[str, Collection[str]]) -> None:
        """Let records of no household stand for themselves: a merge holds within one."""
        for table, ids in orphans.items():
            rows = self._shown_rows(table, "id", ids)
            withdrawals = {row: bool(value) for row, value in stated_values(self._db, ids, "withdrawn").items()}
            self._show_links(table, rows, {}, withdrawals)
            self._show_references(table, rows, {})

    def _shown_rows(self, table: str, column: str, values: Collection[str]) -> list[ShownRow]:
        parent = relations.parent_column(table) or "id"
        names = sorted({name for columns in relations.all_keys(table) for name in columns})
        selected = ", ".join(f'"{name}"' for name in ("id", "village", parent, "merged_into", "withdrawn", *names))
        found = []
        for batch in batched(sorted(values)):
            query = f"SELECT {selected} FROM {table} WHERE {column} IN ({placeholders(len(batch))})"
            for row, village, parent_id, merged_into, withdrawn, *cells in self._db.execute(query, batch):
                shown_cells = dict(zip(names, cells, strict=True))
                found.append(ShownRow(row, village, parent_id or "", merged_into or "", bool(withdrawn), shown_cells))
        return found

    def _show_links(
        self, table: str, rows: Iterable[ShownRow], targets: Mapping[str, str], withdrawals: Mapping[str, bool]
    ) -> None:
        rows = list(rows)
        links = [(row.id, targets.get(row.id)) for row in rows if (row.merged_into or None) != targets.get(row.id)]
        self._rewrite(table, "merged_into", links)
        if table != "household":
            hidden = {row.id: row.id in targets or withdrawals.get(row.id, row.withdrawn) for row in rows}
            self._rewrite(
                table, "withdrawn", [(row.id, int(hidden[row.id])) for row in rows if row.withdrawn != hidden[row.id]]
            )

    def _show_references(self, table: str, rows: Iterable[ShownRow], targets: Mapping[str, str]) -> None:
        """What refers to a record that was or is merged, as it was stated and as the targets lead."""
        former = self._former.get(table, {})
        links = {(row.id, row.merged_into) for row in rows if row.merged_into} | set(targets.items())
        links |= {(row.id, former[row.id]) for row in rows if row.id in former}
        concerned = {record for link in links for record in link}
        for referrer, column in relations.referrers(table):
            if (referrer, column) == (table, "merged_into"):
                continue
            shown: dict[str, str] = {}
            for batch in batched(sorted(concerned)):
                query = f"SELECT id, {column} FROM {referrer} WHERE {column} IN ({placeholders(len(batch))})"
                shown |= dict(self._db.execute(query, batch))
            stated = stated_values(self._db, shown, column)
            self._rewrite(
                referrer,
                column,
                [(row, targets.get(to, to)) for row, to in stated.items() if targets.get(to, to) != shown[row]],
            )

    def _rewrite(self, table: str, column: str, cells: list[tuple[str, Any]]) -> None:
        if self._writes:
            _rewrite(self._db, table, column, cells, self._moved)


def _late_references(db: Any, moved: MovedRows) -> None:
    """Records anywhere that were stated of a record after it was merged."""
    for table in shown_targets(db):
        for referrer, column in relations.referrers(table):
            if (referrer, column) != (table, "merged_into"):
                rows = db.execute(
                    f"SELECT r.id, m.merged_into FROM {table} m CROSS JOIN {referrer} r ON r.{column} = m.id "
                    "WHERE m.merged_into > ''"
                ).fetchall()
                _rewrite(db, referrer, column, rows, moved)


def _rewrite(db: Any, table: str, column: str, cells: list[tuple[str, Any]], moved: MovedRows) -> None:
    if cells:
        db.executemany(f"UPDATE {table} SET {column} = ? WHERE id = ?", [(value, row) for row, value in cells])
        moved[table].update(row for row, _ in cells)
