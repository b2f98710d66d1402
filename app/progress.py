"""Progress of long work.

Long work is a generator: it yields `Progress`, returns its result, and is cancelled by `close()`, so that its own
`with` and `finally` blocks leave nothing behind.
"""

from collections.abc import Generator
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
