"""图表: the households of the village as bars; each bar opens its households."""

from functools import partial
from typing import Any, ClassVar

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.figures.charts import ChartData, village_charts
from app.list_views.definition import ListView
from app.registers.engine.topic import Topic
from app.workbook.workbook import WorkbookChanges
from ui.shell.page import AppContext, Page
from ui.widgets.bar_chart import BarChart, BarRow
from ui.widgets.scrolling import scrolling

_TABLES = ("household", "member", "monitoring", "income_year", "income_line", "round", "inspection", "answer")
_HEADING_ROWS = 2  # what heading and margins of a chart take, in bars
_PAPER = "village_overview"


class ChartsPage(Page):
    """Two charts beside each other; Tab goes from chart to chart, arrows from bar to bar."""

    TITLE: ClassVar[str] = "图表"
    ICON: ClassVar[str] = "round"
    ORDER: ClassVar[int] = 390
    TOPIC: ClassVar[Topic | None] = Topic.REPORTS
    SHORTCUT: ClassVar[str] = "Ctrl+Shift+G, 9, 9"
    CHAPTER: ClassVar[str] = "19-统计和图表"
    IS_RELEASED: ClassVar[bool] = True

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self.charts: dict[str, BarChart] = {}
        self._columns = (QVBoxLayout(), QVBoxLayout())
        self._actions = [
            self.add_page_action("print", "打印村情一页", "Ctrl+P", self._print, "print"),
            self.add_page_action("refresh", "刷新", "F5", self._load),
        ]
        content = QWidget()
        layout = QHBoxLayout(content)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(10)
        for column in self._columns:
            column.setSpacing(10)
            layout.addLayout(column, 1)
        scroll = scrolling(content)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def visible_actions(self) -> list[QAction]:
        return self._actions

    def open(self, **params: Any) -> None:
        self._load()

    def refresh(self, changes: WorkbookChanges) -> None:
        if changes.touches(*_TABLES):
            self._load()

    def _load(self) -> None:
        self.context.read(self._show, village_charts)

    def _show(self, found: tuple[ChartData, ...]) -> None:
        had_focus = next((key for key, chart in self.charts.items() if chart.hasFocus()), "")
        for column in self._columns:
            while taken := column.takeAt(0):
                if (widget := taken.widget()) is not None:
                    widget.deleteLater()
        self.charts = {}
        lengths = [0] * len(self._columns)
        for data in found:  # into the column that is shorter so far
            n = lengths.index(min(lengths))
            lengths[n] += len(data.bars) + _HEADING_ROWS
            self._columns[n].addWidget(self._make_card(data))
        for column in self._columns:
            column.addStretch()
        shown = self.charts.get(had_focus) or next(iter(self.charts.values()), None)
        if shown is not None:
            self.focus_when_shown(shown)

    def _make_card(self, data: ChartData) -> QFrame:
        card = QFrame()
        card.setProperty("card", True)
        layout = QVBoxLayout(card)
        layout.setContentsMargins(14, 8, 14, 10)
        heading = QLabel(data.title)
        heading.setProperty("heading", True)
        layout.addWidget(heading)
        if data.bars:
            self.charts[data.key] = chart = BarChart(f"chart_{data.key}", data.title)
            chart.show_bars(bar_rows(data))
            chart.bar_activated.connect(partial(self._open_bar, data))
            layout.addWidget(chart)
        else:
            missing = QLabel(f"{data.missing}。")
            missing.setProperty("quiet", True)
            layout.addWidget(missing)
        layout.addStretch()
        return card

    def _open_bar(self, data: ChartData, n: int) -> None:
        self.context.open("households", shown=ListView(where=data.bars[n].where))

    def _print(self) -> None:
        self.context.open("printing", paper=_PAPER)


def bar_rows(data: ChartData) -> list[BarRow]:
    """What is painted of a chart."""
    largest = data.largest
    return [
        BarRow(bar.label, float(bar.value / largest) if largest else 0, f"{bar.value:,} {data.unit}")
        for bar in data.bars
    ]
