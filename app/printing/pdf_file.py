"""Writes one drawn document as a PDF file of its own."""

from collections.abc import Callable
from typing import BinaryIO, TypeVar

from app.pdf.document import PdfDocument
from app.pdf.encryption import encrypted_output
from app.printing.print_job import RenderedDocument

Rendered = TypeVar("Rendered", bound=RenderedDocument)


def write_pdf(file: BinaryIO, author: str, draw: Callable[[PdfDocument], Rendered], password: str = "") -> Rendered:
    """Draw a document into an open file: PDF/A, or encrypted where a password is given.

    The properties of the file say what the document is; the keywords of an archive are the code on its cover.
    """
    with encrypted_output(file, password) as content:
        pdf = PdfDocument(content, "", author, declare_pdfa=not password)
        rendered = draw(pdf)
        pdf.title, pdf.keywords = rendered.title, rendered.keywords
        pdf.close()
    return rendered
