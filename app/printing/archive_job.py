"""Household archives as a print job: a document for each household, or one bound volume with contents in front."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from app.errors import UserError
from app.pdf.document import PdfDocument
from app.printing import print_record
from app.printing.print_job import DrawDocument
from app.progress import Progress, Task
from app.reports import master_contents, render
from app.reports.draft_check import households_with_errors
from app.reports.file_names import archive_file_stem
from app.reports.render import RenderedVolume, RenderSettings
from app.workbook.workbook import Workbook

AUDIT_TEXT = "打印一户一档"
_CONTENTS_ANCHOR = "contents"


@dataclass(frozen=True, slots=True)
class ArchiveJob:
    """Archives to print.

    Attributes:
        households: ids, in the order in which they are bound
        sections: names of parts (app/reports/catalogue.py); all if None
        reason: why households with open issues are printed without the watermark of a draft
    """

    households: Sequence[str]
    sections: Sequence[str] | None = None
    reason: str = ""

    def prepare(self, workbook: Workbook) -> Task["ArchiveDocuments"]:
        """Check the choice, and find out which archives are drafts.

        Raises:
            UserError: no household is chosen
            KeyError: there is no such section
        """
        if not self.households:
            raise UserError("没有选择要打印的户，请先选择。")
        settings = render.render_settings(workbook, self.sections, self.reason)
        with_errors = yield from households_with_errors(workbook, self.households)
        return ArchiveDocuments(workbook, tuple(self.households), settings, with_errors)

    def suggested_name(self, workbook: Workbook) -> str:
        """A file name to offer, without its ending."""
        if len(self.households) != 1:
            return "一户一档"
        with workbook.reading() as session:
            return archive_file_stem(session, self.households[0])


@dataclass(frozen=True, slots=True)
class ArchiveDocuments:
    """The archives of a job. `with_errors`: households whose quality check does not pass."""

    workbook: Workbook
    households: tuple[str, ...]
    settings: RenderSettings
    with_errors: frozenset[str]

    audit_text = AUDIT_TEXT
    empty_message = ""  # an archive always has a cover

    @property
    def title(self) -> str:
        return f"{'、'.join(village.name for village in self.workbook.villages)}一户一档（{len(self.households)}户）"

    def __len__(self) -> int:
        return len(self.households)

    def file_stem(self, n: int) -> str:
        with self.workbook.reading() as session:
            return archive_file_stem(session, self.households[n])

    def build(self, n: int) -> DrawDocument:
        return partial(self._draw, n=n)

    def draw_volume(self, pdf: PdfDocument) -> Task[list[RenderedVolume]]:
        """Draw all archives, each beginning on a sheet of its own, and in front the contents that says where."""
        settings, pages_before = self.settings, []
        volumes: list[RenderedVolume] = []
        pdf.bookmark(master_contents.TITLE, anchor=_CONTENTS_ANCHOR)
        for n in range(len(self.households)):
            yield Progress(n, len(self.households), "正在排版")
            if settings.duplex and pdf.page_count % 2:
                pdf.blank_page()
            pages_before.append(pdf.page_count)
            volumes.append(self._draw(pdf, n, level=1))
        pdf.set_anchor(_CONTENTS_ANCHOR)
        contents_pages, missing = master_contents.draw_contents(pdf, self.title, volumes, pages_before, settings)
        pdf.move_to_front(contents_pages)
        return [replace(volumes[0], missing=(*missing, *volumes[0].missing)), *volumes[1:]]

    def save(self, rendered: Sequence[RenderedVolume]) -> None:
        print_record.save(self.workbook, rendered)

    def _draw(self, pdf: PdfDocument, n: int, level: int = 0) -> RenderedVolume:
        household_id = self.households[n]
        has_errors = household_id in self.with_errors
        return render.render_volume(self.workbook, pdf, household_id, self.settings, level, has_errors=has_errors)
