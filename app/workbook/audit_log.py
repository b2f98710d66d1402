"""The log of exports, prints and displays of masked numbers of this copy of the workbook, as people read it."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from db.schema.exchange import AuditEntry


@dataclass(frozen=True, slots=True)
class LoggedExport:
    """One line: when (YYYY-MM-DD HH:MM:SS), by whom, what with its reason, and how many records, files or pages."""

    n: int
    at: str
    operator: str
    what: str
    count: int


def logged_exports(session: Session, typed: str = "", limit: int | None = 200) -> list[LoggedExport]:
    """The latest lines first.

    Args:
        typed: only lines with each of these words in what was done, or in who did it
        limit: None for all of them
    """
    query = select(AuditEntry).order_by(AuditEntry.n.desc()).limit(limit)
    for word in typed.split():
        found = (column.contains(word, autoescape=True) for column in (AuditEntry.what, AuditEntry.operator))
        query = query.where(or_(*found))
    return [
        LoggedExport(entry.n, entry.at, entry.operator, entry.what, entry.how_many) for entry in session.scalars(query)
    ]
