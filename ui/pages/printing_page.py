"""打印: choose what and for whom, see it as it will lie on the table, save it as PDF or print it."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.errors import UserError
from app.progress import Task
from app.records.row_views import HouseholdRow
from ui.printing.household_list import PrintHouseholdList
from ui.printing.page_queries import dismiss_batch, load_households, load_subjects, load_unfinished
from ui.printing.preview import PdfPreview
from ui.printing.print_choice import PrintChoice
from ui.printing.print_options import SELECTED_ONLY, PrintOptionsForm
from ui.printing.report_list import ARCHIVE, ReportList
from ui.printing.section_list import SectionList
from ui.printing.subject_list import SubjectList
from ui.printing.unfinished_batch_banner import UnfinishedBatchBanner
from ui.printing.unprintable_banner import UnprintableBanner
from ui.printing.verify_dialog import VerifyDialog
from ui.shell.page import AppContext, Page
from ui.widgets.file_choice import folder_name, save_file_name
from ui.widgets.two_sides import two_sides

if TYPE_CHECKING:
    from app.printing.batch import UnfinishedBatch
    from app.printing.print_record import PrintResult
    from app.reports.catalogue import Part
    from app.reports.era import Terms
    from app.reports.parameters import ReportParameters
    from app.reports.subject_choices import SubjectChoice
    from app.reports.village import Report, ReportSubject
    from app.workbook.workbook import WorkbookChanges

_PREVIEW_DELAY_MS = 250  # ms after the last change of choice before the preview is made anew
_SUBJECTS = ("round", "helper", "package", "record", "view", "entry", "month")  # what a paper is asked for about
_RENDERING = "正在排版…"
_BATCH_STOPPED = "已停止，已打印的档案均已保存。按 Ctrl+J 继续打印；不需要的，按“取消打印”。"


class PrintingPage(Page):
    """`open(paper=…, household=…, households=…, sections=…, round=…, helper=…, package=…, record=…, view=…)` chooses
    just these."""

    TITLE: ClassVar[str] = "打印"
    ICON: ClassVar[str] = "print"
    ORDER: ClassVar[int] = 60
    GROUP: ClassVar[str] = "打印"
    SHORTCUT: ClassVar[str] = "Ctrl+5"
    CHAPTER: ClassVar[str] = "08-打印一户一档"

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._pending_households: tuple[str, ...] = ()  # households to choose as soon as the list is there
        self._pending_subject = ""  # likewise a round, helper or exchange
        self.report_list, self.household_list, self.subject_list, self.options = (
            ReportList(),
            PrintHouseholdList(),
            SubjectList(),
            PrintOptionsForm(),
        )
        self.section_list, self.preview = SectionList(), PdfPreview()
        self.unprintable_banner, self.unfinished_banner = UnprintableBanner(), UnfinishedBatchBanner()
        self.output_form = self.options.output_form
        self.verify_dialog: VerifyDialog | None = None
        self.choice = PrintChoice(
            self.report_list, self.household_list, self.subject_list, self.section_list, self.options
        )
        self.preview.show_hint(self.choice.preview_job()[1])
        self._preview_timer = QTimer(self)
        self._preview_timer.setSingleShot(True)
        self._preview_timer.setInterval(_PREVIEW_DELAY_MS)
        self._actions = self._create_actions()
        self.preview.add_actions(self._create_preview_actions())
        self._build_layout()
        self._connect_signals()
        self._update_options()

    @classmethod
    def load_ahead(cls) -> Iterator[None]:
        from app.printing import archive_job  # noqa: F401 - with all that it prints

        yield
        from app.printing import report_job  # noqa: F401
        from app.reports.packs import all_packs

        yield
        all_packs()

    def _create_actions(self) -> list[QAction]:
        return [
            self.add_page_action("savePdf", "保存为 PDF…", "Ctrl+S", self._choose_output, "save"),
            self.add_page_action("print", "打印…", "Ctrl+P", self._choose_printer, "print"),
            self.add_page_action("verify", "核对纸质档案…", "Ctrl+K", self.open_verify_dialog, "settled"),
            self.add_page_action("chooseAll", "选列表里全部户", "Ctrl+Shift+A", self.household_list.select_all),
            self.add_page_action("previewAgain", "刷新预览", "F5", self._show_preview),
        ]

    def _create_preview_actions(self) -> list[QAction]:
        """Actions of the preview, which stand over it."""
        return [
            self.add_page_action("previousPage", "上一页", "Ctrl+PgUp", partial(self.preview.turn_pages, -1)),
            self.add_page_action("nextPage", "下一页", "Ctrl+PgDown", partial(self.preview.turn_pages, 1)),
            self.add_page_action("larger", "放大", "Ctrl+=", partial(self.preview.zoom, True)),
            self.add_page_action("smaller", "缩小", "Ctrl+-", partial(self.preview.zoom, False)),
            self.add_page_action("fitWidth", "适合宽度", "Ctrl+0", self.preview.fit_width),
        ]

    def _build_layout(self) -> None:
        left_panel = QWidget()
        left_layout = QVBoxLayout(left_panel)
        left_layout.setContentsMargins(0, 0, 8, 0)
        self.subject_stack = QStackedWidget()
        self.subject_stack.addWidget(self.household_list)
        self.subject_stack.addWidget(self.subject_list)
        left_layout.addWidget(self.report_list)
        left_layout.addWidget(self.subject_stack, 3)
        left_layout.addWidget(self.options)
        left_layout.addWidget(self.section_list, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        layout.addWidget(self.unfinished_banner)
        layout.addWidget(self.unprintable_banner)
        layout.addWidget(two_sides(left_panel, self.preview, (440, 750), self), 1)

    def _connect_signals(self) -> None:
        self.household_list.selection_count_changed.connect(self._on_selection_count_changed)
        self.household_list.household_selected.connect(lambda _: self._preview_timer.start())
        self.household_list.table.row_activated.connect(lambda id: self.context.open("household", household=id))
        self.subject_list.current_row_changed.connect(lambda _: self._preview_timer.start())
        self.report_list.report_changed.connect(lambda _: self._update_options())
        self.options.changed.connect(self._preview_timer.start)
        self.section_list.changed.connect(self._preview_timer.start)
        self._preview_timer.timeout.connect(self._show_preview)
        self.unfinished_banner.resume_requested.connect(self.resume)
        self.unfinished_banner.dismissed.connect(self._dismiss)

    def visible_actions(self) -> list[QAction]:
        return self._actions

    def open(self, **params: Any) -> None:
        self._pending_households = tuple(params.get("households") or filter(None, (params.get("household"),)))
        self._pending_subject = str(next((params[key] for key in _SUBJECTS if params.get(key)), ""))
        before, self.choice.view = self.choice.subject, str(params.get("view", ""))
        self.options.year.setValue(int(params.get("year", self.options.year.value())))
        self.options.month.setValue(int(params.get("month_of_year", 0)))
        if params.get("paper") or self._pending_households:
            self.report_list.select(str(params.get("paper", ARCHIVE)))
            self.section_list.choose(params.get("sections", ()))
        if self._pending_households and params.get("paper"):
            self.options.scope.setCurrentText(SELECTED_ONLY)
        self._show_unfinished()
        self._load_households()
        self._load_subjects() if self.choice.subject == before else self._update_options()

    def refresh(self, changes: "WorkbookChanges") -> None:
        if changes.touches("household", "member", "village"):
            self._load_households()
        register = (self.report.register,) if self.report and self.report.register else ()
        if changes.touches("round", "inspection", "helper", "assignment", "saved_view", *register):
            self._load_subjects()
        self._preview_timer.start()

    # --- what there is to choose from --------------------------------------------------------------------------------

    @property
    def report(self) -> "Report | None":
        """The paper that is chosen, None for archives and packs."""
        return self.choice.report

    def _update_options(self) -> None:
        subject = self.choice.subject
        self.unprintable_banner.hide()
        self.preview.show_hint(_RENDERING)
        self._show_options(subject)
        self.section_list.setVisible(self.choice.is_archive)
        self.subject_stack.setVisible(not self.choice.pack)
        self.subject_stack.setCurrentWidget(
            self.household_list if subject in ("household", "village") else self.subject_list
        )
        self._load_subjects()
        self._preview_timer.start()

    def _show_options(self, subject: "ReportSubject") -> None:
        if self.choice.pack:
            self.options.show_pack_options()
        else:
            parameters = self.report.parameters if self.report else ()
            self.options.show_options(self.report_list.selected(), subject, parameters)

    def _load_households(self) -> None:
        self.context.read(self._show_households, load_households)

    def _show_households(self, loaded: "tuple[list[HouseholdRow], tuple[Part, ...], Terms]") -> None:
        households, parts, words = loaded
        self.report_list.rename(words)
        self.section_list.show_sections(parts, words)
        self.household_list.show_households(households, self._pending_households)
        self._pending_households = ()
        self._preview_timer.start()

    def _load_subjects(self) -> None:
        report, subject = self.report, self.choice.subject
        if report is None or subject in ("household", "village"):
            return

        def show_subjects(choices: "tuple[SubjectChoice, ...]") -> None:
            if report is self.report:
                self.subject_list.show_choices(subject, choices, wanted)
                self._pending_subject = ""
                self._preview_timer.start()

        wanted = self._pending_subject or self.subject_list.current_id()
        asked = (subject, report.register, report.list_key, self.choice.view, wanted)
        self.context.read(show_subjects, load_subjects, *asked)

    def _on_selection_count_changed(self, count: int) -> None:
        self.output_form.setEnabled(count > 1 or bool(self.choice.pack))
        if self.choice.subject == "village" or not self.options.takes_folder:
            self._preview_timer.start()

    # --- what is chosen ----------------------------------------------------------------------------------------------

    def collect_parameters(self) -> "list[ReportParameters]":
        """What the chosen paper is to be printed about; empty where nothing is chosen."""
        return self.choice.parameters()

    def _check_ready(self) -> bool:
        """Whether something can be printed; says what is missing where it cannot."""
        self.unprintable_banner.hide()
        if message := self.choice.missing():
            self.context.status_bar.info(message)
        return not message

    # --- preview -----------------------------------------------------------------------------------------------------

    def _show_preview(self) -> None:
        from app.printing.pipeline import preview, preview_volume

        self._preview_timer.stop()
        job, hint = self.choice.preview_job()
        if job is None:
            self.preview.show_hint(hint)
        else:
            self.preview.show_hint_while_empty(_RENDERING)
            whole = self.choice.is_previewed_whole
            work = (
                preview_volume(self.context.workbook, self.choice.job())
                if whole
                else preview(self.context.workbook, job)
            )
            self.preview.load(self.context.tasks, work, self.choice.preview_note)

    # --- saving ------------------------------------------------------------------------------------------------------

    def _choose_output(self) -> None:
        if not self._check_ready():
            return
        if self.choice.is_several and self.options.takes_folder:
            output = folder_name(self, "PDF 放在哪个文件夹")
        else:
            output = save_file_name(
                self, "存在哪里", f"{self.choice.job().suggested_name(self.context.workbook)}.pdf", "PDF (*.pdf)"
            )
            output = output if not output or output.lower().endswith(".pdf") else f"{output}.pdf"
        if output:
            self.save(Path(output))

    def save(self, output: Path, *, substitute_missing: bool = False) -> None:
        """Save what is chosen: a .pdf takes all, a folder gets one file each."""
        from app.printing.pipeline import print_to_path
        from app.printing.print_job import PrintOptions

        if not self._check_ready():
            return
        options = PrintOptions(substitute_missing, self.options.password.text())
        task = print_to_path(self.context.workbook, self.choice.job(), output, options)
        self._start_printing(task, self._on_saved, partial(self.save, output, substitute_missing=True), "保存 PDF")

    def _on_saved(self, record: "PrintResult") -> None:
        output_text = record.files[0].name if len(record.files) == 1 else f"{len(record.files)} 个文件"
        drafts = f"其中 {record.drafts} 户有错误没有改，印了“草稿”。" if record.drafts else ""
        self.context.status_bar.written(
            f"已保存 {record.documents} {self.choice.unit}、{record.pages} 页：{output_text}。"
            f"{drafts}用完请妥善保管或删除。",
            record.files[0] if len(record.files) == 1 else record.files[0].parent,
        )
        self._show_unfinished()

    # --- printing ----------------------------------------------------------------------------------------------------

    def _choose_printer(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        if self._check_ready():
            printer = QPrinter(QPrinter.PrinterMode.HighResolution)
            if QPrintDialog(printer, self).exec():
                self.print_to(printer)

    def print_to(self, printer: Any, *, substitute_missing: bool = False) -> None:
        """Print what is chosen on a printer (QPrinter)."""
        from ui.printing.printer import print_job

        if not self._check_ready():
            return
        unit = self.choice.unit
        self._start_printing(
            print_job(
                self.context.workbook,
                self.choice.job(),
                printer,
                self.choice.title,
                substitute_missing=substitute_missing,
            ),
            lambda result: self.context.status_bar.info(f"已送打印机：{result.documents} {unit}、{result.pages} 页。"),
            partial(self.print_to, printer, substitute_missing=True),
            "打印",
        )

    def _start_printing(self, task: Task[Any], on_done: Any, retry: Any, title: str) -> None:
        self.unfinished_banner.hide()
        running_task = self.context.tasks.start(
            task, on_done, failed=partial(self._on_failed, retry), queue="read", title=title
        )
        running_task.cancelled.connect(lambda: self._show_unfinished(stopped=True))

    def _on_failed(self, retry: Any, error: UserError) -> None:
        from app.reports.unprintable import UnprintableError

        if isinstance(error, UnprintableError):
            if error.batch is not None:  # everything else is printed already
                retry = partial(self.resume, error.batch, self.options.password.text(), substitute_missing=True)
            self.unprintable_banner.ask(str(error), retry)
        else:
            self.context.status_bar.error(error)
            self._show_unfinished()

    # --- batches, and paper held against the record ------------------------------------------------------------------

    def _show_unfinished(self, *, stopped: bool = False) -> None:
        def show_batches(batches: "tuple[UnfinishedBatch, ...]") -> None:
            self.unfinished_banner.show_batches(batches)
            if stopped and batches:
                self.context.status_bar.info(_BATCH_STOPPED)

        self.context.tasks.read(partial(load_unfinished, self.context.workbook), show_batches)

    def resume(self, n: int, password: str = "", *, substitute_missing: bool = False) -> None:
        """Print what is left of a batch."""
        from app.printing.batch import resume
        from app.printing.print_job import PrintOptions

        options = PrintOptions(substitute_missing, password)
        self._start_printing(
            resume(self.context.workbook, n, options), self._on_saved, self._show_unfinished, "继续打印"
        )

    def _dismiss(self, n: int) -> None:
        self.context.tasks.start(partial(dismiss_batch, self.context.workbook, n), lambda _: self._show_unfinished())

    def open_verify_dialog(self) -> None:
        """Open the window in which covers are held against the record."""
        if self.verify_dialog is None:
            self.verify_dialog = VerifyDialog(self.context)
            self.verify_dialog.household_requested.connect(lambda id: self.context.open("household", household=id))
        self.verify_dialog.show()
        self.verify_dialog.raise_()
        self.verify_dialog.code_edit.setFocus()
