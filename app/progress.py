"""Progress of long work.

Long work is a generator: it yields `Progress`, returns its result, and is cancelled by `close()`, so that its own
`with` and `finally` blocks leave nothing behind.

Work that nobody waits for rests between two steps, and within a step wherever it comes by a place to rest (`resting`).
"""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` steps; `total` 0 where it is not known; `doing` is shown to the officer."""

    done: int
    total: int
    message: str = ""


Task: TypeAlias = Generator[Progress, None, Result]


def run_to_completion(task: Task[Result]) -> Result:
    """Run a task to completion where nobody watches its progress (commands, tests)."""
    while True:
        try:
            next(task)
        except StopIteration as stop:
            result: Result = stop.value
            return result


_rest: ContextVar[Callable[[], None] | None] = ContextVar("rest", default=None)


@contextmanager
def resting(rest: Callable[[], None] | None) -> Iterator[None]:
    """Within the block `rest` is called on this thread wherever work may rest: before each statement that reads the
    workbook (`Workbook.reading`). None for work that somebody waits for."""
    token = _rest.set(rest)
    try:
        yield
    finally:
        _rest.reset(token)


def current_rest() -> Callable[[], None] | None:
    """What is to be called where the running work may rest; None where it shall not."""
    return _rest.get()
