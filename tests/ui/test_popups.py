"""No popup leaves the screen or keeps the keyboard: Esc closes each."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QWidget

from app.records.field import field
from ui.widgets.field_controls import ChoiceControl, DateControl
from ui.widgets.search_combo import SearchCombo


def corner(qtbot, widget):
    """A window of one widget at the lower right corner of the screen."""
    window = QWidget()
    qtbot.addWidget(window)
    widget.setParent(window)
    window.resize(max(160, widget.sizeHint().width()), max(40, widget.sizeHint().height()))
    widget.resize(window.size())
    room = QApplication.primaryScreen().availableGeometry()
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    window.move(room.right() - window.width() + 1, room.bottom() - window.height() + 1)
    return window


def calendar_of_a_form(widget):
    QTest.keyClick(widget.line_edit, Qt.Key.Key_F4)


def list_of_a_combo(widget):
    widget.showPopup()


def typed_list(widget):
    widget.setFocus()
    QTest.keyClicks(widget.lineEdit(), "x")


def combo_of_a_form(widget):
    widget.findChild(QComboBox).showPopup()


@pytest.mark.parametrize(
    ("make", "show"),
    [
        (lambda: DateControl(field("member", "birth")), calendar_of_a_form),
        (lambda: ChoiceControl(field("member", "ethnic")), combo_of_a_form),
        (lambda: SearchCombo("lists", "名单", [(f"x第 {n} 项", str(n)) for n in range(40)]), list_of_a_combo),
        (lambda: SearchCombo("lists", "名单", [(f"x第 {n} 项", str(n)) for n in range(40)]), typed_list),
    ],
    ids=["calendar", "choice", "combo", "completion"],
)
def test_a_popup_is_whole_on_the_screen_and_esc_closes_it(qtbot, make, show):
    widget = make()
    window = corner(qtbot, widget)
    show(widget)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    popup = QApplication.activePopupWidget()
    room = QApplication.primaryScreen().availableGeometry()
    assert room.contains(QRect(popup.pos(), popup.size()))
    QTest.keyClick(popup.focusWidget() or popup, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is None)
    assert window.isVisible()
