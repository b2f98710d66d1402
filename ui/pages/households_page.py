"""农户: all households, found as one types, filtered, sorted, exported."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.dashboard.summary import visit_days
from app.records.membership import create_household
from app.records.row_views import HouseholdRow, household_rows
from app.records.search import SearchHit, search_households
from app.workbook.workbook import WorkbookChanges
from ui.household.filter_bar import FilterBar
from ui.household.household_columns import columns, export_households, household_row
from ui.household.merge_controller import MergeController
from ui.household.new_household_dialog import NewHouseholdDialog
from ui.shell.page import AppContext, Page
from ui.widgets.row_table import Row, RowTable

_TABLES = ("household", "member", "helper", "assignment", "visit", "income_year", "income_line")
_EMPTY = "还没有农户。\n有花名册或全国系统导出的表格，可以一次导入；也可以一户一户新建。"


class HouseholdsPage(Page):
    """The list answers each keystroke; Enter opens a household."""

    TITLE = "农户"
    ICON = "households"
    ORDER = 20

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._rows: dict[str, HouseholdRow] = {}
        self._matches: dict[str, str] | None = None  # household → who was found in it; None: no search
        self._loaded = self._searching = False
        self.filter_bar = FilterBar()
        self.filter_bar.search_edited.connect(self._search)
        self.filter_bar.filters_changed.connect(self._apply_filters)
        self.filter_bar.search_submitted.connect(self._on_search_submitted)
        self.table = RowTable("households", "农户")
        self.table.set_columns(columns(len(context.workbook.villages) > 1))
        self.table.placeholder = "没有符合条件的农户。按 Ctrl+Shift+F 清除查找和筛选。"
        self.table.row_activated.connect(self.open_household)
        self.count_label = QLabel()
        self.count_label.setObjectName("count")
        self.count_label.setProperty("quiet", True)
        self.merge_controller = MergeController(context, self)
        self._actions = [
            self.add_page_action("new_household", "新建户", "Ctrl+N", self._show_new_dialog, "add"),
            self.add_page_action("find", "查找", "Ctrl+F", self.filter_bar.focus_search, "search"),
            self.add_page_action("clear", "清除筛选", "Ctrl+Shift+F", self.filter_bar.reset, "undo"),
            self.add_page_action("export", "导出名单", "Ctrl+E", self._choose_export_path, "export"),
            self.add_page_action("print", "打印档案", "Ctrl+P", self._print, "print"),
            self.add_page_action("likely", "可能重复的户…", "Ctrl+J", self.merge_controller.find_duplicates, "join"),
        ]
        self._build_layout()

    def _build_layout(self) -> None:
        list_panel = QWidget()
        list_layout = QVBoxLayout(list_panel)
        list_layout.setContentsMargins(0, 0, 0, 0)
        list_layout.addWidget(self.filter_bar)
        list_layout.addWidget(self.table, 1)
        list_layout.addWidget(self.count_label)
        self._stack = QStackedWidget()
        self._stack.addWidget(list_panel)
        self._stack.addWidget(self._build_empty_state())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.addWidget(self._stack)

    def _build_empty_state(self) -> QWidget:
        """What stands there instead of an empty list."""
        hint = QLabel(_EMPTY)
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        hint.setProperty("quiet", True)
        buttons = QHBoxLayout()
        buttons.addStretch()
        for name, label, callback in (
            ("empty_import", "导入名册", lambda: self.context.open("roster_import")),
            ("empty_new", "新建户", self._show_new_dialog),
        ):
            button = QPushButton(label)
            button.setObjectName(name)
            button.setAccessibleName(label)
            button.setProperty("primary", name == "empty_import")
            button.clicked.connect(lambda _=False, callback=callback: callback())
            buttons.addWidget(button)
        buttons.addStretch()
        empty = QWidget()
        layout = QVBoxLayout(empty)
        layout.addStretch(2)
        layout.addWidget(hint)
        layout.addSpacing(12)
        layout.addLayout(buttons)
        layout.addStretch(3)
        return empty

    def visible_actions(self) -> list[QAction]:
        return self._actions

    def open(self, no_helper: bool = False, unvisited: bool = False, search: str = "", **params: Any) -> None:
        """`no_helper`, `unvisited`, `search`: begin with only these."""
        if no_helper or unvisited or search:
            self.filter_bar.reset()
            self.filter_bar.no_helper.setChecked(no_helper)
            self.filter_bar.unvisited.setChecked(unvisited)
            self.filter_bar.search.setText(search)
        if not self._loaded:
            self._load()
        self.filter_bar.focus_search() if not self._rows or search else self.table.setFocus()

    def refresh(self, changes: WorkbookChanges) -> None:
        if changes.touches(*_TABLES):
            self._load()

    def open_household(self, household_id: str) -> None:
        """Show one, with the order of the list for going on to the next."""
        self.context.open("household", household=household_id, order=self.table.visible_ids())

    def _load(self) -> None:
        self._loaded = True
        names = {village.code: village.name for village in self.context.workbook.villages}
        self.context.read(self._show_rows, _load_rows, names)

    def _show_rows(self, data: tuple[list[HouseholdRow], list[Row], int]) -> None:
        rows, table_rows, days = data
        self._rows = {row.id: row for row in rows}
        self.table.set_rows(table_rows)
        self.filter_bar.update_choices(rows, days)
        self._stack.setCurrentIndex(0 if rows else 1)
        self._apply_filters()

    def _search(self) -> None:
        """Ask for what stands in the box; while one answer is under way the next question waits."""
        if self._searching:
            return
        text = self.filter_bar.search.text()
        if not text.strip():
            self._show_hits(text, None)
            return
        self._searching = True
        self.context.read(
            lambda hits: self._show_hits(text, hits),
            search_households,
            text,
            failed=lambda error: self._show_hits(text, []),
        )

    def _show_hits(self, text: str, hits: Sequence[SearchHit] | None) -> None:
        self._searching = False
        self._matches = None if hits is None else {hit.household_id: hit.matched_name for hit in hits}
        self._apply_filters()
        if text != self.filter_bar.search.text():
            self._search()

    def _apply_filters(self) -> None:
        """Show the rows that were found and pass every filter."""
        matches, predicate, rows = self._matches, self.filter_bar.predicate(), self._rows

        def is_visible(row: Row) -> bool:
            return (matches is None or row.id in matches) and (predicate is None or predicate(self._rows[row.id]))

        self.table.set_filter(None if matches is None and predicate is None else is_visible)
        visible_rows = [rows[household_id] for household_id in self.table.visible_ids()]
        total = f"共 {len(rows)} 户 {sum(row.size for row in rows.values())} 人"
        visible_text = (
            f"　显示 {len(visible_rows)} 户 {sum(row.size for row in visible_rows)} 人"
            if len(visible_rows) != len(rows)
            else ""
        )
        self.count_label.setText(f"{total}{visible_text}{self._match_text()}")

    def _match_text(self) -> str:
        """Who was found in the current household, where it is not its head."""
        household_id = self.table.current_id()
        name = (self._matches or {}).get(household_id, "")
        return (
            f"　找到：{name}（{self._rows[household_id].head}户）"
            if name and name != self._rows[household_id].head
            else ""
        )

    def _on_search_submitted(self) -> None:
        """Enter in the box opens the only one that is left, or goes to the list."""
        visible_ids = self.table.visible_ids()
        if len(visible_ids) == 1:
            self.open_household(visible_ids[0])
        else:
            self.table.setFocus()

    def _show_new_dialog(self) -> None:
        dialog = NewHouseholdDialog(self.context.workbook.villages, self)
        if dialog.exec():
            work = partial(
                create_household, self.context.workbook, dialog.village, dialog.household_values(), dialog.head_values()
            )
            self.context.tasks.start(work, self._on_created)

    def _on_created(self, household_id: str) -> None:
        self.context.status_bar.saved("已新建户")
        self.context.open("household", household=household_id, order=(household_id,))

    def _selected_ids(self) -> list[str]:
        """The selected rows; with none or one selected, all that are shown."""
        selected_ids = self.table.selected_ids()
        return selected_ids if len(selected_ids) > 1 else self.table.visible_ids()

    def _print(self) -> None:
        if self._rows:
            self.context.open("printing", households=tuple(self.table.selected_ids()))

    def _choose_export_path(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "导出名单", "农户名单.xlsx", "Excel 工作簿 (*.xlsx)")
        if name:
            self.export(Path(name))

    def export(self, path: Path) -> None:
        """Write the rows that are chosen (or shown) as an Excel list, personal numbers hidden as on the screen."""
        task = export_households(
            self.context.workbook, [self._rows[household_id] for household_id in self._selected_ids()], path
        )
        self.context.tasks.start(
            task,
            lambda count: self.context.status_bar.info(f"已导出 {count} 户到“{path.name}”。"),
            title="导出名单",
        )


def _load_rows(session: Any, names: Mapping[str, str]) -> tuple[list[HouseholdRow], list[Row], int]:
    """The table's rows are made here, off the window's thread, because a township has very many."""
    rows = household_rows(session)
    return rows, [household_row(row, names) for row in rows], visit_days(session)
