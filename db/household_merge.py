"""Two records of one household are one: what refers to the one given up is shown with the one that is kept.

The journal keeps what was stated, the tables show where it leads (docs/decisions/0010-joining.md): a row stated of
household B shows A while B is joined to A, however often packages bring further rows of B, and shows B again when they
are parted. Where a household leads depends on the heads of the cells `merged_into` and `withdrawn` alone, so that it
is the same on every laptop that knows the same.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

from db.schema import records
from db.schema.exchange import MERGE_CHANGES

SqlValue = str | int | float | None
MovedRows = dict[str, set[str]]  # table → rows that show another household than before
_BATCH_SIZE = 500  # SQL variables at a time
_ORDER_BY_VERSION = "ORDER BY c.stamp, s.replica, c.number"


@cache
def household_references() -> tuple[tuple[str, str], ...]:
    """(table, column) of all that refers to a household, `household.merged_into` apart."""
    return tuple(
        (table, column.name)
        for table, model in records().items()
        for column in model.__table__.columns
        if "declared" in column.info and column.info["declared"].refers == "household" and table != "household"
    )


def merge_targets(db: Any) -> dict[str, str]:
    """Household → the one that is shown for it, as the table has it now."""
    return dict(db.execute("SELECT id, merged_into FROM household WHERE merged_into > ''").fetchall())


def propagate(db: Any, last_seq: int, former_targets: Mapping[str, str], rewritten: Collection[str] = ()) -> MovedRows:
    """Let the tables follow what the running transaction wrote, received or took out of the journal.

    Args:
        db: the driver's connection
        since: the last line of the journal before the transaction
        before: what `joined` said then
        rewritten: households that the transaction changed without a line in the journal
    """
    touched = {
        row for (row,) in db.execute(f"SELECT row_id FROM change INDEXED BY {_MERGE_INDEX} AND seq > ?", (last_seq,))
    }
    current = merge_targets(db)
    touched |= {
        row for row in former_targets.keys() | current.keys() if former_targets.get(row) != current.get(row)
    }.union(rewritten)
    moved: MovedRows = defaultdict(set)
    with _journaling_suspended(db):
        if touched:
            _propagate_from(db, touched, moved, former_targets)
        if current or moved:
            _late_references(db, moved)
    return moved


def propagate_all(db: Any) -> None:
    """The same for every household that was ever joined, after an upgrade."""
    with _journaling_suspended(db):
        _propagate_from(db, set(_merge_history(db)), defaultdict(set), {})


def journal_merge_targets(db: Any) -> dict[str, str]:
    """Household → the one that it is joined to, for all that are joined, proved from the journal."""
    merge_history = _merge_history(db)
    return _resolve_households(db, set(merge_history).union(*merge_history.values()), merge_history)


def resolve_targets(declared_targets: Mapping[str, str], withdrawn: Collection[str]) -> dict[str, str]:
    """Where each joined household leads.

    The end of the chain, or the smallest id of a ring that joins made without knowing of each other. Nobody follows
    into a household that was withdrawn: of a chain that ends there the last one that is kept stands for the others.

    Args:
        stated: household → the one that it was joined to
        withdrawn: households that were taken back
    """
    targets = {}
    for household in declared_targets:
        chain = [household]
        while (successor := declared_targets.get(chain[-1])) is not None and successor not in chain:
            chain.append(successor)
        if successor is not None:
            # a ring: its root is the end, whichever way it was entered
            ring = chain[chain.index(successor) :]
            active = [member for member in ring if member not in withdrawn]
            root = min(active or ring)
            chain = chain[: chain.index(root) + 1] if root in chain else chain
        representative = next((member for member in reversed(chain) if member not in withdrawn), household)
        if representative != household:
            targets[household] = representative
    return targets


_MERGE_INDEX = f"ix_change_joining WHERE {MERGE_CHANGES}"


@contextmanager
def _journaling_suspended(db: Any) -> Iterator[None]:
    """The triggers write no journal meanwhile: nothing is stated anew."""
    db.execute("UPDATE writer SET capturing = 0")
    yield
    db.execute("UPDATE writer SET capturing = 1")


def _merge_history(db: Any) -> dict[str, set[str]]:
    """Household → every household that it was ever joined to."""
    targets: dict[str, set[str]] = defaultdict(set)
    for row, column, value in db.execute(
        f"SELECT row_id, column_name, value FROM change INDEXED BY {_MERGE_INDEX} AND column_name <> 'withdrawn'"
    ):
        target = value if column else json.loads(value).get("merged_into")
        targets[row].update([target] if target else [])
    return targets


def _propagate_from(db: Any, touched: set[str], moved: MovedRows, former_targets: Mapping[str, str]) -> None:
    """Show every row of these households, and of all that were ever joined with them, where it belongs."""
    merge_history = _merge_history(db)
    related = _connected_households(
        [
            *((source, target) for source, targets in merge_history.items() for target in targets),
            *former_targets.items(),
        ],
        touched,
    )
    resolved_targets = _resolve_households(db, related, merge_history)
    for batch in batched(related):
        current_rows = db.execute(
            f"SELECT id, merged_into FROM household WHERE id IN ({placeholders(batch)})", batch
        ).fetchall()
        _rewrite(
            db,
            "household",
            "merged_into",
            [
                (row, resolved_targets.get(row))
                for row, current_target in current_rows
                if resolved_targets.get(row) != current_target
            ],
            moved,
        )
        for table, column in household_references():
            rows = dict(
                db.execute(f"SELECT id, {column} FROM {table} WHERE {column} IN ({placeholders(batch)})", batch)
            )
            new_targets = {
                row: resolved_targets.get(journal_value, journal_value)
                for row, journal_value in _journal_value(db, rows, column).items()
            }
            _rewrite(
                db,
                table,
                column,
                [(row, new_target) for row, new_target in new_targets.items() if new_target != rows[row]],
                moved,
            )


def _late_references(db: Any, moved: MovedRows) -> None:
    """Rows that were stated of a household after it was joined."""
    for table, column in household_references():
        rows = db.execute(
            f"SELECT r.id, h.merged_into FROM household h CROSS JOIN {table} r ON r.{column} = h.id "
            "WHERE h.merged_into > ''"
        ).fetchall()
        _rewrite(db, table, column, rows, moved)


def _connected_households(pairs: Iterable[tuple[str, str]], touched: set[str]) -> set[str]:
    neighbours: dict[str, set[str]] = defaultdict(set)
    for household, other in pairs:
        neighbours[household].add(other)
        neighbours[other].add(household)
    reachable, frontier = set[str](), touched & neighbours.keys()
    while frontier:
        reachable |= frontier
        frontier = set().union(*(neighbours[household_id] for household_id in frontier)) - reachable
    return reachable


def _resolve_households(db: Any, households: set[str], merge_history: Mapping[str, set[str]]) -> dict[str, str]:
    villages: dict[str, str] = {}
    withdrawn: set[str] = set()
    for batch in batched(households):
        for row, village, is_withdrawn in db.execute(
            f"SELECT id, village, withdrawn FROM household WHERE id IN ({placeholders(batch)})", batch
        ):
            villages[row] = village
            withdrawn |= {row} if is_withdrawn else set()
    declared_targets = _journal_value(db, households & merge_history.keys(), "merged_into")
    return resolve_targets(
        {
            household: target
            for household, target in declared_targets.items()
            # a row never leaves its village
            if isinstance(target, str) and target in villages and villages[target] == villages.get(household)
        },
        withdrawn,
    )


def _journal_value(db: Any, rows: Iterable[str], column: str) -> dict[str, Any]:
    """What the journal says of one column: of the heads the one with the highest (stamp, replica)."""
    values: dict[str, Any] = {}
    for batch in batched(rows):
        versions = db.execute(
            "SELECT h.row_id, c.column_name, c.value FROM head h JOIN change c ON c.stream = h.stream "
            f"AND c.number = h.number JOIN stream s ON s.n = h.stream WHERE h.row_id IN ({placeholders(batch)}) "
            f"AND h.column_name = ? {_ORDER_BY_VERSION}",
            (*batch, column),
        ).fetchall()
        rows_with_heads = {row for row, _, _ in versions}
        rows_without_heads = [row for row in batch if row not in rows_with_heads]
        versions += db.execute(
            "SELECT c.row_id, '', c.value FROM change c JOIN stream s ON s.n = c.stream "
            f"WHERE c.row_id IN ({placeholders(rows_without_heads)}) AND c.column_name = '' {_ORDER_BY_VERSION}",
            rows_without_heads,
        ).fetchall()
        values |= {row: value if edited else json.loads(value).get(column) for row, edited, value in versions}
    return values


def _rewrite(db: Any, table: str, column: str, rows: list[tuple[str, str | None]], moved: MovedRows) -> None:
    if rows:
        db.executemany(f"UPDATE {table} SET {column} = ? WHERE id = ?", [(new_target, row) for row, new_target in rows])
        moved[table].update(row for row, _ in rows)


def batched(items: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(items)
    for start in range(0, len(ordered), _BATCH_SIZE):
        yield ordered[start : start + _BATCH_SIZE]


def placeholders(items: Collection[str]) -> str:
    return ",".join("?" * len(items))
