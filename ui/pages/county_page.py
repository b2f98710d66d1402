"""县里的规定: lines of a year, options, limits, checklists, forms, headings and titles as this county has them."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSplitter, QVBoxLayout, QWidget

from app.county import editing
from app.county.sheet import CountySheet, EntryRef
from app.county.versions import entry_history
from app.errors import UserError
from app.records.history import HistoryEntry
from app.workbook.roles import REVIEW
from app.workbook.workbook import WorkbookChanges
from ui.county.entry_list import EntryList
from ui.county.file_controller import FileController, line_text
from ui.county.head_fields import HeadFields
from ui.county.sheet_grid import SheetGrid
from ui.county.versions_dialog import VersionsDialog
from ui.grid.edit_preview_dialog import EditPreviewDialog
from ui.shell.page import AppContext, Page
from ui.shell.role_limits import limit_widget

_UNSAVED = "改动还没有保存。请按 Ctrl+S 预览并保存，或按 Ctrl+Shift+Z 放弃改动。"
_START = ("standard", "")


class CountyPage(Page):
    """The list of what can be set at the left, the entry that is pointed at as a sheet at the right."""

    TITLE: ClassVar[str] = "县里的规定"
    ICON: ClassVar[str] = "archive"
    ORDER: ClassVar[int] = 880
    GROUP: ClassVar[str] = "管理"
    SHORTCUT: ClassVar[str] = "Ctrl+Shift+9"
    CHAPTER: ClassVar[str] = "22-县里的规定"

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._base: CountySheet | None = None
        self._wanted = _START
        self._year, self._column = "", ""
        self.dialog: EditPreviewDialog | None = None
        self.versions_dialog: VersionsDialog | None = None
        self.files = FileController(context, self, self._reload)
        self.entries = EntryList()
        self.entries.entry_chosen.connect(self._on_chosen)
        self.title_label, self.note_label, self.fault_label = QLabel(), QLabel(), QLabel()
        self.head, self.grid = HeadFields(), SheetGrid()
        limit_widget(self.head, context.workbook, REVIEW, "修改县里的规定")
        self.grid.read_only = not context.workbook.may(REVIEW)
        self.head.edited.connect(self._on_edited)
        self.grid.edited.connect(self._on_edited)
        self.grid.rejected.connect(self._show_fault)
        self._actions = self._make_actions()
        self._build_layout()

    def _make_actions(self) -> list[QAction]:
        add = self.add_page_action
        self.save_action = add("saveCounty", "预览并保存…", "Ctrl+S", self.preview, "save")
        self.default_action = add("restoreDefault", "恢复默认…", "Ctrl+D", self._ask_default, "undo")
        self.copy_action = add("copyCounty", "复制为新的", "Ctrl+Shift+N", self._copy, "add")
        files = [
            add("importCounty", "导入县级资料包…", "Ctrl+I", self._choose_import, "take_in"),
            add("exportCounty", "导出县级资料包…", "Ctrl+E", self.files.choose_export, "export"),
        ]
        add("countyVersions", "历次改动", "Ctrl+H", self._ask_versions)
        add("discardCounty", "放弃改动", "Ctrl+Shift+Z", self._discard)
        add("addRow", "新增一行", "Ctrl+N", lambda: self._add_row(-1))
        add("addFirstLevel", "新增一组", "Ctrl+M", lambda: self._add_row(0))
        add("rowUp", "上移", "Alt+Up", lambda: self.grid.move_row(-1))
        add("rowDown", "下移", "Alt+Down", lambda: self.grid.move_row(1))
        add("find", "查找", "Ctrl+F", self.entries.search.setFocus)
        return [self.save_action, self.default_action, self.copy_action, *files]

    def _build_layout(self) -> None:
        self.title_label.setProperty("heading", True)
        self.title_label.setObjectName("countyTitle")
        for label, name in ((self.note_label, "countyNote"), (self.fault_label, "countyFault")):
            label.setObjectName(name)
            label.setWordWrap(True)
        self.note_label.setProperty("quiet", True)
        self.fault_label.setProperty("fault", True)
        self.fault_label.hide()
        self._row_buttons = QHBoxLayout()
        right = QWidget()
        layout = QVBoxLayout(right)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.title_label, self.note_label, self.head, self.fault_label):
            layout.addWidget(widget)
        layout.addWidget(self.grid, 1)
        layout.addLayout(self._row_buttons)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.addWidget(self.entries)
        splitter.addWidget(right)
        splitter.setSizes([290, 870])
        splitter.setChildrenCollapsible(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 12, 16, 8)
        outer.addWidget(splitter)

    def visible_actions(self) -> list[QAction]:
        return self._actions

    def open(self, **params: Any) -> None:
        """`kind` and `entry` (its name) of what is shown; `year` and `column` of a yearly line; `path`: to take in."""
        if "kind" in params:
            self._wanted = (str(params["kind"]), str(params.get("entry", "")))
            self._year, self._column = str(params.get("year", "")), str(params.get("column", ""))
        self._reload()
        self.entries.tree.setFocus()
        if "path" in params:
            self.files.preview(Path(params["path"]))

    def refresh(self, changes: WorkbookChanges) -> None:
        if not self.is_edited and changes.touches("amendment", "standard"):
            self._reload()

    @property
    def is_edited(self) -> bool:
        """Whether something was typed that is not kept yet."""
        return self._base is not None and self._edited() != self._base

    def can_leave(self) -> bool:
        self.grid.take_over()
        if self.is_edited:
            self._show_fault(_UNSAVED)
            return False
        return True

    def preview(self) -> None:
        """Check what was typed, show what it would change, and keep it on Enter."""
        if self._base is None:
            return
        self.grid.take_over()
        base, edited = self._base, self._edited()
        self.context.read(
            partial(self._show_preview, base, edited), editing.plan, base, edited, failed=self._on_refused
        )

    def _edited(self) -> CountySheet:
        assert self._base is not None
        return replace(self._base, rows=self.grid.rows, head_cells=self.head.cells)

    def _reload(self) -> None:
        self.context.read(self._show_entries, editing.list_entries)
        self._load(*self._wanted)

    def _show_entries(self, entries: tuple[EntryRef, ...]) -> None:
        self.entries.show_entries(editing.titles_of_kinds(), entries)
        self.entries.select(*self._wanted)

    def _load(self, kind: str, name: str) -> None:
        self._wanted = (kind, name)
        self.context.read(self._show_sheet, editing.load_sheet, kind, name, failed=self._on_gone)

    def _on_gone(self, _: UserError) -> None:
        """An entry that only this county had was taken out."""
        if self._wanted != _START:
            self._load(*_START)
            self.entries.select(*_START)

    def _on_chosen(self, kind: str, name: str) -> None:
        if self.can_leave():
            self._load(kind, name)
        else:
            self.entries.select(*self._wanted)

    def _show_sheet(self, sheet: CountySheet) -> None:
        if (sheet.kind, sheet.name) != self._wanted or (self.is_edited and self._base and self._base.kind == sheet.kind
                                                        and self._base.name == sheet.name):  # fmt: skip
            return
        self.head.show_sheet(sheet)
        self.grid.show_sheet(sheet)
        self._base = replace(sheet, head_cells=self.head.cells)
        self.title_label.setText(sheet.title)
        self.note_label.setText(sheet.note)
        self._hide_fault()
        self.default_action.setEnabled(sheet.changed and bool(sheet.name))
        self.copy_action.setEnabled(sheet.whole)
        self._show_row_buttons(sheet)
        if self._year:
            at = next((n for n, row in enumerate(sheet.rows) if row.key == self._year), 0)
            self.grid.setCurrentCell(at, next((n for n, one in enumerate(sheet.columns) if one.key == self._column), 1))
            self.grid.setFocus()
            self._year = ""

    def _show_row_buttons(self, sheet: CountySheet) -> None:
        while (item := self._row_buttons.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        buttons: list[tuple[str, str, Callable[[], object]]] = [
            (f"新增{level}", f"add_{n}", partial(self.grid.add_row, level)) for n, level in enumerate(sheet.levels)
        ]
        if any(row.removable for row in sheet.rows) or sheet.levels:
            buttons.append(("删除这一行", "removeRow", self.grid.remove_row))
        if sheet.ordered:
            buttons += [
                ("上移", "moveUp", partial(self.grid.move_row, -1)),
                ("下移", "moveDown", partial(self.grid.move_row, 1)),
            ]
        for label, name, callback in () if self.grid.read_only else buttons:
            button = QPushButton(label)
            button.setObjectName(name)
            button.setAccessibleName(label)
            button.clicked.connect(lambda _=False, call=callback: call())
            self._row_buttons.addWidget(button)
        self._row_buttons.addStretch(1)

    def _add_row(self, level: int) -> None:
        if self._base is not None and self._base.levels:
            self.grid.add_row(self._base.levels[level])

    def _show_preview(self, base: CountySheet, edited: CountySheet, plan: editing.Plan) -> None:
        self._hide_fault()
        count = len(plan.lines)
        summary = f"“{edited.title}”将改动 {count} 处。" if count else "没有改动。"
        lines = [line_text(line) for line in plan.lines]
        self.dialog = EditPreviewDialog("预览改动", summary, lines, not count, self)
        self.dialog.accepted.connect(partial(self._save, base, edited))
        self.dialog.open()

    def _save(self, base: CountySheet, edited: CountySheet) -> None:
        work = partial(editing.save, self.context.workbook, base, edited)
        self.context.tasks.start(work, lambda _: self._on_saved(edited), failed=self._on_refused)

    def _on_saved(self, edited: CountySheet) -> None:
        self.context.status_bar.saved(f"已保存“{edited.title}”")
        self._base = None
        self._wanted = (edited.kind, edited.name)
        self._reload()

    def _ask_versions(self) -> None:
        if self._base is not None:
            show = partial(self._show_versions, self._base.title)
            self.context.read(show, entry_history, self._base.kind, self._base.name)

    def _show_versions(self, title: str, entries: list[HistoryEntry]) -> None:
        self.versions_dialog = VersionsDialog(title, entries, self)
        self.versions_dialog.open()

    def _ask_default(self) -> None:
        if self._base is None or not self._base.changed or not self.can_leave():
            return
        title = self._base.title
        what = "只有本县有，将被删除" if self._base.only_here else "将恢复成程序自带的内容"
        self.dialog = EditPreviewDialog("恢复默认", f"“{title}”{what}，可在“操作记录”里撤销。", [], False, self)
        self.dialog.accepted.connect(partial(self._restore, self._base.kind, self._base.name))
        self.dialog.open()

    def _restore(self, kind: str, name: str) -> None:
        work = partial(editing.restore_default, self.context.workbook, kind, name)
        self.context.tasks.start(work, lambda _: self._after_restore(), failed=self._on_refused)

    def _after_restore(self) -> None:
        self.context.status_bar.saved("已恢复默认")
        self._base = None
        self._reload()

    def _copy(self) -> None:
        """Begin a new checklist or form with the content of this one; it is kept when it is saved."""
        if self._base is None or not self._base.whole or not self.can_leave():
            return
        copied = editing.copied(self._base, f"{self._base.title}（本县）")
        self._wanted = (copied.kind, copied.name)
        self.head.show_sheet(copied)
        self.grid.show_sheet(copied)
        self._base = copied.with_rows()
        self.title_label.setText(copied.title)
        self._show_row_buttons(copied)
        self.head.setFocus()

    def _choose_import(self) -> None:
        if self.can_leave():
            self.files.choose_import()

    def _discard(self) -> None:
        self._base = None
        self._load(*self._wanted)

    def _on_edited(self) -> None:
        self._hide_fault()

    def _on_refused(self, error: UserError) -> None:
        self._show_fault(str(error))

    def _show_fault(self, sentence: str) -> None:
        self.fault_label.setText(sentence)
        self.fault_label.show()

    def _hide_fault(self) -> None:
        self.fault_label.hide()
        self.fault_label.setText("")
