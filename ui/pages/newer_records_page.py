"""新版本的记录: rows of tables that only a newer version of the program knows, kept and exchanged, to be read."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout

from app.records.newer_records import NewerRecords, has_newer_rows, list_newer_records, newer_tables
from app.workbook.workbook import WorkbookChanges
from ui.list_views.shown_list_export import ShownListExport
from ui.registers.newer_record_view import NewerRecordView
from ui.shell.page import AppContext, Page
from ui.widgets.search_line import SearchLine

_PAGE_SIZE = 500


class NewerRecordsPage(Page):
    """One kind at a time. The navigation lists the page while there is such a record."""

    TITLE: ClassVar[str] = "新版本的记录"
    ICON: ClassVar[str] = "register"
    ORDER: ClassVar[int] = 399
    GROUP: ClassVar[str] = "村务台账"
    SHORTCUT: ClassVar[str] = "Ctrl+Shift+G, 9, 8"
    CHAPTER: ClassVar[str] = "13-台账"
    IS_RELEASED: ClassVar[bool] = True
    LISTED_WHILE: ClassVar[Callable[[Any], bool] | None] = has_newer_rows

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._size = _PAGE_SIZE
        self._request_number = 0  # counts readings, so that only the last one is shown
        self.kind_box = QComboBox()
        self.kind_box.setObjectName("newerKind")
        self.kind_box.setAccessibleName("类别")
        self.kind_box.setPlaceholderText("没有类别")
        self.kind_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.kind_box.currentIndexChanged.connect(lambda _: self._load())
        self.search_line = SearchLine("searchNewer", "查找新版本的记录", "按内容查找（Ctrl+F）")
        self.search_line.paused.connect(self._load)
        self.count_label = QLabel()
        self.count_label.setObjectName("newerCount")
        self.count_label.setProperty("quiet", True)
        self.view = NewerRecordView("newer_records")
        self.search_line.lead_to(self.view.table, by_enter=True)
        self.view.table.placeholder = "没有新版本写的记录。"
        self._more_action = self.add_page_action("more", "再列一些", "Ctrl+M", self._load_more, "down")
        self._export_action = ShownListExport(self, self.view.table, self.TITLE).add_action()
        self.add_page_action("find", "查找", "Ctrl+F", self.search_line.setFocus)
        header = QHBoxLayout()
        header.addWidget(self.kind_box)
        header.addWidget(self.search_line, 1)
        header.addWidget(self.count_label)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.addLayout(header)
        layout.addWidget(self.view, 1)

    def visible_actions(self) -> list[QAction]:
        return [self._more_action, self._export_action]

    def open(self, **params: Any) -> None:
        self.context.read(self._show_kinds, newer_tables)
        self.view.table.setFocus()

    def refresh(self, changes: WorkbookChanges) -> None:
        self.context.read(self._show_kinds, newer_tables)

    def _show_kinds(self, counts: Mapping[str, int]) -> None:
        """The kind that is chosen stays chosen while it is there."""
        chosen = self.kind_box.currentData()
        self.kind_box.blockSignals(True)
        self.kind_box.clear()
        for table, count in counts.items():
            self.kind_box.addItem(f"{table}（{count}）", table)
        self.kind_box.setCurrentIndex(max(0, self.kind_box.findData(chosen)))
        self.kind_box.blockSignals(False)
        self._load()

    def _load(self) -> None:
        self._request_number += 1
        table, typed = self.kind_box.currentData() or "", self.search_line.text().strip()
        self.context.read(
            partial(self._show_records, self._request_number), list_newer_records, table, typed, self._size
        )

    def _load_more(self) -> None:
        self._size += _PAGE_SIZE
        self._load()

    def _show_records(self, request_number: int, found: NewerRecords) -> None:
        if request_number != self._request_number:
            return
        self.view.show_records(found.records)
        self.count_label.setText(f"列出 {len(found.records)} 条")
        self._more_action.setEnabled(not found.is_whole)
