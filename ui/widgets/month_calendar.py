"""A month as a sheet of days, with a mark on each of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from app.visits.planning import month_days
from ui.shell.theme import tokens

_DAYS = ("一", "二", "三", "四", "五", "六", "日")
_WEEKS = 6  # that a month can touch
_ROW_HEIGHT = 44  # pixels: two lines
_DAY_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """What stands on a day.

    Attributes:
        counts: under its number, short
        told: the same in words, behind the day, for the pointer and for who cannot see it
        color: the name of a colour of the theme (ui/shell/theme.py)
    """

    counts: str = ""
    told: str = ""
    color: str = "ink"


class MonthCalendar(QTableWidget):
    """Arrows go from day to day; Enter or a click chooses one, a second time all days again.

    Signals:
        day_chosen: a date, or None for the whole month
    """

    day_chosen = Signal(object)

    def __init__(self, name: str, label: str) -> None:
        super().__init__(_WEEKS, len(_DAYS))
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setHorizontalHeaderLabels(_DAYS)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.chosen: date | None = None
        self.itemActivated.connect(self._choose)
        self.itemClicked.connect(self._choose)

    def show_month(self, month: str, mark: Callable[[date], CalendarDay]) -> None:
        """The days of a month (YYYY-MM); a day that was chosen in another month is chosen no longer."""
        first, last = month_days(month)
        if self.chosen is not None and not first <= self.chosen <= last:
            self.chosen = None
        current = self._current_number()
        self.clearContents()
        monday = first - timedelta(days=first.weekday())
        weeks = ((last - monday).days // len(_DAYS)) + 1
        self.setRowCount(weeks)
        for n in range(weeks * len(_DAYS)):
            day = monday + timedelta(days=n)
            cell = self._cell(day, mark(day)) if first <= day <= last else _blank_cell()
            self.setItem(n // len(_DAYS), n % len(_DAYS), cell)
        number = min(current or 1, last.day)  # never on a blank cell, where nothing can be seen or chosen
        self.setCurrentCell(*divmod(first.weekday() + number - 1, len(_DAYS)))
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + weeks * _ROW_HEIGHT + 4)

    def _current_number(self) -> int:
        """Of the day that is current, 0 for none: the same number is current in the next month that is shown."""
        item = self.currentItem()
        day = item.data(_DAY_ROLE) if item is not None else None
        return day.day if day is not None else 0

    def _cell(self, day: date, mark: CalendarDay) -> QTableWidgetItem:
        cell = QTableWidgetItem(f"{day.day}\n{mark.counts}")
        cell.setData(_DAY_ROLE, day)
        told = f"{day.month} 月 {day.day} 日，{mark.told}"
        cell.setData(Qt.ItemDataRole.AccessibleTextRole, told)
        cell.setToolTip(told)
        cell.setTextAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        cell.setForeground(QColor(getattr(tokens(), mark.color)))
        font = cell.font()
        font.setBold(day == self.chosen)
        font.setUnderline(day == self.chosen)
        cell.setFont(font)
        return cell

    def _choose(self, cell: QTableWidgetItem) -> None:
        day = cell.data(_DAY_ROLE)
        if day is not None:
            self.chosen = None if day == self.chosen else day
            self.day_chosen.emit(self.chosen)


def month_after(month: str, months: int) -> str:
    """The month (YYYY-MM) so many months later, or earlier."""
    year, number = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 + months, 12)
    return f"{year}-{number + 1:02}"


def _blank_cell() -> QTableWidgetItem:
    cell = QTableWidgetItem("")
    cell.setFlags(Qt.ItemFlag.NoItemFlags)
    return cell
