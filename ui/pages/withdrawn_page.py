"""已撤回: everything that was withdrawn, of every kind, to be found and brought back."""

from functools import partial
from typing import Any, ClassVar

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout

from app.records.withdrawn_records import (
    WithdrawnRecord,
    WithdrawnRecords,
    count_withdrawn,
    find_withdrawn,
    restore_records,
)
from app.workbook.workbook import WorkbookChanges
from ui.shell.page import AppContext, Page
from ui.shell.tasks import RunningTask
from ui.widgets.row_table import Column, Row, RowTable
from ui.widgets.search_line import SearchLine

_PAGE_SIZE = 500
_COLUMNS = (
    Column("label", "类别", width=12),
    Column("title", "记录", width=0),
    Column("household", "户", width=16),
    Column("parts", "一起撤回的", width=26),
    Column("operator", "撤回人", width=10),
    Column("at", "撤回时间", width=16),
)


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
        self.table = RowTable("withdrawn", self.TITLE)
        self.table.set_columns(_COLUMNS)
        self.table.placeholder = "没有撤回的记录。"
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._update_action())
        self._restore_action = self.add_page_action("restore", "恢复", "Ctrl+Return", self._restore, "undo")
        self._earlier_action = self.add_page_action("earlier", "更早的", "Ctrl+M", self._find_earlier, "down")
        self.add_page_action("find", "查找", "Ctrl+F", self.search_line.setFocus)
        header = QHBoxLayout()
        header.addWidget(self.search_line, 1)
        header.addWidget(self.count_label)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.addLayout(header)
        layout.addWidget(self.table, 1)

    def visible_actions(self) -> list[QAction]:
        return [self._restore_action, self._earlier_action]

    def open(self, **params: Any) -> None:
        self._load()
        self.table.setFocus()

    def refresh(self, changes: WorkbookChanges) -> None:
        self._load()

    def _load(self) -> None:
        self.context.read(self._show_total, count_withdrawn)
        self._find()

    def _find(self) -> None:
        """Search, and give up the search that is under way: on 100,000 records one takes most of a second."""
        if self._search is not None:
            self._search.cancel()
        self._request_number += 1
        typed = self.search_line.text().strip()
        self._search = self.context.tasks.start(
            find_withdrawn(self.context.workbook, typed, self._size),
            partial(self._show, self._request_number),
            queue="read",
            title="查找已撤回的" if typed else "",
        )

    def _find_earlier(self) -> None:
        self._size += _PAGE_SIZE
        self._find()

    def _show_total(self, total: int) -> None:
        self._total = total
        self._show_count()

    def _show(self, request_number: int, found: WithdrawnRecords) -> None:
        if request_number != self._request_number:
            return
        self._records = {f"{record.table}:{record.id}": record for record in found.records}
        self.table.set_rows(_row(key, record) for key, record in self._records.items())
        self._earlier_action.setEnabled(not found.is_whole)
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


def _row(key: str, record: WithdrawnRecord) -> Row:
    cells = {
        "label": record.label,
        "title": record.title,
        "household": record.household,
        "parts": record.parts,
        "operator": record.operator,
        "at": record.at.isoformat(" ", "minutes") if record.at else "",
    }
    return Row(key, cells)
