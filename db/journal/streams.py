"""Streams as this workbook numbers them: the changes that one replica wrote for one village."""

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session


def stream_ids(session: Session) -> dict[tuple[str, str], int]:
    """(village, replica) → the number that changes and heads name the stream by here."""
    rows = session.execute(text("SELECT village, replica, n FROM stream"))
    return {(village, replica): stream for village, replica, stream in rows}


def stream_replicas(session: Session) -> dict[int, str]:
    """The number of each stream here → its replica."""
    return {stream: replica for (_, replica), stream in stream_ids(session).items()}


def count_own_changes(connection: Connection, replica: str) -> int:
    """How many changes a replica has written, in all villages."""
    statement = text("SELECT coalesce(sum(last), 0) FROM stream WHERE replica = :replica")
    return int(connection.execute(statement, {"replica": replica}).scalar_one())
