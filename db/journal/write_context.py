"""Who is writing now, and when: what the triggers put into each change (table `writer`)."""

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from db.journal import observed_heads
from db.journal.changes import last_seq


def create(session: Session, replica: str, operator: str, stamp: int) -> None:
    """The one row of a new workbook, without which nothing can be written.

    Args:
        stamp: the clock as db/schema/journal.py has it
    """
    session.execute(
        text("INSERT INTO writer (replica, operator, stamp) VALUES (:replica, :operator, :stamp)"),
        {"replica": replica, "operator": operator, "stamp": stamp},
    )


def current_replica(connection: Connection) -> str:
    """The replica that wrote last."""
    return str(connection.execute(text("SELECT replica FROM writer")).scalar_one())


def claim(connection: Connection, replica: str, operator: str) -> None:
    """Whoever opened the workbook writes from now on, and the journal is written whatever went on before."""
    connection.execute(
        text("UPDATE writer SET replica = :replica, operator = :operator, capturing = 1"),
        {"replica": replica, "operator": operator},
    )


def begin_transaction(session: Session, operator: str, now: int) -> int:
    """Say who writes and when (hybrid logical clock); returns where the journal stands.

    Args:
        now: this machine's clock; the stamp never goes back behind one that is known
    """
    session.execute(
        text("UPDATE writer SET operator = :operator, capturing = 1, stamp = max(stamp + 1, :now)"),
        {"operator": operator, "now": now},
    )
    observed_heads.clear(session)
    return last_seq(session)
