"""C01-5 F: who helps the household, and who did before."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.blocks import Block, Signature, Slot, Title
from app.archive.paper import CELL, LABEL
from app.archive.subject import subject
from app.archive.tables import Cell, Row, Table
from app.records.assignment import in_force
from db.schema.aid import Assignment, Helper

ORDER = 90
TITLE = "帮扶责任人结对信息"
_COLUMNS = (18, 10, 50, 22, 20, 28, 22)
_HEADS = ("姓名", "性别", "单位", "职务", "隶属关系", "联系电话", "起止时间")


def section(session: Session, household_id: str) -> list[Block]:
    """Those in force first, then the former ones, the latest first."""
    home = subject(session, household_id)
    standing = in_force()
    found = session.execute(
        select(Assignment, Helper, standing)
        .outerjoin(Helper, Helper.id == Assignment.helper_id)
        .where(Assignment.household_id == household_id, ~Assignment.withdrawn)
        .order_by(standing.desc(), Assignment.started_on.desc(), Assignment.id)
    )
    body = [_row(one, helper) for one, helper, _ in found]
    if not body:
        return []
    heads = [Row([Cell(text, LABEL, shaded=True) for text in _HEADS])]
    return [
        Title(TITLE),
        home.heading(),
        Table(_COLUMNS, body, heads, padding=1.0, least=12),
        Signature([Slot(home.helper_word), Slot("户主签字", finger=True)]),
    ]


def _row(one: Assignment, helper: Helper | None) -> Row:
    middle = CELL.at("center")
    return Row(
        [
            Cell((helper and helper.name) or wording.EMPTY, middle),
            Cell((helper and helper.sex) or wording.EMPTY, middle),
            Cell((helper and helper.unit) or wording.EMPTY),
            Cell((helper and helper.post) or wording.EMPTY, middle),
            Cell((helper and helper.affiliation) or wording.EMPTY, middle),
            Cell((helper and helper.phone) or wording.EMPTY, middle),
            Cell(_from_to(one), middle),
        ]
    )


def _from_to(one: Assignment) -> str:
    start = f"{one.started_on:%Y.%m}" if one.started_on else wording.EMPTY
    return f"{start}至{f'{one.ended_on:%Y.%m}' if one.ended_on else '今'}"
