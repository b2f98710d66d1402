"""Batches of archives into a folder: remembered as they go, so that one that was cancelled or killed can be gone on with."""

from dataclasses import dataclass
from pathlib import Path

from app.archive.imprint import Printed
from app.progress import Work
from app.workbook.workbook import Workbook


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A batch that did not come to its end.

    Attributes:
        n: its number, for `go_on`
        at: when it was begun, local time, "YYYY-MM-DD hh:mm:ss"
        wanted, done: households
        locked: its files need a password, which `go_on` must be told again
    """

    n: int
    at: str
    operator: str
    folder: Path
    wanted: int
    done: int
    locked: bool


def unfinished(workbook: Workbook) -> tuple[Unfinished, ...]:
    """Batches that can be gone on with, the latest first."""
    return ()


def go_on(workbook: Workbook, n: int, *, password: str = "") -> Work[Printed]:
    """Print what is left of a batch. Files whose household still says the same are not printed again.

    Raises:
        OfficeError: there is no such batch, its files have a password and none is given, or as for `print_archives`
    """
    raise NotImplementedError
    yield
