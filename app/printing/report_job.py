"""Prints papers: blocks become the pages of a PDF, with what stands around them, one file or one a household."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from sqlalchemy.orm import Session

from app.errors import UserError
from app.pdf import fonts, page_frame
from app.pdf.canvas import PageCanvas
from app.pdf.document import PdfDocument
from app.pdf.encryption import encrypted_output
from app.pdf.flowables import Flowable, Fragment, PageBreak
from app.pdf.pagination import paginate
from app.printing.atomic_output import StagedOutput
from app.printing.print_record import PrintResult
from app.progress import Progress, Task
from app.reports import formatting
from app.reports.glyph_check import MissingGlyph, MissingGlyphsError
from app.reports.parameters import ReportParameters
from app.reports.render import file_name
from app.reports.village import Report, get_report
from app.workbook import preferences
from app.workbook.workbook import Workbook

_CONTEXT_LENGTH = 12  # characters of a text that are shown to say where a character is that cannot be printed


@dataclass(frozen=True, slots=True)
class _RunSettings:
    """What all printings of one run share."""

    report: Report
    duplex: bool
    footer: str
    substitute_missing: bool
    password: str


def preview(workbook: Workbook, name: str, parameters: ReportParameters) -> Task[bytes]:
    """One printing of a paper, kept in memory only.

    Raises:
        KeyError: there is no such paper
        UserError: there is nothing to print in it, or what it is about is not chosen or gone
    """
    content = yield from render_for_printer(workbook, name, parameters)
    if not content:
        raise UserError(_empty_message(get_report(name)))
    return content


def render_for_printer(workbook: Workbook, name: str, parameters: ReportParameters) -> Task[bytes]:
    """One printing for a printer; empty where there is nothing to print. As `preview` otherwise."""
    yield Progress(0, 1, "正在排版")
    settings, file = _run_settings(workbook, name), BytesIO()
    flowables, _ = _build(workbook, settings, parameters)
    if not flowables:
        return b""
    pdf = PdfDocument(file, parameters.title or settings.report.title, workbook.operator)
    _draw_report(pdf, flowables, settings)
    pdf.close()
    return file.getvalue()


def check_glyphs(workbook: Workbook, name: str, parameter_sets: Sequence[ReportParameters]) -> Task[None]:
    """Refuse what cannot be printed, before a printer has begun.

    Raises:
        MissingGlyphsError: a character cannot be printed
        UserError: there is nothing to print, or what it is about is not chosen or gone
    """
    settings, has_content = _run_settings(workbook, name, substitute_missing=False), False
    for n, parameters in enumerate(parameter_sets):
        if n % 20 == 0:
            yield Progress(n, len(parameter_sets), "正在检查生僻字")
        has_content = bool(_build(workbook, settings, parameters)[0]) or has_content
    if not has_content:
        raise UserError(_empty_message(settings.report))


def print_reports(
    workbook: Workbook,
    name: str,
    parameter_sets: Sequence[ReportParameters],
    out: Path,
    *,
    substitute_missing: bool = False,
    password: str = "",
) -> Task[PrintResult]:
    """Print a paper as PDF.

    Every file is written beside its place and renamed at the end, when all are whole. A household in which there is
    nothing to print is left out. The log keeps what was printed, how much of it and whether numbers were in full.

    Args:
        name: of a paper (app/reports/village)
        abouts: what each printing is about; a paper about a household wants one household in each
        out: a file ending in .pdf that takes all, or a folder that gets a file for each
        substitute_missing: print characters that no font has as 〔U+xxxx〕 instead of refusing
        password: what opens the files, "" for files that anybody may open

    Raises:
        KeyError: there is no such paper
        MissingGlyphsError: a character cannot be printed; nothing was written
        UserError: there is nothing to print, or the place cannot be written to
    """
    settings, single_file = _run_settings(workbook, name, substitute_missing, password), out.suffix.lower() == ".pdf"
    with StagedOutput(out.parent if single_file else out) as staged:
        write_output = _single_file if single_file else _separate_files
        printed, page_count = yield from write_output(workbook, staged, parameter_sets, settings, out.name)
        if not printed:
            raise UserError(_empty_message(settings.report))
        yield Progress(len(parameter_sets), len(parameter_sets), "正在存盘")
        files = staged.commit()
    workbook.audit(audit_text(settings.report, parameter_sets), printed)
    return PrintResult(files, printed, page_count)


def _single_file(
    workbook: Workbook,
    staged: StagedOutput,
    parameter_sets: Sequence[ReportParameters],
    settings: _RunSettings,
    name: str,
) -> Task[tuple[int, int]]:
    """All in one file; returns how many printings and pages it holds."""
    printed = page_count = 0
    with staged.file(name) as file, encrypted_output(file, settings.password) as content:
        pdf = PdfDocument(content, settings.report.title, workbook.operator, declare_pdfa=not settings.password)
        for n, parameters in enumerate(parameter_sets):
            yield Progress(n, len(parameter_sets), "正在排版")
            flowables, _ = _build(workbook, settings, parameters)
            if flowables:
                page_count += _draw_report(pdf, flowables, settings, page_count)
                printed += 1
        if not printed:
            raise UserError(_empty_message(settings.report))
        pdf.close()
    return printed, page_count


def _separate_files(
    workbook: Workbook, staged: StagedOutput, parameter_sets: Sequence[ReportParameters], settings: _RunSettings, _: str
) -> Task[tuple[int, int]]:
    """A file for each; returns how many printings and pages they hold."""
    printed = page_count = 0
    for n, parameters in enumerate(parameter_sets):
        yield Progress(n, len(parameter_sets), "正在排版")
        flowables, name = _build(workbook, settings, parameters)
        if flowables:
            with staged.file(f"{name}.pdf") as file, encrypted_output(file, settings.password) as content:
                pdf = PdfDocument(content, settings.report.title, workbook.operator, declare_pdfa=not settings.password)
                page_count += _draw_report(pdf, flowables, settings)
                pdf.close()
            printed += 1
    return printed, page_count


def _build(workbook: Workbook, settings: _RunSettings, parameters: ReportParameters) -> tuple[list[Flowable], str]:
    """A printing's blocks, none where there is nothing to print, and a name for its file."""
    with workbook.reading() as session:
        flowables = list(settings.report.build(session, parameters))
        name = _file_name(session, settings.report, parameters)
    if not settings.substitute_missing and (missing := list(_missing_glyphs(settings.report, flowables))):
        raise MissingGlyphsError(missing)
    return flowables, name


