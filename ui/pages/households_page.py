"""农户: all households, found as one types, filtered, sorted, exported."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.figures.village import visit_days
from app.records.find import Found, find
from app.records.lists import HouseholdRow, household_rows
from app.records.membership import new_household
from app.workbook.workbook import Changes
from ui.household.filter_bar import FilterBar
from ui.household.joiner import Joiner
from ui.household.list_columns import columns, export_list, row_of
from ui.household.new_household import NewHouseholdDialog
from ui.looking import look
from ui.page import Office, Page
from ui.tables.row_table import Row, RowTable

_TABLES = ("household", "member", "helper", "assignment", "visit", "income_year", "income_line")
_EMPTY = "还没有农户。\n有花名册或全国系统导出的表格，可以一次导入；也可以一户一户新建。"


class HouseholdsPage(Page):
    """The list answers each keystroke; Enter opens a household."""

    TITLE = "农户"
    ICON = "households"
    ORDER = 20

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self._rows: dict[str, HouseholdRow] = {}
        self._found: dict[str, str] | None = None  # household → who was found in it; None: no search
        self._loaded = self._searching = False
        self.bar = FilterBar()
        self.bar.typed.connect(self._search)
        self.bar.changed.connect(self._narrow)
        self.bar.entered.connect(self._entered)
        self.table = RowTable("households", "农户")
        self.table.set_columns(columns(len(office.workbook.villages) > 1))
        self.table.hint = "没有符合条件的农户。按 Ctrl+Shift+F 清除查找和筛选。"
        self.table.opened.connect(self.open_household)
        self.count = QLabel()
        self.count.setObjectName("count")
        self.count.setProperty("quiet", True)
        self.joiner = Joiner(office, self)
        self._actions = [
            self.action("new_household", "新建户", "Ctrl+N", self._ask_new, "add"),
            self.action("find", "查找", "Ctrl+F", self.bar.to_search, "search"),
            self.action("clear", "清除筛选", "Ctrl+Shift+F", self.bar.clear, "undo"),
            self.action("export", "导出名单", "Ctrl+E", self._ask_export, "export"),
            self.action("print", "打印档案", "Ctrl+P", self._print, "print"),
            self.action("likely", "可能重复的户…", "Ctrl+J", self.joiner.ask_likely, "join"),
        ]
        self._lay_out()

    def _lay_out(self) -> None:
        full = QWidget()
        stacked = QVBoxLayout(full)
        stacked.setContentsMargins(0, 0, 0, 0)
        stacked.addWidget(self.bar)
        stacked.addWidget(self.table, 1)
        stacked.addWidget(self.count)
        self._stack = QStackedWidget()
        self._stack.addWidget(full)
        self._stack.addWidget(self._beginning())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 8)
        whole.addWidget(self._stack)

    def _beginning(self) -> QWidget:
        """What stands there instead of an empty list."""
        hint = QLabel(_EMPTY)
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        hint.setProperty("quiet", True)
        buttons = QHBoxLayout()
        buttons.addStretch()
        for name, label, run in (
            ("empty_import", "导入名册", lambda: self.office.open("take_in")),
            ("empty_new", "新建户", self._ask_new),
        ):
            button = QPushButton(label)
            button.setObjectName(name)
            button.setAccessibleName(label)
            button.setProperty("primary", name == "empty_import")
            button.clicked.connect(lambda _=False, run=run: run())
            buttons.addWidget(button)
        buttons.addStretch()
        empty = QWidget()
        middle = QVBoxLayout(empty)
        middle.addStretch(2)
        middle.addWidget(hint)
        middle.addSpacing(12)
        middle.addLayout(buttons)
        middle.addStretch(3)
        return empty

    def actions_shown(self) -> list[QAction]:
        return self._actions

    def shown(self, no_helper: bool = False, unvisited: bool = False, search: str = "", **about: Any) -> None:
        """`no_helper`, `unvisited`, `search`: begin with only these."""
        if no_helper or unvisited or search:
            self.bar.clear()
            self.bar.no_helper.setChecked(no_helper)
            self.bar.unvisited.setChecked(unvisited)
            self.bar.search.setText(search)
        if not self._loaded:
            self._load()
        self.bar.to_search() if not self._rows or search else self.table.setFocus()

    def refresh(self, changes: Changes) -> None:
        if changes.touches(*_TABLES):
            self._load()

    def open_household(self, household_id: str) -> None:
        """Show one, with the order of the list for going on to the next."""
        self.office.open("household", household=household_id, order=self.table.shown_ids())

    def _load(self) -> None:
        self._loaded = True
        names = {village.code: village.name for village in self.office.workbook.villages}
        self.office.jobs.start(look(self.office.workbook, _read, names), self._show, lane="read")

    def _show(self, read: tuple[list[HouseholdRow], list[Row], int]) -> None:
        rows, shown, days = read
        self._rows = {row.id: row for row in rows}
        self.table.set_rows(shown)
        self.bar.offer(rows, days)
        self._stack.setCurrentIndex(0 if rows else 1)
        self._narrow()

    def _search(self) -> None:
        """Ask for what stands in the box; while one answer is under way the next question waits."""
        if self._searching:
            return
        typed = self.bar.search.text()
        if not typed.strip():
            self._answered(typed, None)
            return
        self._searching = True
        self.office.jobs.start(
            look(self.office.workbook, find, typed),
            lambda found: self._answered(typed, found),
            failed=lambda error: self._answered(typed, []),
            lane="read",
        )

    def _answered(self, typed: str, found: Sequence[Found] | None) -> None:
        self._searching = False
        self._found = None if found is None else {one.household_id: one.why for one in found}
        self._narrow()
        if typed != self.bar.search.text():
            self._search()

    def _narrow(self) -> None:
        """Show the rows that were found and pass every filter."""
        found, passes, rows = self._found, self.bar.passes(), self._rows

        def wanted(row: Row) -> bool:
            return (found is None or row.id in found) and (passes is None or passes(self._rows[row.id]))

        self.table.filter(None if found is None and passes is None else wanted)
        shown = [rows[id] for id in self.table.shown_ids()]
        total = f"共 {len(rows)} 户 {sum(row.size for row in rows.values())} 人"
        some = f"　显示 {len(shown)} 户 {sum(row.size for row in shown)} 人" if len(shown) != len(rows) else ""
        self.count.setText(f"{total}{some}{self._who()}")

    def _who(self) -> str:
        """Who was found in the current household, where it is not its head."""
        id = self.table.current()
        name = (self._found or {}).get(id, "")
        return f"　找到：{name}（{self._rows[id].head}户）" if name and name != self._rows[id].head else ""

    def _entered(self) -> None:
        """Enter in the box opens the only one that is left, or goes to the list."""
        shown = self.table.shown_ids()
        if len(shown) == 1:
            self.open_household(shown[0])
        else:
            self.table.setFocus()

    def _ask_new(self) -> None:
        dialog = NewHouseholdDialog(self.office.workbook.villages, self)
        if dialog.exec():
            work = new_household(self.office.workbook, dialog.village, dialog.household(), dialog.head())
            self.office.jobs.start(work, self._made)

    def _made(self, household_id: str) -> None:
        self.office.notices.saved("已新建户")
        self.office.open("household", household=household_id, order=(household_id,))

    def _chosen(self) -> list[str]:
        """The selected rows; with none or one selected, all that are shown."""
        chosen = self.table.chosen()
        return chosen if len(chosen) > 1 else self.table.shown_ids()

    def _print(self) -> None:
        if self._rows:
            self.office.open("archive", households=tuple(self.table.chosen()))

    def _ask_export(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "导出名单", "农户名单.xlsx", "Excel 工作簿 (*.xlsx)")
        if name:
            self.export(Path(name))

    def export(self, path: Path) -> None:
        """Write the rows that are chosen (or shown) as an Excel list, personal numbers hidden as on the screen."""
        work = export_list(self.office.workbook, [self._rows[id] for id in self._chosen()], path)
        self.office.jobs.start(
            work,
            lambda count: self.office.notices.tell(f"已导出 {count} 户到“{path.name}”。"),
            title="导出名单",
        )


def _read(session: Any, names: Mapping[str, str]) -> tuple[list[HouseholdRow], list[Row], int]:
    """The table's rows are made here, off the window's thread, because a township has very many."""
    rows = household_rows(session)
    return rows, [row_of(row, names) for row in rows], visit_days(session)
