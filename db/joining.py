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
from db.schema.exchange import JOINING

Raw = str | int | float | None
Moved = dict[str, set[str]]  # table → rows that show another household than before
_BATCH = 500  # SQL variables at a time
_NEWEST = "ORDER BY c.stamp, s.replica, c.number"


@cache
def references() -> tuple[tuple[str, str], ...]:
    """(table, column) of all that refers to a household, `household.merged_into` apart."""
    return tuple(
        (table, column.name)
        for table, model in records().items()
        for column in model.__table__.columns
        if "declared" in column.info and column.info["declared"].refers == "household" and table != "household"
    )


def keep_up(db: Any, since: int) -> Moved:
    """Let the tables follow what the running transaction wrote or received.

    Args:
        db: the driver's connection
        since: the last line of the journal before the transaction
    """
    touched = {row for (row,) in db.execute(f"SELECT row_id FROM change INDEXED BY {_INDEX} AND seq > ?", (since,))}
    moved: Moved = defaultdict(set)
    with _unjournaled(db):
        if touched:
            _follow(db, touched, moved)
        if db.execute("SELECT 1 FROM household WHERE merged_into > '' LIMIT 1").fetchone():
            _late(db, moved)
    return moved


def follow_all(db: Any) -> None:
    """The same for every household that was ever joined, after an upgrade."""
    with _unjournaled(db):
        _follow(db, set(_ever_stated(db)), defaultdict(set))


def concerned(db: Any, first: int, last: int) -> set[str]:
    """Households whose joining these lines of the journal speak of, and all that were ever joined with them.

    A birth speaks of it too: it says that the household is joined to none.
    """
    touched = {
        row
        for (row,) in db.execute(
            "SELECT row_id FROM change WHERE seq BETWEEN ? AND ? AND table_name = 'household' "
            "AND column_name IN ('', 'merged_into', 'withdrawn')",
            (first, last),
        )
    }
    return _connected(_ever_stated(db), touched)


def follow(db: Any, households: set[str]) -> Moved:
    """Let the tables follow after lines of the journal went away that joined these households."""
    moved: Moved = defaultdict(set)
    with _unjournaled(db):
        _lay_out(db, households, _ever_stated(db), moved)
    return moved


def leads_to(db: Any) -> dict[str, str]:
    """Household → the one that it is joined to, for all that are joined, proved from the journal."""
    ever = _ever_stated(db)
    return _resolved(db, set(ever).union(*ever.values()), ever)


def resolved(stated: Mapping[str, str], withdrawn: Collection[str]) -> dict[str, str]:
    """Where each joined household leads.

    The end of the chain, or the smallest id of a ring that joins made without knowing of each other. Nobody follows
    into a household that was withdrawn: of a chain that ends there the last one that is kept stands for the others.

    Args:
        stated: household → the one that it was joined to
        withdrawn: households that were taken back
    """
    found = {}
    for household in stated:
        chain = [household]
        while (following := stated.get(chain[-1])) is not None and following not in chain:
            chain.append(following)
        if following is not None:
            # a ring: its root is the end, whichever way it was entered
            ring = chain[chain.index(following) :]
            kept = [one for one in ring if one not in withdrawn]
            root = min(kept or ring)
            chain = chain[: chain.index(root) + 1] if root in chain else chain
        last = next((one for one in reversed(chain) if one not in withdrawn), household)
        if last != household:
            found[household] = last
    return found


_INDEX = f"ix_change_joining WHERE {JOINING}"


@contextmanager
def _unjournaled(db: Any) -> Iterator[None]:
    """The triggers write no journal meanwhile: nothing is stated anew."""
    db.execute("UPDATE writer SET capturing = 0")
    yield
    db.execute("UPDATE writer SET capturing = 1")


def _ever_stated(db: Any) -> dict[str, set[str]]:
    """Household → every household that it was ever joined to."""
    found: dict[str, set[str]] = defaultdict(set)
    for row, column, value in db.execute(
        f"SELECT row_id, column_name, value FROM change INDEXED BY {_INDEX} AND column_name <> 'withdrawn'"
    ):
        target = value if column else json.loads(value).get("merged_into")
        found[row].update([target] if target else [])
    return found


