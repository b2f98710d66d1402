"""A01: the table of contents with page numbers, in the columns of GB/T 9705."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, Title
from app.pdf.page_style import CELL, SMALL, SMALL_LABEL
from app.pdf.table import Cell, Table, TableRow
from app.reports.deferred import Deferred, VolumeSummary
from app.reports.household_context import HouseholdContext, load_context

ORDER = 20
TITLE = "卷内文件目录"
_COLUMNS = (12, 25, 28, 58, 19, 17, 11)
_HEADERS = ("顺序号", "文号或编号", "责任者", "题　　名", "日期", "页号", "备注")


def section(session: Session, household_id: str) -> list[Flowable]:
    """One line for each listed part of the volume."""
    context = load_context(session, household_id)
    return [Title(TITLE), context.header_line(), Deferred(lambda volume: _contents_table(volume, context))]


def _contents_table(summary: VolumeSummary, context: HouseholdContext) -> Sequence[Flowable]:
    header_rows = [TableRow([Cell(text, SMALL_LABEL, shaded=True) for text in _HEADERS], min_height=9)]
    rows = [
        TableRow(
            [
                Cell(str(n), CELL.aligned("center")),
                Cell(entry.code or "—", CELL.aligned("center")),
                Cell(context.unit, SMALL.aligned("center")),
                Cell(entry.title, CELL),
                Cell(f"{entry.dated:%Y%m%d}", SMALL.aligned("center")),
                Cell(entry.page_range, SMALL.aligned("center")),
                Cell(f"{entry.copies}份" if entry.copies > 1 else "", CELL.aligned("center")),
            ],
            min_height=8,
        )
        for n, entry in enumerate(summary.entries, 1)
    ]
    return [Table(_COLUMNS, rows, header_rows, padding=0.8)]
