"""The latest changes of the record itself: who wrote what when, personal numbers hidden."""

from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.blocks import Between, Block, Title
from app.archive.paper import SMALL, SMALL_LABEL
from app.archive.subject import subject
from app.archive.tables import Cell, Row, Table
from app.records.history import HistoryLine, history

ORDER = 160
TITLE = "变更记录"
LOG = True
_COLUMNS = (26, 20, 32, 26, 33, 33)
_HEADS = ("时间", "操作人", "记录", "内容", "变更前", "变更后")
_MOST, _LONGEST = 30, 80


def section(session: Session, household_id: str) -> list[Block]:
    """What was altered after it had been written down first; at most the last thirty."""
    home = subject(session, household_id)
    lines = [line for line in history(session, household_id) if line.label != "新增"]
    if not lines:
        return []
    heads = [Row([Cell(text, SMALL_LABEL, shaded=True) for text in _HEADS])]
    more = f"（只列最近 {_MOST} 条，共 {len(lines)} 条）" if len(lines) > _MOST else f"共 {len(lines)} 条"
    return [
        Title(TITLE),
        home.heading(),
        Table(_COLUMNS, [_row(line) for line in lines[:_MOST]], heads, padding=0.8, least=6.5),
        Between("", more),
    ]


def _row(line: HistoryLine) -> Row:
    texts = (
        wording.day(line.at.date()),
        line.operator,
        line.about,
        line.label,
        _short(line.before),
        _short(line.after),
    )
    return Row([Cell(text or "—", SMALL) for text in texts])


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
