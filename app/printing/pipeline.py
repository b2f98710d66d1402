"""Prints archives and reports: to files, as one volume, on a printer, or into memory for the preview.

Every document is laid out and drawn once. Characters that no font has are noticed as they are drawn
(app/reports/unprintable.py) and refused before a file gets its name or the printer its first page.
"""

from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path

from app.errors import UserError
from app.pdf import encryption
from app.pdf.document import PdfDocument
from app.pdf.encryption import encrypted_output
from app.printing import batch
from app.printing.archive_job import ArchiveJob
from app.printing.atomic_output import StagedOutput
from app.printing.pdf_file import write_pdf
from app.printing.print_job import DEFAULT_OPTIONS, PrintDocuments, PrintJob, PrintOptions, RenderedDocument
from app.printing.print_record import PrintResult
from app.progress import Progress, Task
from app.reports.unprintable import Unprintable, require_printable
from app.workbook.workbook import Workbook

_BATCH_THRESHOLD = 8  # archives in files of their own appear together or not at all; more of them are a batch
_MAX_HELD_BYTES = 64 << 20  # PDFs that wait in memory for the printer; more are laid out again when it is their turn

DrawPages = Callable[[bytes], Iterator[int]]


def preview(workbook: Workbook, job: PrintJob) -> Task[bytes]:
    """The first document of a job as it would be printed, in memory only and without a record.

    Raises:
        UserError: nothing is chosen, there is nothing to print, or the household is gone
        KeyError: there is no such section or report
    """
    yield Progress(0, 1, "正在排版")
    documents = yield from job.prepare(workbook)
    rendered = _render_in_memory(documents, workbook, 0)
    if rendered is None:
        raise UserError(documents.empty_message)
    return rendered[0]


def preview_volume(workbook: Workbook, job: PrintJob) -> Task[bytes]:
    """All documents of a job as they would be bound, in memory only and without a record; raises as `preview`."""
    documents = yield from job.prepare(workbook)
    file = BytesIO()
    pdf = PdfDocument(file, documents.title, workbook.operator)
    if not (yield from documents.draw_volume(pdf)):
        raise UserError(documents.empty_message)
    pdf.close()
    return file.getvalue()


def print_to_path(
    workbook: Workbook, job: PrintJob, out: Path, options: PrintOptions = DEFAULT_OPTIONS
) -> Task[PrintResult]:
    """Print to PDF files.

    Every file is written beside its place and renamed when it is complete. One volume, or a few files, appear together
    at the end: cancelled or refused, nothing is left behind, and what was there stays. Many archives in files of their
    own are a batch (app/printing/batch.py): those that are finished stay, and it can be resumed. Documents in which
    there is nothing to print are left out.

    Args:
        out: a file ending in .pdf that takes all documents as one volume, or a folder that gets a file for each

    Raises:
        UnprintableError: a character cannot be printed; no file with it was written
        UserError: nothing is chosen, there is nothing to print, or the place cannot be written to
        KeyError: there is no such section or report
    """
    encryption.check_password(options.password)
    one_file = out.suffix.lower() == ".pdf"
    if isinstance(job, ArchiveJob) and not one_file and len(job.households) > _BATCH_THRESHOLD:
        return (yield from batch.start(workbook, job, out, options))
    documents = yield from job.prepare(workbook)
    with StagedOutput(out.parent if one_file else out) as staged:
        if one_file and len(documents) > 1:
            rendered = yield from _write_volume(workbook, documents, staged, out.name, options)
        else:
            rendered = yield from _write_files(workbook, documents, staged, out.name if one_file else "", options)
        yield Progress(len(documents), len(documents), "正在存盘")
        files = staged.commit()
    documents.save(rendered)
    workbook.audit(documents.audit_text, len(rendered))
    return _result(files, rendered)


