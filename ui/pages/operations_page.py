"""操作记录: what was done in this copy of the workbook, by whom, to whose records, and taking any of it back."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from app.list_views.stored_form import VIEW_LEDGER
from app.records.operation_cells import OperationCells, operation_cells
from app.sync.peers import list_packages
from app.sync.views import PackageView
from app.viewed_lists.operation_source import OPEN, TODAY, operation_list
from app.workbook.operation_lines import KIND_GROUPS, LOG
from app.workbook.operations import FINAL_KINDS, OperationEntry, take_back
from app.workbook.workbook import WorkbookChanges
from ui.list_views.operation_rows import OPERATION_COLUMNS, ViewedOperations, latest_operations, operations_in_view
from ui.list_views.shown_list_export import ShownListExport
from ui.list_views.view_bar import QuickFilter, ViewBar
from ui.shell.page import AppContext, Page
from ui.shell.tasks import RunningTask
from ui.sync.undo_controller import UndoController
from ui.widgets.paged_table import PagedTable
from ui.widgets.row_table import Column, Row, RowTable
from ui.widgets.search_line import SearchLine

_PAGE_SIZE = 200  # operations that are read together
_KINDS = (("全部操作", ""), *((group.label, group.key) for group in KIND_GROUPS), ("今日操作与提示", TODAY))
_EMPTY_HINT = "还没有操作。在这里做过的每一次修改、导入都会列出来。"
_NONE_FITS = "没有符合条件的操作：{}。\n按 Ctrl+Shift+F 清除筛选，看全部。"
_CELL_COLUMNS = (
    Column("household", "户", width=18),
    Column("record", "记录", width=16),
    Column("label", "栏目", width=12),
    Column("before", "原来", width=14),
    Column("after", "改为", width=0),
)


class OperationsPage(Page):
    """The list, the latest first; below it what the current operation did, cell by cell."""

    TITLE: ClassVar[str] = "操作记录"
    ICON: ClassVar[str] = "operations"
    ORDER: ClassVar[int] = 800
    GROUP: ClassVar[str] = "管理"
    SHORTCUT: ClassVar[str] = "F9"
    CHAPTER: ClassVar[str] = "12-撤销与恢复"
    IS_RELEASED: ClassVar[bool] = True

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._operations: dict[str, OperationEntry] = {}
        self._size = _PAGE_SIZE
        self._asked = 0  # counts what was asked
        self._search: RunningTask | None = None
        self.import_undo = UndoController(context, self)
        self.search_line = SearchLine("searchOperations", "查找操作", "按内容或操作人查找（Ctrl+F）")
        self.search_line.paused.connect(self._load)
        self.kind_box = QComboBox()
        self.kind_box.setObjectName("operationKind")
        self.kind_box.setAccessibleName("哪类操作")
        for kind, key in _KINDS:
            self.kind_box.addItem(kind, key)
        self.kind_box.currentIndexChanged.connect(lambda _: self._load())
        self.open_box = QCheckBox("不看已撤销的")
        self.open_box.setObjectName("onlyOpen")
        self.open_box.toggled.connect(lambda _: self._load())
        self.table = PagedTable("operations", self.TITLE)
        self.search_line.lead_to(self.table, by_enter=True)
        quick = QuickFilter(self._quick_state, self._restore_quick)
        self.view_bar = ViewBar(context, operation_list(), quick, self.table, OPERATION_COLUMNS)
        self.view_bar.follow_head()
        self.view_bar.changed.connect(self._load)
        self.table.placeholder = _EMPTY_HINT
        self.table.current_row_changed.connect(self._on_current_changed)
        self.cell_table = RowTable("operationCells", "这一项改了什么")
        self.cell_table.set_columns(_CELL_COLUMNS)
        self.count_label, self.cell_label = QLabel(), QLabel()
        for label in (self.count_label, self.cell_label):
            label.setProperty("quiet", True)
        self._take_back_action = self.add_page_action("takeBack", "撤销这一项", "Ctrl+Shift+Z", self._take_back, "undo")
        self._earlier_action = self.add_page_action("earlier", "更早的", "Ctrl+M", self._load_earlier, "down")
        self.exporting = ShownListExport(self, self.table, self.TITLE)
        self._export_action = self.exporting.add_action()
        self.add_page_action("find", "查找", "Ctrl+F", self.search_line.setFocus)
        self.add_page_action("onlyOpenKey", "不看已撤销的", "Alt+O", self.open_box.toggle)
        self._print_action = self.add_page_action("print", "打印清单", "Ctrl+P", self._print, "print")
        self.view_bar.add_actions_to(self)
        self.add_page_action("clear", "清除筛选", "Ctrl+Shift+F", self._clear)
        self._build_layout()

    def _build_layout(self) -> None:
        header = QHBoxLayout()
        header.addWidget(self.search_line, 1)
        for widget in (self.kind_box, self.open_box, self.count_label):
            header.addWidget(widget)
        details = QWidget()
        details_layout = QVBoxLayout(details)
        details_layout.setContentsMargins(0, 0, 0, 0)
        details_layout.addWidget(self.cell_label)
        details_layout.addWidget(self.cell_table, 1)
        splitter = QSplitter(Qt.Orientation.Vertical, self)
        splitter.addWidget(self.table)
        splitter.addWidget(details)
        splitter.setSizes([380, 220])
        splitter.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.addLayout(header)
        layout.addWidget(self.view_bar)
        layout.addWidget(splitter, 1)

    def visible_actions(self) -> list[QAction]:
        return [self._take_back_action, self._earlier_action, self._export_action, self._print_action]

    def open(self, view: str = "", today: bool = False, **params: Any) -> None:
        """`today`: what was done and said today; `view`: a saved one."""
        if today:
            self._restore_quick({"kind": TODAY})
        if view:
            self.view_bar.open_view(view)
        self._load()
        self.table.setFocus()

    def refresh(self, changes: WorkbookChanges) -> None:
        self._load()

    @property
    def current(self) -> OperationEntry | None:
        """The operation that is pointed at."""
        return self._operations.get(self.table.current_id())

    def _quick_state(self) -> dict[str, str]:
        kind, text = self.kind_box.currentData(), self.search_line.text().strip()
        return {"kind": kind, "text": text, "open": OPEN if self.open_box.isChecked() else ""}

    def _describe_quick(self) -> str:
        words, kind = (
            self.search_line.text().strip(),
            self.kind_box.currentText() if self.kind_box.currentIndex() else "",
        )
        hidden = self.open_box.text() if self.open_box.isChecked() else ""
        return "，".join(one for one in (f"查找“{words}”" if words else "", kind, hidden) if one)

    def _restore_quick(self, state: Mapping[str, str]) -> None:
        self.kind_box.setCurrentIndex(max(0, self.kind_box.findData(state.get("kind", ""))))
        self.search_line.setText(state.get("text", ""))
        self.open_box.setChecked(state.get("open", "") == OPEN)

    def _clear(self) -> None:
        self._restore_quick({})
        self.view_bar.clear()

    def _load(self) -> None:
        """Read, and give up the reading that is under way: of 100,000 operations a view takes seconds."""
        if self._search is not None:
            self._search.cancel()
        self._asked += 1
        quick, is_plain = self._quick_state(), self.view_bar.is_plain
        self.open_box.setEnabled(quick["kind"] != LOG)
        if is_plain:
            said = tuple(self.context.messages.of_day(date.today())) if quick["kind"] == TODAY else ()
            work = latest_operations(self.context.workbook, quick, said, self._size)
        else:
            work = operations_in_view(self.context.workbook, self.view_bar.shown, self.view_bar.shown_keys())
        shown = partial(self._show, self._asked)
        self._search = self.context.tasks.start(work, shown, queue="read", title="" if is_plain else "读取操作记录")

    def _load_earlier(self) -> None:
        self._size += _PAGE_SIZE
        self._load()

    def _show(self, asked: int, found: ViewedOperations) -> None:
        """What was asked for last only: the choices are answered by different queries."""
        if asked != self._asked:
            return
        self._operations = {line.id: line.operation for line in found.lines if line.operation is not None}
        if found.source is not None:
            self.view_bar.use(found.source)
        conditions = "；".join(one for one in (self._describe_quick(), self.view_bar.describe()) if one)
        self.table.placeholder = _NONE_FITS.format(conditions) if conditions else _EMPTY_HINT
        self.table.set_ids(found.listed.ids, found.listed.rows, found.listed.headings)
        self._earlier_action.setEnabled(not found.is_whole)
        count = len(self.table.visible_ids())
        self.count_label.setText(f"共 {count} 项" if found.is_whole else f"最近 {count} 项")
        self._on_current_changed(self.table.current_id())

    def _print(self) -> None:
        self.context.open("printing", paper=VIEW_LEDGER, view=self.view_bar.for_printing())

    def _on_current_changed(self, _: str) -> None:
        operation = self.current
        self._take_back_action.setText("重做这一项" if operation and operation.undone_by else "撤销这一项")
        self._take_back_action.setEnabled(operation is not None and operation.kind not in FINAL_KINDS)
        if operation is None:
            self._show_cells(0, OperationCells((), True))
        else:
            self.context.read(partial(self._show_cells, operation.n), operation_cells, operation.n)

    def _show_cells(self, n: int, found: OperationCells) -> None:
        operation = self.current
        if (operation.n if operation else 0) != n:
            return
        self.cell_table.set_rows(
            Row(
                str(place),
                {
                    "household": cell.household,
                    "record": cell.record,
                    "label": cell.label,
                    "before": cell.before,
                    "after": cell.after,
                },
            )
            for place, cell in enumerate(found.cells)
        )
        more = "" if found.is_whole else f"（只列出前 {len(found.cells)} 处）"
        title = operation.title if operation else ""
        self.cell_label.setText(f"{title}：{len(found.cells)} 处{more}" if found.cells else title)

    def _take_back(self) -> None:
        operation = self.current
        if operation is None or operation.kind in FINAL_KINDS:
            return
        if operation.undone_by is not None:
            self._run(operation.undone_by, "重做")
        elif operation.package is not None:
            done = partial(self._confirm_import_undo, operation.package)
            self.context.tasks.read(partial(list_packages, self.context.workbook), done)
        else:
            self._run(operation.n, "撤销")

    def _run(self, n: int, verb: str) -> None:
        self.context.tasks.start(take_back(self.context.workbook, n), self.context.status_bar.saved, title=verb)

    def _confirm_import_undo(self, n: int, packages: tuple[PackageView, ...]) -> None:
        """A whole package is taken back in its own way, and only after a question."""
        package = next((package for package in packages if package.n == n), None)
        if package is None:
            self.context.status_bar.error("这次导入太久以前了，不能撤销。需要时请用导入前的备份恢复。")
        else:
            self.import_undo.confirm(package)
