"""导入名册: choose or drop a roster, see what it would do, write it, keep what was refused."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.errors import UserError
from app.progress import Task
from app.records.field import table_label
from app.sheets.column_targets import target_choices
from app.sheets.errors import NoHeaderRow, WrittenListFound
from app.sheets.import_choices import SheetChoices, remember_origin
from app.sheets.import_preview import ImportPreview
from app.sheets.register_import import preview as preview_list
from app.sheets.roster_import import RosterImportResult, apply_import, preview, remember_all
from app.sheets.roster_origin import RosterOrigin
from app.sheets.writer import write_rejected, write_template
from app.workbook.roles import ENTER
from ui.registers.import_list_dialog import DescribedPreview, ImportListDialog, describe
from ui.roster_import.column_mapping_panel import ColumnMappingPanel
from ui.roster_import.next_steps import NextSteps
from ui.roster_import.origin_line import OriginLine
from ui.roster_import.preview_tables import RosterPreviewRows, RosterPreviewTables, build_preview_rows
from ui.roster_import.preview_text import changes_text, preview_message
from ui.shell.page import AppContext, Page
from ui.widgets.current_stack import CurrentStack
from ui.widgets.file_choice import folder_name, open_file_name, save_file_name
from ui.widgets.number_box import NumberBox
from ui.widgets.start_card import StartCard

if TYPE_CHECKING:
    from app.workbook.workbook import Workbook

_FILE_FILTER = "名册 (*.xlsx *.xls *.et *.csv);;所有文件 (*)"
_INSTRUCTIONS = (
    "国家系统导出的人口、户、脱贫人口、监测对象、帮扶责任人名册都可以；\n列的次序不限，表头上面可以有标题行。\n"
    "分三步：选择名册、核对预览、写入；写入以前不会改动任何内容。\n"
    "空单元格不会抹掉本工作簿里已有的内容，同一份名册再导入一次什么也不改。\n"
    "本软件导出的表，改好后也在这里打开，只读取改过的单元格。"
)
_TEMPLATE_TABLES = ("member", "household", "helper")
_MAX_COLUMNS_NAMED = 4  # columns that are not known, named in the line above the preview; all of them in its tool tip


class RosterImportPage(Page):
    """Front, then preview, then result. `open(path=…)` takes a dropped file."""

    TITLE = "导入名册"
    ICON = "take_in"
    ORDER = 60
    NEEDS = ENTER
    GROUP = "数据"
    SHORTCUT = "Ctrl+6"
    CHAPTER = "03-导入名册"

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._path: Path | None = None
        self._office_list: Path | None = None  # a file that may be the list of another office
        self._preview: ImportPreview | None = None
        self._write_action = self.add_page_action("write", "写入", "Ctrl+Return", self.write_roster, "save")
        self._refused_action = self.add_page_action(
            "exportRefused", "导出拒收名单…", "Ctrl+E", self._choose_refused_path, "export"
        )
        self._columns_action = self.add_page_action(
            "columns", "列对照，按这样预览", "Ctrl+M", self._turn_columns, "edit"
        )
        self._compare_action = self.add_page_action("compare", "与本工作簿比对", "Ctrl+B", self._compare, "comparison")
        self._reload_action = self.add_page_action("again", "重新预览", "F5", self._reload, "undo")
        self._close_action = self.add_page_action(
            "leavePreview", "关闭预览", "Ctrl+Backspace", self.close_preview, "close"
        )
        self._actions = [
            self.add_page_action("choose", "选择名册…", "Ctrl+O", self._choose_file, "open"),
            self._write_action,
            self._refused_action,
            self._columns_action,
            self._compare_action,
            self._reload_action,
            self._close_action,
            self.add_page_action("template", "空白模板…", "Ctrl+T", self._choose_template_folder, "add"),
        ]
        self._choices: Mapping[str, SheetChoices] = {}
        self._origin: RosterOrigin | None = None  # what the officer says, where that is not what is proposed
        self.list_dialog: ImportListDialog | None = None
        self.tables = RosterPreviewTables()
        self.columns = ColumnMappingPanel()
        self.next_steps = NextSteps(context)
        self.columns.confirmed.connect(self._on_columns_confirmed)
        self._stack = CurrentStack()
        self._stack.addWidget(StartCard("take_in", "把名册拖到这里，或选择文件", _INSTRUCTIONS, self._actions[0]))
        self._stack.addWidget(self._build_preview())
        self._stack.addWidget(self.columns)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.addWidget(self._stack)
        self._update_actions()

    def _build_preview(self) -> QWidget:
        self.file_label, self.message = QLabel(), QLabel()
        self.file_label.setObjectName("rosterFile")
        self.file_label.setProperty("quiet", True)
        self.file_label.setWordWrap(True)
        self.message.setObjectName("rosterSentence")
        self.message.setProperty("heading", True)
        self.message.setWordWrap(True)
        self.year = NumberBox()
        self.year.setObjectName("year")
        self.year.setAccessibleName("收入和生产生活条件的年度")
        self.year.setRange(2010, 2100)
        self.year.setSuffix(" 年")
        self.year.setToolTip("人均纯收入、住房、饮水等记在这一年")
        self.year.editingFinished.connect(self._year_changed)
        self.origin_line = OriginLine()
        self.origin_line.changed.connect(self._origin_changed)
        self.origin_line.refused.connect(self.context.status_bar.error)
        year_label = QLabel("记入年度(&Y)")
        year_label.setBuddy(self.year)
        self.write_button = QPushButton("写入（Ctrl+回车）")
        self.write_button.setObjectName("confirm")
        self.write_button.setAccessibleName("写入工作簿")
        self.write_button.setProperty("primary", True)
        self.write_button.clicked.connect(self.write_roster)
        header_row, panel = QHBoxLayout(), QWidget()
        text_column = QVBoxLayout()
        text_column.setSpacing(2)
        text_column.addWidget(self.message)
        text_column.addWidget(self.file_label)
        header_row.addLayout(text_column, 1)
        header_row.addWidget(year_label)
        header_row.addWidget(self.year)
        header_row.addWidget(self.write_button)
        header_row.setSpacing(10)
        layout = QVBoxLayout(panel)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(header_row)
        layout.addWidget(self.origin_line)
        layout.addWidget(self.next_steps)
        layout.addWidget(self.tables, 1)
        return panel

    def visible_actions(self) -> list[QAction]:
        return self._actions

    def open(self, **params: Any) -> None:
        """`path`: a roster that was dropped on the window."""
        path = params.get("path")
        if isinstance(path, Path):
            self.open_roster(path)

    def _choose_file(self) -> None:
        path = open_file_name(self, "选择名册", "", _FILE_FILTER)
        if path:
            self.open_roster(Path(path))

    def open_roster(self, path: Path, year: int | None = None) -> None:
        """Read a file and show what it would do; nothing is written. Another file clears what was shown before."""
        if path != self._path:
            self.close_preview()
        self._path = path
        self.context.status_bar.clear_error()
        task = build_preview_rows(
            preview(self.context.workbook, path, year=year, choices=self._choices, origin=self._origin)
        )
        self.context.tasks.start(
            task, self._show_preview, failed=self._on_failed, queue="read", title=f"预览“{path.name}”"
        )

    def _on_failed(self, error: UserError) -> None:
        path = self._path
        self.close_preview()
        if isinstance(error, WrittenListFound) and path is not None:
            self.open_list(path)
            return
        self.context.status_bar.error(error)
        if isinstance(error, NoHeaderRow):
            self._office_list = path
            self._update_actions()

    def open_list(self, path: Path) -> None:
        """Show what a list that this program wrote would change; only cells that were changed in it are taken."""
        task = describe(preview_list(self.context.workbook, path))
        self.context.tasks.start(task, self._show_list, queue="read", title=f"预览“{path.name}”")

    def _show_list(self, described: DescribedPreview) -> None:
        self.list_dialog = ImportListDialog(self.context, described, self)
        self.list_dialog.open()

    def _turn_columns(self) -> None:
        """From the preview to the columns, and from the columns on to the preview."""
        if self._stack.currentWidget() is self.columns:
            self.columns.confirm()
        elif self._preview is not None:
            self._show_columns(self._preview)

    def _compare(self) -> None:
        """The list of another office goes where it is compared."""
        if self._office_list is not None:
            self.context.open("comparison", path=self._office_list)

    def _show_columns(self, roster_preview: ImportPreview) -> None:
        self.columns.show_sheets(roster_preview.sheets, lambda sheet: target_choices(sheet.kind))
        self._stack.setCurrentWidget(self.columns)
        self._update_actions()

    def _on_columns_confirmed(self, choices: Mapping[str, SheetChoices]) -> None:
        """Keep what was decided for the next list of this kind, and look at the file again."""
        if self._preview is None or self._path is None:
            return
        self._choices = choices
        path, year = self._path, self._preview.year
        work = partial(remember_all, self.context.workbook, self._preview.sheets, choices)
        self.context.write(work, lambda _: self.open_roster(path, year), message="")

    def _show_preview(self, contents: RosterPreviewRows) -> None:
        self._preview = contents.preview
        questions = [one.kind for sheet in contents.preview.sheets for one in sheet.questions]
        self._office_list = self._path if "office" in questions else None
        sheets_text = "、".join(f"“{sheet.name}”{sheet.rows} 行" for sheet in contents.preview.sheets)
        unknown_columns = [header for sheet in contents.preview.sheets for header in sheet.unrecognized]
        names = "、".join(unknown_columns[:_MAX_COLUMNS_NAMED]) + (
            f"等 {len(unknown_columns)} 列" if len(unknown_columns) > _MAX_COLUMNS_NAMED else ""
        )
        unknown_note = f"　无对应栏目的列按原样保存：{names}" if unknown_columns else ""
        self.file_label.setToolTip("、".join(unknown_columns))
        self.file_label.setText(f"{contents.preview.file}：{sheets_text}{unknown_note}")
        self.message.setText(preview_message(contents.preview))
        self.year.setValue(contents.preview.year)
        self.origin_line.show_origin(contents.preview)
        self.tables.show_rows(contents)
        self._stack.setCurrentIndex(1)
        self._update_actions()
        if contents.preview.count_doubts():
            self._show_columns(contents.preview)

    def _year_changed(self) -> None:
        if self._preview is not None and self.year.value() != self._preview.year and self._path is not None:
            self.open_roster(self._path, self.year.value())

    def _origin_changed(self) -> None:
        """Look at the file again as what the officer says it is, and remember that for lists with these headings."""
        self._origin = self.origin_line.origin()
        if self._preview is None or self._path is None or self._origin is None:
            return
        path, year = self._path, self._preview.year
        headings = [sheet.heading for sheet in self._preview.sheets if sheet.is_taken]
        work = partial(remember_origin, self.context.workbook, headings, is_national=self._origin.is_national)
        self.context.write(work, lambda _: self.open_roster(path, year), message="")

    def _reload(self) -> None:
        if self._path is not None:
            self.open_roster(self._path, self._preview.year if self._preview else None)

    def write_roster(self) -> None:
        """Write what the preview shows."""
        if self._preview is None or not self._write_action.isEnabled():
            return
        for control in (self._write_action, self.write_button):
            control.setEnabled(False)  # once is enough
        task = apply_import(self.context.workbook, self._preview)
        running_task = self.context.tasks.start(task, self._on_written, failed=self._on_write_failed, title="写入名册")
        running_task.cancelled.connect(self._update_actions)

    def _on_write_failed(self, error: UserError) -> None:
        self._update_actions()
        self.context.status_bar.error(error)

    def _on_written(self, result: RosterImportResult) -> None:
        roster_preview = self._preview
        changes = (
            changes_text(roster_preview) if roster_preview is not None else f"{result.created + result.changed} 条"
        )
        message = f"已写入：{changes}。" if changes else "已记下全国系统里的数据。"
        if roster_preview is not None and roster_preview.rejected:
            message += f"有 {len(roster_preview.rejected)} 行没有收，请导出拒收名单（Ctrl+E），改好后再导入。"
        self.context.status_bar.info(message)
        self.message.setText(message)
        self.next_steps.begin()
        self._disable_writing()

    def _disable_writing(self) -> None:
        """The preview stays to be read; it is not written twice."""
        self._update_actions()
        for control in (self._write_action, self.write_button, self.year, self.origin_line):
            control.setEnabled(False)

    def close_preview(self) -> None:
        """Back to the beginning; nothing more is written."""
        self._path, self._preview, self._office_list, self._choices, self._origin = None, None, None, {}, None
        self.next_steps.hide()
        self.tables.clear_rows()
        self.columns.clear()
        self._stack.setCurrentIndex(0)
        self._update_actions()

    def _update_actions(self) -> None:
        roster_preview = self._preview
        is_decided = self._stack.currentWidget() is not self.columns
        has_changes = roster_preview is not None and is_decided and roster_preview.has_news
        self._columns_action.setEnabled(roster_preview is not None)
        self._compare_action.setEnabled(self._office_list is not None)
        self._write_action.setEnabled(has_changes)
        self.write_button.setEnabled(has_changes)
        for control in (self.year, self.origin_line):
            control.setEnabled(roster_preview is not None)
        self._refused_action.setEnabled(roster_preview is not None and bool(roster_preview.rejected))
        self._reload_action.setEnabled(roster_preview is not None)
        self._close_action.setEnabled(roster_preview is not None)

    def _choose_refused_path(self) -> None:
        if self._preview is not None and self._path is not None:
            name = f"{self._path.stem}-拒收.xlsx"
            path = save_file_name(self, "导出拒收名单", name, "Excel (*.xlsx)")
            if path:
                self.export_refused(Path(path).with_suffix(".xlsx"))

    def export_refused(self, path: Path) -> None:
        """Write the refused rows with their reasons."""
        if self._preview is not None:
            task = _write_refused_audited(self.context.workbook, self._preview, path)
            message = f"拒收名单已存为“{path.name}”，最后两列是原因和原来的行号。改好后可以直接再导入。"
            told = partial(self.context.status_bar.written, message, path)
            self.context.tasks.start(task, lambda _: told(), title="导出拒收名单")

    def _choose_template_folder(self) -> None:
        folder = folder_name(self, "空白模板存到哪个文件夹")
        if folder:
            self.export_templates(Path(folder))

    def export_templates(self, folder: Path) -> None:
        """Write an empty sheet for each kind of list."""
        names = "”“".join(f"{table_label(table)}模板.xlsx" for table in _TEMPLATE_TABLES)
        message = f"空白模板已存为“{names}”。填好后在这里导入。"
        self.context.tasks.start(
            partial(_write_templates, folder), lambda _: self.context.status_bar.written(message, folder), queue="read"
        )


def _write_refused_audited(workbook: "Workbook", roster_preview: ImportPreview, path: Path) -> Task[int]:
    """An export of personal data is written in the log."""
    rows = yield from write_rejected(roster_preview, path)
    workbook.audit("导出拒收名单", rows)
    return rows


def _write_templates(folder: Path) -> None:
    for table in _TEMPLATE_TABLES:
        write_template(table, folder / f"{table_label(table)}模板.xlsx")
