"""Lists that are worked out and of which each row is about a household or one of its people, whose fields they can be
viewed by too."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from sqlalchemy import String
from sqlalchemy.orm import Session, aliased

from app.list_views.computed_source import ComputedRows, computed_fields, find_computed
from app.list_views.list_source import Expression, ListSource, Related, related_fields
from app.records.field import Field
from db.schema.household import Household, Member

_HOUSEHOLD, _MEMBER = aliased(Household), aliased(Member)


def household_row_source(
    key: str,
    title: str,
    fields: Sequence[Field],
    rows: Callable[[], Iterable[tuple[str, Sequence[object]]]],
    *,
    columns: Sequence[str],
    orders: Mapping[str, Callable[[Expression], Expression]],
    passes: Callable[[str, Mapping[str, str]], bool],
    computed: Callable[[Session, Mapping[str, str]], ListSource],
    about_members: bool = False,
) -> ListSource:
    """The source of such a list.

    Args:
        rows: gives id and cells of each row: those of the fields, then the id of the household
        columns: of the list where no view says otherwise
        orders, passes: as in app/list_views/computed_source.py
        computed: as in app/list_views/list_source.py
        about_members: rows may be about one person, whose id follows that of the household
    """
    computed_rows = ComputedRows(rows)
    related = related_fields(_HOUSEHOLD, Related(computed_rows.cell(len(fields), String()), _HOUSEHOLD.id), "农户：")
    if about_members:
        members = Related(computed_rows.cell(len(fields) + 1, String()), _MEMBER.id)
        related += related_fields(_MEMBER, members, "成员：")
    return ListSource(
        key=key,
        title=title,
        record=computed_rows,
        fields=(*computed_fields(computed_rows, fields, orders), *related),
        columns=tuple(columns),
        totals=(),
        find=find_computed(computed_rows, passes),
        computed=computed,
    )
