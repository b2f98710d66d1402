"""Choosing households: for a row of a register, for a joining, for the list on a form of the village."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from app.forms.entries import create_entry, load_entry
from db.schema.household import Household, Member
from tests.builders import VILLAGE
from tests.ui.conftest import wait_until_idle
from tests.ui.keyboard import press_shortcut

HOMES = [Household.id_of(f"{VILLAGE.code}{n:03}") for n in (1, 2, 3)]


@pytest.fixture
def wife(book):
    """Somebody who is not the head of the third household."""
    with book.writing() as session:
        session.query(Member).filter(Member.household_id == HOMES[2], Member.relation != "户主").first().name = "胡杏花"


@pytest.fixture
def page(qtbot, window):
    window.open("small_loan")
    wait_until_idle(qtbot, window)
    press_shortcut(qtbot, window.page("small_loan"), "Ctrl+N")
    wait_until_idle(qtbot, window)
    return window.page("small_loan")


@pytest.mark.parametrize("typed", ["hxh", "huxinghua", "杏花", "101003"])
def test_a_household_is_found_as_in_the_list_by_anybody_in_it(qtbot, wife, window, page, typed):
    assert page.dialog.table.visible_ids() == HOMES
    page.dialog.search.setText(typed)
    wait_until_idle(qtbot, window)
    assert page.dialog.table.visible_ids() == [HOMES[2]]


def test_enter_before_the_answer_takes_what_was_typed_and_not_what_stood_there(qtbot, wife, window, page):
    QTest.keyClicks(page.dialog.search, "hxh")
    QTest.keyClick(page.dialog.search, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    assert not page.dialog.isVisible()
    assert page.dialog.household_ids == [HOMES[2]]


def test_nothing_is_taken_where_nobody_fits(qtbot, window, page):
    page.dialog.search.setText("没有这个人")
    wait_until_idle(qtbot, window)
    QTest.keyClick(page.dialog.search, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    assert page.dialog.isVisible()
    page.dialog.reject()


def test_columns_sort(qtbot, window, page):
    page.dialog.table.sortByColumn(5, Qt.SortOrder.DescendingOrder)
    wait_until_idle(qtbot, window)
    assert page.dialog.table.visible_ids() == HOMES[::-1]


def test_several_are_listed_on_a_form_and_those_on_it_are_not_offered(qtbot, window, book):
    meeting = create_entry(book, "appraisal_meeting", village=VILLAGE.code)
    window.open("village", entry=meeting)
    wait_until_idle(qtbot, window)
    page = window.page("village")
    qtbot.waitUntil(lambda: page.form_entries.entry is not None)
    add = next(action for action in page.actions() if "列入" in action.text())
    add.trigger()
    wait_until_idle(qtbot, window)
    page.picker.table.select_ids(HOMES[:2])
    page.picker.findChild(QPushButton, "takeHousehold").click()
    wait_until_idle(qtbot, window)
    with book.reading() as session:
        assert set(load_entry(session, meeting).line_keys("households")) == set(HOMES[:2])
    qtbot.waitUntil(lambda: len(page.form_entries.entry.line_keys("households")) == 2)
    add.trigger()
    wait_until_idle(qtbot, window)
    assert page.picker.table.visible_ids() == [HOMES[2]]
    page.picker.reject()
