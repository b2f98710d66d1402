"""From the box of words into the list below it, without passing all that stands between."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication

from tests.ui.conftest import wait_until_idle
from tests.ui.keyboard import press_shortcut
from ui.pages.households_page import HouseholdsPage
from ui.widgets.search_line import SearchLine

PAGES = ("households", "small_loan", "entry_list", "issues", "comparison", "operations", "withdrawn", "cell_grid")


@pytest.mark.parametrize("key", [Qt.Key.Key_Down, Qt.Key.Key_Return])
def test_one_key_goes_on_into_the_list(qtbot, window, key):
    for name in PAGES:
        window.open(name)
        wait_until_idle(qtbot, window)
        page = window.page(name)
        press_shortcut(qtbot, page, "Ctrl+F")
        box = QApplication.focusWidget()
        assert isinstance(box, SearchLine), name
        QTest.keyClick(box, key)
        found = QApplication.focusWidget()
        assert isinstance(found, QAbstractItemView), name
        assert page.isAncestorOf(found)


def test_the_arrow_opens_nothing(qtbot, window):
    window.open("households")
    wait_until_idle(qtbot, window)
    page = window.page("households")
    page.filter_bar.search.setText(page.table.cell_text(page.table.visible_ids()[0], "household_no"))
    wait_until_idle(qtbot, window)
    assert len(page.table.visible_ids()) == 1  # which Enter opens
    QTest.keyClick(page.filter_bar.search, Qt.Key.Key_Down)
    assert isinstance(window.page(window.current), HouseholdsPage)
    assert QApplication.focusWidget() is page.table
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert window.current == "household"
