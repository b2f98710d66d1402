"""导入名册: choose or drop a roster, see what it would do, write it, keep what was refused."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.errors import OfficeError
from app.progress import Work
from app.records.field import table_label
from app.sheets.preview import COUNTED, Preview
from app.sheets.taking_in import Taken, preview, take_in
from app.sheets.writing import write_refused, write_template
from ui.icons import ACCENT, icon
from ui.page import Office, Page
from ui.take_in.preview_tables import PreviewTables, Shown, prepared

if TYPE_CHECKING:
    from app.workbook.workbook import Workbook

_FILES = "名册 (*.xlsx *.xls *.et *.csv);;所有文件 (*)"
_HOW = (
    "国家系统导出的人口、户、脱贫人口、监测对象、帮扶责任人名册都可以，列的次序不限，表头上面可以有标题行。\n"
    "先看预览，确认后才写入。空单元格不会抹掉本册里已有的内容，同一份名册再导入一次什么也不改。"
)
_TEMPLATES = ("member", "household", "helper")
_NAMED = 4  # columns that are not known, named in the line above the preview; all of them in its tool tip
_UNITS = {"household": "户", "member": "人", "helper": "名帮扶联系人", "assignment": "条结对"}


class TakeInPage(Page):
    """Front, then preview, then result. `shown(path=…)` takes a dropped file."""

    TITLE = "导入名册"
    ICON = "take_in"
    ORDER = 60

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self._path: Path | None = None
        self._sheet: Preview | None = None
        self._write = self.action("write", "写入", "Ctrl+Return", self.write, "save")
        self._refused = self.action("exportRefused", "导出拒收名单…", "Ctrl+E", self._ask_refused, "export")
        self._again = self.action("again", "重新预览", "F5", self._look_again, "undo")
        self._leave = self.action("leavePreview", "关闭预览", "Ctrl+Backspace", self.leave, "close")
        self._actions = [
            self.action("choose", "选择名册…", "Ctrl+O", self._ask_file, "open"),
            self._write,
            self._refused,
            self._again,
            self._leave,
            self.action("template", "空白模板…", "Ctrl+T", self._ask_template, "add"),
        ]
        self.tables = PreviewTables()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._front())
        self._stack.addWidget(self._look())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.addWidget(self._stack)
        self._enable()

    def _front(self) -> QWidget:
        drawn, title, how = QLabel(), QLabel("把名册拖到这里，或选择文件"), QLabel(_HOW)
        drawn.setPixmap(icon("take_in", ACCENT).pixmap(56, 56))
        title.setProperty("title", True)
        how.setProperty("quiet", True)
        choose = QPushButton("选择名册…")
        choose.setObjectName("bigChoose")
        choose.setAccessibleName("选择名册")
        choose.setToolTip("选择名册文件（Ctrl+O）")
        choose.setProperty("primary", True)
        choose.clicked.connect(self._ask_file)
        front = QFrame()
        front.setProperty("card", True)
        lines = QVBoxLayout(front)
        lines.setSpacing(14)
        lines.addStretch(2)
        for widget in (drawn, title, how, choose):
            lines.addWidget(widget, alignment=Qt.AlignmentFlag.AlignHCenter)
        how.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        lines.addStretch(3)
        return front

    def _look(self) -> QWidget:
        self.file, self.sentence = QLabel(), QLabel()
        self.file.setObjectName("rosterFile")
        self.file.setProperty("quiet", True)
        self.file.setWordWrap(True)
        self.sentence.setObjectName("rosterSentence")
        self.sentence.setProperty("heading", True)
        self.sentence.setWordWrap(True)
        self.year = QSpinBox()
        self.year.setObjectName("year")
        self.year.setAccessibleName("收入和生产生活条件的年度")
        self.year.setRange(2010, 2100)
        self.year.setSuffix(" 年")
        self.year.setToolTip("人均纯收入、住房、饮水等记在这一年")
        self.year.editingFinished.connect(self._year_changed)
        told = QLabel("记入年度(&Y)")
        told.setBuddy(self.year)
        self.confirm = QPushButton("写入（Ctrl+回车）")
        self.confirm.setObjectName("confirm")
        self.confirm.setAccessibleName("写入工作簿")
        self.confirm.setProperty("primary", True)
        self.confirm.clicked.connect(self.write)
        top, look = QHBoxLayout(), QWidget()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.sentence)
        words.addWidget(self.file)
        top.addLayout(words, 1)
        top.addWidget(told)
        top.addWidget(self.year)
        top.addWidget(self.confirm)
        top.setSpacing(10)
        lines = QVBoxLayout(look)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(10)
        lines.addLayout(top)
        lines.addWidget(self.tables, 1)
        return look

    def actions_shown(self) -> list[QAction]:
        return self._actions

    def shown(self, **about: Any) -> None:
        """`path`: a roster that was dropped on the window."""
        path = about.get("path")
        if isinstance(path, Path):
            self.open_roster(path)

    def _ask_file(self) -> None:
        path = QFileDialog.getOpenFileName(self, "选择名册", "", _FILES)[0]
        if path:
            self.open_roster(Path(path))

    def open_roster(self, path: Path, year: int | None = None) -> None:
        """Read a file and show what it would do; nothing is written."""
        self._path = path
        self.office.notices.over()
        work = prepared(preview(self.office.workbook, path, year=year))
        self.office.jobs.start(work, self._show, failed=self._failed, lane="read", title=f"预览“{path.name}”")

    def _failed(self, error: OfficeError) -> None:
        self.office.notices.refused(error)

    def _show(self, shown: Shown) -> None:
        self._sheet = shown.preview
        told = "、".join(f"“{one.name}”{one.rows} 行" for one in shown.preview.sheets)
        kept = [header for one in shown.preview.sheets for header in one.unknown]
        names = "、".join(kept[:_NAMED]) + (f"等 {len(kept)} 列" if len(kept) > _NAMED else "")
        extra = f"　不认识的列按原样保存：{names}" if kept else ""
        self.file.setToolTip("、".join(kept))
        self.file.setText(f"{shown.preview.file}：{told}{extra}")
        self.sentence.setText(_would(shown.preview))
        self.year.setValue(shown.preview.year)
        self.tables.show_rows(shown)
        self._stack.setCurrentIndex(1)
        self._enable()

    def _year_changed(self) -> None:
        if self._sheet is not None and self.year.value() != self._sheet.year and self._path is not None:
            self.open_roster(self._path, self.year.value())

    def _look_again(self) -> None:
        if self._path is not None:
            self.open_roster(self._path, self._sheet.year if self._sheet else None)

    def write(self) -> None:
        """Write what the preview shows."""
        if self._sheet is None or not self._sheet.writes():
            return
        for control in (self._write, self.confirm):
            control.setEnabled(False)  # once is enough
        work = take_in(self.office.workbook, self._sheet, self)
        job = self.office.jobs.start(work, self._written, failed=self._not_written, title="写入名册")
        job.cancelled.connect(self._enable)

    def _not_written(self, error: OfficeError) -> None:
        self._enable()
        self.office.notices.refused(error)

    def _written(self, taken: Taken) -> None:
        sheet = self._sheet
        told = f"已写入：{_done_to(sheet)}。" if sheet is not None else f"已写入 {taken.made + taken.changed} 条记录。"
        if sheet is not None and sheet.refused:
            told += f"有 {len(sheet.refused)} 行没有收，请导出拒收名单（Ctrl+E），改好后再导入。"
        self.office.notices.tell(told)
        self.sentence.setText(told)
        self._done()

    def _done(self) -> None:
        """The preview stays to be read; it is not written twice."""
        self._enable()
        for control in (self._write, self.confirm, self.year):
            control.setEnabled(False)

    def leave(self) -> None:
        """Back to the beginning; nothing more is written."""
        self._path, self._sheet = None, None
        self.tables.clear_rows()
        self._stack.setCurrentIndex(0)
        self._enable()

    def _enable(self) -> None:
        sheet = self._sheet
        writes = sheet is not None and sheet.writes() > 0
        self._write.setEnabled(writes)
        self.confirm.setEnabled(writes)
        self.year.setEnabled(sheet is not None)
        self._refused.setEnabled(sheet is not None and bool(sheet.refused))
        self._again.setEnabled(sheet is not None)
        self._leave.setEnabled(sheet is not None)

    def _ask_refused(self) -> None:
        if self._sheet is not None and self._path is not None:
            name = f"{self._path.stem}-拒收.xlsx"
            path = QFileDialog.getSaveFileName(self, "导出拒收名单", name, "Excel (*.xlsx)")[0]
            if path:
                self.export_refused(Path(path).with_suffix(".xlsx"))

    def export_refused(self, path: Path) -> None:
        """Write the refused rows with their reasons."""
        if self._sheet is not None:
            work = _recorded(self.office.workbook, self._sheet, path)
            told = f"拒收名单已存为“{path.name}”，最后两列是原因和原来的行号。改好后可以直接再导入。"
            self.office.jobs.start(work, lambda _: self.office.notices.tell(told), title="导出拒收名单")

    def _ask_template(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "空白模板存到哪个文件夹")
        if folder:
            self.export_templates(Path(folder))

    def export_templates(self, folder: Path) -> None:
        """Write an empty sheet for each kind of list."""
        names = "”“".join(f"{table_label(table)}模板.xlsx" for table in _TEMPLATES)
        told = f"空白模板已存为“{names}”。填好后在这里导入。"
        self.office.jobs.start(_templates(folder), lambda _: self.office.notices.tell(told), lane="read")


def _would(shown: Preview) -> str:
    """One sentence: what writing would do."""
    refused = f"拒收 {len(shown.refused)} 行。" if shown.refused else ""
    told = _done_to(shown)
    return f"写入后：{told}。{refused}" if told else f"名册与本册一致，没有要写入的。{refused}"


def _done_to(shown: Preview) -> str:
    counts, told = shown.counts(), []
    for state, word in (("new", "新增"), ("changed", "改动")):
        numbers = {table: _count(counts[name], state) for table, name in COUNTED.items()}
        named = [f"{numbers[table]} {unit}" for table, unit in _UNITS.items() if numbers[table]]
        others = sum(number for table, number in numbers.items() if table not in _UNITS)
        if others:
            named.append(f"{others} 条收入和生产生活条件")
        if named:
            told.append(f"{word} {'、'.join(named)}")
    return "；".join(told)


def _count(counted: dict[str, int] | int, state: str) -> int:
    return counted[state] if isinstance(counted, dict) else counted


def _recorded(workbook: "Workbook", shown: Preview, path: Path) -> Work[int]:
    """An export of personal data is written in the log."""
    rows = yield from write_refused(shown, path)
    workbook.deed("导出拒收名单", rows)
    return rows


def _templates(folder: Path) -> Work[None]:
    for table in _TEMPLATES:
        yield from write_template(table, folder / f"{table_label(table)}模板.xlsx")
