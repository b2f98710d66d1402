"""What every print job offers to the pipeline: documents by number, or all of them bound in one volume."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from app.pdf.document import PdfDocument
from app.progress import Task
from app.reports.unprintable import Unprintable
from app.workbook.workbook import Workbook


@dataclass(frozen=True, slots=True)
class PrintOptions:
    """How files are written.

    Attributes:
        substitute_missing: print characters that no font has as 〔U+xxxx〕 instead of refusing
        password: encrypts the files (AES-256, no PDF/A); "" leaves them open
    """

    substitute_missing: bool = False
    password: str = ""


DEFAULT_OPTIONS = PrintOptions()


class RenderedDocument(Protocol):
    """One document as it was drawn.

    Attributes:
        title, keywords: properties of a file that holds it alone
        draft: it carries the watermark of a draft
        missing: what no font has
    """

    @property
    def title(self) -> str: ...

    @property
    def keywords(self) -> str: ...

    @property
    def pages(self) -> int: ...

    @property
    def draft(self) -> bool: ...

    @property
    def missing(self) -> tuple[Unprintable, ...]: ...


DrawDocument = Callable[[PdfDocument], RenderedDocument]


class PrintDocuments(Protocol):
    """The documents of a job, read from a workbook as they are needed, so that a whole village fits into memory."""

    @property
    def title(self) -> str:
        """The title of a file that holds all documents."""

    @property
    def audit_text(self) -> str:
        """How the audit log names the printing."""

    @property
    def empty_message(self) -> str:
        """Why nothing was printed."""

    def __len__(self) -> int: ...

    def file_stem(self, n: int) -> str:
        """The file name of a document, without its ending."""

    def build(self, n: int) -> DrawDocument | None:
        """Read one document; None where there is nothing to print."""

    def draw_volume(self, pdf: PdfDocument) -> Task[Sequence[Any]]:
        """Draw all documents into one file; returns them as rendered, without those that are empty."""

    def save(self, rendered: Sequence[Any]) -> None:
        """Record in the workbook what was printed."""


class PrintJob(Protocol):
    """What an officer asks for."""

    def prepare(self, workbook: Workbook) -> Task[PrintDocuments]:
        """Check the choice and read what all documents share.

        Raises:
            UserError: nothing is chosen
            KeyError: there is no such section or report
        """

    def suggested_name(self, workbook: Workbook) -> str:
        """A file name to offer, without its ending."""
