"""The changes that somebody else lacks, as they travel."""

import json
from collections.abc import Iterator, Mapping

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.journal.heads import ChangeId
from db.journal.journal_change import JournalChange

# one parameter, because a township's streams are more than SQLite takes parts of a UNION
_LACKING = "json_each(:lacking) part CROSS JOIN change c ON c.stream = part.value ->> 0 AND c.number > part.value ->> 1"


def rows_after(session: Session, known: Mapping[tuple[str, str], int], village: str) -> dict[str, set[str]]:
    """Table → records of a village with a change that `known` lacks."""
    streams = session.execute(text("SELECT n, replica FROM stream WHERE village = :village"), {"village": village})
    lacking = json.dumps([(n, known.get((village, replica), 0)) for n, replica in streams])
    rows: dict[str, set[str]] = {}
    query = text(f"SELECT DISTINCT c.table_name, c.row_id FROM {_LACKING}")
    for table, row in session.execute(query, {"lacking": lacking}):
        rows.setdefault(table, set()).add(row)
    return rows


def changes_after(
    session: Session, known: Mapping[tuple[str, str], int], villages: set[str] | None = None, block_size: int = 2000
) -> Iterator[list[JournalChange]]:
    """Every change that `known` lacks, of the villages named (all if None), in the order in which they came here.

    That order is causal: a change stands after all that its writer knew.
    """
    streams: dict[int, tuple[str, str]] = {}
    missing: list[ChangeId] = []
    for n, village, replica, last in session.execute(text("SELECT n, village, replica, last FROM stream")):
        if villages is None or village in villages:
            streams[n] = (village, replica)
            if last > known.get((village, replica), 0):
                missing.append((n, known.get((village, replica), 0)))
    rows = (
        session.connection()
        .execution_options(yield_per=block_size)
        .execute(
            text(
                "SELECT stream, number, table_name, row_id, column_name, value, stamp, operator, replaces, inherited "
                f"FROM change WHERE seq IN (SELECT c.seq FROM {_LACKING}) ORDER BY seq"
            ),
            {"lacking": json.dumps(missing)},
        )
    )
    for partition in rows.partitions(block_size):
        yield [
            JournalChange(
                *streams[stream],
                number,
                table,
                row,
                column,
                value,
                stamp,
                operator,
                _to_replica_ids(streams, replaces),
                inherited,
            )
            for stream, number, table, row, column, value, stamp, operator, replaces, inherited in partition
        ]


def _to_replica_ids(streams: Mapping[int, tuple[str, str]], replaces: str) -> tuple[tuple[str, int], ...]:
    pairs = (change_id.split(":") for change_id in replaces.split()) if replaces else ()
    return tuple((streams[int(stream)][1], int(number)) for stream, number in pairs)
