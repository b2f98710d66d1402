"""Print jobs on a printer: QtPdf draws the pages of each document as it comes."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrinter

from app.errors import UserError
from app.printing.pipeline import print_on_device
from app.printing.print_job import PrintJob
from app.printing.print_record import PrintResult
from app.progress import Progress, Task
from app.workbook import preferences
from app.workbook.workbook import Workbook

DPI = 300  # fine enough for 9-point text, and an A4 page still fits into 35 MB


def print_job(
    workbook: Workbook, job: PrintJob, printer: QPrinter, title: str, *, substitute_missing: bool = False
) -> Task[PrintResult]:
    """Print a job on a printer.

    Args:
        title: how the printer's queue names the job

    Raises:
        UnprintableError: before anything is printed
        UserError: there is nothing to print, or the printer does not take the job
    """
    printer.setFullPage(True)
    if preferences.get(workbook, "duplex"):
        printer.setDuplex(QPrinter.DuplexMode.DuplexLongSide)
    printer.setDocName(title)
    painter = QPainter()
    try:
        return (
            yield from print_on_device(
                workbook, job, lambda pdf: _draw_pages(pdf, printer, painter), substitute_missing=substitute_missing
            )
        )
    except GeneratorExit:
        printer.abort()
        raise
    finally:
        if painter.isActive():
            painter.end()


def print_document(document: Callable[[], bytes], printer: QPrinter, title: str) -> Task[int]:
    """Print one PDF that is of no workbook's records; returns its pages.

    Raises:
        UserError: the printer does not take the job
    """
    yield Progress(0, 0, "打印")
    printer.setFullPage(True)
    printer.setDocName(title)
    painter = QPainter()
    pages = 0
    try:
        for pages in _draw_pages(document(), printer, painter):
            yield Progress(pages, 0, "打印")
    finally:
        if painter.isActive():
            painter.end()
    return pages


def _draw_pages(pdf: bytes, printer: QPrinter, painter: QPainter) -> Iterator[int]:
    """Draw all pages of one PDF, each on a sheet of its own size; yields their numbers."""
    document = QPdfDocument()
    buffer = QBuffer()
    buffer.setData(QByteArray(pdf))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document.load(buffer)
    for page in range(document.pageCount()):
        size_points = document.pagePointSize(page)
        is_landscape = size_points.width() > size_points.height()
        portrait_size = QSizeF(
            min(size_points.width(), size_points.height()), max(size_points.width(), size_points.height())
        )
        printer.setPageSize(QPageSize(portrait_size, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.FuzzyMatch))
        orientation = QPageLayout.Orientation.Landscape if is_landscape else QPageLayout.Orientation.Portrait
        printer.setPageOrientation(orientation)
        started = printer.newPage() if painter.isActive() else painter.begin(printer)
        if not started:
            raise UserError("打印机没有接收打印任务。请检查打印机是否开机、连好、有纸，再打印一次。")
        size = QSize(round(size_points.width() / 72 * DPI), round(size_points.height() / 72 * DPI))
        painter.drawImage(printer.pageLayout().fullRectPixels(printer.resolution()), document.render(page, size))
        yield page + 1
    document.close()
