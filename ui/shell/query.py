"""Reading from the workbook as a job: the one way in which a page asks app/ for something to show."""

from collections.abc import Callable
from typing import Any, TypeVar

from app.progress import Progress, Task
from app.workbook.workbook import Workbook

Result = TypeVar("Result")


def query(workbook: Workbook, read: Callable[..., Result], *args: Any, **kwargs: Any) -> Task[Result]:
    """`read(session, *args, **kwargs)` on one consistent state; what it gives is plain values, so it may be kept."""
    yield Progress(0, 1)
    with workbook.reading() as session:
        return read(session, *args, **kwargs)
