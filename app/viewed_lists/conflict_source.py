"""冲突 as a list that can be viewed: one cell with several values a row, and the household that it belongs to."""

from collections.abc import Mapping, Sequence
from functools import cache

from sqlalchemy.orm import Session

from app.list_views.catalogue import CONFLICTS
from app.list_views.list_source import ListSource, made_field
from app.sync.conflicts import Conflict, masked_conflicts
from app.viewed_lists.household_rows import household_row_source

_FIELDS = (
    made_field(CONFLICTS, "household", "户"),
    made_field(CONFLICTS, "about", "记录"),
    made_field(CONFLICTS, "field", "项目"),
    made_field(CONFLICTS, "ours", "第一个值", "long"),
    made_field(CONFLICTS, "theirs", "其他的值", "long"),
    made_field(CONFLICTS, "kind", "类别"),
    made_field(CONFLICTS, "by", "填写人"),
    made_field(CONFLICTS, "places", "写在"),
    made_field(CONFLICTS, "values", "不同的值", "integer", unit="个"),
    made_field(CONFLICTS, "day", "最近填写日期", "date"),
)
_SHOWN = ("household", "about", "field")
_EMPTY_VALUE = "（空）"


def conflict_source(conflicts: Sequence[Conflict]) -> ListSource:
    """The list with these rows, in their order; `conflicts`: masked (app/sync/conflicts.py)."""
    by_id = {conflict.id: conflict for conflict in conflicts}
    return household_row_source(
        CONFLICTS,
        "冲突",
        _FIELDS,
        lambda: ((id, _cells(conflict)) for id, conflict in by_id.items()),
        columns=_SHOWN,
        orders={},
        passes=lambda id, quick: passes(search_text(by_id[id]), quick),
        computed=_loaded,
    )


@cache
def conflict_list() -> ListSource:
    """The list without rows: its fields."""
    return conflict_source(())


def _loaded(session: Session, _choices: Mapping[str, str]) -> ListSource:
    return conflict_source(masked_conflicts(session))


def record_text(conflict: Conflict) -> str:
    """Which record of the household it is in."""
    is_household = conflict.table == "household"
    return "基本信息" if is_household else f"{conflict.table_label} {conflict.record}".strip()


def value_texts(conflict: Conflict) -> list[str]:
    """Its values, ours first."""
    return [side.text or _EMPTY_VALUE for side in conflict.sides]


def search_text(conflict: Conflict) -> str:
    """The words by which a conflict is found, in small letters."""
    told = (conflict.household, record_text(conflict), conflict.field_label, *value_texts(conflict))
    return " ".join((*told, *(side.who for side in conflict.sides))).casefold()


def passes(words: str, quick: Mapping[str, str]) -> bool:
    """Whether a conflict fits what is typed above the list; `words`: its `search_text`."""
    return all(term in words for term in quick.get("text", "").casefold().split())


def _cells(conflict: Conflict) -> tuple[object, ...]:
    ours, *theirs = value_texts(conflict)
    return (
        conflict.household or None,
        record_text(conflict),
        conflict.field_label,
        ours,
        "；".join(theirs),
        conflict.table_label,
        "、".join(dict.fromkeys(side.who for side in conflict.sides if side.who)),
        "、".join(dict.fromkeys(place for side in conflict.sides for place in side.places)),
        len(conflict.sides),
        max(side.when for side in conflict.sides)[:10],
        conflict.household_id or None,
    )
