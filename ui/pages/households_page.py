"""农户: all households, found as one types, filtered, sorted, exported."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.list_views.definition import ListView, SortKey
from app.list_views.household_source import household_source
from app.list_views.stored_form import VIEW_LEDGER, encode_for_printing
from app.records.household_list import HouseholdList, HouseholdQuery
from app.records.membership import create_household
from app.registers.engine.rows import ids_of_households
from app.registers.lists import all_lists, get_list, is_about_households
from app.workbook.workbook import WorkbookChanges
from ui.bulk_edit.bulk_choices import BulkTarget
from ui.bulk_edit.row_actions import add_row_actions
from ui.household.filter_bar import FilterBar
from ui.household.household_columns import LIST_COLUMNS, column_sort_key, columns
from ui.household.household_rows import ListCounts, count_people, find_households, rows_text, view_table_rows
from ui.household.merge_controller import MergeController
from ui.household.new_household_dialog import NewHouseholdDialog
from ui.list_views.view_bar import QuickFilter, ViewBar
from ui.list_views.view_rows import FoundRows, selection_text
from ui.registers.list_export import FindIds, ListExport
from ui.shell.page import AppContext, Page
from ui.shell.tasks import query
from ui.widgets.paged_table import PagedTable

_TABLES = ("household", "member", "helper", "assignment", "visit", "income_year", "income_line")
_EMPTY = "还没有农户。\n有花名册或全国系统导出的表格，可以一次导入；也可以一户一户新建。"


class HouseholdsPage(Page):
    """The list answers each keystroke; Enter opens a household."""

    TITLE = "农户"
    ICON = "households"
    ORDER = 20
    GROUP = "日常"
    SHORTCUT = "Ctrl+2"
    CHAPTER = "04-农户与户档"

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._listed = HouseholdList((), 0, None)
        self._people = 0  # of all households
        self._sort: tuple[int, bool] = (-1, False)
        self._state = 0  # how often something was written that the list shows
        self._asked: tuple[HouseholdQuery, ListView, int] | None = None  # what the answer under way is to
        self._counted = -1  # the state whose households have been counted
        self._entering = False  # Enter was pressed before the answer came
        self.filter_bar = FilterBar()
        self.filter_bar.search_edited.connect(self._apply_filters)
        self.filter_bar.filters_changed.connect(self._apply_filters)
        self.filter_bar.search_submitted.connect(self._on_search_submitted)
        self.table = PagedTable("households", "农户")
        self.filter_bar.search.lead_to(self.table)
        self._source = household_source()
        quick = QuickFilter(self.filter_bar.state, self.filter_bar.restore)
        self.view_bar = ViewBar(context, self._source, quick, self.table, columns(len(context.workbook.villages) > 1))
        self.view_bar.changed.connect(self._apply_view)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._tell_selection())
        self.table.row_activated.connect(self.open_household)
        self.table.paged.wanted.connect(self._read_page)
        self.table.paged.sorted_by.connect(self._sort_by)
        self.table.copy_wanted.connect(self._copy)
        self.count_label = QLabel()
        self.count_label.setObjectName("count")
        self.count_label.setProperty("quiet", True)
        self._selection_number = 0  # counts selections, so that only the last one is told of
        self.selection_label = QLabel()
        self.selection_label.setObjectName("selection")
        self.selection_label.setProperty("quiet", True)
        self.merge_controller = MergeController(context, self)
        lists = sorted(filter(is_about_households, all_lists()), key=lambda one: one.key != "household")
        self.exporting = ListExport(self, lists, self._find_listed, LIST_COLUMNS, self._view)
        self._actions = [
            self.add_page_action("new_household", "新建户", "Ctrl+N", self._show_new_dialog, "add"),
            self.add_page_action("find", "查找", "Ctrl+F", self.filter_bar.focus_search, "search"),
            self.add_page_action("clear", "清除筛选", "Ctrl+Shift+F", self._clear, "undo"),
            self.add_page_action("export", "导出表格…", "Ctrl+E", self._ask_export, "export"),
            self.add_page_action("print", "打印档案", "Ctrl+P", self._print, "print"),
            self.add_page_action("print_list", "打印名单", "Ctrl+T", self._print_list, "print"),
            self.add_page_action("likely", "可能重复的户…", "Ctrl+J", self.merge_controller.find_duplicates, "join"),
        ]
        self.bulk = add_row_actions(self, BulkTarget(get_list("household"), self.table.chosen_ids, "户", "households"))
        self.view_bar.add_actions_to(self)
        self._build_layout()

    def _build_layout(self) -> None:
        list_panel = QWidget()
        list_layout = QVBoxLayout(list_panel)
        list_layout.setContentsMargins(0, 0, 0, 0)
        list_layout.addWidget(self.filter_bar)
        list_layout.addWidget(self.view_bar)
        list_layout.addWidget(self.table, 1)
        footer = QHBoxLayout()
        footer.addWidget(self.count_label)
        footer.addWidget(self.selection_label, 1)
        list_layout.addLayout(footer)
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

    def open(
        self,
        no_helper: bool = False,
        unvisited: bool = False,
        search: str = "",
        view: str = "",
        shown: ListView | None = None,
        **params: Any,
    ) -> None:
        """`no_helper`, `unvisited`, `search`: begin with only these. `view`: id of a saved view that is to be shown;
        `shown`: a view that was not saved."""
        if shown is not None:
            self.view_bar.show_view(shown)
        if view:
            self.view_bar.open_view(view)
        if no_helper or unvisited or search:
            self._clear()
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

    def _apply_view(self) -> None:
        """Another view: its order instead of that of the table's head."""
        self._sort = (-1, False)
        self._apply_filters()

    def _clear(self) -> None:
        self.filter_bar.reset()
        self.view_bar.clear()

    def _view(self) -> ListView:
        """What a view says about rows and their order; a column chosen in the head goes before the view's own order."""
        view = self.view_bar.view
        place, descending = self._sort
        if place < 0:
            return view
        key = self.table.paged.columns[place].key
        return replace(view, sort=(SortKey(key, descending),) if view.groups else ())

    def _query(self) -> HouseholdQuery:
        place, descending = self._sort
        by = self.table.paged.columns[place] if place >= 0 else None
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
        wanted, view = self._query(), self._view()
        self._asked = (wanted, view, self._state)
        self.context.read(
            self._show_rows,
            find_households,
            wanted,
            view,
            self.view_bar.shown_keys(),
            self._names(),
            self.table.shown_now(),
            self.table.current_id(),
            failed=self._failed,
        )

    def _failed(self, error: object) -> None:
        self._asked = None
        self.context.status_bar.error(error)

    def _show_rows(self, answer: tuple[HouseholdList, FoundRows]) -> None:
        assert self._asked is not None
        asked, self._asked = self._asked, None
        state = asked[2]
        self._listed, found = answer
        self.table.placeholder = self._empty_text()
        self.table.set_ids(found.ids, found.rows, found.headings)
        self._tell_selection()
        self._stack.setCurrentIndex(0 if self._listed.total else 1)
        if (self._query(), self._view(), self._state) != asked:
            self._apply_filters()
            return
        if self._entering:
            self._entering = False
            self._on_search_submitted()
        self._count(state)

    def _count(self, state: int) -> None:
        """What takes a look at everybody comes after what is seen first."""
        people = self._people if self._counted == state else None
        self.context.read(lambda found: self._tell(found, state), count_people, self._listed, people)

    def _tell(self, found: ListCounts, state: int) -> None:
        self._people = found.people
        if found.values is not None:
            self._counted = state
            before = self.filter_bar.having()
            self.filter_bar.update_choices(found.values, found.days)
            if self.filter_bar.having() != before:  # nobody has the chosen value any more
                self._apply_filters()
        total, shown = self._listed.total, len(self._listed.ids)
        some = f"　显示 {shown} 户 {found.shown} 人" if shown != total else ""
        closed = f"（在册 {total - found.closed} 户，已注销 {found.closed} 户）" if found.closed else ""
        self.count_label.setText(f"共 {total} 户 {found.people} 人{closed}{some}{self._match_text()}")

    def _empty_text(self) -> str:
        conditions = "；".join(one for one in (self.filter_bar.describe(), self.view_bar.describe()) if one)
        return f"没有符合条件的农户{'：' if conditions else ''}{conditions}。\n按 Ctrl+Shift+F 清除查找和筛选。"

    def _tell_selection(self) -> None:
        """Sums and means of what is selected, where that is more than one household."""
        self._selection_number += 1
        ids = self.table.selected_ids()
        if len(ids) > 1:
            shown = partial(self._show_selection, self._selection_number, len(ids))
            self.context.read(shown, selection_text, self._source, ids, self.view_bar.shown_keys())
        else:
            self.selection_label.clear()

    def _show_selection(self, number: int, count: int, told: str) -> None:
        if number == self._selection_number:
            self.selection_label.setText(f"选中 {count} 户{told}")

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
            view_table_rows,
            ids,
            self._names(),
            self.view_bar.view,
            failed=lambda error: self.table.paged.put(()),
        )

    def _copy(self, ids: list[str]) -> None:
        self.context.tasks.start(
            partial(
                query, self.context.workbook, rows_text, ids, self._names(), self._view(), self.table.columns_shown()
            ),
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

    def _print(self) -> None:
        if self._listed.total:
            self.context.open("printing", households=tuple(self.table.selected_ids()))

    def _print_list(self) -> None:
        """The list as it is shown, on paper."""
        place, descending = self._sort
        view = self.view_bar.view
        if place >= 0:
            view = replace(view, sort=(SortKey(self.table.paged.columns[place].key, descending),))
        shown = replace(view, columns=tuple(self.view_bar.shown_keys()))
        printed = encode_for_printing(self._source.key, self.view_bar.name, shown)
        self.context.open("printing", paper=VIEW_LEDGER, view=printed)

    def _ask_export(self) -> None:
        """The households that are chosen (or shown), or what belongs to them, as a list."""
        count = len(self.table.chosen_ids())
        self.exporting.ask(self.table.columns_shown(), f"列表里的 {count} 户，按现在的次序")

    def export(self, path: Path) -> None:
        """Write the households that are chosen (or shown), personal numbers hidden as on the screen."""
        self.exporting.write(path)

    def _find_listed(self) -> FindIds:
        """What finds the rows about the households that are chosen now."""
        household_ids = list(self.table.chosen_ids())
        return lambda session, register: ids_of_households(session, register, household_ids)
