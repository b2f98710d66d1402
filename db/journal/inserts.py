"""New rows in the journal: which change inserted a row, where it belongs, and how a package names it."""

import json
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.journal.heads import SqlValue

InsertId = tuple[str, str, int]  # village, replica, number


def rows_of_inserts(session: Session, inserts: Sequence[InsertId]) -> dict[InsertId, str]:
    """The row that each of these changes inserted; those that are unknown here, or no inserts, are left out."""
    rows = session.execute(
        text(
            "SELECT s.village, s.replica, c.number, c.row_id FROM json_each(:inserts) part "
            "CROSS JOIN stream s ON s.village = part.value ->> 0 AND s.replica = part.value ->> 1 "
            "CROSS JOIN change c ON c.stream = s.n AND c.number = part.value ->> 2 WHERE c.column_name = ''"
        ),
        {"inserts": json.dumps(inserts)},
    )
    return {(village, replica, number): row for village, replica, number, row in rows}


def known_inserts(session: Session, rows: Iterable[str], known: Mapping[tuple[str, str], int]) -> dict[str, InsertId]:
    """Of each of these rows the first insert here that `known` contains, where it contains one."""
    return {row: insert for row, (insert, _) in _first_known(session, rows, known).items()}


def known_insert_values(
    session: Session, rows: Iterable[str], known: Mapping[tuple[str, str], int]
) -> dict[str, dict[str, SqlValue]]:
    """The same with what that insert wrote: column → value."""
    return {row: json.loads(value) for row, (_, value) in _first_known(session, rows, known).items()}


def _first_known(
    session: Session, rows: Iterable[str], known: Mapping[tuple[str, str], int]
) -> dict[str, tuple[InsertId, str]]:
    found: dict[str, tuple[InsertId, str]] = {}
    for row, village, replica, number, value in session.execute(
        text(
            "SELECT c.row_id, s.village, s.replica, c.number, c.value FROM change c JOIN stream s ON s.n = c.stream "
            "WHERE c.column_name = '' AND c.row_id IN (SELECT value FROM json_each(:rows)) ORDER BY c.seq"
        ),
        {"rows": json.dumps(list(rows))},
    ):
        if number <= known.get((village, replica), 0):
            found.setdefault(row, ((village, replica, number), value))
    return found


def row_origins(session: Session, rows: Iterable[str]) -> dict[str, set[tuple[str, str]]]:
    """Row → every (village, table) that it was inserted into; rows that are unknown here are left out."""
    found: dict[str, set[tuple[str, str]]] = {}
    for row, village, table in session.execute(
        text(
            "SELECT c.row_id, s.village, c.table_name FROM change c JOIN stream s ON s.n = c.stream "
            "WHERE c.column_name = '' AND c.row_id IN (SELECT value FROM json_each(:rows))"
        ),
        {"rows": json.dumps(list(rows))},
    ):
        found.setdefault(row, set()).add((village, table))
    return found


def was_inserted_by(session: Session, row: str, seq: int) -> bool:
    """Whether a row existed when the journal ended at this line."""
    query = text("SELECT 1 FROM change WHERE row_id = :row AND column_name = '' AND seq <= :seq LIMIT 1")
    return session.execute(query, {"row": row, "seq": seq}).first() is not None
