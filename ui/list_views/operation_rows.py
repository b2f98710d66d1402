"""操作记录 as the page shows it: the latest operations, those of today with what was said, or what a view asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.list_views.definition import ListView
from app.list_views.list_source import ListSource
from app.list_views.rows import view_ids
from app.progress import Progress, Task
from app.records.validators import current_date
from app.viewed_lists.operation_source import OPEN, TODAY, operation_source
from app.workbook.audit_log import logged_exports
from app.workbook.operation_lines import (
    KIND_GROUPS,
    LOG,
    OperationLine,
    log_line,
    operation_line,
    read_operation_lines,
)
from app.workbook.operations import OperationFilter, list_operations
from app.workbook.workbook import Workbook
from ui.list_views.view_rows import FoundRows, added_fields, with_added, with_headings
from ui.shell.message_log import SaidMessage
from ui.widgets.row_table import Column, Row

OPERATION_COLUMNS = (
    Column("at", "时间", width=16),
    Column("operator", "操作人", width=8),
    Column("title", "做了什么", width=0),
    Column("records", "记录", align="right", width=6),
    Column("households", "涉及的户", width=22),
    Column("state", "状态", width=8),
)
_KINDS = {group.key: group.kinds for group in KIND_GROUPS}
_SAID_STATES = {"saved": "已保存", "told": "提示", "refused": "未办成"}


@dataclass(frozen=True, slots=True)
class ViewedOperations:
    """What the page shows.

    Attributes:
        is_whole: there are no earlier ones
        source: the list with all that was read, None where only the latest were
    """

    lines: Sequence[OperationLine]
    listed: FoundRows
    is_whole: bool
    source: ListSource | None = None


def latest_operations(
    workbook: Workbook, quick: Mapping[str, str], said: Sequence[SaidMessage], most: int
) -> Task[ViewedOperations]:
    """The latest that fit the line above the list, so many at most.

    Args:
        said: what the status bar said today, which stands among what was done today
    """
    yield Progress(0, 0, "读取操作记录")
    kind, typed = quick["kind"], quick["text"]
    wanted = OperationFilter(typed, _KINDS.get(kind, ()), quick["open"] == OPEN)
    with workbook.reading() as session:
        if kind == LOG:
            lines = [log_line(export) for export in logged_exports(session, typed, most)]
        else:
            lines = [operation_line(entry) for entry in list_operations(session, wanted, limit=most)]
    is_whole = len(lines) < most
    timed = [(line.at, _row(line)) for line in lines]
    if kind == TODAY:
        today = current_date().isoformat()
        is_whole = is_whole or not lines or lines[-1].day != today  # an older one came along
        lines = [line for line in lines if line.day == today]
        messages = [message for message in said if typed.casefold() in message.text.casefold()]
        timed = [(_second(line), _row(line)) for line in lines]
        timed += [(f"{message.at:%Y-%m-%d %H:%M:%S}", _message_row(n, message)) for n, message in enumerate(messages)]
        timed.sort(key=lambda pair: pair[0], reverse=True)
    rows = [row for _, row in timed]
    return ViewedOperations(lines, FoundRows([row.id for row in rows], rows, []), is_whole)


def operations_in_view(workbook: Workbook, view: ListView, shown: Sequence[str]) -> Task[ViewedOperations]:
    """All that fit the view and the line above the list, in its order and groups; `shown`: keys of the columns."""
    lines = yield from read_operation_lines(workbook)
    source = operation_source(lines)
    by_id = {line.id: line for line in lines}
    with workbook.reading() as session:
        ids = view_ids(session, source, view)
        placed, headings = with_headings(session, source, view, ids, shown, "项")
        added = added_fields(source, view, OPERATION_COLUMNS)
        rows = with_added(session, source, [_row(by_id[id]) for id in ids], added)
    return ViewedOperations([by_id[id] for id in ids], FoundRows(placed, rows, headings), True, source)


def _second(line: OperationLine) -> str:
    return line.operation.at[:19].replace("T", " ") if line.operation else line.at


def _message_row(n: int, message: SaidMessage) -> Row:
    cells = {"at": f"{message.at:%Y-%m-%d %H:%M}", "title": message.text, "state": _SAID_STATES[message.kind]}
    return Row(f"said {n}", cells, "bad" if message.kind == "refused" else "quiet")


def _row(line: OperationLine) -> Row:
    cells = {
        "at": line.at,
        "operator": line.operator,
        "title": line.title,
        "records": line.records,
        "households": line.households,
        "state": line.state,
    }
    return Row(line.id, cells, "quiet" if line.is_undone else "")
