"""Volumes to a printer: household after household, so that a whole village needs no more memory."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrinter

from app.archive.binder import preview
from app.archive.preflight import printable
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
) -> Work[int]:
    """Print volumes on paper; returns how many pages.

    Raises:
        MissingCharacters: before anything is printed
        OfficeError: the printer does not take the job
    """
    if not spell_missing:
        yield from printable(workbook, households)
    printer.setFullPage(True)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    if preferences.get(workbook, "duplex"):
        printer.setDuplex(QPrinter.DuplexMode.DuplexLongSide)
    printer.setDocName("一户一档")
    painter = QPainter()
    many = 0
    try:
        for n, household in enumerate(households):
            content = yield from preview(workbook, household, sections)
            for page in _draw(content, printer, painter, first=n == 0):
                many += 1
                yield Progress(n, len(households), f"正在打印第 {page} 页")
    except GeneratorExit:
        printer.abort()
        raise
    finally:
        if painter.isActive():
            painter.end()
    workbook.deed("打印一户一档（纸质）", len(households))
    return many


def _draw(content: bytes, printer: QPrinter, painter: QPainter, *, first: bool) -> Iterator[int]:
    """Draw all pages of one volume; yields their numbers."""
    document = QPdfDocument()
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document.load(buffer)
    for page in range(document.pageCount()):
        points = document.pagePointSize(page)
        across = points.width() > points.height()
        turned = QPageLayout.Orientation.Landscape if across else QPageLayout.Orientation.Portrait
        printer.setPageOrientation(turned)
        began = painter.begin(printer) if first and page == 0 else printer.newPage()
        if not began:
            raise OfficeError("打印机没有接收打印任务。请检查打印机是否开机、连好、有纸，再打印一次。")
        size = QSize(round(points.width() / 72 * DPI), round(points.height() / 72 * DPI))
        painter.drawImage(printer.pageLayout().fullRectPixels(printer.resolution()), document.render(page, size))
        yield page + 1
    document.close()
