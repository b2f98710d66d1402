"""Packs as a print job: contents that say what is there and what is not, and behind them the papers.

In one volume the contents say on which page each paper begins; in a folder each paper is a file with its number.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.errors import UserError
from app.pdf.document import PdfDocument
from app.pdf.flowables import Flowable, Heading, Paragraph, Spacer, Title
from app.pdf.page_style import A4, CELL, LABEL, LINE_TEXT
from app.pdf.pagination import paginate
from app.printing.report_job import ReportDocuments
from app.progress import Progress, Task
from app.records.masked_reading import reading_for_paper
from app.reports import formatting
from app.reports.file_names import safe_file_name
from app.reports.household_selection import village_terms
from app.reports.ledger import LedgerColumn, ledger_table
from app.reports.packs import Pack, PackPaper, get_pack, printings
from app.reports.parameters import ReportParameters
from app.reports.report_render import RenderedReport, ReportStyle, render_report
from app.reports.village import Report
from app.workbook import preferences
from app.workbook.workbook import Workbook

_CONTENTS = "目录"
_ANCHOR = "pack_contents"


@dataclass(frozen=True, slots=True)
class PackJob:
    """A pack of one year."""

    name: str
    year: int

    def prepare(self, workbook: Workbook) -> Task["PackDocuments"]:
        """Find out which papers there are.

        Raises:
            KeyError: there is no such pack
        """
        pack = get_pack(self.name)
        duplex = bool(preferences.get(workbook, "duplex"))
        footer = formatting.print_footer(workbook.operator, datetime.now())
        papers, lacking = [], []
        for n, paper in enumerate(pack.papers):
            yield Progress(n, len(pack.papers), "正在汇集")
            with reading_for_paper(workbook) as session:
                found = list(printings(session, paper, self.year))
                title = paper.report.called(village_terms(session, ReportParameters(year=self.year).day))
            style = ReportStyle(paper.report, duplex, footer if paper.report.frame == "internal" else "")
            made = [
                _Paper(_title(paper, title, told), ReportDocuments(workbook, style, title, (parameters,)))
                for told, parameters in found
            ]
            refused = {one.title: why for one in made if (why := one.find_refusal()) is not None}
            papers += [one for one in made if one.title not in refused]
            lacking += [f"{name}（{why}）" if why else name for name, why in refused.items()]
            lacking += [] if made else [title]
        return PackDocuments(workbook, pack, self.year, tuple(papers), tuple(lacking), duplex, footer)

    def suggested_name(self, workbook: Workbook) -> str:
        """A file name to offer, without its ending."""
        return safe_file_name(f"{self.year}年{get_pack(self.name).title}")


def _title(paper: PackPaper, title: str, told: str) -> str:
    """How the contents call a paper; a form of the village by its own name."""
    if paper.form:
        return told
    return f"{title}：{told}" if told else title


@dataclass(frozen=True, slots=True)
class _Paper:
    """One paper; `title` as the contents call it."""

    title: str
    documents: ReportDocuments

    def find_refusal(self) -> str | None:
        """Why it cannot be printed, "" where there is nothing to print; None where it can."""
        try:
            return None if self.documents.build(0) is not None else ""
        except UserError as error:
            return str(error).rstrip("。")


@dataclass(frozen=True, slots=True)
class PackDocuments:
    """The contents and the papers of a pack; `lacking`: titles of what the workbook has nothing for."""

    workbook: Workbook
    pack: Pack
    year: int
    papers: tuple[_Paper, ...]
    lacking: tuple[str, ...]
    duplex: bool
    footer: str

    empty_message = ""  # there are always contents

    @property
    def title(self) -> str:
        names = "、".join(village.name for village in self.workbook.villages)
        return f"{names}{self.year}年{self.pack.title}"

    @property
    def audit_text(self) -> str:
        return f"打印{self.year}年{self.pack.title}"

    def __len__(self) -> int:
        return 1 + len(self.papers)

    def file_stem(self, n: int) -> str:
        return safe_file_name(f"{n:02} {self.papers[n - 1].title if n else _CONTENTS}")

    def build(self, n: int) -> Callable[[PdfDocument], RenderedReport] | None:
        return self.papers[n - 1].documents.build(0) if n else self._draw_contents

    def draw_volume(self, pdf: PdfDocument) -> Task[list[RenderedReport]]:
        """The papers, each on a sheet of its own, and in front the contents that say where."""
        contents_pages, rendered, first_pages = self._count_contents_pages(), [], []
        pdf.bookmark(_CONTENTS, anchor=_ANCHOR)
        for n, paper in enumerate(self.papers):
            yield Progress(n, len(self.papers), "正在排版")
            draw = paper.documents.build(0)
            if self.duplex and pdf.page_count % 2:
                pdf.blank_page()
            first_pages.append(contents_pages + pdf.page_count + 1)
            assert draw is not None  # it was there when the pack was put together
            rendered.append(draw(pdf))
        pdf.set_anchor(_ANCHOR)
        contents = self._draw_contents(pdf, [one.pages for one in rendered], first_pages)
        if self.duplex and contents.pages % 2:
            pdf.blank_page()
        pdf.move_to_front(contents_pages)
        return [contents, *rendered]

    def save(self, rendered: Sequence[RenderedReport]) -> None:
        """Packs leave no record but the audit entry."""

    def _count_contents_pages(self) -> int:
        """How many pages the contents take, before the pages of the papers are known."""
        unknown = [0] * len(self.papers)
        pages = len(list(paginate(self._contents(unknown, unknown), *A4.text_area)))
        return pages + pages % 2 if self.duplex else pages

    def _draw_contents(
        self, pdf: PdfDocument, pages: Sequence[int] = (), first_pages: Sequence[int] = ()
    ) -> RenderedReport:
        flowables = self._contents(pages, first_pages)
        report = Report("", _CONTENTS, "", 0, "village", A4, "internal", False, frozenset(), lambda *_: flowables)
        style = ReportStyle(report, self.duplex, self.footer)
        return render_report(pdf, flowables, style, title=self.title, owner=_CONTENTS)

    def _contents(self, pages: Sequence[int], first_pages: Sequence[int]) -> list[Flowable]:
        """`pages`: of each paper and where it begins, where they are bound in one volume."""
        columns = [LedgerColumn("材料", 118, "left")]
        rows = [[paper.title] for paper in self.papers]
        if pages:
            columns += [LedgerColumn("页数", 22, "right"), LedgerColumn("首页", 22, "right")]
            rows = [[*row, str(n), str(first)] for row, n, first in zip(rows, pages, first_pages, strict=True)]
        flowables: list[Flowable] = [
            Title(_CONTENTS, self.title),
            ledger_table(columns, rows, body_style=CELL, header_style=LABEL),
        ]
        if pages:
            note = "“首页”是本文件的第几面；各份材料的页码从 1 起，各自连续。"
            flowables += [Spacer(2), Paragraph(note, LINE_TEXT)]
        if self.lacking:
            flowables += [Heading("还没有登记、印不出来的"), Paragraph("、".join(self.lacking), LINE_TEXT)]
        return flowables
