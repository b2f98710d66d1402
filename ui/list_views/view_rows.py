"""The rows of a view as a table shows them: ids with the headings of groups among them, and what they come to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.list_views.definition import ListView
from app.list_views.list_source import ListField, ListSource
from app.list_views.rows import FieldTotal, RowGroup, field_totals, row_groups, view_texts
from app.records.field import Field
from ui.widgets.row_table import Column, Row

_WIDTHS = {"money": 11, "decimal": 9, "integer": 7, "date": 11, "month": 9, "year": 6, "yes_no": 6, "long": 18}
_ID_WIDTH = 19  # an ID number, or what is masked like one, is not cut
_TITLE_COLUMNS = 3  # whose room the title of a group has at the least; sums of these stand in it
HEADING = "group:"  # begins the id of a heading


@dataclass(frozen=True, slots=True)
class FoundRows:
    """`ids` with those of `headings` among them; `rows` are those that are seen first."""

    ids: Sequence[str]
    rows: list[Row]
    headings: list[Row]


def ids_in_sight(placed: Sequence[str], headings: Sequence[Row], seen: tuple[int, int], current: str) -> list[str]:
    """Of all ids those whose rows are seen first: at the top, and around the current one or where the list stands.

    Args:
        placed: with those of `headings` among them
        seen: the first row that is in sight, and how many are
    """
    first, height = seen
    at = placed.index(current) if current in placed else first
    in_sight = dict.fromkeys([*placed[:height], *placed[max(0, at - height) : at + height]])
    return [id for id in in_sight if not headings or not id.startswith(HEADING)]


def field_column(key: str, one: Field, *, hidden: bool = False) -> Column:
    """A column of this field, as wide as its kind needs."""
    align = "right" if one.is_number else "left"
    width = _ID_WIDTH if one.spec.mask == "id" else _WIDTHS.get(one.kind, 12)
    return Column(key, one.label, align, width=width, hidden=hidden)


def view_columns(source: ListSource, view: ListView, usual: Sequence[Column]) -> tuple[Column, ...]:
    """The columns that a view names, as the list has them where it has them; the usual ones where it names none."""
    if not view.columns:
        return tuple(usual)
    known = {column.key: column for column in usual}
    named = [known.get(one.key) or field_column(one.key, one.field) for one in source.shown_fields(view.columns)]
    pinned = [column for column in usual if column.pinned]
    return tuple(replace(column, hidden=False) for column in (*pinned, *named)) if named else tuple(usual)


def added_fields(source: ListSource, view: ListView, usual: Sequence[Column]) -> list[ListField]:
    """The fields that a view shows and the list does not read by itself."""
    known = {column.key for column in usual}
    return [one for one in source.shown_fields(view.columns) if one.key not in known] if view.columns else []


def with_added(session: Any, source: ListSource, rows: Sequence[Row], added: Sequence[ListField]) -> list[Row]:
    """The rows with the texts of these fields too."""
    if not added:
        return list(rows)
    texts = view_texts(session, source, [row.id for row in rows], added)
    return [Row(row.id, {**row.cells, **texts.get(row.id, {})}, row.emphasis) for row in rows]


def with_headings(
    session: Any, source: ListSource, view: ListView, ids: Sequence[str], shown: Sequence[str], unit: str
) -> tuple[Sequence[str], list[Row]]:
    """The ids with those of headings, and the headings: title and count in the first column, sums below their columns.

    Args:
        shown: keys of the columns that the list shows
        unit: what is counted, e.g. 户
    """
    summed = [one for key in shown if (one := source.field(key)) is not None and one.is_summed]
    groups = row_groups(session, source, view, ids, summed)
    headings = [_heading(n, group, summed, shown, unit) for n, group in enumerate(groups)]
    placed: list[str] = []
    start = 0
    for group, heading in zip(groups, headings, strict=True):
        placed += ids[start : group.start]
        placed.append(heading.id)
        start = group.start
    return [*placed, *ids[start:]] if groups else ids, headings


def selection_text(session: Any, source: ListSource, ids: Sequence[str], shown: Sequence[str]) -> str:
    """Sum and mean of each number that is shown, over the chosen rows."""
    keys = dict.fromkeys((*source.totals, *shown))
    fields = [one for key in keys if (one := source.field(key)) is not None and one.is_number]
    totals = [total for total in field_totals(session, source, ids, fields) if total.known]
    return "".join(f"　{total.field.label}{_total_text(total)}" for total in totals)


def _total_text(total: FieldTotal) -> str:
    one = total.field
    mean = f"平均 {total.mean:,f}"
    return f"合计 {one.field.text(total.total)}{one.field.unit}，{mean}" if one.is_summed else f"{mean}{one.field.unit}"


def _heading(n: int, group: RowGroup, summed: Sequence[ListField], shown: Sequence[str], unit: str) -> Row:
    sums = {one.key: one.field.text(group.sums[one.key]) for one in summed}
    told = [f"{one.label} {sums.pop(one.key)}" for one in summed if one.key in shown[:_TITLE_COLUMNS]]
    counted = "，".join([f"{group.count} {unit}", *told])
    title = f"{'　' * group.level}{group.title}（{counted}）"
    return Row(f"{HEADING}{n}", {**sums, shown[0]: title} if shown else {})
