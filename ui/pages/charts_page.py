"""图表: the households of the village as bars; each bar opens its households."""

from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.figures.charts import ChartData, village_charts
from app.list_views.definition import ListView
from app.workbook.workbook import WorkbookChanges
from ui.shell.page import AppContext, Page
from ui.widgets.bar_chart import BarChart, BarRow

_TABLES = ("household", "member", "monitoring", "income_year", "income_line", "round", "inspection", "answer")
_COLUMNS = 2
_PAPER = "village_overview"


class ChartsPage(Page):
    """Two charts beside each other; Tab goes from chart to chart, arrows from bar to bar."""

    TITLE: ClassVar[str] = "图表"
    ICON: ClassVar[str] = "round"
    ORDER: ClassVar[int] = 390
    GROUP: ClassVar[str] = "统计调度"
    SHORTCUT: ClassVar[str] = "Ctrl+Shift+G, 9, 9"
    IS_RELEASED: ClassVar[bool] = True

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self.charts: dict[str, BarChart] = {}
        self._grid = QGridLayout()
        self._grid.setSpacing(10)
        self._actions = [
            self.add_page_action("print", "打印村情一页", "Ctrl+P", self._print, "print"),
            self.add_page_action("refresh", "刷新", "F5", self._load),
        ]
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.addLayout(self._grid)
        layout.addStretch()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(content)
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
        while self._grid.count():
            taken = self._grid.takeAt(0)
            widget = taken.widget() if taken else None
            if widget is not None:
                widget.deleteLater()
        self.charts = {}
        for n, data in enumerate(found):
            self._grid.addWidget(self._make_card(data), n // _COLUMNS, n % _COLUMNS)
        for column in range(_COLUMNS):
            self._grid.setColumnStretch(column, 1)
        shown = self.charts.get(had_focus) or next(iter(self.charts.values()), None)
        if shown is not None:
            shown.setFocus()

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
