"""A99: what the volume contains, and who compiled it."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, SignatureBlock, SignatureField, Title
from app.pdf.page_style import CELL, LABEL, LINE_TEXT
from app.pdf.table import Cell, Table, TableRow
from app.reports.completeness import MISSING, UNSIGNED, household_papers, told_together
from app.reports.deferred import Deferred, VolumeSummary
from app.reports.household_context import HouseholdContext, load_context

ORDER = 200
KEY = "remarks"  # the name stored by earlier versions
TITLE = "卷内备考表"


def section(session: Session, household_id: str) -> list[Flowable]:
    """The closing note of GB/T 9705, signed by hand."""
    context = load_context(session, household_id)
    gaps = _gaps(session, household_id, context)
    return [
        Title(TITLE),
        context.header_line(),
        Deferred(lambda summary: _note_table(summary, context, gaps)),
        SignatureBlock([SignatureField("立卷人"), SignatureField("检查人")]),
    ]


def _gaps(session: Session, household_id: str, context: HouseholdContext) -> str:
    """What is missing and what was not signed, as far as the workbook can tell."""
    papers = [one for one in household_papers(session, household_id, context.day) if one.part != "remarks"]
    lines = []
    for label, state in (("缺", MISSING), ("尚未签字", UNSIGNED)):
        if count := sum(one.state == state for one in papers):
            lines.append(f"{label} {count} 件：{'；'.join(told_together(papers, state))}。")
    return "\n".join(lines) or "无缺漏。"


def _note_table(summary: VolumeSummary, context: HouseholdContext, gaps: str) -> Sequence[Flowable]:
    note = (
        f"本卷为{context.place}{context.head_name}户档案，共 {len(summary.entries)} 件、{summary.counted_pages} 页"
        + (f"，其中照片 {summary.photos} 张" if summary.photos else "")
        + "。"
    )
    return [
        Table(
            (35, 135),
            [
                TableRow([Cell("本卷情况说明", LABEL, shaded=True), Cell(note, LINE_TEXT)], min_height=60),
                TableRow(
                    [Cell("缺漏、修改、补充、移出、销毁情况", LABEL, shaded=True), Cell(gaps, CELL)], min_height=60
                ),
            ],
        )
    ]
