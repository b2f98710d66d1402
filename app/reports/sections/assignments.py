"""C01-5 F: the household's helpers, current and former."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, SignatureBlock, SignatureField, Title
from app.pdf.page_style import CELL, LABEL
from app.pdf.table import Cell, Table, TableRow
from app.records.assignment import is_in_force
from app.reports import formatting
from app.reports.household_context import load_context
from db.schema.aid import Assignment, Helper

ORDER = 90
TITLE = "信息采集表（帮扶结对）"
_COLUMNS = (18, 10, 50, 22, 20, 28, 22)
_HEADERS = ("姓名", "性别", "单位", "职务", "隶属关系", "联系电话", "起止时间")


def section(session: Session, household_id: str) -> list[Flowable]:
    """Those in force first, then the former ones, the latest first."""
    context = load_context(session, household_id)
    is_active = is_in_force()
    results = session.execute(
        select(Assignment, Helper, is_active)
        .outerjoin(Helper, Helper.id == Assignment.helper_id)
        .where(Assignment.household_id == household_id, ~Assignment.withdrawn)
        .order_by(is_active.desc(), Assignment.started_on.desc(), Assignment.id)
    )
    table_rows = [_assignment_row(assignment, helper) for assignment, helper, _ in results]
    if not table_rows:
        return []
    header_rows = [TableRow([Cell(text, LABEL, shaded=True) for text in _HEADERS])]
    return [
        Title(context.terms.title("assignments", TITLE)),
        context.header_line(),
        Table(_COLUMNS, table_rows, header_rows, padding=1.0, min_height=12),
        SignatureBlock([SignatureField(context.helper_word), SignatureField("户主签字", fingerprint=True)]),
    ]


def _assignment_row(assignment: Assignment, helper: Helper | None) -> TableRow:
    centered = CELL.aligned("center")
    return TableRow(
        [
            Cell((helper and helper.name) or formatting.EMPTY, centered),
            Cell((helper and helper.sex) or formatting.EMPTY, centered),
            Cell((helper and helper.unit) or formatting.EMPTY),
            Cell((helper and helper.post) or formatting.EMPTY, centered),
            Cell((helper and helper.affiliation) or formatting.EMPTY, centered),
            Cell((helper and helper.phone) or formatting.EMPTY, centered),
            Cell(_period(assignment), centered),
        ]
    )


def _period(assignment: Assignment) -> str:
    start = f"{assignment.started_on:%Y.%m}" if assignment.started_on else formatting.EMPTY
    return f"{start}至{f'{assignment.ended_on:%Y.%m}' if assignment.ended_on else '今'}"
