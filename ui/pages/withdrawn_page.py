"""已撤回: everything that was withdrawn, of every kind, to be found and brought back."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout

from app.list_views.stored_form import VIEW_LEDGER
from app.progress import Task
from app.records.withdrawn_records import WithdrawnRecord, count_withdrawn, find_withdrawn, restore_records
from app.viewed_lists.withdrawn_source import withdrawn_list
from app.workbook.workbook import WorkbookChanges
from ui.list_views.shown_list_export import ShownListExport
from ui.list_views.view_bar import QuickFilter, ViewBar
from ui.list_views.withdrawn_rows import WITHDRAWN_COLUMNS, ViewedRecords, as_listed, find_in_view
from ui.shell.page import AppContext, Page
from ui.shell.tasks import RunningTask
from ui.widgets.paged_table import PagedTable
from ui.widgets.search_line import SearchLine

_PAGE_SIZE = 500
_EMPTY_HINT = "没有撤回的记录。"
_NONE_FITS = "没有符合条件的记录：{}。\n按 Ctrl+Shift+F 清除筛选，看全部。"


class WithdrawnPage(Page):
    """One list; one or several of it are brought back together."""

    TITLE: ClassVar[str] = "已撤回"
    ICON: ClassVar[str] = "withdrawn"
    ORDER: ClassVar[int] = 810
    GROUP: ClassVar[str] = "管理"
    SHORTCUT: ClassVar[str] = "Shift+F9"
    CHAPTER: ClassVar[str] = "12-撤销与恢复"
    IS_RELEASED: ClassVar[bool] = True

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._records: dict[str, WithdrawnRecord] = {}
        self._size = _PAGE_SIZE
        self._total: int | None = None
        self._search: RunningTask | None = None
        self._request_number = 0  # counts searches, so that only the last one is shown
        self.search_line = SearchLine("searchWithdrawn", "查找已撤回的", "按类别、名称、户或撤回人查找（Ctrl+F）")
        self.search_line.paused.connect(self._find)
        self.count_label = QLabel()
        self.count_label.setObjectName("count")
        self.count_label.setProperty("quiet", True)
        self.table = PagedTable("withdrawn", self.TITLE)
        self.search_line.lead_to(self.table, by_enter=True)
        quick = QuickFilter(lambda: {"text": self._typed()} if self._typed() else {}, self._restore_search)
        self.view_bar = ViewBar(context, withdrawn_list(), quick, self.table, WITHDRAWN_COLUMNS)
        self.view_bar.follow_head()
        self.view_bar.changed.connect(self._find)
        self.table.placeholder = _EMPTY_HINT
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._update_action())
        self._restore_action = self.add_page_action("restore", "恢复", "Ctrl+Return", self._restore, "undo")
        self._earlier_action = self.add_page_action("earlier", "更早的", "Ctrl+M", self._find_earlier, "down")
        self.exporting = ShownListExport(self, self.table, self.TITLE)
        self._export_action = self.exporting.add_action()
        self._print_action = self.add_page_action("print", "打印清单", "Ctrl+P", self._print, "print")
        self.add_page_action("find", "查找", "Ctrl+F", self.search_line.setFocus)
        self.view_bar.add_actions_to(self)
        self.add_page_action("clear", "清除筛选", "Ctrl+Shift+F", self._clear)
        header = QHBoxLayout()
        header.addWidget(self.search_line, 1)
        header.addWidget(self.count_label)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.addLayout(header)
        layout.addWidget(self.view_bar)
        layout.addWidget(self.table, 1)

    def visible_actions(self) -> list[QAction]:
        return [self._restore_action, self._earlier_action, self._export_action, self._print_action]

    def open(self, view: str = "", **params: Any) -> None:
        """`view`: a saved one."""
        if view:
            self.view_bar.open_view(view)
        self._load()
        self.table.setFocus()

    def refresh(self, changes: WorkbookChanges) -> None:
        self._load()

    def _load(self) -> None:
        self.context.read(self._show_total, count_withdrawn)
        self._find()

    def _typed(self) -> str:
        return self.search_line.text().strip()

    def _restore_search(self, state: Mapping[str, str]) -> None:
        self.search_line.setText(state.get("text", ""))

    def _clear(self) -> None:
        self.search_line.clear()
        self.view_bar.clear()

    def _find(self) -> None:
        """Search, and give up the search that is under way: on 100,000 records one takes most of a second."""
        if self._search is not None:
            self._search.cancel()
        self._request_number += 1
        typed, is_plain = self._typed(), self.view_bar.is_plain
        if is_plain:
            work = self._find_latest(typed)
        else:
            work = find_in_view(self.context.workbook, typed, self.view_bar.shown, self.view_bar.shown_keys())
        self._search = self.context.tasks.start(
            work,
            partial(self._show, self._request_number),
            queue="read",
            title="" if is_plain and not typed else "查找已撤回的",
        )

    def _find_latest(self, typed: str) -> Task[ViewedRecords]:
        return as_listed((yield from find_withdrawn(self.context.workbook, typed, self._size)))

    def _find_earlier(self) -> None:
        self._size += _PAGE_SIZE
        self._find()

    def _show_total(self, total: int) -> None:
        self._total = total
        self._show_count()

    def _show(self, request_number: int, viewed: ViewedRecords) -> None:
        if request_number != self._request_number:
            return
        self._records = {record.key: record for record in viewed.found.records}
        if viewed.source is not None:
            self.view_bar.use(viewed.source)
        conditions = self.view_bar.describe()
        self.table.placeholder = _NONE_FITS.format(conditions) if conditions else _EMPTY_HINT
        self.table.set_ids(viewed.listed.ids, viewed.listed.rows, viewed.listed.headings)
        self._earlier_action.setEnabled(not viewed.found.is_whole)
        self._show_count()
        self._update_action()

    def _show_count(self) -> None:
        listed = (
            f"列出最近 {len(self._records)} 条" if self._earlier_action.isEnabled() else f"列出 {len(self._records)} 条"
        )
        self.count_label.setText("" if self._total is None else f"共 {self._total} 条，{listed}")

    def _update_action(self) -> None:
        count = len(self.table.selected_ids())
        self._restore_action.setText(f"恢复 {count} 条" if count > 1 else "恢复")
        self._restore_action.setEnabled(count > 0)

    def _restore(self) -> None:
        chosen = [self._records[key] for key in self.table.selected_ids()]
        if chosen:
            keys = [(record.table, record.id) for record in chosen]
            work = partial(restore_records, self.context.workbook, keys)
            self.context.tasks.start(work, lambda count: self.context.status_bar.saved(f"已恢复 {count} 条记录"))

    def _print(self) -> None:
        self.context.open("printing", paper=VIEW_LEDGER, view=self.view_bar.for_printing())
