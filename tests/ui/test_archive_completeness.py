"""档案完整性: the list of the village, and the part of the household's page."""

from datetime import date

import pytest

from db.schema.income import IncomeYear
from tests.builders import VILLAGE, household
from tests.builders import workbook as new_workbook
from tests.ui.conftest import wait_until_idle as rest
from tests.ui.keyboard import press_shortcut

YEAR = date.today().year - 1


@pytest.fixture
def book(tmp_path):
    book = new_workbook(tmp_path)
    with book.writing() as session:
        one = household(session, members=2, household_kind="脱贫户", register_date="2014-06")
        household(session, members=1, number=2, household_kind="一般农户")
        session.add(IncomeYear(village=VILLAGE.code, household_id=one.id, year=YEAR, people=2))
    yield book
    book.close()


def _row_of(table, title):
    return next(id for id in table.visible_ids() if table.cell_text(id, "paper") == title)


def test_gaps_of_the_village_are_listed_found_and_registered_as_signed(qtbot, window, book):
    window.open("archive_completeness")
    rest(qtbot, window)
    page = window.page("archive_completeness")
    assert page.count.text().startswith("2 户，2 户不齐")
    account = _row_of(page.table, f"{YEAR}年收入核算表")
    assert [page.table.cell_text(account, name) for name in ("state", "home", "signers")] == [
        "未签字", "陈卫国", "核算人、户主",
    ]  # fmt: skip
    page.filter_line.search.setText("收入核算表")
    assert page.table.visible_ids() == [account]
    page.table.select_ids([account])
    press_shortcut(qtbot, page, "Ctrl+K")
    rest(qtbot, window)
    assert page.table.visible_ids() == []
    press_shortcut(qtbot, page, "Ctrl+Z")
    rest(qtbot, window)
    assert page.table.visible_ids() == [account]
    press_shortcut(qtbot, page, "Ctrl+P")
    rest(qtbot, window)
    assert window.page("printing").isVisible()


def test_the_page_of_a_household_shows_what_its_archive_lacks(qtbot, window, book):
    window.open("archive_completeness")
    rest(qtbot, window)
    table = window.page("archive_completeness").table
    table.row_activated.emit(_row_of(table, f"{YEAR}年收入核算表"))
    rest(qtbot, window)
    page = window.page("household")
    press_shortcut(qtbot, page, "Alt+J")
    rest(qtbot, window)
    part = page.current_part
    assert part.TITLE == "档案材料"
    assert "缺" in part.summary.text()
    account = _row_of(part.table, f"{YEAR}年收入核算表")
    part.table.select_ids([account])
    press_shortcut(qtbot, page, "Alt+A")
    rest(qtbot, window)
    assert part.table.cell_text(account, "signed") == date.today().isoformat()
