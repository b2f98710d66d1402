"""Asking a list that was worked out for the rows of the view that is on."""

from collections.abc import Callable, Sequence
from functools import partial

from app.list_views.definition import ListView
from ui.list_views.computed_rows import LookedUpRows, ViewedTable, rows_in_view
from ui.list_views.view_bar import ViewBar
from ui.shell.page import AppContext
from ui.widgets.row_table import Column

Found = tuple[Sequence[str], LookedUpRows]  # keys of all that passes, and the rows that are shown


class AskedRows:
    """Only the last answer is shown: a view takes a while, and meanwhile another may be chosen."""

    def __init__(
        self, context: AppContext, view_bar: ViewBar, columns: Sequence[Column], show: Callable[[Found], None]
    ) -> None:
        self._context, self._view_bar, self._columns, self._show = context, view_bar, columns, show
        self._request_number = 0

    def ask(self, read: ViewedTable | None, view: ListView, listed: Callable[[ViewedTable, ListView], Found]) -> None:
        """Show what of `read` stands in a view, in its order; nothing where nothing was read yet.

        Args:
            listed: the list where no view says otherwise
        """
        self._request_number += 1
        if read is None:
            return
        if self._view_bar.is_plain:
            self._show(listed(read, view))
        else:
            show = partial(self._show_last, self._request_number)
            self._context.read(show, rows_in_view, read, view, self._columns, self._view_bar.shown_keys())

    def _show_last(self, request_number: int, found: Found) -> None:
        if request_number == self._request_number:
            self._show(found)
