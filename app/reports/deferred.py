"""Flowables that need the page numbers of the archive, and what is known of it once its pages are counted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from app.pdf.flowables import Flowable, Fragment, concat
from app.reports.verification_code import VerificationCode

_PLACEHOLDER_CODE = VerificationCode("", "0" * 32)


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """One line of the table of contents.

    Attributes:
        code: the form's catalogue number
        page: the archive's number of the first page, counted without cover, contents and closing note
            (docs/domain/archive.md §3.4)
        dated: the day of the form, of its printing where it has none
    """

    code: str
    title: str
    page: int
    pages: int
    dated: date
    copies: int

    @property
    def page_range(self) -> str:
        """First and last page, e.g. 3-5."""
        return str(self.page) if self.pages == 1 else f"{self.page}-{self.page + self.pages - 1}"


@dataclass(frozen=True, slots=True)
class VolumeSummary:
    """A household's archive as a whole.

    Attributes:
        pages: of the file
        photos: how many photographs are printed
        code: on the cover
    """

    entries: tuple[ContentsEntry, ...]
    pages: int
    photos: int
    code: VerificationCode = _PLACEHOLDER_CODE

    @property
    def counted_pages(self) -> int:
        """The pages that have a number of the archive."""
        return sum(entry.pages for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Deferred:
    """Flowables that need the summary of the archive; of the same height whatever the numbers are."""

    build: Callable[[VolumeSummary], Sequence[Flowable]]
    volume: VolumeSummary | None = None

    def split(self, width: float, max_height: float) -> list[Fragment]:
        return concat(self.build(self.volume or VolumeSummary((), 0, 0)), width, max_height)
