"""Volumes and papers to a printer: one after the other, so that a whole village needs no more memory."""

from collections.abc import Iterable, Iterator, Sequence

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrinter

from app.archive import preflight
from app.archive import printing as papers
from app.archive.about import About
from app.archive.binder import sheets
from app.archive.papers import paper
from app.errors import OfficeError
from app.progress import Progress, Work
from app.workbook import preferences
from app.workbook.workbook import Workbook

DPI = 300  # fine enough for 9-point text, and an A4 page still fits into 35 MB


def printing(
    workbook: Workbook,
    households: Sequence[str],
    sections: Sequence[str] | None,
    printer: QPrinter,
    *,
    spell_missing: bool = False,
    reason: str = "",
) -> Work[int]:
    """Print volumes on paper; returns how many pages.

    Raises:
        MissingCharacters: before anything is printed
        OfficeError: the printer does not take the job
    """
    if not spell_missing:
        yield from preflight.printable(workbook, households)
    volumes = (sheets(workbook, household, sections, reason) for household in households)
    many = yield from _printed(workbook, volumes, len(households), printer, "一户一档")
    workbook.deed("打印一户一档（纸质）", len(households))
    return many


def printing_paper(
    workbook: Workbook, name: str, abouts: Sequence[About], printer: QPrinter, *, spell_missing: bool = False
) -> Work[int]:
    """Print a paper; returns how many pages.

    Raises:
        MissingCharacters: before anything is printed
        OfficeError: there is nothing to print, or the printer does not take the job
    """
    if not spell_missing:
        yield from papers.printable(workbook, name, abouts)
    contents = (papers.sheets(workbook, name, about) for about in abouts)
    many = yield from _printed(workbook, contents, len(abouts), printer, paper(name).title)
    workbook.deed(f"{papers.deed(paper(name), abouts)}（纸质）", len(abouts))
    return many


def _printed(
    workbook: Workbook, contents: Iterable[Work[bytes]], total: int, printer: QPrinter, title: str
) -> Work[int]:
    printer.setFullPage(True)
    if preferences.get(workbook, "duplex"):
        printer.setDuplex(QPrinter.DuplexMode.DuplexLongSide)
    printer.setDocName(title)
    painter = QPainter()
    many = 0
    try:
        for n, work in enumerate(contents):
            content = yield from work
            for page in _draw(content, printer, painter) if content else ():
                many += 1
                yield Progress(n, total, f"正在打印第 {page} 页")
    except GeneratorExit:
        printer.abort()
        raise
    finally:
        if painter.isActive():
            painter.end()
    return many


def _draw(content: bytes, printer: QPrinter, painter: QPainter) -> Iterator[int]:
    """Draw all pages of one PDF, each on a sheet of its own size; yields their numbers."""
    document = QPdfDocument()
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document.load(buffer)
    for page in range(document.pageCount()):
        points = document.pagePointSize(page)
        across = points.width() > points.height()
        upright = QSizeF(min(points.width(), points.height()), max(points.width(), points.height()))
        printer.setPageSize(QPageSize(upright, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.FuzzyMatch))
        turned = QPageLayout.Orientation.Landscape if across else QPageLayout.Orientation.Portrait
        printer.setPageOrientation(turned)
        began = printer.newPage() if painter.isActive() else painter.begin(printer)
        if not began:
            raise OfficeError("打印机没有接收打印任务。请检查打印机是否开机、连好、有纸，再打印一次。")
        size = QSize(round(points.width() / 72 * DPI), round(points.height() / 72 * DPI))
        painter.drawImage(printer.pageLayout().fullRectPixels(printer.resolution()), document.render(page, size))
        yield page + 1
    document.close()
