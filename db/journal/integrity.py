"""What a journal lets one verify about itself and the tables (app/workbook/integrity.py)."""

import json
from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.journal.heads import ChangeId, RowHistory
from db.schema import records


def streams_with_gaps(session: Session) -> list[int]:
    """Streams with a number that is not there exactly once, as a change or in a compacted range."""
    rows = session.execute(
        text(
            "WITH held AS (SELECT stream, count(*) AS many, max(number) AS last FROM change GROUP BY stream "
            "UNION ALL SELECT stream, sum(last - first + 1), max(last) FROM folded GROUP BY stream) "
            "SELECT s.n FROM stream s LEFT JOIN held h ON h.stream = s.n GROUP BY s.n "
            "HAVING s.last - s.first + 1 <> coalesce(sum(h.many), 0) OR s.last <> coalesce(max(h.last), s.first - 1)"
        )
    )
    return [stream for (stream,) in rows]


def streams_with_duplicates(session: Session) -> list[int]:
    """Streams with numbers that are compacted away and yet present."""
    rows = session.execute(
        text(
            "SELECT DISTINCT f.stream FROM folded f JOIN change c ON c.stream = f.stream "
            "AND c.number BETWEEN f.first AND f.last"
        )
    )
    return [stream for (stream,) in rows]


def streams_beyond_their_end(session: Session) -> list[int]:
    """Streams with numbers that a branch of theirs has as well."""
    rows = session.execute(
        text("SELECT DISTINCT s.n FROM stream s JOIN stream b ON b.parent = s.n AND b.first <= s.last")
    )
    return [stream for (stream,) in rows]


def missing_rows(session: Session) -> list[tuple[str, int]]:
    """(table, count) of the records that the journal inserts and the tables lack."""
    here = " ".join(f"WHEN '{table}' THEN NOT EXISTS (SELECT 1 FROM {table} WHERE id = row_id)" for table in records())
    rows = session.execute(
        text(
            "SELECT table_name, count(DISTINCT row_id) FROM change WHERE column_name = '' "
            f"AND CASE table_name {here} ELSE 0 END GROUP BY table_name"
        )
    )
    return [(table, count) for table, count in rows]


def row_histories(session: Session, rows: Collection[str]) -> dict[str, RowHistory]:
    """All known changes of these rows."""
    histories: dict[str, RowHistory] = defaultdict(RowHistory)
    for row, stream, number, column, value, stamp, replaces in session.execute(
        text(
            "SELECT row_id, stream, number, column_name, value, stamp, replaces FROM change "
            "WHERE row_id IN (SELECT value FROM json_each(:rows))"
        ),
        {"rows": json.dumps(list(rows))},
    ):
        histories[row].add((stream, number), column, value, stamp, replaces)
    return histories


def stored_heads(session: Session, rows: Collection[str]) -> dict[str, dict[str, set[ChangeId]]]:
    """Row → column → the heads that table `head` holds."""
    heads: dict[str, dict[str, set[ChangeId]]] = defaultdict(lambda: defaultdict(set))
    for row, column, stream, number in session.execute(
        text(
            "SELECT row_id, column_name, stream, number FROM head WHERE row_id IN (SELECT value FROM json_each(:rows))"
        ),
        {"rows": json.dumps(list(rows))},
    ):
        heads[row][column].add((stream, number))
    return heads
