"""What is chosen on the print page, as a job: archives, one of the papers, or a pack of them."""

from typing import TYPE_CHECKING

from ui.printing.household_list import PrintHouseholdList
from ui.printing.print_options import PrintOptionsForm
from ui.printing.report_list import ARCHIVE, ReportList
from ui.printing.section_list import SectionList
from ui.printing.subject_list import SubjectList

if TYPE_CHECKING:
    from app.printing.print_job import PrintJob
    from app.reports.parameters import ReportParameters
    from app.reports.village import Report, ReportSubject

_NO_SELECTION_HINT = "在左边选一户，这里就显示印出来的样子。"
_NO_SECTION = "请至少勾选一种材料。"
_NO_HOUSEHOLD = "请先选择要打印的户。按住 Ctrl 点选多户，Ctrl+Shift+A 选列表里全部户。"
_MOST_BOUND = 8  # households or papers that are laid out for the preview of a bound volume: a few seconds
_ONE_OF_MANY = "（合成一册共 {0} {1}，多于 {2} {1}的只预览一{1}）"
_SHORT_PASSWORD = "密码太短，至少 {} 位。不加密就清空密码。"


class PrintChoice:
    """Reads the controls of the page. `view`: the list that another page wants printed as it shows it."""

    def __init__(
        self,
        report_list: ReportList,
        household_list: PrintHouseholdList,
        subject_list: SubjectList,
        section_list: SectionList,
        options: PrintOptionsForm,
    ) -> None:
        self._report_list, self._household_list, self._subject_list = report_list, household_list, subject_list
        self._section_list, self._options = section_list, options
        self.view = ""

    @property
    def is_archive(self) -> bool:
        return self._report_list.selected() == ARCHIVE

    @property
    def pack(self) -> str:
        """The name of the pack that is chosen, "" for anything else."""
        return self._report_list.selected_pack()

    @property
    def report(self) -> "Report | None":
        """The paper that is chosen, None for archives and packs."""
        from app.reports.village import get_report

        return None if self.is_archive or self.pack else get_report(self._report_list.selected())

    @property
    def subject(self) -> "ReportSubject":
        """What is to be chosen for it."""
        if self.pack:
            return "village"
        return self.report.asked_about(self.view) if self.report else "household"

    @property
    def unit(self) -> str:
        """What documents are counted in."""
        return "户" if self.is_archive else "份"

    @property
    def title(self) -> str:
        """What a printer's queue calls it."""
        return "一户一档" if self.is_archive else self._report_list.currentText().strip()

    @property
    def is_several(self) -> bool:
        """Whether more than one document is printed, so that they may go into a folder."""
        return bool(self.pack) or self._document_count() > 1

    @property
    def is_bound(self) -> bool:
        """Whether all that is chosen is to become one volume."""
        return self.is_several and not self._options.takes_folder

    @property
    def is_previewed_whole(self) -> bool:
        """Whether the preview shows the bound volume; a large one would keep the officer waiting."""
        return self.is_bound and (bool(self.pack) or self._document_count() <= _MOST_BOUND)

    @property
    def preview_note(self) -> str:
        """Why the preview does not show all of a bound volume, "" where it does."""
        if not self.is_bound or self.is_previewed_whole:
            return ""
        return _ONE_OF_MANY.format(self._document_count(), self.unit, _MOST_BOUND)

    def parameters(self) -> "list[ReportParameters]":
        """What the chosen paper is to be printed about; empty where nothing is chosen."""
        from ui.printing.report_parameters import collect_parameters

        chosen = (self.subject, self._household_list, self._subject_list, self._options)
        return collect_parameters(self.report, *chosen) if self.report else []

    def missing(self) -> str:
        """What keeps it from being printed, "" where nothing does."""
        from app.pdf.encryption import MIN_PASSWORD_LENGTH

        if 0 < len(self._options.password.text()) < MIN_PASSWORD_LENGTH:
            return _SHORT_PASSWORD.format(MIN_PASSWORD_LENGTH)
        if self.is_archive:
            if not self._household_list.table.selected_ids():
                return _NO_HOUSEHOLD
            return _NO_SECTION if self._section_list.selected_sections() == [] else ""
        return "" if self.pack or self.parameters() else _NO_HOUSEHOLD

    def job(self) -> "PrintJob":
        """All of it."""
        from app.printing.archive_job import ArchiveJob
        from app.printing.report_job import ReportJob

        if self.pack:
            return self._pack_job()
        if self.report is not None:
            return ReportJob(self.report.name, self.parameters())
        household_ids, sections = self._household_list.table.selected_ids(), self._section_list.selected_sections()
        return ArchiveJob(household_ids, sections, self._options.reason.text().strip())

    def preview_job(self) -> "tuple[PrintJob | None, str]":
        """The one document of the current household or choice; without one, what is still to be chosen."""
        from app.printing.archive_job import ArchiveJob
        from app.printing.report_job import ReportJob

        if self.pack:
            return self._pack_job(), ""
        household_id = self._household_list.table.current_id()
        if self.report is None:
            sections = self._section_list.selected_sections()
            if not household_id or sections == []:
                return None, _NO_SELECTION_HINT if not household_id else _NO_SECTION
            return ArchiveJob((household_id,), sections, self._options.reason.text().strip()), ""
        parameter_sets = self.parameters()
        parameters = next(
            (candidate for candidate in parameter_sets if candidate.households == (household_id,)),
            next(iter(parameter_sets), None),
        )
        return (ReportJob(self.report.name, (parameters,)), "") if parameters else (None, _NO_SELECTION_HINT)

    def _document_count(self) -> int:
        """How many archives, or printings of a paper."""
        return len(self._household_list.table.selected_ids() if self.is_archive else self.parameters())

    def _pack_job(self) -> "PrintJob":
        from datetime import date

        from app.printing.pack_job import PackJob

        return PackJob(self.pack, self._options.selected_year() or date.today().year)
