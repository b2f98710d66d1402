"""C02: who joined the household and who left it, and why."""

from datetime import date

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, SignatureBlock, SignatureField, Title
from app.pdf.page_style import CELL, LABEL
from app.pdf.table import Cell, Table, TableRow
from app.reports import formatting
from app.reports.household_context import load_context
from db.schema.household import Member

ORDER = 70
TITLE = "家庭成员变更登记表"
_COLUMNS = (10, 22, 12, 42, 22, 14, 20, 28)
_HEADERS = ("序号", "姓名", "性别", "证件号码", "与户主关系", "增减", "变更原因", "变更日期")


def section(session: Session, household_id: str) -> list[Flowable]:
    """Every joining and leaving by date; nothing if none is known."""
    context = load_context(session, household_id)
    events: list[tuple[date | None, str, str, Member]] = []
    for member in (*context.members, *context.former_members):
        if member.joined:
            events.append((member.joined_on, "增加", member.joined, member))
        if member.left:
            events.append((member.left_on, "减少", member.left, member))
    if not events:
        return []
    events.sort(key=lambda event: (event[0] is None, event[0] or date.min, event[1]))
    centered = CELL.aligned("center")
    body_rows = [
        TableRow(
            [
                Cell(str(n), centered),
                Cell(member.name or formatting.EMPTY, centered),
                Cell(member.sex or formatting.EMPTY, centered),
                Cell(member.id_no or formatting.EMPTY, centered),
                Cell(member.relation or formatting.EMPTY, centered),
                Cell(direction, centered),
                Cell(reason, centered),
                Cell(formatting.day(changed_on), centered),
            ]
        )
        for n, (changed_on, direction, reason, member) in enumerate(events, 1)
    ]
    header_rows = [TableRow([Cell(text, LABEL, shaded=True) for text in _HEADERS])]
    return [
        Title(TITLE, "", events[-1][0]),
        context.header_line(),
        Table(_COLUMNS, body_rows, header_rows, padding=0.8, min_height=9),
        SignatureBlock(
            [
                SignatureField("经办人"),
                SignatureField("户主签字", fingerprint=True),
                SignatureField("村民委员会", seal=True),
            ]
        ),
    ]