def _follow(db: Any, touched: set[str], moved: Moved) -> None:
    """Show every row of these households, and of all that were ever joined with them, where it belongs."""
    ever = _ever_stated(db)
    _lay_out(db, _connected(ever, touched), ever, moved)


def _lay_out(db: Any, near: set[str], ever: Mapping[str, set[str]], moved: Moved) -> None:
    leads = _resolved(db, near, ever)
    for part in _many(near):
        shown = db.execute(f"SELECT id, merged_into FROM household WHERE id IN ({_marks(part)})", part).fetchall()
        _show(
            db, "household", "merged_into", [(row, leads.get(row)) for row, at in shown if leads.get(row) != at], moved
        )
        for table, column in references():
            rows = dict(db.execute(f"SELECT id, {column} FROM {table} WHERE {column} IN ({_marks(part)})", part))
            wanted = {row: leads.get(said, said) for row, said in _stated(db, rows, column).items()}
            _show(db, table, column, [(row, to) for row, to in wanted.items() if to != rows[row]], moved)


def _late(db: Any, moved: Moved) -> None:
    """Rows that were stated of a household after it was joined."""
    for table, column in references():
        rows = db.execute(
            f"SELECT r.id, h.merged_into FROM household h CROSS JOIN {table} r ON r.{column} = h.id "
            "WHERE h.merged_into > ''"
        ).fetchall()
        _show(db, table, column, rows, moved)


def _connected(ever: Mapping[str, set[str]], touched: set[str]) -> set[str]:
    beside: dict[str, set[str]] = defaultdict(set)
    for household, others in ever.items():
        for other in others:
            beside[household].add(other)
            beside[other].add(household)
    near, new = set[str](), touched & beside.keys()
    while new:
        near |= new
        new = set().union(*(beside[one] for one in new)) - near
    return near


def _resolved(db: Any, households: set[str], ever: Mapping[str, set[str]]) -> dict[str, str]:
    villages: dict[str, str] = {}
    withdrawn: set[str] = set()
    for part in _many(households):
        for row, village, gone in db.execute(
            f"SELECT id, village, withdrawn FROM household WHERE id IN ({_marks(part)})", part
        ):
            villages[row] = village
            withdrawn |= {row} if gone else set()
    stated = _stated(db, households & ever.keys(), "merged_into")
    return resolved(
        {
            household: target
            for household, target in stated.items()
            # a row never leaves its village
            if isinstance(target, str) and target in villages and villages[target] == villages.get(household)
        },
        withdrawn,
    )


def _stated(db: Any, rows: Iterable[str], column: str) -> dict[str, Any]:
    """What the journal says of one column: of the heads the one with the highest (stamp, replica)."""
    found: dict[str, Any] = {}
    for part in _many(rows):
        told = db.execute(
            "SELECT h.row_id, c.column_name, c.value FROM head h JOIN change c ON c.stream = h.stream "
            f"AND c.number = h.number JOIN stream s ON s.n = h.stream WHERE h.row_id IN ({_marks(part)}) "
            f"AND h.column_name = ? {_NEWEST}",
            (*part, column),
        ).fetchall()
        headed = {row for row, _, _ in told}
        others = [row for row in part if row not in headed]
        told += db.execute(
            "SELECT c.row_id, '', c.value FROM change c JOIN stream s ON s.n = c.stream "
            f"WHERE c.row_id IN ({_marks(others)}) AND c.column_name = '' {_NEWEST}",
            others,
        ).fetchall()
        found |= {row: value if edited else json.loads(value).get(column) for row, edited, value in told}
    return found


def _show(db: Any, table: str, column: str, rows: list[tuple[str, str | None]], moved: Moved) -> None:
    if rows:
        db.executemany(f"UPDATE {table} SET {column} = ? WHERE id = ?", [(to, row) for row, to in rows])
        moved[table].update(row for row, _ in rows)


def _many(items: Iterable[str]) -> Iterator[list[str]]:
    whole = sorted(items)
    for start in range(0, len(whole), _BATCH):
        yield whole[start : start + _BATCH]


def _marks(part: Collection[str]) -> str:
    return ",".join("?" * len(part))