def audit_text(selected_report: Report, parameter_sets: Sequence[ReportParameters]) -> str:
    """What the log says of a printing."""
    return f"打印{selected_report.title}" + (
        "（完整号码）"
        if "full" in selected_report.parameters and any(parameters.full for parameters in parameter_sets)
        else ""
    )


def suggested_file_name(workbook: Workbook, name: str, parameter_sets: Sequence[ReportParameters]) -> str:
    """A file name for a printing, without its ending; safe on Windows, and never a number of a person."""
    selected_report = get_report(name)
    if selected_report.subject == "household" and len(parameter_sets) == 1:
        with workbook.reading() as session:
            return _file_name(session, selected_report, parameter_sets[0])
    return page_frame.safe_file_name(
        next((parameters.title for parameters in parameter_sets if parameters.title), "") or selected_report.title
    )


def _run_settings(workbook: Workbook, name: str, substitute_missing: bool = True, password: str = "") -> _RunSettings:
    now = datetime.now()
    footer = f"内部资料，不得外传　{workbook.operator}　{formatting.day(now.date())} {now:%H:%M} 打印"
    selected_report = get_report(name)
    duplex = bool(preferences.get(workbook, "duplex"))
    return _RunSettings(
        selected_report, duplex, footer if selected_report.frame == "internal" else "", substitute_missing, password
    )


def _empty_message(selected_report: Report) -> str:
    return f"所选的内容里没有可以印成“{selected_report.title}”的。请换一户，或先把要印的内容登记好。"


def _file_name(session: Session, selected_report: Report, parameters: ReportParameters) -> str:
    if selected_report.subject != "household":
        return page_frame.safe_file_name(parameters.title or selected_report.title)
    return f"{file_name(session, parameters.households[0])}_{selected_report.title}"


def _draw_report(pdf: PdfDocument, flowables: Sequence[Flowable], settings: _RunSettings, pages_before: int = 0) -> int:
    """Draw one printing below so many pages; returns its own.

    Each of its forms has numbers and, printed on both sides, sheets of its own.
    """
    page_count = 0
    for form in _split_forms(flowables):
        form_pages = [
            fragments for section in form for fragments in paginate(section, *settings.report.format.text_area)
        ]
        if settings.duplex and settings.report.frame != "bare" and (pages_before + page_count) % 2:
            _draw_page(pdf, (), settings, 0, 0)
            page_count += 1
        for number, fragments in enumerate(form_pages, 1):
            _draw_page(pdf, fragments, settings, number, len(form_pages))
        page_count += len(form_pages)
    return page_count


def _draw_page(
    pdf: PdfDocument, fragments: Sequence[tuple[float, Fragment]], settings: _RunSettings, number: int, total: int
) -> None:
    """One page; number 0 for an empty one."""
    back = settings.duplex and number % 2 == 0
    geometry = settings.report.format.page(back)
    canvas = PageCanvas(pdf, geometry.width, geometry.height)
    for offset, fragment in fragments:
        fragment.draw(canvas, geometry.left, geometry.top - offset)
    if settings.report.frame == "official" and total > 1:
        page_frame.draw_gb9704_number(canvas, geometry, number, back)
    elif settings.report.frame in ("internal", "plain") and number:
        page_label = f"第 {number} 页 共 {total} 页"
        page_frame.draw_frame(
            canvas,
            geometry,
            page_label,
            "",
            settings.footer,
            settings.report.format.landscape,
            back,
            archive_number=False,
        )
    canvas.finish()


def _split_forms(flowables: Sequence[Flowable]) -> list[list[list[Flowable]]]:
    """The leaves of each form, and the blocks of each leaf."""
    forms: list[list[list[Flowable]]] = [[[]]]
    for flowable in flowables:
        if not isinstance(flowable, PageBreak):
            forms[-1][-1].append(flowable)
        elif flowable.new_form and forms[-1] != [[]]:
            forms.append([[]])
        elif forms[-1][-1]:
            forms[-1].append([])
    return forms


def _missing_glyphs(selected_report: Report, flowables: Sequence[Flowable]) -> Iterator[MissingGlyph]:
    """Characters of a printing that no font has, with the words around them."""
    for text in _texts(flowables):
        if missing := fonts.missing_characters(text):
            start = max(text.find(missing[0]) - _CONTEXT_LENGTH // 2, 0)
            yield MissingGlyph(
                "", selected_report.title, "印出的内容", text[start : start + _CONTEXT_LENGTH], tuple(missing)
            )


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)
    elif is_dataclass(value):
        for item_field in fields(value):
            yield from _texts(getattr(value, item_field.name))
