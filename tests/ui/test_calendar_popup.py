"""The calendar of a date: whole on the screen, used by keyboard alone."""

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.records.field import field
from ui.widgets.calendar_popup import CalendarPopup, place_beside
from ui.widgets.field_controls import DateControl

SCREEN = QRect(0, 0, 1366, 768)
SIZE = QSize(300, 240)


@pytest.mark.parametrize(
    ("anchor", "expected"),
    [
        (QRect(100, 100, 200, 30), QPoint(100, 130)),
        (QRect(1200, 100, 160, 30), QPoint(1066, 130)),  # moved to the left
        (QRect(100, 730, 200, 30), QPoint(100, 490)),  # above
        (QRect(-50, 100, 200, 30), QPoint(0, 130)),  # of a window that hangs over the left edge
        (QRect(100, 760, 200, 30), QPoint(100, 520)),
    ],
)
def test_it_is_whole_on_the_screen(anchor, expected):
    place = place_beside(anchor, SIZE, SCREEN)
    assert place == expected
    assert SCREEN.contains(QRect(place, SIZE))


def test_on_a_screen_that_is_too_low_it_keeps_its_top():
    low = QRect(0, 0, 400, 200)
    assert place_beside(QRect(0, 150, 100, 30), SIZE, low) == QPoint(0, 0)


@pytest.fixture
def date_control(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    control = DateControl(field("visit", "visited_on"))
    QVBoxLayout(window).addWidget(control)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    control.line_edit.setText("2018-08-10")
    control.line_edit.setFocus()
    QTest.keyClick(control.line_edit, Qt.Key.Key_F4)
    yield control
    window.close()


def open_popup(qtbot, control):
    qtbot.waitUntil(lambda: control.findChild(CalendarPopup) is not None)
    popup = control.findChild(CalendarPopup)
    qtbot.waitUntil(popup.isVisible)
    return popup


def test_arrows_and_enter_take_a_day(qtbot, date_control):
    popup = open_popup(qtbot, date_control)
    QTest.keyClick(popup.calendar.focusProxy() or popup.calendar, Qt.Key.Key_Right)
    with qtbot.waitSignal(date_control.editing_finished):
        QTest.keyClick(popup.calendar.focusProxy() or popup.calendar, Qt.Key.Key_Return)
    assert date_control.raw_value() == "2018-08-11"
    assert QApplication.activePopupWidget() is None


def test_esc_leaves_the_date_and_gives_the_cursor_back(qtbot, date_control):
    popup = open_popup(qtbot, date_control)
    QTest.keyClick(popup.calendar.focusProxy() or popup.calendar, Qt.Key.Key_Right)
    QTest.keyClick(popup.calendar.focusProxy() or popup.calendar, Qt.Key.Key_Escape)
    assert QApplication.activePopupWidget() is None
    assert date_control.raw_value() == "2018-08-10"
    qtbot.waitUntil(lambda: QApplication.focusWidget() is date_control.line_edit)


def test_tab_goes_round_within_the_calendar(qtbot, date_control):
    popup = open_popup(qtbot, date_control)
    seen = []
    for _ in range(8):
        seen.append(popup.focusWidget().objectName() or type(popup.focusWidget()).__name__)
        QTest.keyClick(popup.focusWidget(), Qt.Key.Key_Tab)
        assert popup.isAncestorOf(popup.focusWidget())
    assert {"qt_calendar_monthbutton", "qt_calendar_yearbutton", "qt_calendar_calendarview"} <= set(seen)
    popup.close()
