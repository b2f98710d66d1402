"""A month as a sheet of days: in each how many visits were made and how many are planned."""

from datetime import date, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from app.visits.month import VisitMonth
from app.visits.planning import month_days
from ui.shell.theme import tokens

_DAYS = ("一", "二", "三", "四", "五", "六", "日")
_WEEKS = 6  # that a month can touch
_ROW_HEIGHT = 44  # pixels: two lines
_DAY_ROLE = Qt.ItemDataRole.UserRole


class MonthCalendar(QTableWidget):
    """Arrows go from day to day; Enter or a click chooses one, a second time all days again.

    Signals:
        day_chosen: a date, or None for the whole month
    """

    day_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__(_WEEKS, len(_DAYS))
        self.setObjectName("visit_calendar")
        self.setAccessibleName("走访日历")
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

    def show_month(self, month: VisitMonth) -> None:
        """The days of a month; a day that was chosen in another month is chosen no longer."""
        first, last = month_days(month.month)
        if self.chosen is not None and not first <= self.chosen <= last:
            self.chosen = None
        row, column = self.currentRow(), self.currentColumn()
        self.clearContents()
        monday = first - timedelta(days=first.weekday())
        weeks = ((last - monday).days // len(_DAYS)) + 1
        self.setRowCount(weeks)
        for n in range(weeks * len(_DAYS)):
            day = monday + timedelta(days=n)
            self.setItem(n // len(_DAYS), n % len(_DAYS), self._cell(month, day, first <= day <= last))
        if row < 0:
            row, column = divmod(first.weekday(), len(_DAYS))
        self.setCurrentCell(min(row, weeks - 1), column)
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + weeks * _ROW_HEIGHT + 4)

    def _cell(self, month: VisitMonth, day: date, is_within: bool) -> QTableWidgetItem:
        if not is_within:
            cell = QTableWidgetItem("")
            cell.setFlags(Qt.ItemFlag.NoItemFlags)
            return cell
        visits, plans = month.on_day(day)
        counts = " ".join(text for number, text in ((visits, f"访{visits}"), (plans, f"计{plans}")) if number)
        cell = QTableWidgetItem(f"{day.day}\n{counts}")
        cell.setData(_DAY_ROLE, day)
        told = f"{day.month} 月 {day.day} 日，走访 {visits} 户次，计划 {plans} 户次"
        cell.setData(Qt.ItemDataRole.AccessibleTextRole, told)
        cell.setToolTip(told)
        cell.setTextAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        colors = tokens()
        missed = colors.warn if day < date.today() else colors.info
        cell.setForeground(QColor(colors.good if visits else missed if plans else colors.ink))
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
