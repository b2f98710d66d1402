"""C02: who joined the household and who left it, and why."""

from datetime import date

from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.blocks import Block, Signature, Slot, Title
from app.archive.paper import CELL, LABEL
from app.archive.subject import subject
from app.archive.tables import Cell, Row, Table
from db.schema.household import Member

ORDER = 70
TITLE = "家庭成员变更登记表"
_COLUMNS = (10, 22, 12, 42, 22, 14, 20, 28)
_HEADS = ("序号", "姓名", "性别", "证件号码", "与户主关系", "增减", "变更原因", "变更日期")


def section(session: Session, household_id: str) -> list[Block]:
    """Every joining and leaving by its day; nothing where none is known."""
    home = subject(session, household_id)
    events: list[tuple[date | None, str, str, Member]] = []
    for one in (*home.members, *home.left):
        if one.joined:
            events.append((one.joined_on, "增加", one.joined, one))
        if one.left:
            events.append((one.left_on, "减少", one.left, one))
    if not events:
        return []
    events.sort(key=lambda event: (event[0] is None, event[0] or date.min, event[1]))
    middle = CELL.at("center")
    body = [
        Row(
            [
                Cell(str(n), middle),
                Cell(one.name or wording.EMPTY, middle),
                Cell(one.sex or wording.EMPTY, middle),
                Cell(one.id_no or wording.EMPTY, middle),
                Cell(one.relation or wording.EMPTY, middle),
                Cell(way, middle),
                Cell(why, middle),
                Cell(wording.day(on), middle),
            ]
        )
        for n, (on, way, why, one) in enumerate(events, 1)
    ]
    heads = [Row([Cell(text, LABEL, shaded=True) for text in _HEADS])]
    return [
        Title(TITLE, "", events[-1][0]),
        home.heading(),
        Table(_COLUMNS, body, heads, padding=0.8, least=9),
        Signature([Slot("经办人"), Slot("户主签字", finger=True), Slot("村民委员会", seal=True)]),
    ]
