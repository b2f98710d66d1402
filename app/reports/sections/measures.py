"""D03: what the household and its members received, on a landscape sheet, with a total for each year."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import groupby

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, SignatureBlock, SignatureField, Title
from app.pdf.page_style import SMALL, SMALL_LABEL, TextStyle
from app.pdf.table import Cell, Table, TableRow
from app.reports import formatting
from app.reports.household_context import household_records, load_context
from db.schema.aid import Measure

ORDER = 100
TITLE = "帮扶措施台账"
LANDSCAPE = True
_COLUMNS = (8, 25, 24, 45, 18, 22, 22, 26, 34, 22, 16)
_HEADERS = (
    "序号", "日期", "措施类别", "项目名称", "享受人", "规模（数量）", "金额（元）", "资金来源", "帮扶成效",
    "户主签字", "备注",
)  # fmt: skip
_CENTERED, _RIGHT_ALIGNED = SMALL.aligned("center"), SMALL.aligned("right")
_SUM_STYLE = TextStyle("hei", 9, 11.5)


def section(session: Session, household_id: str) -> list[Flowable]:
    """All years, the newest first."""
    context = load_context(session, household_id)
    measures = household_records(session, Measure, household_id)
    measures.sort(
        key=lambda measure: (-(measure.year or 0), measure.started_on is None, measure.started_on, measure.id)
    )
    if not measures:
        return []
    member_names = {measure.id: measure.name or "" for measure in (*context.members, *context.former_members)}
    body_rows: list[TableRow] = []
    number = 0
    for year, group in groupby(measures, key=lambda measure: measure.year):
        yearly_measures = list(group)
        for measure in yearly_measures:
            number += 1
            body_rows.append(_measure_row(number, measure, member_names))
        body_rows.append(_sum_row(year, [measure.amount for measure in yearly_measures if measure.amount is not None]))
    header_rows = [TableRow([Cell(text, SMALL_LABEL, shaded=True) for text in _HEADERS], min_height=10)]
    return [
        Title(TITLE),
        context.header_line(),
        Table(_COLUMNS, body_rows, header_rows, padding=0.8, min_height=9),
        SignatureBlock([SignatureField(context.helper_word), SignatureField("户主签字", fingerprint=True)]),
    ]


def _measure_row(number: int, measure: Measure, member_names: Mapping[str, str]) -> TableRow:
    period = (
        formatting.day(measure.started_on)
        if measure.started_on
        else f"{measure.year}年"
        if measure.year
        else formatting.EMPTY
    )
    title = "：".join(text for text in (measure.title, measure.content) if text)
    return TableRow(
        [
            Cell(str(number), _CENTERED),
            Cell(period, _CENTERED),
            Cell(measure.kind or formatting.EMPTY, _CENTERED),
            Cell(title or formatting.EMPTY, SMALL),
            Cell(member_names.get(measure.member_id or "") or "全户", _CENTERED),
            Cell(measure.quantity or formatting.EMPTY, _CENTERED),
            Cell(formatting.money(measure.amount), _RIGHT_ALIGNED),
            Cell(measure.fund_source or formatting.EMPTY, _CENTERED),
            Cell("，".join(text for text in (measure.state, measure.effect) if text) or formatting.EMPTY, SMALL),
            Cell("", SMALL),
            Cell(measure.note or formatting.EMPTY, SMALL),
        ]
    )


def _sum_row(year: int | None, amounts: list[Decimal]) -> TableRow:
    label = f"{year}年合计" if year else "年度未填的合计"
    total = formatting.money(sum(amounts, Decimal())) if amounts else formatting.EMPTY
    return TableRow(
        [
            Cell(label, _SUM_STYLE.aligned("right"), 6, shaded=True),
            Cell(total, _RIGHT_ALIGNED, shaded=True),
            Cell("", SMALL, 4, shaded=True),
        ]
    )
