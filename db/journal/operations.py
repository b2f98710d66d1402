"""Operations: which changes one transaction wrote, as what, and what stands in the way of taking them back.

An operation keeps the numbers of its changes, which neither compaction nor undoing an import gives to others. What it
did is never stored a second time: it is read from the journal. docs/decisions/0015-operations.md.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.journal.undo import replaced_and_gone

Kind = Literal["edit", "undo", "redo", "import", "import_undo", "print"]
FINAL_KINDS: frozenset[Kind] = frozenset(("import_undo", "print"))  # never taken back
# whether the taken back operation `o` made the row of change `c`
_MADE_IT = (
    "EXISTS (SELECT 1 FROM change made JOIN operation_range m ON m.stream = made.stream "
    "AND made.number BETWEEN m.first AND m.last WHERE m.operation = o.undoes AND made.row_id = c.row_id "
    "AND made.column_name IN ('', 'withdrawn'))"
)
_COLUMNS = "o.n, o.at, o.operator, o.kind, o.title, o.records, o.undoes, o.undone_by, o.package"
# whether an operation counts for nothing: it was taken back, or it took back a later one than `after`
SPENT = (
    "(o.undone_by IS NOT NULL OR EXISTS "
    "(SELECT 1 FROM operation t WHERE t.n = o.undoes AND t.undone_by = o.n AND t.n > :after))"
)
OPERATION_OF_CHANGE = (
    "LEFT JOIN operation_range r ON r.stream = c.stream AND c.number <= r.last AND r.first = (SELECT max(first) "
    "FROM operation_range WHERE stream = c.stream AND first <= c.number) LEFT JOIN operation o ON o.n = r.operation"
)


@dataclass(slots=True)
class NewOperation:
    """What the running transaction is called; its writer may still say more while it runs.

    Attributes:
        undoes: the operation that it takes back
        package: of an import, its line in the log of packages
    """

    title: str
    kind: Kind = "edit"
    undoes: int | None = None
    package: int | None = None


class OperationRow(NamedTuple):
    """One operation as it is stored (db/schema/operation.py)."""

    n: int
    at: str
    operator: str
    kind: Kind
    title: str
    records: int
    undoes: int | None
    undone_by: int | None
    package: int | None


@dataclass(frozen=True, slots=True)
class OperationFilter:
    """Which operations are asked for.

    Attributes:
        typed: part of the title or of who did it
        kinds: only these, all if empty
        open: only those that were not taken back
    """

    typed: str = ""
    kinds: tuple[Kind, ...] = ()
    open: bool = False


class OperationSpan(NamedTuple):
    """Where the changes of an operation stand in the journal: lines `first_seq` to `last_seq`, nobody else's between.

    `is_complete`: all of them are there, and so is what its edits replaced; nothing of it was compacted.
    """

    n: int
    first_seq: int
    last_seq: int
    is_complete: bool


def record(
    session: Session,
    last_seq: int,
    new: NewOperation,
    at: str,
    operator: str,
    replica: str,
    rebuilt_records: int | None = None,
) -> int:
    """Keep what the running transaction did; returns its number, 0 where it changed no record.

    Args:
        last_seq: where the journal stood before it
        rebuilt_records: how many records it changed without a line in the journal, which undoing an import does
    """
    records = rebuilt_records
    if records is None:
        query = text("SELECT count(DISTINCT row_id) FROM change WHERE seq > :seq")
        records = session.scalar(query, {"seq": last_seq}) or 0
    if not records and new.undoes is None:
        return 0
    raw = session.connection()
    n = int(
        raw.exec_driver_sql(
            "INSERT INTO operation (at, operator, replica, kind, title, records, undoes, package) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING n",
            (at, operator, replica, new.kind, new.title, records, new.undoes, new.package),
        ).scalar_one()
    )
    if rebuilt_records is None:
        raw.exec_driver_sql(
            "INSERT INTO operation_range SELECT ?, stream, min(number), max(number) FROM change WHERE seq > ? "
            "GROUP BY stream",
            (n, last_seq),
        )
    if new.undoes is not None:
        _mark_undone(session, new.undoes, n)
    return n


def _mark_undone(session: Session, n: int, by: int) -> None:
    """`by` took `n` back. What `n` had taken back itself is in force again, and so on down."""
    undone: int | None = n
    while undone is not None:
        session.execute(text("UPDATE operation SET undone_by = :by WHERE n = :n"), {"by": by, "n": undone})
        by_next = _undoes(session, undone)
        if by_next is None:
            return
        session.execute(text("UPDATE operation SET undone_by = NULL WHERE n = :n"), {"n": by_next})
        undone, by = _undoes(session, by_next), by_next


def _undoes(session: Session, n: int) -> int | None:
    undoes: int | None = session.scalar(text("SELECT undoes FROM operation WHERE n = :n"), {"n": n})
    return undoes


def import_of_package(session: Session, package: int) -> int | None:
    """The operation that brought a package, by its line in the log; None for one of an older program."""
    n: int | None = session.scalar(
        text("SELECT n FROM operation WHERE package = :package AND kind = 'import'"), {"package": package}
    )
    return n


def forget_changes(session: Session, n: int) -> None:
    """The changes of an import left the journal; their numbers may come again with another package."""
    session.execute(text("DELETE FROM operation_range WHERE operation = :n"), {"n": n})


def identities(session: Session) -> set[tuple[int, str, str]]:
    """All operations by number, time and replica: the same in two copies of a workbook means the same operation."""
    return {(n, at, replica) for n, at, replica in session.execute(text("SELECT n, at, replica FROM operation"))}


def get(session: Session, n: int) -> OperationRow | None:
    row = session.execute(text(f"SELECT {_COLUMNS} FROM operation o WHERE o.n = :n"), {"n": n}).first()
    return OperationRow(*row) if row else None


def latest(
    session: Session, wanted: OperationFilter | None = None, *, before: int | None = None, limit: int = 200
) -> list[OperationRow]:
    """Operations, the latest first.

    Args:
        before: only those that came before this one
    """
    wanted = wanted or OperationFilter()
    conditions = ["(:before IS NULL OR o.n < :before)"]
    if wanted.typed:
        conditions.append("(instr(o.title, :typed) > 0 OR instr(o.operator, :typed) > 0)")
    if wanted.kinds:
        conditions.append(f"o.kind IN ({', '.join(repr(kind) for kind in wanted.kinds)})")
    if wanted.open:
        conditions.append("o.undone_by IS NULL")
    rows = session.execute(
        text(f"SELECT {_COLUMNS} FROM operation o WHERE {' AND '.join(conditions)} ORDER BY o.n DESC LIMIT :limit"),
        {"before": before, "typed": wanted.typed, "limit": limit},
    )
    return [OperationRow(*row) for row in rows]


def next_to_undo(session: Session, since: int) -> OperationRow | None:
    """The latest edit that is in force, from operation `since` on."""
    return _latest_in_force(session, "edit", since)


def next_to_redo(session: Session, since: int) -> OperationRow | None:
    """The latest taking back that is in force and that no edit followed, from operation `since` on."""
    last_edit = session.scalar(text("SELECT max(n) FROM operation WHERE kind = 'edit'")) or 0
    return _latest_in_force(session, "undo", max(since, last_edit))


def _latest_in_force(session: Session, kind: Kind, since: int) -> OperationRow | None:
    row = session.execute(
        text(
            f"SELECT {_COLUMNS} FROM operation o WHERE o.kind = :kind AND o.undone_by IS NULL AND o.n >= :since "
            "ORDER BY o.n DESC LIMIT 1"
        ),
        {"kind": kind, "since": since},
    ).first()
    return OperationRow(*row) if row else None


def rows_changed(session: Session, n: int, limit: int) -> list[tuple[str, str]]:
    """(table, row) of the records that an operation changed, at most `limit`."""
    rows = session.execute(
        text(
            "SELECT DISTINCT c.table_name, c.row_id FROM operation_range r JOIN change c ON c.stream = r.stream "
            "AND c.number BETWEEN r.first AND r.last WHERE r.operation = :n LIMIT :limit"
        ),
        {"n": n, "limit": limit},
    )
    return [(table, row) for table, row in rows]


def span(session: Session, n: int) -> OperationSpan | None:
    """Where an operation stands in the journal; None where nothing of it is there any more."""
    first, last, present, written = session.execute(
        text(
            "SELECT min(c.seq), max(c.seq), count(c.seq), (SELECT sum(last - first + 1) FROM operation_range "
            "WHERE operation = :n) FROM operation_range r JOIN change c ON c.stream = r.stream "
            "AND c.number BETWEEN r.first AND r.last WHERE r.operation = :n"
        ),
        {"n": n},
    ).one()
    if not present:
        return None
    is_complete = present == written and not replaced_and_gone(session, first, last, but="withdrawn")
    return OperationSpan(n, first, last, is_complete)


def spent_changes(session: Session, seqs: Collection[int]) -> set[int]:
    """Which of these lines of the journal were written by an operation that was taken back, or by that which did so."""
    spent = session.scalars(
        text(
            f"SELECT c.seq FROM change c {OPERATION_OF_CHANGE} "
            f"WHERE c.seq IN (SELECT value FROM json_each(:seqs)) AND {SPENT}"
        ),
        {"seqs": json.dumps(list(seqs)), "after": 0},
    )
    return set(spent)


def unmade_rows(session: Session, table: str) -> set[str]:
    """Records of a table that are withdrawn because their making was taken back: there is no such thing any more."""
    rows = session.scalars(
        text(
            "SELECT DISTINCT c.row_id FROM operation o JOIN operation_range r ON r.operation = o.n "
            "JOIN change c ON c.stream = r.stream AND c.number BETWEEN r.first AND r.last "
            "JOIN head h ON h.row_id = c.row_id AND h.column_name = 'withdrawn' AND h.stream = c.stream "
            "AND h.number = c.number WHERE o.kind = 'undo' AND o.undone_by IS NULL AND c.table_name = :table "
            f"AND c.column_name = 'withdrawn' AND c.value = 1 AND {_MADE_IT}"
        ),
        {"table": table},
    )
    return set(rows)


def remade_rows(session: Session, seq: int, operator: str) -> set[str]:
    """Records that came back after this line of the journal and that were withdrawn because `operator` took it back
    that they were made."""
    rows = session.scalars(
        text(
            "SELECT c.row_id FROM change c JOIN change w ON w.row_id = c.row_id AND w.column_name = 'withdrawn' "
            "AND w.value = 1 AND instr(' ' || c.replaces || ' ', ' ' || w.stream || ':' || w.number || ' ') > 0 "
            "WHERE c.seq > :seq AND c.column_name = 'withdrawn' AND c.value = 0 GROUP BY c.row_id "
            "HAVING min(EXISTS (SELECT 1 FROM operation_range r JOIN operation o ON o.n = r.operation "
            "WHERE r.stream = w.stream AND w.number BETWEEN r.first AND r.last AND o.kind = 'undo' "
            f"AND o.undone_by IS NULL AND o.operator = :operator AND {_MADE_IT})) = 1"
        ),
        {"seq": seq, "operator": operator},
    )
    return set(rows)
