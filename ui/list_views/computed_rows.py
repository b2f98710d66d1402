"""A list that was worked out and read as a whole, as a view shows it."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from app.list_views.definition import ListView
from app.list_views.list_source import ListSource
from app.list_views.rows import view_ids
from ui.list_views.view_rows import FoundRows, added_fields, with_added, with_headings
from ui.widgets.row_table import Column, Row


class ViewedTable(Protocol):
    """What was read: rows by key in their order, as a list for views, and those that pass the line above the list."""

    @property
    def rows(self) -> Mapping[str, Row]: ...

    @property
    def source(self) -> ListSource: ...

    def passing(self, quick: Mapping[str, str]) -> list[str]: ...


def passing_rows(read: ViewedTable, quick: Mapping[str, str]) -> tuple[Sequence[str], FoundRows]:
    """Without a view: what passes the line above the list."""
    keys = read.passing(quick)
    return keys, FoundRows(keys, [read.rows[key] for key in keys], [])


def rows_in_view(
    session: Any, read: ViewedTable, view: ListView, columns: Sequence[Column], shown: Sequence[str]
) -> tuple[Sequence[str], FoundRows]:
    """Keys of the rows of a view, and these rows with their headings and with what else the view shows."""
    keys = view_ids(session, read.source, view)
    placed, headings = with_headings(session, read.source, view, keys, shown, "条")
    added = added_fields(read.source, view, columns)
    rows = with_added(session, read.source, [read.rows[key] for key in keys], added)
    return keys, FoundRows(placed, rows, headings)
