"""Two records of one household, joined and parted through the window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from app.records.row_views import household_rows
from db.schema.household import Member
from tests.app.records.test_household_merge import household_ids
from tests.app.sync.peers import read_cell
from tests.builders import workbook
from tests.ui.conftest import wait_until_idle
from tests.ui.keyboard import press_shortcut
from ui.widgets.question import QuestionDialog

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def book(tmp_path):
    """陈卫国's household twice."""
    book = workbook(tmp_path)
    yield book
    book.close()


@pytest.fixture
def two(book):
    return household_ids(book)


@pytest.fixture
def page(qtbot, window, two):
    window.open("household", household=two[0])
    wait_until_idle(qtbot, window)
    return window.page("household")


def listed_households(book):
    with book.reading() as session:
        return {row.id for row in household_rows(session)}


def choose_household(qtbot, window, page):
    """The dialog that compares, for the other household chosen by typing."""
    press_shortcut(qtbot, page, "Ctrl+J")
    wait_until_idle(qtbot, window)
    choice = page.merge_controller.picker
    qtbot.keyClicks(choice.search, "cwg")
    wait_until_idle(qtbot, window)
    assert len(choice.table.visible_ids()) == 1
    qtbot.keyClick(choice.search, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    return page.merge_controller.merge_dialog


def test_joined_from_the_page_with_one_choice_by_key_and_taken_back(qtbot, window, page, book, two):
    dialog = choose_household(qtbot, window, page)
    lines = dialog.table.visible_ids()
    assert dialog.table.cell_text("phone", "other") == "✓ 138****0001"
    dialog.table.set_current_id("phone")
    assert "13800000001" in dialog.full_values_label.text()
    living = next(line for line in lines if line.startswith("living_condition:"))
    assert dialog.table.cell_text(living, "kept").startswith("✓ ")
    dialog.table.set_current_id(living)
    qtbot.keyClick(dialog.table, Qt.Key.Key_2)
    assert dialog.table.cell_text(living, "other").startswith("✓ ")
    qtbot.keyClick(dialog.table, Qt.Key.Key_Return, CTRL)
    wait_until_idle(qtbot, window)
    assert listed_households(book) == {two[0]}
    assert read_cell(book, two[0], "phone") == "13800000001"
    assert read_cell(book, "f" * 32, "household_id", Member) == two[0]
    assert "已并入" in window.status_bar.messages[-1]
    window.status_bar.findChild(QPushButton, "undo").click()
    wait_until_idle(qtbot, window)
    assert listed_households(book) == set(two)
    assert read_cell(book, two[0], "phone") is None


def test_numbers_of_people_are_masked_until_their_line_is_pointed_at(qtbot, window, page, book, two):
    with book.writing() as session:
        for n, household_id in enumerate(two):
            for one in session.query(Member).filter_by(household_id=household_id):
                one.member_phone = f"1390000123{n}"
    wait_until_idle(qtbot, window)
    dialog = choose_household(qtbot, window, page)
    line = next(line for line in dialog.table.visible_ids() if line.startswith("member:"))
    assert "139****1230" in dialog.table.cell_text(line, "kept")
    assert "13900001230" not in dialog.table.cell_text(line, "kept")
    dialog.table.set_current_id(line)
    assert "13900001230" in dialog.full_values_label.text()


def test_the_other_one_can_be_the_one_that_stays(qtbot, window, page, book, two):
    dialog = choose_household(qtbot, window, page)
    dialog.findChild(QPushButton, "swapHouseholds").click()
    wait_until_idle(qtbot, window)
    assert page.merge_controller.merge_dialog.comparison.kept.id == two[1]
    page.merge_controller.merge_dialog.findChild(QPushButton, "joinNow").click()
    wait_until_idle(qtbot, window)
    assert listed_households(book) == {two[1]}
    press_shortcut(qtbot, page, "Ctrl+Shift+J")
    wait_until_idle(qtbot, window)
    assert page.findChild(QuestionDialog, "askPart") is not None  # the page shows the one that stays


def test_not_joining_changes_nothing(qtbot, window, page, book, two):
    choose_household(qtbot, window, page).findChild(QPushButton, "leaveJoining").click()
    wait_until_idle(qtbot, window)
    assert listed_households(book) == set(two)


def test_parted_again_from_the_page(qtbot, window, page, book, two):
    choose_household(qtbot, window, page).accept()
    wait_until_idle(qtbot, window)
    press_shortcut(qtbot, page, "Ctrl+Shift+J")
    wait_until_idle(qtbot, window)
    question = page.findChild(QuestionDialog, "askPart")
    next(button for button in question.buttons if button.text() != "取消").click()
    wait_until_idle(qtbot, window)
    assert listed_households(book) == set(two)
    assert "已拆开" in window.status_bar.messages[-1]


def test_parting_where_nothing_was_joined_is_told(qtbot, window, page):
    press_shortcut(qtbot, page, "Ctrl+Shift+J")
    wait_until_idle(qtbot, window)
    assert "不用拆分" in window.status_bar.messages[-1]


def test_likely_pairs_are_listed_and_compared(qtbot, window, book, two):
    window.open("households")
    wait_until_idle(qtbot, window)
    page = window.page("households")
    press_shortcut(qtbot, page, "Ctrl+J")
    wait_until_idle(qtbot, window)
    duplicates = page.merge_controller.duplicates_dialog
    [pair] = duplicates.table.visible_ids()
    assert "户主证件号码相同" in duplicates.table.cell_text(pair, "why")
    qtbot.keyClick(duplicates.table, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    page.merge_controller.merge_dialog.accept()
    wait_until_idle(qtbot, window)
    assert len(page.table.visible_ids()) == 1
    press_shortcut(qtbot, page, "Ctrl+J")
    wait_until_idle(qtbot, window)
    assert "没有看起来重复的户" in window.status_bar.messages[-1]
