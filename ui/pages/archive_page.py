"""一户一档: choose households and parts, see the volume, save it as PDF or print it."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.errors import OfficeError
from app.progress import Progress, Work
from app.records.lists import HouseholdRow, household_rows
from ui.archive.preview import Preview
from ui.page import Office, Page
from ui.tables.row_table import Column, Row, RowTable

if TYPE_CHECKING:
    from app.archive.binder import Printed
    from app.archive.catalogue import Part
    from app.workbook.workbook import Changes, Workbook

_PAUSE = 250  # ms after the last change of choice before the preview is made anew
_ONE_EACH, _ONE_VOLUME = "每户一个文件", "合成一册"
_ALL_GROUPS = "全部村民组"
_COLUMNS = (
    Column("head", "户主", width=10),
    Column("number", "户编号", width=17),
    Column("group", "村组", width=0),
    Column("size", "人口", align="right", width=5),
)
_HINT = "在左边选一户，这里就显示它的档案。"
_SHOWN_TABLES = ("household", "member", "village")


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
        self._wanted = ""  # a household to choose as soon as the list is there
        self._asked = 0  # counts previews asked for, so that only the last one is shown
        self._again: Callable[[], object] | None = None  # what was refused for want of characters, and may go on
        self.table = RowTable("archiveHomes", "户")
        self.table.hint = "还没有户。请先在“户”里登记，或从名册导入。"
        self.table.set_columns(_COLUMNS)
        self.search, self.group = QLineEdit(), QComboBox()
        self.parts = QListWidget()
        self.every = QCheckBox("全部材料")
        self.count = QLabel()
        self.form = QComboBox()
        self.preview = Preview()
        self.preview.tell(_HINT)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._actions = self._made_actions()
        self._lay_out()
        self._connect()

    def _made_actions(self) -> list[QAction]:
        return [
            self.action("savePdf", "保存为 PDF…", "Ctrl+S", self._ask_where, "save"),
            self.action("print", "打印…", "Ctrl+P", self._ask_printer, "print"),
            self.action("chooseAll", "选列表里全部户", "Ctrl+Shift+A", self.choose_all),
            self.action("previewAgain", "刷新预览", "F5", self._show_preview),
            self.action("larger", "放大", "Ctrl+=", partial(self.preview.zoom, True)),
            self.action("smaller", "缩小", "Ctrl+-", partial(self.preview.zoom, False)),
            self.action("fitWidth", "适合宽度", "Ctrl+0", self.preview.fit_width),
        ]

    def _lay_out(self) -> None:
        for control, name, label in (
            (self.search, "search", "查找户主、户编号"),
            (self.group, "group", "村民组"),
            (self.parts, "parts", "要打印的材料"),
            (self.every, "every", "全部材料"),
            (self.form, "form", "文件"),
        ):
            control.setObjectName(name)
            control.setAccessibleName(label)
        self.search.setPlaceholderText("户主、户编号")
        self.search.setClearButtonEnabled(True)
        self.group.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.form.addItems([_ONE_EACH, _ONE_VOLUME])
        self.form.setToolTip("保存多户时：每户一个文件放进文件夹，或合成一册")
        self.every.setChecked(True)
        self.count.setObjectName("count")
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self._left())
        split.addWidget(self.preview)
        split.setSizes([470, 720])
        split.setStretchFactor(1, 1)
        split.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.setSpacing(8)
        whole.addWidget(self._spelling())
        whole.addWidget(split, 1)

    def _left(self) -> QWidget:
        left = QWidget()
        side = QVBoxLayout(left)
        side.setContentsMargins(0, 0, 8, 0)
        line = QHBoxLayout()
        line.addWidget(self.search, 1)
        line.addWidget(self.group)
        side.addLayout(line)
        side.addWidget(self.table, 3)
        foot = QHBoxLayout()
        foot.addWidget(self.count, 1)
        foot.addWidget(self.form)
        side.addLayout(foot)
        side.addWidget(self.every)
        side.addWidget(self.parts, 2)
        return left

    def _spelling(self) -> QFrame:
        """The question whether to go on where characters cannot be printed."""
        self.lacking = QFrame()
        self.lacking.setProperty("card", True)
        self.lacking_said = QLabel()
        self.lacking_said.setObjectName("lacking")
        self.lacking_said.setProperty("fault", True)
        self.lacking_said.setWordWrap(True)
        self.spell = QPushButton("用〔U+编码〕代替，继续")
        self.spell.setObjectName("spell")
        self.spell.clicked.connect(self._go_on)
        line = QHBoxLayout(self.lacking)
        line.addWidget(self.lacking_said, 1)
        line.addWidget(self.spell)
        self.lacking.hide()
        return self.lacking

    def _connect(self) -> None:
        self.search.textChanged.connect(lambda _: self._filter())
        self.group.currentIndexChanged.connect(lambda _: self._filter())
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._chosen_changed())
        self.table.pointed.connect(lambda _: self._pause.start())
        self.table.opened.connect(lambda id: self.office.open("household", household=id))
        self.every.toggled.connect(self._every_toggled)
        self.parts.itemChanged.connect(lambda _: self._parts_changed())
        self._pause.timeout.connect(self._show_preview)

    def actions_shown(self) -> list[QAction]:
        return self._actions

    def shown(self, **about: Any) -> None:
        self._wanted = str(about.get("household", ""))
        if self._wanted:
            self.search.clear()
            self.group.setCurrentIndex(0)
        self._read()

    def refresh(self, changes: "Changes") -> None:
        if changes.touches(*_SHOWN_TABLES):
            self._read()
        self._pause.start()

    def _read(self) -> None:
        self.office.jobs.start(_homes(self.office.workbook), self._show_homes, lane="read")

    def _show_homes(self, found: "tuple[list[HouseholdRow], tuple[Part, ...]]") -> None:
        homes, parts = found
        rows = [
            Row(
                one.id,
                {
                    "head": one.head,
                    "number": one.household_no,
                    "group": one.group or one.hamlet,
                    "size": one.size,
                },
            )
            for one in homes
        ]
        self._show_groups(sorted({str(row.cells["group"]) for row in rows if row.cells["group"]}))
        if not self.parts.count():
            self._show_parts(parts)
        self.table.set_rows(rows)
        if self._wanted:
            self.table.clearSelection()
            self.table.point_at(self._wanted)
            self._wanted = ""
        self._chosen_changed()
        self._pause.start()

    def _show_groups(self, groups: list[str]) -> None:
        before = self.group.currentText()
        self.group.blockSignals(True)
        self.group.clear()
        self.group.addItems([_ALL_GROUPS, *groups])
        self.group.setCurrentText(before if before in groups else _ALL_GROUPS)
        self.group.blockSignals(False)

    def _show_parts(self, parts: "Sequence[Part]") -> None:
        self.parts.blockSignals(True)
        for part in parts:
            item = QListWidgetItem(f"{part.code}　{part.title}" if part.code else part.title)
            item.setData(Qt.ItemDataRole.UserRole, part.name)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
            self.parts.addItem(item)
        self.parts.blockSignals(False)

    def _filter(self) -> None:
        wanted, group = self.search.text().strip().casefold(), self.group.currentText()

        def fits(row: Row) -> bool:
            said = f"{row.cells['head']} {row.cells['number']}".casefold()
            return wanted in said and group in (_ALL_GROUPS, "", row.cells["group"])

        self.table.filter(fits)
        self._chosen_changed()

    def _chosen_changed(self) -> None:
        many = len(self.table.chosen())
        self.count.setText(f"选中 {many} 户，列表 {len(self.table.shown_ids())} 户")
        self.form.setEnabled(many > 1)

    def choose_all(self) -> None:
        """All households of the list as it is filtered."""
        self.table.setFocus()
        self.table.selectAll()

    def _every_toggled(self, on: bool) -> None:
        self.parts.blockSignals(True)
        for n in range(self.parts.count()):
            self.parts.item(n).setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        self.parts.blockSignals(False)
        self._pause.start()

    def _parts_changed(self) -> None:
        self.every.blockSignals(True)
        self.every.setChecked(self.sections() is None)
        self.every.blockSignals(False)
        self._pause.start()

    def sections(self) -> list[str] | None:
        """Names of the parts that are ticked, None for all of them."""
        items = [self.parts.item(n) for n in range(self.parts.count())]
        ticked = [
            str(item.data(Qt.ItemDataRole.UserRole)) for item in items if item.checkState() == Qt.CheckState.Checked
        ]
        return None if len(ticked) == len(items) else ticked

    def _show_preview(self) -> None:
        from app.archive.binder import preview

        self._pause.stop()
        household = self.table.current()
        self._asked += 1
        if not household or self.sections() == []:
            self.preview.tell(_HINT if not household else "请至少勾选一种材料。")
            return
        self.office.jobs.start(
            preview(self.office.workbook, household, self.sections()),
            partial(self._previewed, self._asked),
            failed=partial(self._not_previewed, self._asked),
            lane="read",
        )

    def _previewed(self, asked: int, content: bytes) -> None:
        if asked == self._asked:
            self.preview.show_pdf(content)

    def _not_previewed(self, asked: int, error: OfficeError) -> None:
        if asked == self._asked:
            self.preview.tell(str(error))

    def _ready(self) -> list[str]:
        """The chosen households; says what is missing where nothing can be printed."""
        self.lacking.hide()
        chosen = self.table.chosen()
        if not chosen:
            self.office.notices.tell("请先选择要打印的户。按住 Ctrl 点选多户，Ctrl+Shift+A 选列表里全部户。")
        elif self.sections() == []:
            self.office.notices.tell("请至少勾选一种材料。")
            return []
        return chosen

    def _ask_where(self) -> None:
        chosen = self._ready()
        if not chosen:
            return
        if len(chosen) > 1 and self.form.currentText() == _ONE_EACH:
            where = QFileDialog.getExistingDirectory(self, "每户的 PDF 放在哪个文件夹")
        else:
            name = "一户一档.pdf" if len(chosen) > 1 else f"{self._name(chosen[0])}.pdf"
            where, _ = QFileDialog.getSaveFileName(self, "档案存在哪里", name, "PDF (*.pdf)")
            where = where if not where or where.lower().endswith(".pdf") else f"{where}.pdf"
        if where:
            self.save(Path(where))

    def _name(self, household: str) -> str:
        from app.archive.binder import file_name

        with self.office.workbook.reading() as session:
            return file_name(session, household)

    def save(self, out: Path, *, spell_missing: bool = False) -> None:
        """Save the chosen households: a .pdf takes all, a folder gets one file each."""
        from app.archive.binder import print_archives

        chosen = self._ready()
        if chosen:
            self._again = lambda: self.save(out, spell_missing=True)
            work = print_archives(self.office.workbook, chosen, out, self.sections(), spell_missing=spell_missing)
            self.office.jobs.start(work, self._saved, failed=self._refused, lane="read", title="保存档案")

    def _saved(self, printed: "Printed") -> None:
        where = printed.files[0].name if len(printed.files) == 1 else f"{len(printed.files)} 个文件"
        self.office.notices.tell(f"已保存 {printed.households} 户、{printed.pages} 页：{where}。用完请妥善保管或删除。")

    def _ask_printer(self) -> None:
        if not self._ready():
            return
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        if QPrintDialog(printer, self).exec():
            self.print_on(printer)

    def print_on(self, printer: Any, *, spell_missing: bool = False) -> None:
        """Print the chosen households on a printer (QPrinter)."""
        from ui.archive.printing import printing

        chosen = self._ready()
        if chosen:
            self._again = lambda: self.print_on(printer, spell_missing=True)
            work = printing(self.office.workbook, chosen, self.sections(), printer, spell_missing=spell_missing)
            self.office.jobs.start(
                work,
                lambda many: self.office.notices.tell(f"已送打印机：{len(chosen)} 户、{many} 页。"),
                failed=self._refused,
                lane="read",
                title="打印档案",
            )

    def _refused(self, error: OfficeError) -> None:
        from app.archive.preflight import MissingCharacters

        if isinstance(error, MissingCharacters):
            self.lacking_said.setText(str(error))
            self.lacking.show()
            self.spell.setFocus()
        else:
            self.office.notices.refused(error)

    def _go_on(self) -> None:
        self.lacking.hide()
        if self._again is not None:
            self._again()
