"""A01: the table of contents with true page numbers, in the columns of GB/T 9705."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.archive.blocks import Block, Title
from app.archive.paper import CELL, SMALL, SMALL_LABEL
from app.archive.subject import Subject, subject
from app.archive.tables import Cell, Row, Table
from app.archive.volume import Later, Volume

ORDER = 20
TITLE = "卷内文件目录"
_COLUMNS = (12, 25, 28, 60, 20, 12, 13)
_HEADS = ("顺序号", "文号或编号", "责任者", "题　　名", "日期", "页号", "备注")


def section(session: Session, household_id: str) -> list[Block]:
    """One line a listed part of the volume."""
    home = subject(session, household_id)
    return [Title(TITLE), home.heading(), Later(lambda volume: _table(volume, home))]


def _table(volume: Volume, home: Subject) -> Sequence[Block]:
    heads = [Row([Cell(text, SMALL_LABEL, shaded=True) for text in _HEADS], least=9)]
    rows = [
        Row(
            [
                Cell(str(n), CELL.at("center")),
                Cell(entry.code or "—", CELL.at("center")),
                Cell(home.unit, SMALL.at("center")),
                Cell(entry.title, CELL),
                Cell(f"{entry.dated:%Y%m%d}" if entry.dated else "—", SMALL.at("center")),
                Cell(str(entry.page), CELL.at("center")),
                Cell(f"{entry.copies}份" if entry.copies > 1 else "", CELL.at("center")),
            ],
            least=8,
        )
        for n, entry in enumerate(volume.entries, 1)
    ]
    return [Table(_COLUMNS, rows, heads, padding=0.8)]
