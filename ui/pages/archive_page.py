"""一户一档: choose households and parts, see the volume, save it as PDF or print it."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QFileDialog, QSplitter, QVBoxLayout, QWidget

from app.errors import OfficeError
from app.progress import Progress, Work
from app.records.lists import HouseholdRow, household_rows
from ui.archive.homes import Homes
from ui.archive.lacking import Lacking
from ui.archive.material import Material
from ui.archive.preview import Preview
from ui.page import Office, Page

if TYPE_CHECKING:
    from app.archive.binder import Printed
    from app.archive.catalogue import Part
    from app.workbook.workbook import Changes, Workbook

_PAUSE = 250  # ms after the last change of choice before the preview is made anew
_ONE_EACH, _ONE_VOLUME = "每户一个文件", "合成一册"
_HINT = "在左边选一户，这里就显示它的档案。"
_NO_PART = "请至少勾选一种材料。"


def _homes(workbook: "Workbook") -> "Work[tuple[list[HouseholdRow], tuple[Part, ...]]]":
    from app.archive.catalogue import parts

    yield Progress(0, 1)
    with workbook.reading() as session:
        return household_rows(session), parts()


class ArchivePage(Page):
    """`shown(household=…)` chooses that household alone."""

    TITLE: ClassVar[str] = "一户一档"
    ICON: ClassVar[str] = "archive"
    ORDER: ClassVar[int] = 60

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self._wanted: tuple[str, ...] = ()  # households to choose as soon as the list is there
        self.homes, self.material, self.preview, self.lacking = Homes(), Material(), Preview(), Lacking()
        self.form = QComboBox()
        self.form.setObjectName("form")
        self.form.setAccessibleName("多户时的文件")
        self.form.setToolTip("保存多户时：每户一个文件放进文件夹，或合成一册")
        self.form.addItems([_ONE_EACH, _ONE_VOLUME])
        self.preview.tell(_HINT)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._actions = [
            self.action("savePdf", "保存为 PDF…", "Ctrl+S", self._ask_where, "save"),
            self.action("print", "打印…", "Ctrl+P", self._ask_printer, "print"),
            self.action("chooseAll", "选列表里全部户", "Ctrl+Shift+A", self.homes.choose_all),
            self.action("previewAgain", "刷新预览", "F5", self._show_preview),
            self.action("larger", "放大", "Ctrl+=", partial(self.preview.zoom, True)),
            self.action("smaller", "缩小", "Ctrl+-", partial(self.preview.zoom, False)),
            self.action("fitWidth", "适合宽度", "Ctrl+0", self.preview.fit_width),
        ]
        self._lay_out()
        self.homes.chosen_changed.connect(lambda many: self.form.setEnabled(many > 1))
        self.homes.pointed.connect(lambda _: self._pause.start())
        self.homes.table.opened.connect(lambda id: self.office.open("household", household=id))
        self.material.changed.connect(self._pause.start)
        self._pause.timeout.connect(self._show_preview)

    def _lay_out(self) -> None:
        left = QWidget()
        side = QVBoxLayout(left)
        side.setContentsMargins(0, 0, 8, 0)
        side.addWidget(self.homes, 3)
        side.addWidget(self.form)
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
        whole.addWidget(self.lacking)
        whole.addWidget(split, 1)

    def actions_shown(self) -> list[QAction]:
        return self._actions

    def shown(self, **about: Any) -> None:
        one = about.get("household", "")
        self._wanted = tuple(about.get("households", ())) or ((str(one),) if one else ())
        self._read()

    def refresh(self, changes: "Changes") -> None:
        if changes.touches("household", "member", "village"):
            self._read()
        self._pause.start()

    def _read(self) -> None:
        self.office.jobs.start(_homes(self.office.workbook), self._show_homes, lane="read")

    def _show_homes(self, found: "tuple[list[HouseholdRow], tuple[Part, ...]]") -> None:
        homes, parts = found
        self.material.show_parts(parts)
        self.homes.show_homes(homes, self._wanted)
        self._wanted = ()
        self._pause.start()

    def _show_preview(self) -> None:
        from app.archive.binder import preview

        self._pause.stop()
        household, sections = self.homes.table.current(), self.material.sections()
        if not household or sections == []:
            self.preview.tell(_HINT if not household else _NO_PART)
        else:
            self.preview.ask(self.office.jobs, preview(self.office.workbook, household, sections))

    def _ready(self) -> list[str]:
        """The chosen households; says what is missing where nothing can be printed."""
        self.lacking.hide()
        chosen = self.homes.table.chosen()
        if not chosen:
            self.office.notices.tell("请先选择要打印的户。按住 Ctrl 点选多户，Ctrl+Shift+A 选列表里全部户。")
        elif self.material.sections() == []:
            self.office.notices.tell(_NO_PART)
            return []
        return chosen

    def _ask_where(self) -> None:
        from app.archive.binder import file_name

        chosen = self._ready()
        if not chosen:
            return
        if len(chosen) > 1 and self.form.currentText() == _ONE_EACH:
            where = QFileDialog.getExistingDirectory(self, "每户的 PDF 放在哪个文件夹")
        else:
            with self.office.workbook.reading() as session:
                name = "一户一档" if len(chosen) > 1 else file_name(session, chosen[0])
            where, _ = QFileDialog.getSaveFileName(self, "档案存在哪里", f"{name}.pdf", "PDF (*.pdf)")
            where = where if not where or where.lower().endswith(".pdf") else f"{where}.pdf"
        if where:
            self.save(Path(where))

    def save(self, out: Path, *, spell_missing: bool = False) -> None:
        """Save the chosen households: a .pdf takes all, a folder gets one file each."""
        from app.archive.binder import print_archives

        chosen, sections = self._ready(), self.material.sections()
        if chosen:
            work = print_archives(self.office.workbook, chosen, out, sections, spell_missing=spell_missing)
            refused = partial(self._refused, partial(self.save, out, spell_missing=True))
            self.office.jobs.start(work, self._saved, failed=refused, lane="read", title="保存档案")

    def _saved(self, printed: "Printed") -> None:
        where = printed.files[0].name if len(printed.files) == 1 else f"{len(printed.files)} 个文件"
        self.office.notices.tell(f"已保存 {printed.households} 户、{printed.pages} 页：{where}。用完请妥善保管或删除。")

    def _ask_printer(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        if self._ready():
            printer = QPrinter(QPrinter.PrinterMode.HighResolution)
            if QPrintDialog(printer, self).exec():
                self.print_on(printer)

    def print_on(self, printer: Any, *, spell_missing: bool = False) -> None:
        """Print the chosen households on a printer (QPrinter)."""
        from ui.archive.printing import printing

        chosen, sections = self._ready(), self.material.sections()
        if chosen:
            work = printing(self.office.workbook, chosen, sections, printer, spell_missing=spell_missing)
            refused = partial(self._refused, partial(self.print_on, printer, spell_missing=True))
            told = f"已送打印机：{len(chosen)} 户、{{}} 页。"
            self.office.jobs.start(
                work,
                lambda many: self.office.notices.tell(told.format(many)),
                failed=refused,
                lane="read",
                title="打印档案",
            )

    def _refused(self, again: Any, error: OfficeError) -> None:
        from app.archive.preflight import MissingCharacters

        if isinstance(error, MissingCharacters):
            self.lacking.ask(str(error), again)
        else:
            self.office.notices.refused(error)
