"""Draws one report: its flowables paginated form by form, with page numbers and footer around them."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.pdf.canvas import PageCanvas
from app.pdf.document import PdfDocument
from app.pdf.flowables import Flowable, Fragment, PageBreak
from app.pdf.page_frame import PageFrame, draw_frame, draw_gb9704_number
from app.pdf.pagination import draw_fragments, paginate
from app.reports.unprintable import Unprintable, collect_missing
from app.reports.village import Report

_CONTENT = "内容"  # where something cannot be read, which is on no certain page


@dataclass(frozen=True, slots=True)
class RenderedReport:
    """One report as it was drawn."""

    title: str
    pages: int
    missing: tuple[Unprintable, ...]
    keywords: str = ""
    draft: bool = False


@dataclass(frozen=True, slots=True)
class ReportStyle:
    """What all pages of a run share. `footer`: at the foot of each page, "" where the report prints none."""

    report: Report
    duplex: bool
    footer: str


def render_report(
    pdf: PdfDocument,
    flowables: Sequence[Flowable],
    style: ReportStyle,
    title: str,
    owner: str,
    told: Sequence[str] = (),
) -> RenderedReport:
    """Draw one report after the pages that the document has.

    Each form has page numbers of its own and, printed on both sides, begins on a sheet of its own.

    Args:
        title: of a document that holds this report alone
        owner: what a message about what cannot be drawn calls it
        told: what could not be read while it was built
    """
    first_page = pdf.page_count
    pdf.open_section(title)
    missing: dict[str, Unprintable] = {}
    for form in _split_forms(flowables):
        form_pages = [fragments for section in form for fragments in paginate(section, *style.report.format.text_area)]
        if style.duplex and style.report.frame != "bare" and pdf.page_count % 2:
            _draw_page(pdf, (), style, 0, 0)
        for number, fragments in enumerate(form_pages, 1):
            _draw_page(pdf, fragments, style, number, len(form_pages))
            collect_missing(missing, pdf, owner, f"第 {pdf.page_count - first_page} 页")
    broken = [Unprintable(owner, _CONTENT, text) for text in told]
    return RenderedReport(title, pdf.page_count - first_page, (*broken, *missing.values()))


def _draw_page(
    pdf: PdfDocument, fragments: Sequence[tuple[float, Fragment]], style: ReportStyle, number: int, total: int
) -> None:
    """One page; number 0 for an empty one."""
    back = style.duplex and number % 2 == 0
    geometry = style.report.format.page(back)
    canvas = PageCanvas(pdf, geometry.width, geometry.height)
    draw_fragments(canvas, geometry, fragments)
    if style.report.frame == "official" and total > 1:
        draw_gb9704_number(canvas, geometry, number, back)
    elif style.report.frame in ("internal", "plain") and number:
        frame = PageFrame(f"第 {number} 页 共 {total} 页", "", style.footer, back)
        draw_frame(canvas, geometry, frame, landscape=style.report.format.landscape)
    canvas.finish()


def _split_forms(flowables: Sequence[Flowable]) -> list[list[list[Flowable]]]:
    """The forms, each as sections that begin on a new page, each as its flowables."""
    forms: list[list[list[Flowable]]] = [[[]]]
    for flowable in flowables:
        if not isinstance(flowable, PageBreak):
            forms[-1][-1].append(flowable)
        elif flowable.new_form and forms[-1] != [[]]:
            forms.append([[]])
        elif forms[-1][-1]:
            forms[-1].append([])
    return forms
