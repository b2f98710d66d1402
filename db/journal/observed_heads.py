"""What the writer of the running transaction had seen of a cell, where that is out of date (table `seen`).

An edit replaces only the changes recorded here; others stay heads beside it.
"""

from collections.abc import Callable, Iterable

from sqlalchemy import text
from sqlalchemy.orm import Session


def mark(session: Session, row: str, column: str, changes: Iterable[tuple[str, str, int]]) -> None:
    """Record these changes, each as (village, replica, number)."""
    for village, replica, number in changes:
        session.execute(
            text(
                "INSERT OR IGNORE INTO seen SELECT :row, :column, n, :number FROM stream "
                "WHERE village = :village AND replica = :replica"
            ),
            {"row": row, "column": column, "number": number, "village": village, "replica": replica},
        )


def mark_value(session: Session, row: str, column: str, value: str) -> None:
    """Record those heads of a cell that are edits with this value."""
    session.execute(
        text(
            "INSERT OR IGNORE INTO seen SELECT h.row_id, h.column_name, h.stream, h.number FROM head h "
            "JOIN change c ON c.stream = h.stream AND c.number = h.number "
            "WHERE h.row_id = :row AND h.column_name = :column AND c.column_name <> '' AND c.value = :value"
        ),
        {"row": row, "column": column, "value": value},
    )


def mark_as_of(session: Session, row: str, column: str, was_seen: Callable[[int], bool]) -> None:
    """Record what the heads of a cell were when a form was opened, if other changes of it came in since.

    Args:
        was_seen: whether a line of the journal existed then
    """
    changes = session.execute(
        text(
            "SELECT seq, stream, number, replaces FROM change WHERE row_id = :row AND column_name IN (:column, '') "
            "ORDER BY seq"
        ),
        {"row": row, "column": column},
    ).all()
    seen_changes = [change for change in changes if was_seen(change.seq)]
    if len(seen_changes) == len(changes):
        return
    replaced = {change_id for change in seen_changes for change_id in change.replaces.split()}
    inserts_replaced = bool(replaced)
    for change in seen_changes:
        if f"{change.stream}:{change.number}" not in replaced and (change.replaces or not inserts_replaced):
            session.execute(
                text("INSERT OR IGNORE INTO seen VALUES (:row, :column, :stream, :number)"),
                {"row": row, "column": column, "stream": change.stream, "number": change.number},
            )


def is_marked(session: Session, row: str, column: str) -> bool:
    """Whether anything is recorded for a cell."""
    query = text("SELECT 1 FROM seen WHERE row_id = :row AND column_name = :column")
    return session.execute(query, {"row": row, "column": column}).first() is not None


def clear(session: Session) -> None:
    """Clear the records, before and after each transaction."""
    session.execute(text("DELETE FROM seen"))
