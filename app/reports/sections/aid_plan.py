"""D02: the aid plan of a household, a form for each year: causes of poverty, needs and measures."""

from datetime import date
from decimal import Decimal
from itertools import groupby

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, KeepTogether, SignatureBlock, SignatureField, Spacer, Title
from app.pdf.page_style import CELL, LABEL, SMALL, SMALL_LABEL
from app.pdf.table import Cell, Table, TableRow
from app.reports import formatting
from app.reports.household_context import HouseholdContext, context_on, household_records
from db.schema.aid import Measure, Visit

ORDER = 95
TITLE = "帮扶计划"
_COLUMNS = (10, 22, 55, 28, 25, 20, 10)
_HEADERS = ("序号", "措施类别", "措施内容", "责任人（单位）", "完成时限", "预期增收（元）", "备注")


def section(session: Session, household_id: str) -> list[Flowable]:
    """The newest year first; nothing if nothing is planned."""
    measures = household_records(session, Measure, household_id)
    measures.sort(
        key=lambda measure: (-(measure.year or 0), measure.started_on is None, measure.started_on, measure.id)
    )
    flowables: list[Flowable] = []
    for year, group in groupby(measures, key=lambda measure: measure.year):
        yearly_measures = list(group)
        needs = _latest_request(session, household_id, year)
        context = context_on(session, household_id, _drawn_up(year, yearly_measures))
        flowables += [
            *([Spacer(8)] if flowables else []),
            KeepTogether(_plan_form(context, year, yearly_measures, needs)),
        ]
    return flowables


def _drawn_up(year: int | None, measures: list[Measure]) -> date | None:
    """The day of a plan: its first measure's, or else the beginning of the year."""
    if year is None:
        return None
    return next(
        (one.started_on for one in measures if one.started_on and one.started_on.year == year), date(year, 1, 1)
    )


def _latest_request(session: Session, household_id: str, year: int | None) -> str:
    """What the household last asked for at a visit, up to the end of that year."""
    visits = [
        visit for visit in household_records(session, Visit, household_id) if visit.asked_for and visit.visited_on
    ]
    visits = [visit for visit in visits if year is None or visit.visited_on.year <= year]
    return max(visits, key=lambda visit: (visit.visited_on, visit.id)).asked_for if visits else formatting.EMPTY


def _plan_form(context: HouseholdContext, year: int | None, measures: list[Measure], needs: str) -> list[Flowable]:
    household, title = context.household, context.terms.title("aid_plan", TITLE)
    causes = "、".join(text for text in (household.cause_main, *(household.cause_other or ())) if text)
    facts = [
        ("户情", f"家庭人口 {len(context.members)} 人，{context.kinds or '户属性未填'}"),
        ("致贫原因", "；".join(text for text in (causes, household.cause_note) if text) or formatting.EMPTY),
        ("需求", needs),
    ]
    header_rows = [TableRow([Cell(text, SMALL_LABEL, shaded=True) for text in _HEADERS], min_height=10)]
    gains = [measure.expected_gain for measure in measures if measure.expected_gain is not None]
    total = formatting.money(sum(gains, Decimal())) if gains else formatting.EMPTY
    table_rows = [_measure_row(n, measure) for n, measure in enumerate(measures, 1)]
    table_rows.append(
        TableRow([Cell("预期增收合计", LABEL, 5, shaded=True), Cell(total, SMALL.aligned("right"), 2, shaded=True)])
    )  # fmt: skip
    return [
        Title(f"{year}年度{title}" if year else title, "", measures[0].started_on),
        context.header_line(),
        Table(
            (28, 142),
            [TableRow([Cell(label, LABEL, shaded=True), Cell(text)]) for label, text in facts],
            keep_together=True,
        ),
        Table(_COLUMNS, table_rows, header_rows, padding=0.8),
        *context.doubt_lines,
        SignatureBlock(
            [
                SignatureField(context.helper_word),
                SignatureField("户主签字", fingerprint=True),
                SignatureField("村民委员会", seal=True),
            ]
        ),
    ]


def _measure_row(n: int, measure: Measure) -> TableRow:
    centered = SMALL.aligned("center")
    description = "：".join(text for text in (measure.title, measure.content) if text)
    return TableRow(
        [
            Cell(str(n), centered),
            Cell(measure.kind or formatting.EMPTY, centered),
            Cell(description or formatting.EMPTY, SMALL),
            Cell(measure.responsible or formatting.EMPTY, SMALL),
            Cell(formatting.day(measure.ended_on), centered),
            Cell(formatting.money(measure.expected_gain), SMALL.aligned("right")),
            Cell(measure.note or "", CELL if len(measure.note or "") < 3 else SMALL),
        ]
    )
