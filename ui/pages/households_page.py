"""农户: all households, found as one types, filtered, sorted, exported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.dashboard.summary import visit_days
from app.records.household_list import HouseholdList, HouseholdQuery, choices, listed, people_in
from app.records.membership import create_household
from app.registers.engine.rows import ids_of_households
from app.registers.lists import all_lists, is_about_households
from app.workbook.workbook import WorkbookChanges
from ui.household.filter_bar import FilterBar
from ui.household.household_columns import LIST_COLUMNS, column_sort_key, columns, table_rows
from ui.household.merge_controller import MergeController
from ui.household.new_household_dialog import NewHouseholdDialog
from ui.registers.list_export import FindIds, ListExport
from ui.shell.page import AppContext, Page
from ui.shell.tasks import query
from ui.widgets.paged_table import PagedTable
from ui.widgets.row_table import Column, Row, as_text

_TABLES = ("household", "member", "helper", "assignment", "visit", "income_year", "income_line")
_EMPTY = "还没有农户。\n有花名册或全国系统导出的表格，可以一次导入；也可以一户一户新建。"


@dataclass(frozen=True, slots=True)
class _Counted:
    """`people` of all households, `shown` of those that are shown; the choices of the bar where they are new."""

    people: int
    shown: int
    values: Mapping[str, Sequence[str]] | None
    days: int


class HouseholdsPage(Page):
    """The list answers each keystroke; Enter opens a household."""

    TITLE = "农户"
    ICON = "households"
    ORDER = 20
    GROUP = "日常"
    SHORTCUT = "Ctrl+2"

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._listed = HouseholdList((), 0, None)
        self._people = 0  # of all households
        self._sort: tuple[int, bool] = (-1, False)
        self._state = 0  # how often something was written that the list shows
        self._asked: tuple[HouseholdQuery, int] | None = None  # what the answer under way is to
        self._counted = -1  # the state whose households have been counted
        self._entering = False  # Enter was pressed before the answer came
        self.filter_bar = FilterBar()
        self.filter_bar.search_edited.connect(self._apply_filters)
        self.filter_bar.filters_changed.connect(self._apply_filters)
        self.filter_bar.search_submitted.connect(self._on_search_submitted)
        self._columns = columns(len(context.workbook.villages) > 1)
        self.table = PagedTable("households", "农户")
        self.table.set_columns(self._columns)
        self.table.placeholder = "没有符合条件的农户。按 Ctrl+Shift+F 清除查找和筛选。"
        self.table.row_activated.connect(self.open_household)
        self.table.paged.wanted.connect(self._read_page)
        self.table.paged.sorted_by.connect(self._sort_by)
        self.table.copy_wanted.connect(self._copy)
        self.count_label = QLabel()
        self.count_label.setObjectName("count")
        self.count_label.setProperty("quiet", True)
        self.merge_controller = MergeController(context, self)
        lists = sorted(filter(is_about_households, all_lists()), key=lambda one: one.key != "household")
        self.exporting = ListExport(self, lists, self._find_listed, LIST_COLUMNS)
        self._actions = [
            self.add_page_action("new_household", "新建户", "Ctrl+N", self._show_new_dialog, "add"),
            self.add_page_action("find", "查找", "Ctrl+F", self.filter_bar.focus_search, "search"),
            self.add_page_action("clear", "清除筛选", "Ctrl+Shift+F", self.filter_bar.reset, "undo"),
            self.add_page_action("export", "导出表格…", "Ctrl+E", self._ask_export, "export"),
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
        if not self._state:
            self._load()
        self.filter_bar.focus_search() if not self._listed.total or search else self.table.setFocus()

    def refresh(self, changes: WorkbookChanges) -> None:
        if changes.touches(*_TABLES):
            self._load()

    def open_household(self, household_id: str) -> None:
        """Show one, with the order of the list for going on to the next."""
        self.context.open("household", household=household_id, order=self.table.visible_ids())

    def _load(self) -> None:
        self._state += 1
        self._apply_filters()

    def _sort_by(self, column: int, descending: bool) -> None:
        self._sort = (column, descending)
        if self._state:
            self._apply_filters()

    def _query(self) -> HouseholdQuery:
        place, descending = self._sort
        by = self._columns[place] if place >= 0 else None
        return HouseholdQuery(
            typed=self.filter_bar.search.text(),
            having=self.filter_bar.having(),
            no_helper=self.filter_bar.no_helper.isChecked(),
            unvisited=self.filter_bar.unvisited.isChecked(),
            sort=by.key if by else "",
            descending=descending,
            sort_key=column_sort_key(by) if by else None,
        )

    def _apply_filters(self) -> None:
        """Ask which households are shown; while one answer is under way the next question waits."""
        if self._asked or not self._state:
            return
        wanted = self._query()
        self._asked = (wanted, self._state)
        self.context.read(
            self._show_rows,
            _list,
            wanted,
            self._names(),
            self.table.shown_now(),
            self.table.current_id(),
            failed=self._failed,
        )

    def _failed(self, error: object) -> None:
        self._asked = None
        self.context.status_bar.error(error)

    def _show_rows(self, answer: tuple[HouseholdList, list[Row]]) -> None:
        assert self._asked is not None
        (query, state), self._asked = self._asked, None
        self._listed, rows = answer
        self.table.set_ids(self._listed.ids, rows)
        self._stack.setCurrentIndex(0 if self._listed.total else 1)
        if (self._query(), self._state) != (query, state):
            self._apply_filters()
            return
        if self._entering:
            self._entering = False
            self._on_search_submitted()
        self._count(state)

    def _count(self, state: int) -> None:
        """What takes a look at everybody comes after what is seen first."""
        people = self._people if self._counted == state else None
        self.context.read(lambda found: self._tell(found, state), _count, self._listed, people)

    def _tell(self, found: _Counted, state: int) -> None:
        self._people = found.people
        if found.values is not None:
            self._counted = state
            before = self.filter_bar.having()
            self.filter_bar.update_choices(found.values, found.days)
            if self.filter_bar.having() != before:  # nobody has the chosen value any more
                self._apply_filters()
        total, shown = self._listed.total, len(self._listed.ids)
        some = f"　显示 {shown} 户 {found.shown} 人" if shown != total else ""
        self.count_label.setText(f"共 {total} 户 {found.people} 人{some}{self._match_text()}")

    def _match_text(self) -> str:
        """Who was found in the current household, where it is not its head."""
        household_id = self.table.current_id()
        name, head = (self._listed.found or {}).get(household_id, ""), self.table.cell_text(household_id, "head")
        return f"　找到：{name}（{head}户）" if name and name != head else ""

    def _on_search_submitted(self) -> None:
        """Enter in the box opens the only one that is left, or goes to the list."""
        visible_ids = self._listed.ids
        if self._asked:
            self._entering = True
        elif len(visible_ids) == 1:
            self.open_household(visible_ids[0])
        else:
            self.table.setFocus()

    def _names(self) -> dict[str, str]:
        return {village.code: village.name for village in self.context.workbook.villages}

    def _read_page(self, ids: list[str]) -> None:
        state = self._state
        self.context.read(
            lambda rows: self.table.paged.put(rows if self._state == state else ()),
            table_rows,
            ids,
            self._names(),
            failed=lambda error: self.table.paged.put(()),
        )

    def _copy(self, ids: list[str]) -> None:
        self.context.tasks.start(
            partial(query, self.context.workbook, _text, ids, self._names(), self.table.columns_shown()),
            lambda copied: QGuiApplication.clipboard().setText(copied),
            title="复制",
            queue="read",
        )

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
        if self._listed.total:
            self.context.open("printing", households=tuple(self.table.selected_ids()))

    def _ask_export(self) -> None:
        """The households that are chosen (or shown), or what belongs to them, as a list."""
        count = len(self._selected_ids())
        self.exporting.ask(self.table.columns_shown(), f"列表里的 {count} 户，按现在的次序")

    def export(self, path: Path) -> None:
        """Write the households that are chosen (or shown), personal numbers hidden as on the screen."""
        self.exporting.write(path)

    def _find_listed(self) -> FindIds:
        """What finds the rows about the households that are chosen now."""
        household_ids = list(self._selected_ids())
        return lambda session, register: ids_of_households(session, register, household_ids)


def _list(
    session: Any, query: HouseholdQuery, names: Mapping[str, str], seen: tuple[int, int], current: str
) -> tuple[HouseholdList, list[Row]]:
    """What is shown, with the rows that will be in sight: the first, and those around the current one."""
    found = listed(session, query, visit_days(session) if query.unvisited else 0)
    first, height = seen
    at = found.ids.index(current) if current in found.ids else first
    there = [*found.ids[:height], *found.ids[max(0, at - height) : at + height]]
    return found, table_rows(session, [*dict.fromkeys(there)], names)


def _text(session: Any, ids: Sequence[str], names: Mapping[str, str], shown: Sequence[Column]) -> str:
    return as_text(table_rows(session, ids, names), shown)


def _count(session: Any, found: HouseholdList, people: int | None) -> _Counted:
    """`people`: in all households, None where they must be counted and the choices be renewed."""
    everybody = people_in(session) if people is None else people
    shown = everybody if len(found.ids) == found.total else people_in(session, found.ids)
    return _Counted(everybody, shown, choices(session) if people is None else None, visit_days(session))
