"""Who set what of an entry, when, and what stood there before: the journal keeps every version."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.county import yearly_standards
from app.records.history import HistoryEntry, rows_history
from db.schema.amendment import Amendment
from db.schema.standard import Standard
from resources.option_roles import value_of


def entry_history(session: Session, kind: str, name: str) -> list[HistoryEntry]:
    """The changes of one entry, the latest first; of several villages, which have them alike, those of the first."""
    if kind == yearly_standards.KIND:
        rows = session.scalars(select(Standard.id))
    else:
        of_entry = (Amendment.kind == value_of("amendment_kind", kind), Amendment.name == name)
        first = select(func.min(Amendment.village)).where(*of_entry).scalar_subquery()
        rows = session.scalars(select(Amendment.id).where(*of_entry, Amendment.village == first))
    return rows_history(session, rows.all())
