"""操作记录: what was done in this copy of the workbook, by whom, to whose records, and taking any of it back."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from app.records.operation_cells import OperationCells, operation_cells
from app.sync.peers import list_packages
from app.sync.views import PackageView
from app.workbook.audit_log import LoggedExport, logged_exports
from app.workbook.operations import FINAL_KINDS, Kind, OperationEntry, OperationFilter, list_operations, take_back
from app.workbook.workbook import WorkbookChanges
from ui.list_views.shown_list_export import ShownListExport
from ui.shell.message_log import SaidMessage
from ui.shell.page import AppContext, Page
from ui.sync.undo_controller import UndoController
from ui.widgets.row_table import Column, Row, RowTable
from ui.widgets.search_line import SearchLine

_PAGE_SIZE = 200  # operations that are read together
_LOG = "导出、打印和看全号码"  # in the log of exports; nothing of it can be taken back
_TODAY = "今日操作与提示"  # together with what the status bar said
_SAID_STATES = {"saved": "已保存", "told": "提示", "refused": "未办成"}
_KINDS: tuple[tuple[str, tuple[Kind, ...]], ...] = (
    ("全部操作", ()),
    ("修改", ("edit",)),
    ("打印", ("print",)),
    ("导入的数据包", ("import", "import_undo")),
    ("撤销和重做", ("undo", "redo")),
)
_COLUMNS = (
    Column("at", "时间", width=16),
    Column("operator", "操作人", width=8),
    Column("title", "做了什么", width=0),
    Column("records", "记录", align="right", width=6),
    Column("households", "涉及的户", width=22),
    Column("state", "状态", width=8),
)
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
        self._operations: dict[int, OperationEntry] = {}
        self._size = _PAGE_SIZE
        self._asked = 0  # counts what was asked
        self.import_undo = UndoController(context, self)
        self.search_line = SearchLine("searchOperations", "查找操作", "按内容或操作人查找（Ctrl+F）")
        self.search_line.paused.connect(self._load)
        self.kind_box = QComboBox()
        self.kind_box.setObjectName("operationKind")
        self.kind_box.setAccessibleName("哪类操作")
        for kind_label, kinds in _KINDS:
            self.kind_box.addItem(kind_label, kinds)
        self.kind_box.addItems([_LOG, _TODAY])
        self.kind_box.currentIndexChanged.connect(lambda _: self._load())
        self.open_box = QCheckBox("不看已撤销的")
        self.open_box.setObjectName("onlyOpen")
        self.open_box.toggled.connect(lambda _: self._load())
        self.table = RowTable("operations", self.TITLE)
        self.table.set_columns(_COLUMNS)
        self.table.placeholder = "还没有操作。在这里做过的每一次修改、导入都会列出来。"
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
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(self.table)
        splitter.addWidget(details)
        splitter.setSizes([380, 220])
        splitter.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.addLayout(header)
        layout.addWidget(splitter, 1)

    def visible_actions(self) -> list[QAction]:
        return [self._take_back_action, self._earlier_action, self._export_action]

    def open(self, **params: Any) -> None:
        """`today`: what was done and said today."""
        if params.get("today"):
            self.kind_box.setCurrentText(_TODAY)
        self._load()
        self.table.setFocus()

    def refresh(self, changes: WorkbookChanges) -> None:
        self._load()

    @property
    def current(self) -> OperationEntry | None:
        """The operation that is pointed at."""
        return self._operations.get(int(self.table.current_id() or 0))

    def _load(self) -> None:
        typed, kinds = self.search_line.text().strip(), self.kind_box.currentData()
        self.open_box.setEnabled(self.kind_box.currentText() != _LOG)
        if self.kind_box.currentText() == _LOG:
            self._read(self._show_log, logged_exports, typed, self._size)
            return
        is_today = self.kind_box.currentText() == _TODAY
        wanted = OperationFilter(typed, () if is_today else kinds, self.open_box.isChecked())
        if is_today:
            self._read(partial(self._show_today, typed), list_operations, wanted, limit=self._size)
            return
        self._read(self._show, list_operations, wanted, limit=self._size)

    def _read(self, show: Callable[[Any], object], query: Callable[..., Any], *args: Any, **options: Any) -> None:
        """Ask, and show the answer to what was asked last only: the choices are answered by different queries."""
        self._asked += 1
        self.context.read(partial(self._show_if_asked, self._asked, show), query, *args, **options)

    def _show_if_asked(self, asked: int, show: Callable[[Any], object], found: Any) -> None:
        if asked == self._asked:
            show(found)

    def _load_earlier(self) -> None:
        self._size += _PAGE_SIZE
        self._load()

    def _show(self, operations: list[OperationEntry]) -> None:
        self._operations = {operation.n: operation for operation in operations}
        self._show_rows([_row(operation) for operation in operations], len(operations))

    def _show_today(self, typed: str, operations: list[OperationEntry]) -> None:
        """What was done and what was said, in one order of time."""
        day = date.today()
        done = [operation for operation in operations if operation.at.startswith(str(day))]
        self._operations = {operation.n: operation for operation in done}
        said = [message for message in self.context.messages.of_day(day) if typed.casefold() in message.text.casefold()]
        timed = [(operation.at[:19].replace("T", " "), _row(operation)) for operation in done]
        timed += [(f"{message.at:%Y-%m-%d %H:%M:%S}", _message_row(n, message)) for n, message in enumerate(said)]
        # all of the day was read where an older operation came along
        read_count = len(operations) if len(done) == len(operations) else 0
        self._show_rows([row for _, row in sorted(timed, key=lambda pair: pair[0], reverse=True)], read_count)

    def _show_log(self, exports: list[LoggedExport]) -> None:
        self._operations = {}
        self._show_rows([_log_row(export) for export in exports], len(exports))

    def _show_rows(self, rows: list[Row], read_count: int) -> None:
        """`read_count`: how many of those that were asked for came; all of them may mean that there are more."""
        self.table.set_rows(rows)
        is_whole = read_count < self._size
        self._earlier_action.setEnabled(not is_whole)
        self.count_label.setText(f"共 {len(rows)} 项" if is_whole else f"最近 {len(rows)} 项")
        self._on_current_changed(self.table.current_id())

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


def _log_row(export: LoggedExport) -> Row:
    cells = {"at": export.at[:16], "operator": export.operator, "title": export.what, "records": export.count}
    return Row(str(-export.n), cells)  # the id of no operation


def _message_row(n: int, message: SaidMessage) -> Row:
    cells = {"at": f"{message.at:%Y-%m-%d %H:%M}", "title": message.text, "state": _SAID_STATES[message.kind]}
    return Row(f"-{n + 1}", cells, "bad" if message.kind == "refused" else "quiet")


def _row(operation: OperationEntry) -> Row:
    cells = {
        "at": operation.at[:16],
        "operator": operation.operator,
        "title": operation.title,
        "records": operation.records,
        "households": operation.households,
        "state": "已撤销" if operation.undone else "",
    }
    return Row(str(operation.n), cells, "quiet" if operation.undone else "")
