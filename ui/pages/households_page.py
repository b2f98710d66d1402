"""农户: all households, found as one types, filtered, sorted, exported."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.figures.village import visit_days, visit_due
from app.records.find import Found, find
from app.records.lists import HouseholdRow, household_rows
from app.records.membership import new_household
from app.workbook.workbook import Changes
from ui.household.list_columns import columns, export_list, row_of
from ui.household.new_household import NewHouseholdDialog
from ui.looking import look
from ui.page import Office, Page
from ui.tables.row_table import Row, RowTable

_TABLES = ("household", "member", "helper", "assignment", "visit", "income_year", "income_line")
_FILTERS = (("group", "全部村组"), ("kind", "全部户类型"), ("attribute", "全部属性"), ("exit_status", "全部脱贫状态"))
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
        self.search = QLineEdit()
        self.search.setObjectName("search")
        self.search.setAccessibleName("查找农户")
        self.search.setPlaceholderText("姓名、拼音、首字母、村组、户编号或证件号尾数（Ctrl+F）")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _: self._search())
        self.search.returnPressed.connect(self._to_table)
        self.filters = {key: self._combo(key, label) for key, label in _FILTERS}
        self._days = 0
        self.no_helper = self._box("no_helper", "没有帮扶人")
        self.unvisited = self._box("unvisited", "久未走访")
        self.table = RowTable("households", "农户")
        self.table.set_columns(columns(len(office.workbook.villages) > 1))
        self.table.hint = "没有符合条件的农户。按 Ctrl+Shift+F 清除查找和筛选。"
        self.table.opened.connect(self.open_household)
        self.count = QLabel()
        self.count.setObjectName("count")
        self.count.setProperty("quiet", True)
        self._actions = [
            self.action("new_household", "新建户", "Ctrl+N", self._ask_new, "add"),
            self.action("find", "查找", "Ctrl+F", self._to_search, "search"),
            self.action("clear", "清除筛选", "Ctrl+Shift+F", self._clear, "undo"),
            self.action("export", "导出名单", "Ctrl+E", self._ask_export, "export"),
            self.action("print", "打印档案", "Ctrl+P", self._print, "print"),
        ]
        self._lay_out()

    def _box(self, name: str, label: str) -> QCheckBox:
        made = QCheckBox(label)
        made.setObjectName(name)
        made.setAccessibleName(label)
        made.toggled.connect(lambda _: self._narrow())
        return made

    def _combo(self, key: str, label: str) -> QComboBox:
        made = QComboBox()
        made.setObjectName(f"filter_{key}")
        made.setAccessibleName(label)
        made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        made.addItem(label, "")
        made.currentIndexChanged.connect(lambda _: self._narrow())
        return made

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.search, 1)
        for part in (*self.filters.values(), self.no_helper, self.unvisited):
            line.addWidget(part)
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
        empty, full = QWidget(), QWidget()
        middle = QVBoxLayout(empty)
        middle.addStretch(2)
        middle.addWidget(hint)
        middle.addSpacing(12)
        middle.addLayout(buttons)
        middle.addStretch(3)
        stacked = QVBoxLayout(full)
        stacked.setContentsMargins(0, 0, 0, 0)
        stacked.addLayout(line)
        stacked.addWidget(self.table, 1)
        stacked.addWidget(self.count)
        self._stack = QStackedWidget()
        self._stack.addWidget(full)
        self._stack.addWidget(empty)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 8)
        whole.addWidget(self._stack)

    def actions_shown(self) -> list[QAction]:
        return self._actions

    def shown(self, no_helper: bool = False, unvisited: bool = False, search: str = "", **about: Any) -> None:
        """`no_helper`, `unvisited`, `search`: begin with only these."""
        if no_helper or unvisited or search:
            self._clear()
            self.no_helper.setChecked(no_helper)
            self.unvisited.setChecked(unvisited)
            self.search.setText(search)
        if not self._loaded:
            self._load()
        self._to_search() if not self._rows or search else self.table.setFocus()

    def refresh(self, changes: Changes) -> None:
        if changes.touches(*_TABLES):
            self._load()

    def open_household(self, household_id: str) -> None:
        """Show one, with the order of the list for going on to the next."""
        self.office.open("household", household=household_id, order=self.table.shown_ids())

    def _load(self) -> None:
        self._loaded = True
        self.office.jobs.start(look(self.office.workbook, _rows_and_days), self._show, lane="read")

    def _show(self, read: tuple[list[HouseholdRow], int]) -> None:
        rows, self._days = read
        self.unvisited.setToolTip(f"超过 {self._days} 天没有走访的户")
        self._rows = {row.id: row for row in rows}
        names = {village.code: village.name for village in self.office.workbook.villages}
        self.table.set_rows([row_of(row, names) for row in rows])
        for key, combo in self.filters.items():
            _offer(combo, sorted({getattr(row, key) for row in rows if getattr(row, key)}))
        self._stack.setCurrentIndex(0 if rows else 1)
        self._narrow()

    def _search(self) -> None:
        """Ask for what stands in the box; while one answer is under way the next question waits."""
        if self._searching:
            return
        typed = self.search.text()
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
        if typed != self.search.text():
            self._search()

    def _narrow(self) -> None:
        """Show the rows that were found and pass every filter."""
        wanted = {key: combo.currentData() for key, combo in self.filters.items() if combo.currentData()}
        found, lonely, unseen = self._found, self.no_helper.isChecked(), self.unvisited.isChecked()

        def passes(row: Row) -> bool:
            one = self._rows[row.id]
            return (
                (found is None or row.id in found)
                and (not lonely or (one.needs_helper and not one.helpers))
                and (not unseen or visit_due(one, self._days))
                and all(getattr(one, key) == value for key, value in wanted.items())
            )

        self.table.filter(passes if found is not None or wanted or lonely or unseen else None)
        shown = [self._rows[id] for id in self.table.shown_ids()]
        people, all_people = sum(row.size for row in shown), sum(row.size for row in self._rows.values())
        total = f"共 {len(self._rows)} 户 {all_people} 人"
        some = f"　显示 {len(shown)} 户 {people} 人" if len(shown) != len(self._rows) else ""
        self.count.setText(f"{total}{some}{self._who()}")

    def _who(self) -> str:
        """Who was found in the current household, where it is not its head."""
        id = self.table.current()
        name = (self._found or {}).get(id, "")
        return f"　找到：{name}（{self._rows[id].head}户）" if name and name != self._rows[id].head else ""

    def _to_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _to_table(self) -> None:
        """Enter in the box opens the only one that is left, or goes to the list."""
        shown = self.table.shown_ids()
        if len(shown) == 1:
            self.open_household(shown[0])
        else:
            self.table.setFocus()

    def _clear(self) -> None:
        for combo in self.filters.values():
            combo.setCurrentIndex(0)
        self.no_helper.setChecked(False)
        self.unvisited.setChecked(False)
        self.search.clear()

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
            self.office.open("archive", household=self.table.current(), households=tuple(self._chosen()))

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


def _rows_and_days(session: Any) -> tuple[list[HouseholdRow], int]:
    return household_rows(session), visit_days(session)


def _offer(combo: QComboBox, values: Sequence[str]) -> None:
    """Renew what a filter offers, keeping what is chosen."""
    chosen = combo.currentData()
    combo.blockSignals(True)
    while combo.count() > 1:
        combo.removeItem(1)
    for value in values:
        combo.addItem(value, value)
    combo.setCurrentIndex(max(0, combo.findData(chosen)))
    combo.blockSignals(False)
