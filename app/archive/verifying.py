"""Does the paper still equal the record? Asked with the code on a cover: typed, scanned, photographed, or in its PDF."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.progress import Work
from app.records.history import HistoryLine
from app.workbook.workbook import Workbook


@dataclass(frozen=True, slots=True)
class Differing:
    """A part that no longer says what was printed; `since` when its household's records began to differ, if known."""

    name: str
    title: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Verified:
    """One printing held against the record of today.

    Attributes:
        printed_at: local time, "YYYY-MM-DD hh:mm:ss"
        latest: no newer printing of this household is known
        differing: parts that say something else now; none where paper and record are equal
        changes: what was changed since that printing, the newest first
    """

    household_id: str
    head: str
    file_no: str
    printed_at: str
    printed_by: str
    draft: bool
    latest: bool
    differing: tuple[Differing, ...]
    changes: tuple[HistoryLine, ...]

    @property
    def equal(self) -> bool:
        return not self.differing

    @property
    def sentence(self) -> str:
        """What the officer is told."""
        raise NotImplementedError


def verify(workbook: Workbook, what: str | Path) -> Work[Verified]:
    """Hold a print against the record.

    Args:
        what: the text of the code or the short code beside it, or a file: a photograph of the cover or the PDF itself

    Raises:
        OfficeError: no code is found, it was altered, or it belongs to a household or printing that is not known here
    """
    raise NotImplementedError
    yield
