"""Reports as a print job: one document for each set of parameters, e.g. a card for each household."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from sqlalchemy.orm import Session

from app.pdf.document import PdfDocument
from app.progress import Progress, Task
from app.records.masked_reading import reading_for_paper
from app.reports import formatting
from app.reports.era_labels import WordsOn, relabel
from app.reports.file_names import report_file_stem, safe_file_name
from app.reports.household_context import load_context
from app.reports.household_selection import village_terms
from app.reports.parameters import ReportParameters
from app.reports.report_render import RenderedReport, ReportStyle, render_report
from app.reports.unprintable import take_notes
from app.reports.village import Report, get_report
from app.workbook import preferences
from app.workbook.workbook import Workbook


@dataclass(frozen=True, slots=True)
class ReportJob:
    """A report to print.

    Attributes:
        name: of the report (app/reports/village)
        parameter_sets: one printing each; a report about a household takes one household in each
    """

    name: str
    parameter_sets: Sequence[ReportParameters]

    def prepare(self, workbook: Workbook) -> Task["ReportDocuments"]:
        """Read what all printings share.

        Raises:
            KeyError: there is no such report
        """
        report = get_report(self.name)
        yield Progress(0, len(self.parameter_sets), "正在排版")
        footer = formatting.print_footer(workbook.operator, datetime.now()) if report.frame == "internal" else ""
        style = ReportStyle(report, bool(preferences.get(workbook, "duplex")), footer)
        return ReportDocuments(workbook, style, self.title(workbook), tuple(self.parameter_sets))

    def title(self, workbook: Workbook) -> str:
        """What all its printings are, in the words of the first day that they are of."""
        day = min((parameters.day for parameters in self.parameter_sets), default=date.today())
        with workbook.reading() as session:
            return get_report(self.name).called(village_terms(session, day))

    def suggested_name(self, workbook: Workbook) -> str:
        """A file name to offer, without its ending."""
        report = get_report(self.name)
        if report.subject == "household" and len(self.parameter_sets) == 1:
            with workbook.reading() as session:
                return report_file_stem(session, report, self.parameter_sets[0])
        titles = (parameters.title for parameters in self.parameter_sets if parameters.title)
        return safe_file_name(next(titles, "") or self.title(workbook))


@dataclass(frozen=True, slots=True)
class ReportDocuments:
    """The printings of a job; `title`: of the report, in the words of its era."""

    workbook: Workbook
    style: ReportStyle
    title: str
    parameter_sets: tuple[ReportParameters, ...]

    @property
    def report(self) -> Report:
        return self.style.report

    @property
    def audit_text(self) -> str:
        """With a note where ID numbers are printed in full."""
        full = "full" in self.report.parameters and any(parameters.full for parameters in self.parameter_sets)
        return f"打印{self.title}（完整号码）" if full else f"打印{self.title}"

    @property
    def empty_message(self) -> str:
        return f"所选的内容里没有可以印成“{self.title}”的。请换一户，或先把要印的内容登记好。"

    def __len__(self) -> int:
        return len(self.parameter_sets)

    def file_stem(self, n: int) -> str:
        with self.workbook.reading() as session:
            return report_file_stem(session, self.report, self.parameter_sets[n])

    def build(self, n: int) -> Callable[[PdfDocument], RenderedReport] | None:
        parameters, owner = self.parameter_sets[n], self.title
        with reading_for_paper(self.workbook) as session:
            flowables = self.report.build(session, parameters)
            told = take_notes(session)
            flowables = relabel(flowables, _words_on(session, self.report, parameters), parameters.title)
            if flowables and self.report.subject == "household":
                owner = f"{load_context(session, parameters.households[0]).head_name}{self.title}"
        if not flowables:
            return None
        title = parameters.title or self.title
        return partial(render_report, flowables=flowables, style=self.style, title=title, owner=owner, told=told)

    def draw_volume(self, pdf: PdfDocument) -> Task[list[RenderedReport]]:
        rendered = []
        for n in range(len(self)):
            yield Progress(n, len(self), "正在排版")
            draw = self.build(n)
            if draw is not None:
                rendered.append(draw(pdf))
        return rendered

    def save(self, rendered: Sequence[RenderedReport]) -> None:
        """Reports leave no record but the audit entry."""


def _words_on(session: Session, report: Report, parameters: ReportParameters) -> WordsOn:
    """The words of a form of a day, of a household's village or of the first."""
    if report.subject == "household":
        return load_context(session, parameters.households[0]).terms_on
    words = village_terms(session, parameters.day)
    return lambda day: village_terms(session, day) if day else words
