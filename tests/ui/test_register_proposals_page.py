"""从台账带入 by the keys of an officer: on the page of the village, and in one household's income."""

from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.records.income_entry import open_income_year, save_entry
from db.schema.assistance import EmergencyAid
from db.schema.household import Household
from tests import builders
from tests.ui.conftest import wait_until_idle
from tests.ui.keyboard import compose, keys, press_in, press_shortcut
from tests.ui.test_compared_lists import printed_ids
from tests.ui.test_computed_lists import open_dialog

YEAR = date.today().year
HOMES = [Household.id_of(f"{builders.VILLAGE.code}00{n}") for n in (1, 2)]


@pytest.fixture
def book(tmp_path):
    """Two households that were given money; the second's card has another figure."""
    book = builders.workbook(tmp_path)
    day = date(YEAR, 1, 5)
    with book.writing() as session:
        for n, home in enumerate(HOMES, 1):
            builders.household(session, number=n)
            session.add(
                EmergencyAid(
                    id=f"aid{n}", village=builders.VILLAGE.code, household_id=home, cause="因病", applied_on=day,
                    approved=Decimal(1000 * n), paid_on=day,
                )
            )  # fmt: skip
    account = open_income_year(book, HOMES[1], YEAR)
    save_entry(book, account, "其他转移性收入", "救急难", {"amount": Decimal(900)})
    yield book
    book.close()


def shown(page):
    keys = ("tick", "label", "now", "proposed", "doubt")
    return [[page.table.cell_text(id, key) for key in keys] for id in page.table.visible_ids()]


def test_what_is_ticked_is_taken_and_can_be_taken_back(qtbot, window, book):
    window.open("register_proposals")
    wait_until_idle(qtbot, window)
    page = window.page("register_proposals")
    label = "其他转移性收入（救急难）"
    assert shown(page) == [
        ["✓", label, "", "1,000.00", ""],
        ["", label, "900.00", "2,000.00", "户档里的 900.00 是填写的"],
    ]
    assert page.count.text() == "2 户 2 项与台账不一致，1 项有疑点；打勾 1 项"
    page.filter_line.choose(doubt="doubtful")
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Space)
    assert [row[0] for row in shown(page)] == ["✓"]
    page.filter_line.clear()
    press_shortcut(qtbot, page, "Ctrl+Return")
    wait_until_idle(qtbot, window)
    assert shown(page) == []
    assert "带入 2 项" in window.status_bar.messages[-1]
    press_shortcut(qtbot, page, "Ctrl+Z")
    wait_until_idle(qtbot, window)
    assert len(shown(page)) == 2
    press_shortcut(qtbot, page, "Ctrl+J")
    wait_until_idle(qtbot, window)
    assert window.current == "emergency_aid"


def test_a_view_keeps_the_ticks_and_is_printed(qtbot, window, book):
    window.open("register_proposals", year=YEAR)
    wait_until_idle(qtbot, window)
    page = window.page("register_proposals")
    dialog = open_dialog(qtbot, page)
    keys("yd", Qt.Key.Key_Tab)  # 疑点
    keys("", Qt.Key.Key_Tab)
    compose(dialog.rows[0].values.controls[0], "户档里的 900.00 是填写的")
    press_in(qtbot, dialog, "Alt+3")
    dialog.columns_pane.search.setFocus()
    keys("xc", Qt.Key.Key_Tab, Qt.Key.Key_Space)  # 相差, no column of the page
    press_in(qtbot, dialog, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    (key,) = page.table.visible_ids()
    page.table.setFocus()
    page.table.select_ids([key])
    press_shortcut(qtbot, page.table, "Space")
    wait_until_idle(qtbot, window)
    assert (page.table.cell_text(key, "tick"), page.table.selected_ids()) == ("✓", [key])
    assert page.table.cell_text(key, "difference") == "1,100.00"
    press_shortcut(qtbot, page, "Ctrl+T")
    wait_until_idle(qtbot, window)
    assert printed_ids(book, window.page("printing")) == [key]


def test_one_household_takes_and_looks_where_it_came_from(qtbot, window, book):
    open_income_year(book, HOMES[0], YEAR)
    window.open("household", household=HOMES[0], part="income")
    wait_until_idle(qtbot, window)
    part = window.page("household").current_part
    press_shortcut(qtbot, window.page("household"), "Alt+R")
    wait_until_idle(qtbot, window)
    assert part.dialog.windowTitle() == f"从台账带入：陈卫国户 {YEAR} 年"
    assert len(part.dialog.table.ticked()) == 1
    part.dialog.accept()
    wait_until_idle(qtbot, window)
    assert "1,000.00" in part.net_label.text()
    press_shortcut(qtbot, window.page("household"), "Alt+R")
    wait_until_idle(qtbot, window)
    assert "没有要带入的" in window.status_bar.messages[-1]
    press_shortcut(qtbot, window.page("household"), "Alt+O")
    wait_until_idle(qtbot, window)
    assert window.page("emergency_aid").table.current_id() == "aid1"
