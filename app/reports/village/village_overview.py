"""村情一页: the village's figures and charts on one page, for the township."""

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from app.figures.catalogue import find_figure
from app.figures.charts import ChartData, village_charts
from app.figures.definition import Period, year_period
from app.pdf.bar_chart import BarGroup, BarGroupRow
from app.pdf.flowables import Flowable, SignatureBlock, SignatureField, Spacer, Title
from app.pdf.page_style import SMALL, SMALL_LABEL
from app.pdf.table import Cell, Table, TableRow
from app.reports import formatting
from app.reports.household_selection import select_households
from app.reports.parameters import ReportParameters

TITLE = "村情一页"
GROUP = "其他"
ORDER = 5
SUBJECT = "village"
PARAMETERS = ("year",)
_FIGURES = (
    "households", "people", "labour", "registered_households", "registered_people", "not_exited_people",
    "poverty_rate", "monitored_households", "monitored_people", "allowance_people", "destitute_people",
    "disabled_people", "unsafe_houses", "unsafe_water", "income_per_head", "below_line_households", "visits",
    "unvisited_households", "measures", "public_jobs", "away_workers", "problems_open", "tasks_overdue",
    "petitions_open", "team_days", "money_arrived", "asset_income",
)  # fmt: skip
_PAIRS, _WIDTHS = 3, (34, 23)
_SIGNATURES = ("填表人", "村两委负责人", "驻村工作队队长")
_ROW_HEIGHT = 6.4  # millimetres
_MOST_BARS = 9  # of a chart; the others stand together


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """Figures of the year that was asked for, or of this one so far; charts of today."""
    selection = select_households(session, parameters)
    period = year_period(parameters.year or parameters.today.year)
    charts = [_bar_group(data) for data in village_charts(session)]
    return [
        Title(f"{selection.village}{TITLE}", f"{period.title}，截至 {formatting.day(parameters.today)}"),
        selection.header_line(),
        Table(_WIDTHS * _PAIRS, list(_figure_rows(session, period.until(parameters.today))), min_height=_ROW_HEIGHT),
        Spacer(3),
        *(BarGroupRow(charts[n : n + 2]) for n in range(0, len(charts), 2)),
        SignatureBlock([SignatureField(label) for label in _SIGNATURES]),
    ]


def _figure_rows(session: Session, period: Period) -> Iterator[TableRow]:
    for n in range(0, len(_FIGURES), _PAIRS):
        cells = []
        for name in _FIGURES[n : n + _PAIRS]:
            figure = find_figure(name)
            assert figure is not None, name
            reading = figure.read(session, period)
            told = reading.missing if reading.value is None else f"{reading.value.normalize():,f} {figure.unit}"
            cells += [Cell(figure.label, SMALL_LABEL, shaded=True), Cell(told, SMALL.aligned("center"))]
        yield TableRow(cells, _ROW_HEIGHT)


def _bar_group(data: ChartData) -> BarGroup:
    """The bars of a chart, the last together where there are too many."""
    bars = [(bar.label, bar.value) for bar in data.bars]
    if len(bars) > _MOST_BARS:
        rest = bars[_MOST_BARS - 1 :]
        bars = [*bars[: _MOST_BARS - 1], (f"另外 {len(rest)} 类", sum(value for _, value in rest))]  # type: ignore[list-item]
    largest = max((value for _, value in bars), default=0)
    return BarGroup(
        f"{data.title}（{data.unit}）",
        tuple((label, float(value / largest) if largest else 0, f"{value:,}") for label, value in bars),
        data.missing,
    )
