"""A list that is worked out and viewed like any other, as one of several on a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.list_views.list_source import ListSource
from app.list_views.stored_form import VIEW_LEDGER
from ui.list_views.asked_rows import AskedRows, Found
from ui.list_views.computed_rows import LookedUpRows, passing_rows
from ui.list_views.view_bar import NO_QUICK_FILTER, ViewBar
from ui.list_views.viewed_page import none_fits
from ui.shell.page import AppContext
from ui.widgets.paged_table import PagedTable
from ui.widgets.row_table import Column, Row


@dataclass(frozen=True, slots=True)
class ListedRows:
    """What was read: rows by key in their order, and the same as a list for views."""

    rows: Mapping[str, Row]
    source: ListSource

    def passing(self, quick: Mapping[str, str]) -> list[str]:
        """All of them: no line stands above the list."""
        return list(self.rows)


class ViewedTab(QWidget):
    """The line of 筛选 and 视图, and the list below it. Its page reads the rows and has the keys."""

    def __init__(
        self, context: AppContext, source: ListSource, name: str, label: str, columns: Sequence[Column], nothing: str
    ) -> None:
        """
        Args:
            name: objectName of the table, under which its columns are remembered
            label: what the table is called
            nothing: stands in it where it has no rows
        """
        super().__init__()
        self._context = context
        self._read: ListedRows | None = None
        self._found = LookedUpRows((), {}, [])
        self.nothing = nothing
        self.table = PagedTable(name, label)
        self.table.placeholder = nothing
        self.view_bar = ViewBar(context, source, NO_QUICK_FILTER, self.table, columns)
        self.view_bar.follow_head()
        self.view_bar.changed.connect(self._list_rows)
        self._asked_rows = AskedRows(context, self.view_bar, columns, self._show_found)
        self.setFocusProxy(self.table)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.addWidget(self.view_bar)
        layout.addWidget(self.table, 1)

    def show_list(self, read: ListedRows) -> None:
        """The list with other rows, in the view that is on."""
        self._read = read
        self.view_bar.use(read.source)
        self._list_rows()

    def visible_rows(self) -> tuple[Sequence[Column], list[Row]]:
        """What is seen: the columns, those that are hidden too, and the rows in their order without headings."""
        return self.table.paged.columns, [self._found.rows[id] for id in self.table.visible_ids()]

    def print_ledger(self, **choices: str) -> None:
        """The list on paper as it is seen; `choices`: what is chosen beside it."""
        self._context.open("printing", paper=VIEW_LEDGER, view=self.view_bar.for_printing(**choices))

    def _list_rows(self) -> None:
        self._asked_rows.ask(self._read, self.view_bar.shown, lambda read, view: passing_rows(read, view.quick))

    def _show_found(self, found: Found) -> None:
        _, self._found = found
        conditions = self.view_bar.describe()
        self.table.placeholder = none_fits(conditions) if conditions else self.nothing
        self.table.look_up(self._found.ids, self._found.rows, self._found.headings)
