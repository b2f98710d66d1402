"""What the page of households asks of the workbook: which are shown, their rows, how many people they have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.list_views.condition_sql import view_conditions, view_order
from app.list_views.definition import ListView
from app.list_views.household_source import household_source
from app.records.household_list import HouseholdList, HouseholdQuery, choices, closed_in, listed, people_in, visit_days
from ui.household.household_columns import columns, table_rows
from ui.list_views.view_rows import FoundRows, added_fields, ids_in_sight, with_added, with_headings
from ui.widgets.cell_texts import as_text
from ui.widgets.row_table import Column, Row


@dataclass(frozen=True, slots=True)
class ListCounts:
    """`people` of all households, `shown` of those that are shown; `closed`: households that are not in force any more;
    the choices of the bar where they are new."""

    people: int
    shown: int
    closed: int
    values: Mapping[str, Sequence[str]] | None
    days: int


def find_households(
    session: Any,
    query: HouseholdQuery,
    view: ListView,
    shown: Sequence[str],
    names: Mapping[str, str],
    seen: tuple[int, int],
    current: str,
) -> tuple[HouseholdList, FoundRows]:
    """What is shown, with the rows that will be in sight: the first, and those around the current one."""
    source = household_source()
    conditions, order = view_conditions(session, source, view.where), view_order(session, source, view)
    found = listed(session, query, visit_days(session) if query.unvisited else 0, conditions, order)
    placed, headings = with_headings(session, source, view, found.ids, shown, "户")
    in_sight = ids_in_sight(placed, headings, seen, current)
    return found, FoundRows(placed, view_table_rows(session, in_sight, names, view), headings)


def view_table_rows(session: Any, ids: Sequence[str], names: Mapping[str, str], view: ListView) -> list[Row]:
    """The rows of these households, with what a view shows beside the usual columns."""
    source = household_source()
    added = added_fields(source, view, columns(many_villages=True))
    return with_added(session, source, table_rows(session, ids, names), added)


def rows_text(
    session: Any, ids: Sequence[str], names: Mapping[str, str], view: ListView, shown: Sequence[Column]
) -> str:
    """Households as the clipboard takes them."""
    return as_text(view_table_rows(session, ids, names, view), shown)


def count_people(session: Any, found: HouseholdList, people: int | None) -> ListCounts:
    """`people`: in all households, None where they must be counted and the choices be renewed."""
    everybody = people_in(session) if people is None else people
    shown = everybody if len(found.ids) == found.total else people_in(session, found.ids)
    return ListCounts(
        everybody, shown, closed_in(session), choices(session) if people is None else None, visit_days(session)
    )
