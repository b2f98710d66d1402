"""D01: the card on the door: who helps, how to reach them and whom to call. Printed twice on a sheet, to be cut."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.blocks import Between, Block, Gap, Text, Whole
from app.archive.paper import LABEL, LINE, Style
from app.archive.subject import Subject, subject
from app.archive.tables import Cell, Row, Shown, Table
from app.records.assignment import in_force
from db.schema.aid import Assignment, Helper

ORDER = 80
TITLE = "帮扶联系卡"
_TITLE = Style("song_bold", 18, 28, "center")
_VALUE = Style("fangsong", 12, 17)
_COMPLAINTS = "12317"  # 全国扶贫监督举报电话, 2018


def section(session: Session, household_id: str) -> list[Block]:
    """Nothing where nobody helps the household now."""
    made = card(session, household_id)
    if not made:
        return []
    return [Whole(made), Gap(12), Between("", "（沿此线裁开，一份贴户内，一份存档）"), Gap(6), Whole(made)]


def card(session: Session, household_id: str) -> list[Block]:
    """One card; nothing where nobody helps the household now."""
    home = subject(session, household_id)
    helpers = session.scalars(
        select(Helper)
        .join(Assignment, Assignment.helper_id == Helper.id)
        .where(Assignment.household_id == household_id, in_force(), ~Helper.withdrawn)
        .order_by(Assignment.started_on, Helper.name)
    ).all()
    return _card(home, helpers) if helpers else []


def _card(home: Subject, helpers: Sequence[Helper]) -> list[Block]:
    village = home.village
    blocks: list[Block] = [Text(TITLE, _TITLE), home.heading()]
    for helper in helpers[:3]:
        blocks.append(Table((28, 40, 28, 46, 28), _helper_rows(home, helper)))
    leader = (village.team_leader if village else None) or wording.EMPTY
    about = [
        ("包村单位", (village.sponsor_unit if village else None) or wording.EMPTY, "驻村第一书记", leader),
        ("第一书记电话", (village.team_phone if village else None) or wording.EMPTY, "监督举报电话", _COMPLAINTS),
    ]
    rows = [
        Row([Cell(a, LABEL, shaded=True), Cell(b, _VALUE), Cell(c, LABEL, shaded=True), Cell(d, _VALUE)], least=9)
        for a, b, c, d in about
    ]
    return [*blocks, Table((28, 57, 28, 57), rows)]


def _helper_rows(home: Subject, helper: Helper) -> list[Row]:
    about = [
        (home.helper_word, helper.name, "联系电话", helper.phone),
        ("单位", helper.unit, "职务", helper.post),
    ]
    rows = []
    for n, (a, b, c, d) in enumerate(about):
        cells = [
            Cell(a, LABEL, shaded=True),
            Cell(b or wording.EMPTY, _VALUE),
            Cell(c, LABEL, shaded=True),
            Cell(d or wording.EMPTY, _VALUE),
        ]
        rows.append(Row([*cells, Cell(Shown(None, (26, 34), "照片"), LINE, rows=2)] if n == 0 else cells, least=17))
    return rows
