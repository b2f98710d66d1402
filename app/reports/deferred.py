"""Flowables that need the page numbers of the archive, and what is known of it once its pages are counted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from app.pdf.flowables import Flowable, Fragment, concat
from app.reports.verification_code import VerificationCode

_PLACEHOLDER_CODE = VerificationCode("", "0" * 32)


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """One line of the table of contents. `page`: where the part begins; `code`: the form's catalogue number."""

    code: str
    title: str
    page: int
    pages: int
    dated: date | None
    copies: int


@dataclass(frozen=True, slots=True)
class VolumeSummary:
    """A household's archive as a whole: listed parts, number of pages and photographs, the code on its cover."""

    entries: tuple[ContentsEntry, ...]
    pages: int
    photos: int
    code: VerificationCode = _PLACEHOLDER_CODE


@dataclass(frozen=True, slots=True)
class Deferred:
    """Flowables that need the summary of the archive; of the same height whatever the numbers are."""

    build: Callable[[VolumeSummary], Sequence[Flowable]]
    volume: VolumeSummary | None = None

    def split(self, width: float, max_height: float) -> list[Fragment]:
        return concat(self.build(self.volume or VolumeSummary((), 0, 0)), width, max_height)