def print_on_device(
    workbook: Workbook, job: PrintJob, draw_pages: DrawPages, *, substitute_missing: bool = False
) -> Task[PrintResult]:
    """Print on a printer, one document after the other.

    Args:
        draw_pages: draws the pages of a PDF on the printer, yielding the number of each

    Raises:
        UnprintableError: a character cannot be printed; the printer has not begun
        UserError: nothing is chosen, there is nothing to print, or the printer does not take the job
        KeyError: there is no such section or report
    """
    documents = yield from job.prepare(workbook)
    held = {} if substitute_missing else (yield from _check_printable(workbook, documents))
    printed: list[RenderedDocument] = []
    try:
        for n in range(len(documents)):
            yield Progress(n, len(documents), "正在排版")
            document = held.pop(n, None) or _render_in_memory(documents, workbook, n)
            if document is None:
                continue
            content, rendered = document
            documents.save([rendered])  # before its cover leaves the printer, so that it can be verified in any case
            for page in draw_pages(content):
                if page == 1:
                    printed.append(rendered)
                yield Progress(n, len(documents), f"正在打印第 {page} 页")
    finally:
        if printed:
            workbook.audit(f"{documents.audit_text}（纸质）", len(printed))
    if not printed:
        raise UserError(documents.empty_message)
    return _result((), printed)


def _write_volume(
    workbook: Workbook, documents: PrintDocuments, staged: StagedOutput, name: str, options: PrintOptions
) -> Task[Sequence[RenderedDocument]]:
    with staged.file(name) as file, encrypted_output(file, options.password) as content:
        pdf = PdfDocument(content, documents.title, workbook.operator, declare_pdfa=not options.password)
        rendered: Sequence[RenderedDocument] = yield from documents.draw_volume(pdf)
        _require_printable(documents, rendered, options)
        pdf.close()
    return rendered


def _write_files(
    workbook: Workbook, documents: PrintDocuments, staged: StagedOutput, name: str, options: PrintOptions
) -> Task[Sequence[RenderedDocument]]:
    """A file for each document, named after it where `name` is ""."""
    rendered: list[RenderedDocument] = []
    for n in range(len(documents)):
        yield Progress(n, len(documents), "正在排版")
        draw = documents.build(n)
        if draw is not None:
            with staged.file(name or f"{documents.file_stem(n)}.pdf") as file:
                rendered.append(write_pdf(file, workbook.operator, draw, options.password))
    _require_printable(documents, rendered, options)
    return rendered


def _require_printable(documents: PrintDocuments, rendered: Sequence[RenderedDocument], options: PrintOptions) -> None:
    if not rendered:
        raise UserError(documents.empty_message)
    if not options.substitute_missing:
        require_printable([missing for document in rendered for missing in document.missing])


def _check_printable(workbook: Workbook, documents: PrintDocuments) -> Task[dict[int, tuple[bytes, RenderedDocument]]]:
    """Lay out all documents before the printer begins; returns those that memory can hold, by number."""
    held: dict[int, tuple[bytes, RenderedDocument]] = {}
    missing: list[Unprintable] = []
    held_bytes = 0
    for n in range(len(documents)):
        yield Progress(n, len(documents), "正在检查能否印全")
        document = _render_in_memory(documents, workbook, n)
        if document is not None:
            missing += document[1].missing
            held_bytes += len(document[0])
            if held_bytes <= _MAX_HELD_BYTES:
                held[n] = document
    require_printable(missing)
    return held


def _render_in_memory(documents: PrintDocuments, workbook: Workbook, n: int) -> tuple[bytes, RenderedDocument] | None:
    draw = documents.build(n)
    if draw is None:
        return None
    file = BytesIO()
    rendered = write_pdf(file, workbook.operator, draw)
    return file.getvalue(), rendered


def _result(files: tuple[Path, ...], rendered: Sequence[RenderedDocument]) -> PrintResult:
    pages = sum(document.pages for document in rendered)
    return PrintResult(files, len(rendered), pages, sum(document.draft for document in rendered))
