"""操作记录 as a list that can be viewed: what was done, exported, printed and shown in full."""

from collections.abc import Mapping, Sequence
from functools import cache

from sqlalchemy.orm import Session

from app.list_views.catalogue import OPERATIONS
from app.list_views.computed_source import ComputedRows, computed_fields, find_computed
from app.list_views.list_source import ListSource, made_field
from app.progress import run_to_completion
from app.records.validators import current_date
from app.workbook.operation_lines import LOG, OperationLine, all_operation_lines

TODAY = "today"  # value of "kind" in the line above the list: what was done today, whatever it is
OPEN = "open"  # value of "open": without what was taken back
_FIELDS = (
    made_field(OPERATIONS, "at", "时间"),
    made_field(OPERATIONS, "operator", "操作人"),
    made_field(OPERATIONS, "title", "做了什么", "long"),
    made_field(OPERATIONS, "records", "记录", "integer"),
    made_field(OPERATIONS, "households", "涉及的户", "long"),
    made_field(OPERATIONS, "state", "状态"),
    made_field(OPERATIONS, "kind", "类别"),
    made_field(OPERATIONS, "day", "日期", "date"),
)
_SHOWN = ("at", "operator", "title", "records", "households", "state")


def operation_source(lines: Sequence[OperationLine]) -> ListSource:
    """The list with these rows, in their order."""
    by_id = {line.id: line for line in lines}
    rows = ComputedRows(lambda: ((id, _cells(line)) for id, line in by_id.items()))
    return ListSource(
        key=OPERATIONS,
        title="操作记录",
        record=rows,
        fields=tuple(computed_fields(rows, _FIELDS, {})),
        columns=_SHOWN,
        totals=("records",),
        find=find_computed(rows, lambda id, quick: passes(by_id[id], quick)),
        computed=_loaded,
    )


@cache
def operation_list() -> ListSource:
    """The list without rows: its fields."""
    return operation_source(())


def _loaded(session: Session, _choices: Mapping[str, str]) -> ListSource:
    return operation_source(run_to_completion(all_operation_lines(session)))


def passes(line: OperationLine, quick: Mapping[str, str]) -> bool:
    """Whether a line fits what is set in the line above the list; without a kind the log is left out."""
    kind, typed = quick.get("kind", ""), quick.get("text", "").casefold()
    is_wanted = line.group.key == kind if kind else line.group.key != LOG
    if kind == TODAY:
        is_wanted = line.group.key != LOG and line.day == current_date().isoformat()
    return (
        is_wanted
        and not (quick.get("open", "") == OPEN and line.is_undone)
        and all(word in f"{line.title} {line.operator}".casefold() for word in typed.split())
    )


def _cells(line: OperationLine) -> tuple[object, ...]:
    return (
        line.at,
        line.operator,
        line.title,
        line.records,
        line.households or None,
        line.state or None,
        line.group.label,
        line.day,
    )
