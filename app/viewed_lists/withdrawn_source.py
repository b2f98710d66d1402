"""已撤回 as a list that can be viewed."""

from collections.abc import Mapping, Sequence
from functools import cache

from sqlalchemy.orm import Session

from app.list_views.catalogue import WITHDRAWN
from app.list_views.computed_source import ComputedRows, computed_fields, find_computed
from app.list_views.list_source import ListSource, made_field
from app.records.withdrawn_records import WithdrawnRecord, all_withdrawn

_FIELDS = (
    made_field(WITHDRAWN, "label", "类别"),
    made_field(WITHDRAWN, "title", "记录"),
    made_field(WITHDRAWN, "household", "户"),
    made_field(WITHDRAWN, "parts", "一起撤回的", "long"),
    made_field(WITHDRAWN, "operator", "撤回人"),
    made_field(WITHDRAWN, "day", "撤回日期", "date"),
    made_field(WITHDRAWN, "at", "撤回时间"),
)


def withdrawn_source(records: Sequence[WithdrawnRecord]) -> ListSource:
    """The list with these rows, in their order."""
    by_id = {record.key: record for record in records}
    rows = ComputedRows(lambda: ((key, _cells(record)) for key, record in by_id.items()))
    return ListSource(
        key=WITHDRAWN,
        title="已撤回",
        record=rows,
        fields=tuple(computed_fields(rows, _FIELDS, {})),
        columns=("label", "title", "household", "parts", "operator", "at"),
        totals=(),
        find=find_computed(rows, lambda id, quick: _passes(by_id[id], quick)),
        computed=_loaded,
    )


@cache
def withdrawn_list() -> ListSource:
    """The list without rows: its fields."""
    return withdrawn_source(())


def _loaded(session: Session, _choices: Mapping[str, str]) -> ListSource:
    return withdrawn_source(all_withdrawn(session))


def _cells(record: WithdrawnRecord) -> tuple[object, ...]:
    day = record.at.date() if record.at else None
    return (record.label, record.title, record.household, record.parts, record.operator, day, record.at_text)


def _passes(record: WithdrawnRecord, quick: Mapping[str, str]) -> bool:
    return record.contains(quick.get("text", "").split())
