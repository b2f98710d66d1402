"""What the pages 待录入 and 三者一致 have beyond 档案完整性: their list is viewed like any other."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from app.list_views.definition import ListView, SortKey
from app.list_views.list_source import ListSource
from app.list_views.stored_form import VIEW_LEDGER, encode_for_printing
from ui.consistency.compared_page import ComparedPage
from ui.list_views.computed_rows import LookedUpRows, ViewedTable, passing_rows, rows_in_view
from ui.list_views.view_bar import QuickFilter, ViewBar
from ui.shell.page import AppContext
from ui.widgets.filter_line import Choices
from ui.widgets.paged_table import PagedTable
from ui.widgets.row_table import Column

_NONE_FITS = "没有符合条件的：{}。\n按 Ctrl+Shift+F 清除筛选，看全部。"


class ViewedPage(ComparedPage):
    """With a view on, all lines are read, not only the first: the page then has what its ledger has."""

    def __init__(
        self, context: AppContext, hint: str, choices: Choices, source: ListSource, columns: Sequence[Column]
    ) -> None:
        table = PagedTable(source.key, self.TITLE)
        super().__init__(context, hint, choices, table)
        self._read: ViewedTable | None = None
        self._sort: tuple[SortKey, ...] = ()  # chosen in the head of the table
        self._list, self._columns, self._paged = source.key, columns, table
        self._request_number = 0  # counts what was asked of the list, so that only the last is shown
        quick = QuickFilter(self.filter_line.quick_state, self.filter_line.restore)
        self.view_bar = ViewBar(context, source, quick, table, columns)
        self.view_bar.changed.connect(self._apply_view)
        table.paged.sorted_by.connect(self._sort_by)

    def tell_shown(self, keys: Sequence[str]) -> None:
        """Say what stands in the table now; `keys`: of its rows."""
        raise NotImplementedError

    def add_list_actions(self) -> None:
        """Those that every list has, and those of views."""
        super().add_list_actions()
        self._page_actions.append(self.add_page_action("ledger", "打印所见", "Ctrl+T", self._print_ledger, "print"))
        self.view_bar.add_actions_to(self)

    def open(self, view: str = "", **params: Any) -> None:
        """`view`: a saved one."""
        if view:
            self.view_bar.open_view(view)
        super().open(**params)

    @property
    def is_viewed(self) -> bool:
        """Whether a view says which rows there are and in which order."""
        return not replace(self._view(), quick={}).is_plain

    def _view(self) -> ListView:
        view = self.view_bar.view
        return replace(view, sort=self._sort) if self._sort else view

    def chosen(self) -> tuple[str, ...]:
        return ("viewed" if self.is_viewed else "", *super().chosen())

    def clear_filter(self) -> None:
        super().clear_filter()
        self.view_bar.clear()

    def show_list(self, found: ViewedTable) -> None:
        """Take over what was read."""
        self._read = found
        self.view_bar.use(found.source)

    def filter_rows(self) -> None:
        """What passes the line above the list and the view, in its order."""
        self._request_number += 1
        if self._read is None:
            return
        view, show = self._view(), partial(self._show_found, self._request_number)
        if self.is_viewed:
            self.context.read(show, rows_in_view, self._read, view, self._columns, self.view_bar.shown_keys())
        else:
            show(passing_rows(self._read, view.quick))

    def _show_found(self, request_number: int, found: tuple[Sequence[str], LookedUpRows]) -> None:
        if request_number != self._request_number:
            return
        keys, listed = found
        conditions = self.view_bar.describe()
        self.table.placeholder = _NONE_FITS.format(conditions) if conditions else self.NOTHING
        self._paged.look_up(listed.ids, listed.rows, listed.headings)
        self.tell_shown(keys)

    def _apply_view(self) -> None:
        self._sort = ()
        self.on_choice()

    def _sort_by(self, column: int, descending: bool) -> None:
        columns = self._paged.paged.columns
        self._sort = (SortKey(columns[column].key, descending),) if column >= 0 else ()
        self.on_choice()

    def _print_ledger(self) -> None:
        """The list as it is shown: its rows, columns, order and groups."""
        printed = encode_for_printing(self._list, self.view_bar.name, self._view())
        self.context.open("printing", paper=VIEW_LEDGER, view=printed)
