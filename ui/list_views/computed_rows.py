"""A list that was worked out and read as a whole, as a view shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from app.list_views.definition import ListView
from app.list_views.list_source import ListField, ListSource
from app.list_views.rows import view_ids
from ui.list_views.view_rows import added_fields, with_added, with_headings
from ui.widgets.row_table import Column, Row


@dataclass(frozen=True, slots=True)
class LookedUpRows:
    """`ids` with those of `headings` among them; `rows` has each of the others, looked up as it is drawn."""

    ids: Sequence[str]
    rows: Mapping[str, Row]
    headings: list[Row]


class ViewedTable(Protocol):
    """What was read: rows by key in their order, as a list for views, and those that pass the line above the list."""

    @property
    def rows(self) -> Mapping[str, Row]: ...

    @property
    def source(self) -> ListSource: ...

    def passing(self, quick: Mapping[str, str]) -> list[str]: ...


def passing_rows(read: ViewedTable, quick: Mapping[str, str]) -> tuple[Sequence[str], LookedUpRows]:
    """Without a view: what passes the line above the list."""
    keys = read.passing(quick)
    return keys, LookedUpRows(keys, read.rows, [])


def rows_in_view(
    session: Any, read: ViewedTable, view: ListView, columns: Sequence[Column], shown: Sequence[str]
) -> tuple[Sequence[str], LookedUpRows]:
    """Keys of the rows of a view, and these rows with their headings and with what else the view shows."""
    keys = view_ids(session, read.source, view)
    placed, headings = with_headings(session, read.source, view, keys, shown, "条")
    rows = shown_rows(session, read, keys, added_fields(read.source, view, columns))
    return keys, LookedUpRows(placed, rows, headings)


def shown_rows(session: Any, read: ViewedTable, keys: Sequence[str], added: Sequence[ListField]) -> Mapping[str, Row]:
    """The rows of these keys, with the texts of the fields that a view adds; as they were read where it adds none."""
    if not added:
        return read.rows
    return {row.id: row for row in with_added(session, read.source, [read.rows[key] for key in keys], added)}
