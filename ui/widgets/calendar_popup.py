"""One calendar for all dates: below the control it belongs to, or above it where the screen ends."""

from PySide6.QtCore import QDate, QLocale, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCharFormat
from PySide6.QtWidgets import QAbstractSpinBox, QCalendarWidget, QFrame, QToolButton, QVBoxLayout, QWidget

_MIN_SIZE = QSize(336, 264)  # pixels; in less, rows and names of days are cut


class CalendarPopup(QFrame):
    """Arrows and Page Up/Down go through the days and months, Tab on to month and year, Enter or a click takes the day,
    Esc leaves the date as it was.

    Signals:
        day_picked: QDate
    """

    day_picked = Signal(QDate)

    def __init__(self, anchor: QWidget, day: QDate, latest: QDate | None = None) -> None:
        """`day`: selected to begin with, if valid; `latest`: later days cannot be taken."""
        super().__init__(anchor, Qt.WindowType.Popup)
        self.setObjectName("calendar")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._anchor = anchor
        self.calendar = make_calendar()
        if latest is not None:
            self.calendar.setMaximumDate(latest)
        if day.isValid():
            self.calendar.setSelectedDate(day)
        for control in (*self.calendar.findChildren(QToolButton), *self.calendar.findChildren(QAbstractSpinBox)):
            control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.calendar.activated.connect(self._pick)
        self.calendar.clicked.connect(self._pick)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self.calendar)

    def open(self) -> None:
        """Show it beside its control, whole on the control's screen, with the cursor on the selected day."""
        anchor = QRect(self._anchor.mapToGlobal(QPoint(0, 0)), self._anchor.size())
        self.show()
        room = self._anchor.screen().availableGeometry()
        self.move(place_beside(anchor, self.size(), room))  # what the style adds to it is known only when it is shown
        self.calendar.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._close()
        else:
            super().keyPressEvent(event)

    def _pick(self, day: QDate) -> None:
        self._close()
        self.day_picked.emit(day)

    def _close(self) -> None:
        self.close()
        self._anchor.setFocus()


def make_calendar() -> QCalendarWidget:
    """The program's calendar: in Chinese whatever the desktop speaks, Monday first, without week numbers.

    Red is left for what is wrong.
    """
    calendar = QCalendarWidget()
    calendar.setLocale(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
    calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
    calendar.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.SingleLetterDayNames)
    for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
        calendar.setWeekdayTextFormat(day, QTextCharFormat())
    calendar.setMinimumSize(_MIN_SIZE)
    calendar.setStyleSheet("#qt_calendar_navigationbar { background: transparent; }")
    return calendar


def place_beside(anchor: QRect, size: QSize, screen: QRect) -> QPoint:
    """Where a popup of this size stands: left-aligned below the anchor; above it where there is more room, and moved
    sideways as far as it must to be whole on the screen. All in pixels of the desktop."""
    below = screen.bottom() - anchor.bottom()
    above = anchor.top() - screen.top()
    y = anchor.bottom() + 1 if size.height() <= below or below >= above else anchor.top() - size.height()
    x = min(anchor.left(), screen.right() + 1 - size.width())
    return QPoint(max(screen.left(), x), max(screen.top(), min(y, screen.bottom() + 1 - size.height())))
