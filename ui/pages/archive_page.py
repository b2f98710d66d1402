"""打印: choose what and for whom, see it as it will lie on the table, save it as PDF or print it."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.errors import OfficeError
from app.progress import Progress, Work
from app.records.lists import HouseholdRow, household_rows
from ui.archive.choices import ONE_EACH, THE_CHOSEN, Choices
from ui.archive.going_on import GoingOn
from ui.archive.homes import Homes
from ui.archive.lacking import Lacking
from ui.archive.material import Material
from ui.archive.others import Others
from ui.archive.preview import Preview
from ui.archive.verifying import Verifying
from ui.archive.what import ARCHIVE, What
from ui.page import Office, Page

if TYPE_CHECKING:
    from app.archive.about import About
    from app.archive.batch import Unfinished
    from app.archive.catalogue import Part
    from app.archive.imprint import Printed
    from app.archive.offered import Offered
    from app.archive.papers import Paper
    from app.workbook.workbook import Changes, Workbook

_PAUSE = 250  # ms after the last change of choice before the preview is made anew
_MAKING = "正在排版…"
_HINT = "在左边选一户，这里就显示印出来的样子。"
_NO_PART = "请至少勾选一种材料。"
_NO_HOME = "请先选择要打印的户。按住 Ctrl 点选多户，Ctrl+Shift+A 选列表里全部户。"
_STOPPED = "已停下，印好的户都存着。按 Ctrl+J 接着打印；不要了，按“不再打印”。"
_SHORT_PASSWORD = "密码太短，至少 {} 位。不加密就清空密码。"


def _homes(workbook: "Workbook") -> "Work[tuple[list[HouseholdRow], tuple[Part, ...]]]":
    from app.archive.catalogue import parts

    yield Progress(0, 1)
    with workbook.reading() as session:
        return household_rows(session), parts()


def _offered(workbook: "Workbook", about: Any) -> "Work[tuple[Offered, ...]]":
    from app.archive.offered import offered

    yield Progress(0, 1)
    with workbook.reading() as session:
        return offered(session, about)


def _unfinished(workbook: "Workbook") -> "Work[tuple[Unfinished, ...]]":
    from app.archive.batch import unfinished

    yield Progress(0, 1)
    return unfinished(workbook)


def _forgotten(workbook: "Workbook", n: int) -> Work[None]:
    from app.archive.batch import dismiss

    yield Progress(0, 1)
    dismiss(workbook, n)


class ArchivePage(Page):
    """`shown(paper=…, household=… or households=… or round=… or helper=… or package=…)` chooses just these."""

    TITLE: ClassVar[str] = "打印"
    ICON: ClassVar[str] = "print"
    ORDER: ClassVar[int] = 60

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self._wanted: tuple[str, ...] = ()  # households to choose as soon as the list is there
        self._wanted_other = ""  # likewise a round, helper or exchange
        self.what, self.homes, self.others, self.choices = What(), Homes(), Others(), Choices()
        self.material, self.preview = Material(), Preview()
        self.lacking, self.going_on = Lacking(), GoingOn()
        self.form = self.choices.form
        self.verifying: Verifying | None = None
        self.preview.tell(_HINT)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._actions = self._made_actions()
        self.preview.offer(self._looking())
        self._lay_out()
        self._connect()
        self._show_choices()

    def _made_actions(self) -> list[QAction]:
        return [
            self.action("savePdf", "保存为 PDF…", "Ctrl+S", self._ask_where, "save"),
            self.action("print", "打印…", "Ctrl+P", self._ask_printer, "print"),
            self.action("verify", "核对纸质档案…", "Ctrl+K", self.verify, "settled"),
            self.action("chooseAll", "选列表里全部户", "Ctrl+Shift+A", self.homes.choose_all),
            self.action("previewAgain", "刷新预览", "F5", self._show_preview),
        ]

    def _looking(self) -> list[QAction]:
        """Actions of the preview, which stand over it."""
        return [
            self.action("previousPage", "上一页", "Ctrl+PgUp", partial(self.preview.turn, -1)),
            self.action("nextPage", "下一页", "Ctrl+PgDown", partial(self.preview.turn, 1)),
            self.action("larger", "放大", "Ctrl+=", partial(self.preview.zoom, True)),
            self.action("smaller", "缩小", "Ctrl+-", partial(self.preview.zoom, False)),
            self.action("fitWidth", "适合宽度", "Ctrl+0", self.preview.fit_width),
        ]

    def _lay_out(self) -> None:
        left = QWidget()
        side = QVBoxLayout(left)
        side.setContentsMargins(0, 0, 8, 0)
        self.whom = QStackedWidget()
        self.whom.addWidget(self.homes)
        self.whom.addWidget(self.others)
        side.addWidget(self.what)
        side.addWidget(self.whom, 3)
        side.addWidget(self.choices)
        side.addWidget(self.material, 2)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left)
        split.addWidget(self.preview)
        split.setSizes([440, 750])
        split.setStretchFactor(1, 1)
        split.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.setSpacing(8)
        whole.addWidget(self.going_on)
        whole.addWidget(self.lacking)
        whole.addWidget(split, 1)

    def _connect(self) -> None:
        self.homes.chosen_changed.connect(self._chosen_changed)
        self.homes.pointed.connect(lambda _: self._pause.start())
        self.homes.table.opened.connect(lambda id: self.office.open("household", household=id))
        self.others.pointed.connect(lambda _: self._pause.start())
        self.what.asked.connect(lambda _: self._show_choices())
        self.choices.changed.connect(self._pause.start)
        self.material.changed.connect(self._pause.start)
        self._pause.timeout.connect(self._show_preview)
        self.going_on.wanted.connect(self.go_on)
        self.going_on.dismissed.connect(self._dismiss)

    def actions_shown(self) -> list[QAction]:
        return self._actions

    def shown(self, **about: Any) -> None:
        one = about.get("household", "")
        self._wanted = tuple(about.get("households", ())) or ((str(one),) if one else ())
        self._wanted_other = str(next((about[key] for key in ("round", "helper", "package") if about.get(key)), ""))
        if about.get("paper") or self._wanted:
            self.what.choose(str(about.get("paper", ARCHIVE)))
        if self._wanted and about.get("paper"):
            self.choices.scope.setCurrentText(THE_CHOSEN)
        self._show_unfinished()
        self._read()
        self._read_others()

    def refresh(self, changes: "Changes") -> None:
        if changes.touches("household", "member", "village"):
            self._read()
        if changes.touches("round", "inspection", "helper", "assignment"):
            self._read_others()
        self._pause.start()

    # --- what there is to choose from --------------------------------------------------------------------------------

    @property
    def paper(self) -> "Paper | None":
        """The paper that is chosen, None for the archive."""
        from app.archive.papers import paper

        return None if self.what.chosen() == ARCHIVE else paper(self.what.chosen())

    def _show_choices(self) -> None:
        paper = self.paper
        about = paper.about if paper else "household"
        self.lacking.hide()
        self.preview.tell(_MAKING)
        self.choices.show_for(self.what.chosen(), about, paper.asks if paper else ())
        self.material.setVisible(paper is None)
        self.whom.setCurrentWidget(self.homes if about in ("household", "village") else self.others)
        self._read_others()
        self._pause.start()

    def _read(self) -> None:
        self.office.jobs.start(_homes(self.office.workbook), self._show_homes, lane="read")

    def _show_homes(self, found: "tuple[list[HouseholdRow], tuple[Part, ...]]") -> None:
        homes, parts = found
        self.material.show_parts(parts)
        self.homes.show_homes(homes, self._wanted)
        self._wanted = ()
        self._pause.start()

    def _read_others(self) -> None:
        paper = self.paper
        if paper is None or paper.about in ("household", "village"):
            return

        def show(found: "tuple[Offered, ...]") -> None:
            if paper is self.paper:
                self.others.show_offered(paper.about, found, self._wanted_other or self.others.current())
                self._wanted_other = ""
                self._pause.start()

        self.office.jobs.start(_offered(self.office.workbook, paper.about), show, lane="read")

    def _chosen_changed(self, many: int) -> None:
        self.form.setEnabled(many > 1)
        if self.paper is not None and self.paper.about == "village":
            self._pause.start()

    # --- what is chosen ----------------------------------------------------------------------------------------------

    def abouts(self) -> "list[About]":
        """What the chosen paper is to be printed about; empty where nothing is chosen."""
        from ui.archive.asked import abouts

        paper = self.paper
        return abouts(paper, self.homes, self.others, self.choices) if paper else []

    def _ready(self) -> bool:
        """Whether something can be printed; says what is missing where it cannot."""
        from app.archive.locking import LEAST

        self.lacking.hide()
        said = ""
        if self.paper is None:
            said = _NO_HOME if not self.homes.table.chosen() else _NO_PART if self.material.sections() == [] else ""
        elif not self.abouts():
            said = _NO_HOME
        if 0 < len(self.choices.password.text()) < LEAST:
            said = _SHORT_PASSWORD.format(LEAST)
        if said:
            self.office.notices.tell(said)
        return not said

    # --- preview -----------------------------------------------------------------------------------------------------

    def _show_preview(self) -> None:
        self._pause.stop()
        if self.paper is not None:
            self._preview_paper()
            return
        from app.archive.binder import preview

        household, sections = self.homes.table.current(), self.material.sections()
        if not household or sections == []:
            self.preview.tell(_HINT if not household else _NO_PART)
        else:
            reason = self.choices.reason.text().strip()
            self.preview.wait(_MAKING)
            self.preview.ask(self.office.jobs, preview(self.office.workbook, household, sections, reason))

    def _preview_paper(self) -> None:
        from app.archive.printing import preview

        paper, abouts = self.paper, self.abouts()
        assert paper is not None
        here = self.homes.table.current()
        shown = next((one for one in abouts if one.households == (here,)), next(iter(abouts), None))
        if shown is None:
            self.preview.tell(_HINT)
        else:
            self.preview.wait(_MAKING)
            self.preview.ask(self.office.jobs, preview(self.office.workbook, paper.name, shown))

    # --- saving ------------------------------------------------------------------------------------------------------

    def _ask_where(self) -> None:
        if not self._ready():
            return
        several = len(self.homes.table.chosen() if self.paper is None else self.abouts()) > 1
        if several and self.form.currentText() == ONE_EACH:
            where = QFileDialog.getExistingDirectory(self, "每户的 PDF 放在哪个文件夹")
        else:
            where, _ = QFileDialog.getSaveFileName(self, "存在哪里", f"{self._name(several)}.pdf", "PDF (*.pdf)")
            where = where if not where or where.lower().endswith(".pdf") else f"{where}.pdf"
        if where:
            self.save(Path(where))

    def _name(self, several: bool) -> str:
        from app.archive.binder import file_name
        from app.archive.printing import suggested_name

        if self.paper is not None:
            return suggested_name(self.office.workbook, self.paper.name, self.abouts())
        with self.office.workbook.reading() as session:
            return "一户一档" if several else file_name(session, self.homes.table.chosen()[0])

    def save(self, out: Path, *, spell_missing: bool = False) -> None:
        """Save what is chosen: a .pdf takes all, a folder gets one file each."""
        from app.archive.binder import print_archives
        from app.archive.printing import print_papers

        if not self._ready():
            return
        workbook = self.office.workbook
        how: Any = {"spell_missing": spell_missing, "password": self.choices.password.text()}
        if self.paper is not None:
            work = print_papers(workbook, self.paper.name, self.abouts(), out, **how)
        else:
            chosen, reason = self.homes.table.chosen(), self.choices.reason.text().strip()
            work = print_archives(workbook, chosen, out, self.material.sections(), reason=reason, **how)
        self._start(work, self._saved, partial(self.save, out, spell_missing=True), "保存 PDF")

    def _saved(self, printed: "Printed") -> None:
        where = printed.files[0].name if len(printed.files) == 1 else f"{len(printed.files)} 个文件"
        unit = "户" if self.paper is None else "份"
        drafts = f"其中 {printed.drafts} 户有错误没有改，印了“草稿”。" if printed.drafts else ""
        self.office.notices.tell(
            f"已保存 {printed.households} {unit}、{printed.pages} 页：{where}。{drafts}用完请妥善保管或删除。"
        )
        self._show_unfinished()

    # --- printing ----------------------------------------------------------------------------------------------------

    def _ask_printer(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        if self._ready():
            printer = QPrinter(QPrinter.PrinterMode.HighResolution)
            if QPrintDialog(printer, self).exec():
                self.print_on(printer)

    def print_on(self, printer: Any, *, spell_missing: bool = False) -> None:
        """Print what is chosen on a printer (QPrinter)."""
        from ui.archive.printing import printing, printing_paper

        if not self._ready():
            return
        workbook = self.office.workbook
        if self.paper is not None:
            abouts = self.abouts()
            work = printing_paper(workbook, self.paper.name, abouts, printer, spell_missing=spell_missing)
            many = f"{len(abouts)} 份"
        else:
            chosen, reason = self.homes.table.chosen(), self.choices.reason.text().strip()
            how: Any = {"spell_missing": spell_missing, "reason": reason}
            work = printing(workbook, chosen, self.material.sections(), printer, **how)
            many = f"{len(chosen)} 户"
        self._start(
            work,
            lambda pages: self.office.notices.tell(f"已送打印机：{many}、{pages} 页。"),
            partial(self.print_on, printer, spell_missing=True),
            "打印",
        )

    def _start(self, work: Work[Any], done: Any, again: Any, title: str) -> None:
        self.going_on.hide()
        job = self.office.jobs.start(work, done, failed=partial(self._refused, again), lane="read", title=title)
        job.cancelled.connect(lambda: self._show_unfinished(stopped=True))

    def _refused(self, again: Any, error: OfficeError) -> None:
        from app.archive.preflight import MissingCharacters

        if isinstance(error, MissingCharacters):
            self.lacking.ask(str(error), again)
        else:
            self.office.notices.refused(error)
            self._show_unfinished()

    # --- batches, and paper held against the record ------------------------------------------------------------------

    def _show_unfinished(self, *, stopped: bool = False) -> None:
        def show(found: "tuple[Unfinished, ...]") -> None:
            self.going_on.show_batches(found)
            if stopped and found:
                self.office.notices.tell(_STOPPED)

        self.office.jobs.start(_unfinished(self.office.workbook), show, lane="read")

    def go_on(self, n: int, password: str = "") -> None:
        """Print what is left of a batch."""
        from app.archive.batch import go_on

        self._start(go_on(self.office.workbook, n, password=password), self._saved, self._show_unfinished, "接着打印")

    def _dismiss(self, n: int) -> None:
        self.office.jobs.start(_forgotten(self.office.workbook, n), lambda _: self._show_unfinished())

    def verify(self) -> None:
        """Open the window in which covers are held against the record."""
        if self.verifying is None:
            self.verifying = Verifying(self.office)
            self.verifying.opened.connect(lambda id: self.office.open("household", household=id))
        self.verifying.show()
        self.verifying.raise_()
        self.verifying.code.setFocus()
