"""The latest changes of the record itself: who changed what and when, with personal numbers hidden."""

from dataclasses import replace

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, HeaderLine, Title
from app.pdf.page_style import SMALL, SMALL_LABEL
from app.pdf.table import Cell, Table, TableRow
from app.records.history import HistoryEntry, household_history
from app.reports import formatting
from app.reports.household_context import load_context

ORDER = 160
TITLE = "变更记录"
LOG = True
_COLUMNS = (26, 20, 32, 26, 33, 33)
_HEADERS = ("时间", "操作人", "记录", "内容", "变更前", "变更后")
_MAX_CHANGES, _MAX_TEXT = 30, 80


def section(session: Session, household_id: str) -> list[Flowable]:
    """Changes of values that had been recorded before; at most the last thirty."""
    context = load_context(session, household_id)
    lines = [line for line in household_history(session, household_id) if line.label != "新增"]
    if not lines:
        return []
    header_rows = [TableRow([Cell(text, SMALL_LABEL, shaded=True) for text in _HEADERS])]
    count_note = (
        f"（只列最近 {_MAX_CHANGES} 条，共 {len(lines)} 条）" if len(lines) > _MAX_CHANGES else f"共 {len(lines)} 条"
    )
    return [
        Title(TITLE),
        context.header_line(),
        Table(_COLUMNS, [_row(line) for line in lines[:_MAX_CHANGES]], header_rows, padding=0.8, min_height=6.5),
        HeaderLine("", count_note),
    ]


def _row(line: HistoryEntry) -> TableRow:
    texts = (
        formatting.day(line.at.date()),
        line.operator,
        line.record_title,
        line.label,
        _truncate(line.before),
        _truncate(line.after),
    )
    day, *rest = (Cell(text or "—", SMALL) for text in texts)
    return TableRow([replace(day, style=SMALL.aligned("center")), *rest])


def _truncate(text: str) -> str:
    return text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]}…"
