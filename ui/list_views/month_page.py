"""A list of a month: left its days, right what is in it, or what is on the day that was chosen."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QSplitter, QVBoxLayout, QWidget

from app.list_views.list_source import ListSource
from app.viewed_lists.days import DAY, MONTH
from app.visits.planning import month_days
from ui.list_views.viewed_page import ViewedPage
from ui.shell.page import AppContext
from ui.widgets.filter_line import Choices
from ui.widgets.month_calendar import MonthCalendar, month_after
from ui.widgets.row_table import Column


class MonthPage(ViewedPage):
    """A subclass says what it lists, what stands on the days, and calls `place` once its actions are there.

    Attributes:
        CALENDAR: what the calendar is called by the program, and read out
    """

    CALENDAR: ClassVar[tuple[str, str]] = ("", "")

    def __init__(
        self, context: AppContext, hint: str, choices: Choices, source: ListSource, columns: Sequence[Column]
    ) -> None:
        super().__init__(context, hint, choices, source, columns)
        self.month = f"{date.today():%Y-%m}"
        self.title = QLabel()
        self.title.setObjectName("month_title")
        self.title.setProperty("heading", True)
        self.calendar = MonthCalendar(*self.CALENDAR)
        self.calendar.day_chosen.connect(self.choose_day)
        self.table.row_activated.connect(self.open_row)

    def turning_actions(self) -> list[QAction]:
        """To the month before, and to the one behind."""
        return [
            self.add_page_action("previous_month", "上个月", "Ctrl+PgUp", partial(self._turn, -1), "previous"),
            self.add_page_action("next_month", "下个月", "Ctrl+PgDown", partial(self._turn, 1), "next"),
        ]

    def place(self, sizes: Sequence[int], below: QWidget | None = None) -> None:
        """`sizes`: of both sides, in pixels; `below`: what stands below the days."""
        left = QWidget()
        left_layout = QVBoxLayout(left)
        left_layout.setContentsMargins(0, 0, 8, 0)
        left_layout.addWidget(self.title)
        left_layout.addWidget(self.calendar)
        if below is not None:
            left_layout.addWidget(below, 1)
        else:
            left_layout.addStretch()
        right = QWidget()
        right_layout = QVBoxLayout(right)
        right_layout.setContentsMargins(4, 0, 0, 0)
        right_layout.addWidget(self.filter_line)
        right_layout.addWidget(self.view_bar)
        right_layout.addWidget(self.table, 1)
        right_layout.addWidget(self.selection_label)
        right_layout.addWidget(self.count)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setSizes(sizes)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.addWidget(splitter)

    def open(self, view: str = "", month: str = "", **params: Any) -> None:
        """`month`: YYYY-MM, the one that is shown if ""."""
        if month and month != self.month:
            self.show_month(month)
        super().open(view, **params)

    def _turn(self, months: int) -> None:
        self.show_month(month_after(self.month, months))

    def show_month(self, month: str) -> None:
        """Another month; a day of the one before is chosen no longer."""
        self.month, self.calendar.chosen = month, None
        self.show_turned()

    def show_turned(self) -> None:
        """What is to be done when the month has become another."""
        raise NotImplementedError

    def name_month(self) -> None:
        """Write over the days which month it is."""
        first = month_days(self.month)[0]
        self.title.setText(f"{first.year} 年 {first.month} 月")

    def beside(self) -> Mapping[str, str]:
        day = self.calendar.chosen
        return {MONTH: self.month, DAY: day.isoformat() if day is not None else ""}

    def choose_day(self, day: date | None) -> None:
        """Called when a day was chosen in the calendar, or none any more."""
        raise NotImplementedError

    def open_row(self, row_id: str) -> None:
        """Called when a row is to be opened."""
        raise NotImplementedError
