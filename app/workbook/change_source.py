"""On whose behalf the current thread writes. Knows no database, so that the task runner may use it at any time."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

change_source: ContextVar[object | None] = ContextVar("change_source", default=None)


@contextmanager
def changes_from(source: object | None) -> Iterator[None]:
    """What this thread writes in the block is reported to subscribers as `source`'s: a page that is told of a change
    can tell its own from another's without every function in between passing on who is writing."""
    token = change_source.set(source)
    try:
        yield
    finally:
        change_source.reset(token)
