"""The session by which a workbook is read."""

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from app.progress import current_rest


def reading_session(bind: Engine | Connection) -> Session:
    """A new session. Work in the background may rest before each of its statements (`app.progress.resting`)."""
    session = Session(bind)
    if rest := current_rest():
        event.listen(session, "do_orm_execute", lambda _: rest())
    return session
