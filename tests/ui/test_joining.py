"""Two records of one household, joined and parted through the window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton

from app.records.lists import household_rows
from db.schema.household import Member
from tests.app.exchange.team import cell
from tests.app.records.test_joining import homes
from tests.builders import workbook
from tests.ui.conftest import settle
from tests.ui.keyboard import press

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def book(tmp_path):
    """陈卫国's household twice."""
    book = workbook(tmp_path)
    yield book
    book.close()


@pytest.fixture
def two(book):
    return homes(book)


@pytest.fixture
def page(qtbot, window, two):
    window.open("household", household=two[0])
    settle(qtbot, window)
    return window.page("household")


def listed(book):
    with book.reading() as session:
        return {row.id for row in household_rows(session)}


def chosen(qtbot, window, page):
    """The dialog that compares, for the other household chosen by typing."""
    press(qtbot, page, "Ctrl+J")
    settle(qtbot, window)
    choice = page.joiner.choice
    qtbot.keyClicks(choice.search, "cwg")
    assert len(choice.table.shown_ids()) == 1
    qtbot.keyClick(choice.search, Qt.Key.Key_Return)
    settle(qtbot, window)
    return page.joiner.dialog


def test_joined_from_the_page_with_one_choice_by_key_and_taken_back(qtbot, window, page, book, two):
    dialog = chosen(qtbot, window, page)
    lines = dialog.table.shown_ids()
    assert dialog.table.cell_text("phone", "other") == "✓ 138****0001"
    dialog.table.point_at("phone")
    assert "13800000001" in dialog.whole.text()
    living = next(line for line in lines if line.startswith("living_condition:"))
    assert dialog.table.cell_text(living, "kept").startswith("✓ ")
    dialog.table.point_at(living)
    qtbot.keyClick(dialog.table, Qt.Key.Key_2)
    assert dialog.table.cell_text(living, "other").startswith("✓ ")
    qtbot.keyClick(dialog.table, Qt.Key.Key_Return, CTRL)
    settle(qtbot, window)
    assert listed(book) == {two[0]}
    assert cell(book, two[0], "phone") == "13800000001"
    assert cell(book, "f" * 32, "household_id", Member) == two[0]
    assert "已并入" in window.notices.last[-1]
    window.notices.findChild(QPushButton, "undo").click()
    settle(qtbot, window)
    assert listed(book) == set(two)
    assert cell(book, two[0], "phone") is None


def test_numbers_of_people_are_masked_until_their_line_is_pointed_at(qtbot, window, page, book, two):
    with book.writing() as session:
        for n, home in enumerate(two):
            for one in session.query(Member).filter_by(household_id=home):
                one.member_phone = f"1390000123{n}"
    settle(qtbot, window)
    dialog = chosen(qtbot, window, page)
    line = next(line for line in dialog.table.shown_ids() if line.startswith("member:"))
    assert "139****1230" in dialog.table.cell_text(line, "kept")
    assert "13900001230" not in dialog.table.cell_text(line, "kept")
    dialog.table.point_at(line)
    assert "13900001230" in dialog.whole.text()


def test_the_other_one_can_be_the_one_that_stays(qtbot, window, page, book, two):
    dialog = chosen(qtbot, window, page)
    dialog.findChild(QPushButton, "swapHouseholds").click()
    settle(qtbot, window)
    assert page.joiner.dialog.joining.kept.id == two[1]
    page.joiner.dialog.findChild(QPushButton, "joinNow").click()
    settle(qtbot, window)
    assert listed(book) == {two[1]}
    press(qtbot, page, "Ctrl+Shift+J")
    settle(qtbot, window)
    assert page.findChild(QMessageBox, "askPart") is not None  # the page shows the one that stays


def test_not_joining_changes_nothing(qtbot, window, page, book, two):
    chosen(qtbot, window, page).findChild(QPushButton, "leaveJoining").click()
    settle(qtbot, window)
    assert listed(book) == set(two)


def test_parted_again_from_the_page(qtbot, window, page, book, two):
    chosen(qtbot, window, page).accept()
    settle(qtbot, window)
    press(qtbot, page, "Ctrl+Shift+J")
    settle(qtbot, window)
    question = page.findChild(QMessageBox, "askPart")
    next(button for button in question.buttons() if button.text() != "不拆分").click()
    settle(qtbot, window)
    assert listed(book) == set(two)
    assert "已拆开" in window.notices.last[-1]


def test_parting_where_nothing_was_joined_is_told(qtbot, window, page):
    press(qtbot, page, "Ctrl+Shift+J")
    settle(qtbot, window)
    assert "不用拆分" in window.notices.last[-1]


def test_likely_pairs_are_listed_and_compared(qtbot, window, book, two):
    window.open("households")
    settle(qtbot, window)
    page = window.page("households")
    press(qtbot, page, "Ctrl+J")
    settle(qtbot, window)
    likely = page.joiner.likely
    [pair] = likely.table.shown_ids()
    assert "户主证件号码相同" in likely.table.cell_text(pair, "why")
    qtbot.keyClick(likely.table, Qt.Key.Key_Return)
    settle(qtbot, window)
    page.joiner.dialog.accept()
    settle(qtbot, window)
    assert len(page.table.shown_ids()) == 1
    press(qtbot, page, "Ctrl+J")
    settle(qtbot, window)
    assert "没有看起来重复的户" in window.notices.last[-1]
