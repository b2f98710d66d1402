"""A document of plain A4 pages: no margin for binding, no page numbers, no marks."""

from collections.abc import Sequence
from typing import BinaryIO

from app.pdf.canvas import PageCanvas
from app.pdf.document import PdfDocument
from app.pdf.flowables import Flowable
from app.pdf.page_style import a4_page
from app.pdf.pagination import draw_fragments, layout_pages


def write_plain_document(file: BinaryIO, title: str, author: str, flowables: Sequence[Flowable]) -> None:
    """Lay the flowables out and write them as a PDF."""
    pdf = PdfDocument(file, title, author)
    for page in layout_pages(flowables):
        geometry = a4_page(landscape=False, back=False)
        canvas = PageCanvas(pdf, geometry.width, geometry.height)
        draw_fragments(canvas, geometry, page.fragments)
        canvas.finish()
    pdf.close()
