"""月报, 双月调度表, 半年盘点表, 年终自评表: a frozen report, the one before it, what differs today, texts."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from sqlalchemy.orm import Session

from app.errors import UserError
from app.figures.comparison import FigureComparison, ReportComparison, compare_report
from app.figures.frozen_report import earlier_reports
from app.pdf.flowables import Flowable, Heading, Paragraph, SignatureBlock, SignatureField, Title
from app.pdf.page_style import A4, SMALL, SMALL_LABEL
from app.pdf.table import Cell, Table, TableRow
from app.registers import get_register
from app.registers.engine.rows import RegisterRow, load_rows
from app.reports import formatting
from app.reports.household_selection import select_households
from app.reports.parameters import ReportParameters
from app.reports.village import Report

_REGISTER = "period_report"
_WIDTHS = (12, 46, 14, 25, 25, 22, 26)
_HEADERS = ("序号", "指标", "单位", "本期", "对比期", "增减", "说明")
_TEXTS = ("progress", "problems", "plans", "advice")
_NO_ROW = "请在左边选一份报告。还没有的，先在“调度报告”里生成。"
_SIGNATURES = ("填表人", "村两委负责人", "驻村工作队队长")
_ROW_HEIGHT = 5.6  # millimetres


def reports() -> Iterator[Report]:
    """The paper of one report."""
    yield Report(
        name=f"{_REGISTER}_paper",
        title="调度报告",
        group="单据",
        order=930,
        subject="row",
        format=A4,
        frame="plain",
        public=False,
        parameters=frozenset({"title"}),
        build=build,
        register=_REGISTER,
    )


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """The figures section by section, then what was written.

    Raises:
        UserError: no report is chosen, or it has not been frozen
    """
    register = get_register(_REGISTER)
    rows = load_rows(session, register, [parameters.record], parameters.today)
    if not rows:
        raise UserError(_NO_ROW)
    others = earlier_reports(session, rows[0].id)
    other = next((id for id, title in others if title.endswith(rows[0].texts["kind"])), "")
    compared = compare_report(session, rows[0].id, other, parameters.today)
    selection = select_households(session, parameters)
    return [
        Title(parameters.title or f"{selection.village}{rows[0].texts['kind']}", compared.period.title),
        selection.header_line(f"统计日期：{formatting.day(compared.frozen_on)}"),
        Table(_WIDTHS, list(_body(compared)), [_header_row()], min_height=_ROW_HEIGHT),
        Paragraph(_told(compared), SMALL),
        *_texts(rows[0]),
        SignatureBlock([SignatureField(label) for label in _SIGNATURES]),
    ]


def _header_row() -> TableRow:
    return TableRow([Cell(text, SMALL_LABEL, shaded=True) for text in _HEADERS], 8)


def _body(compared: ReportComparison) -> Iterator[TableRow]:
    section = ""
    for n, one in enumerate(compared.figures, 1):
        if one.frozen.section != section:
            section = one.frozen.section
            yield TableRow([Cell(section, SMALL_LABEL.aligned("left"), len(_WIDTHS), shaded=True)], _ROW_HEIGHT)
        yield _figure_row(n, one)


def _figure_row(n: int, one: FigureComparison) -> TableRow:
    right, middle = SMALL.aligned("right"), SMALL.aligned("center")
    told = one.frozen.missing or (f"现在 {_number(one.now.value)}" if one.has_drifted and one.now else "")
    other = _number(one.other.value) if one.other else formatting.EMPTY
    change = formatting.EMPTY if one.change is None else f"{one.change.normalize():+,f}" if one.change else "0"
    return TableRow(
        [
            Cell(str(n), middle),
            Cell(one.frozen.label, SMALL),
            Cell(one.frozen.unit, middle),
            Cell(_number(one.frozen.value), right),
            Cell(other, right),
            Cell(change, right),
            Cell(told, SMALL),
        ],
        _ROW_HEIGHT,
    )


def _number(value: Decimal | None) -> str:
    return formatting.EMPTY if value is None else f"{value.normalize():,f}"


def _told(compared: ReportComparison) -> str:
    against = f"对比期为{compared.other_title}。" if compared.other_title else "没有可以对比的上一期。"
    drift = f"其中 {compared.drifted} 项与现在的数据不一致，见说明。" if compared.drifted else ""
    return f"本表数据是{formatting.day(compared.frozen_on)}统计时的，以后不再改动。{against}{drift}"


def _texts(row: RegisterRow) -> Iterator[Flowable]:
    for name in _TEXTS:
        if row.texts[name]:
            yield Heading(get_register(_REGISTER).field(name).label)
            yield Paragraph(row.texts[name])
