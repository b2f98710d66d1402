"""The contents in front of a bound volume: on which page each household's archive begins."""

from collections.abc import Sequence

from app.pdf.canvas import PageCanvas
from app.pdf.document import PdfDocument
from app.pdf.flowables import Flowable, Paragraph, Spacer, Title
from app.pdf.page_frame import PageFrame, draw_frame
from app.pdf.page_style import CELL, LABEL, LINE_TEXT, a4_page
from app.pdf.pagination import PageLayout, draw_fragments, layout_pages
from app.pdf.table import Cell, Table, TableRow
from app.reports.render import RenderedVolume, RenderSettings
from app.reports.unprintable import Unprintable, collect_missing

TITLE = "总目录"
_COLUMNS = (14, 52, 34, 40, 15, 15)
_HEADERS = ("序号", "户编号", "户主", "村组", "页数", "首页")
_CENTERED, _RIGHT_ALIGNED = CELL.aligned("center"), CELL.aligned("right")


def draw_contents(
    pdf: PdfDocument,
    title: str,
    volumes: Sequence[RenderedVolume],
    pages_before: Sequence[int],
    settings: RenderSettings,
) -> tuple[int, tuple[Unprintable, ...]]:
    """Draw the contents as the next pages; returns how many there are, and what no font has.

    Args:
        pages_before: the pages of the file before each household, as long as the contents are not in front of them
    """
    pages = len(_layout(title, _rows(volumes, pages_before, 0)))
    pages += pages % 2 if settings.duplex else 0
    page_layouts = _layout(title, _rows(volumes, pages_before, pages))  # a number never makes a line higher
    for n in range(1, pages + 1):
        back = settings.duplex and n % 2 == 0
        geometry = a4_page(landscape=False, back=back)
        canvas = PageCanvas(pdf, geometry.width, geometry.height)
        if n <= len(page_layouts):
            draw_fragments(canvas, geometry, page_layouts[n - 1].fragments)
            draw_frame(canvas, geometry, PageFrame(f"{TITLE} {n}", title, settings.footer, back), landscape=False)
        canvas.finish()
    missing: dict[str, Unprintable] = {}
    collect_missing(missing, pdf, TITLE, TITLE)
    return pages, tuple(missing.values())


def _rows(
    volumes: Sequence[RenderedVolume], pages_before: Sequence[int], contents_pages: int
) -> list[tuple[str, str, str, int, int]]:
    rows = []
    for volume, before in zip(volumes, pages_before, strict=True):
        rows.append((volume.number, volume.head, volume.place, volume.pages, contents_pages + before + 1))
    return rows


def _layout(title: str, rows: Sequence[tuple[str, str, str, int, int]]) -> list[PageLayout]:
    header_rows = [TableRow([Cell(text, LABEL, shaded=True) for text in _HEADERS])]
    body_rows = [
        TableRow(
            [
                Cell(str(n), _CENTERED), Cell(number or "—", _CENTERED), Cell(name, _CENTERED), Cell(place),
                Cell(str(volume_pages), _RIGHT_ALIGNED), Cell(str(first_page), _RIGHT_ALIGNED),
            ]
        )
        for n, (number, name, place, volume_pages, first_page) in enumerate(rows, 1)
    ]  # fmt: skip
    note = Paragraph("“首页”是本文件的第几面；各户的页码从 1 起，各自连续。", LINE_TEXT)
    flowables: list[Flowable] = [
        Title(TITLE, title),
        Table(_COLUMNS, body_rows, header_rows, padding=1.0),
        Spacer(2),
        note,
    ]
    return layout_pages(flowables)
