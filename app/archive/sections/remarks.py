"""A99: what the volume holds, and who put it together."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.archive.blocks import Block, Signature, Slot, Title
from app.archive.paper import CELL, LABEL, LINE
from app.archive.subject import Subject, subject
from app.archive.tables import Cell, Row, Table
from app.archive.volume import Later, Volume

ORDER = 200
TITLE = "卷内备考表"


def section(session: Session, household_id: str) -> list[Block]:
    """The closing note of GB/T 9705; signed by hand."""
    home = subject(session, household_id)
    return [
        Title(TITLE),
        home.heading(),
        Later(lambda volume: _table(volume, home)),
        Signature([Slot("立卷人"), Slot("检查人")]),
    ]


def _table(volume: Volume, home: Subject) -> Sequence[Block]:
    said = (
        f"本卷为{home.place}{home.head_name}户档案，共 {len(volume.entries)} 件、{volume.pages} 页"
        + (f"，其中照片 {volume.photos} 张" if volume.photos else "")
        + "。"
    )
    return [
        Table(
            (35, 135),
            [
                Row([Cell("本卷情况说明", LABEL, shaded=True), Cell(said, LINE)], least=60),
                Row([Cell("缺漏、修改、补充、移出、销毁情况", LABEL, shaded=True), Cell("", CELL)], least=60),
            ],
        )
    ]
