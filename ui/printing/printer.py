"""Volumes and papers to a printer: one after the other, so that a whole village needs no more memory."""

from collections.abc import Iterable, Iterator, Sequence

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrinter

from app.errors import UserError
from app.printing import report_job as papers
from app.printing.archive_job import render_for_printer
from app.progress import Progress, Task
from app.reports import glyph_check
from app.reports.parameters import ReportParameters
from app.reports.village import get_report
from app.workbook import preferences
from app.workbook.workbook import Workbook

DPI = 300  # fine enough for 9-point text, and an A4 page still fits into 35 MB


def print_volumes(
    workbook: Workbook,
    household_ids: Sequence[str],
    sections: Sequence[str] | None,
    printer: QPrinter,
    *,
    substitute_missing: bool = False,
    reason: str = "",
) -> Task[int]:
    """Print volumes on paper; returns how many pages.

    Raises:
        MissingGlyphsError: before anything is printed
        UserError: the printer does not take the job
    """
    if not substitute_missing:
        yield from glyph_check.require_glyphs(workbook, household_ids)
    volumes = (render_for_printer(workbook, household_id, sections, reason) for household_id in household_ids)
    page_count = yield from _print_documents(workbook, volumes, len(household_ids), printer, "一户一档")
    workbook.audit("打印一户一档（纸质）", len(household_ids))
    return page_count


def print_report(
    workbook: Workbook,
    name: str,
    parameter_sets: Sequence[ReportParameters],
    printer: QPrinter,
    *,
    substitute_missing: bool = False,
) -> Task[int]:
    """Print a paper; returns how many pages.

    Raises:
        MissingGlyphsError: before anything is printed
        UserError: there is nothing to print, or the printer does not take the job
    """
    if not substitute_missing:
        yield from papers.check_glyphs(workbook, name, parameter_sets)
    contents = (papers.render_for_printer(workbook, name, parameters) for parameters in parameter_sets)
    page_count = yield from _print_documents(workbook, contents, len(parameter_sets), printer, get_report(name).title)
    workbook.audit(f"{papers.audit_text(get_report(name), parameter_sets)}（纸质）", len(parameter_sets))
    return page_count


def _print_documents(
    workbook: Workbook, documents: Iterable[Task[bytes]], total: int, printer: QPrinter, title: str
) -> Task[int]:
    printer.setFullPage(True)
    if preferences.get(workbook, "duplex"):
        printer.setDuplex(QPrinter.DuplexMode.DuplexLongSide)
    printer.setDocName(title)
    painter = QPainter()
    page_count = 0
    try:
        for n, task in enumerate(documents):
            pdf = yield from task
            for page in _draw_pages(pdf, printer, painter) if pdf else ():
                page_count += 1
                yield Progress(n, total, f"正在打印第 {page} 页")
    except GeneratorExit:
        printer.abort()
        raise
    finally:
        if painter.isActive():
            painter.end()
    return page_count


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
