"""Doubts, through their page and the head of the household page."""

import openpyxl
import pytest
from PySide6.QtWidgets import QApplication, QDialog

from app.issues.issues import dismiss, household_issues
from db.schema.household import Household, Member
from db.schema.income import IncomeYear
from tests.app.issues.clean_household import clean_household
from tests.ui.conftest import made_once
from tests.ui.conftest import wait_until_idle as rest
from tests.ui.keyboard import press_shortcut
from ui.pages.issues_page import IssuesPage


@pytest.fixture(scope="module")
def book_file(tmp_path_factory):
    """Three households: one with a wrong 人数, one with a boy who is called a daughter, one without faults."""
    with made_once(tmp_path_factory) as book, book.writing() as session:
        for number in (1, 2, 3):
            rows = clean_household(session, number)
            if number == 1:
                rows.household.population = 7
            if number == 2:
                rows.head.sex = "女"
    return book.path


@pytest.fixture
def page(qtbot, window):
    window.open("issues")
    rest(qtbot, window)
    return window.page("issues")


def visible_rules(page: IssuesPage) -> set[str]:
    return {id.split()[1] for id in page.issue_table.visible_ids()}


def select_issue(page: IssuesPage, rule: str) -> str:
    id = next(id for id in page.issue_table.visible_ids() if id.split()[1] == rule)
    page.issue_table.set_current_id(id)
    return id.split()[0]


def test_all_doubts_with_counts_a_rule_and_names(page):
    assert {"population", "id_sex"} <= visible_rules(page)
    counts = {
        page.rule_table.cell_text(id, "rule"): page.rule_table.cell_text(id, "count")
        for id in page.rule_table.visible_ids()
    }
    assert counts["人数与成员数不符"] == "1"
    assert counts["全部规则"] == str(len(page.issue_table.visible_ids()))
    assert page.count.text().startswith("错误 ")
    select_issue(page, "population")
    assert page.issue_card.message.text() == "陈卫国1户：人数“7人”，家庭成员表里有 4 人。"
    assert page.issue_card.resolution.text() == "可以直接采用：按成员表改为 4 人"


def test_the_list_is_narrowed_by_rule_severity_words_and_household(qtbot, window, page):
    page.rule_table.set_current_id("population")
    assert visible_rules(page) == {"population"}
    press_shortcut(qtbot, page, "Ctrl+Shift+F")
    page.filter_bar.severity.setCurrentIndex(page.filter_bar.severity.findData("错误"))
    assert all(page.issue_table.cell_text(id, "severity") == "错误" for id in page.issue_table.visible_ids())
    press_shortcut(qtbot, page, "Ctrl+Shift+F")
    page.filter_bar.search.setText("陈卫国2 性别")
    assert "id_sex" in visible_rules(page)
    assert "population" not in visible_rules(page)
    page.filter_bar.search.clear()
    household_id = Household.id_of("340828100101001")
    window.open("issues", household=household_id, head="陈卫国1")
    assert {id.split()[0] for id in page.issue_table.visible_ids()} == {household_id}
    assert page.filter_bar.household_button.text() == "只看陈卫国1户 ×"
    page.filter_bar.household_button.click()
    assert len({id.split()[0] for id in page.issue_table.visible_ids()}) == 3


def test_a_doubt_opens_the_household_at_the_field(qtbot, window, page, book):
    household_id = select_issue(page, "id_sex")
    page.issue_table.row_activated.emit(page.issue_table.current_id())
    rest(qtbot, window)
    assert window.current == "household"
    house = window.page("household")
    assert house.current_part.TITLE == "家庭成员"
    with book.reading() as session:
        head = session.query(Member).filter_by(household_id=household_id, relation="户主").one().id
    assert house.current_part.editor.record_id == head
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.objectName().startswith("sex")


def test_a_line_that_the_county_has_not_set_is_entered_from_its_doubt(qtbot, window, page, book):
    with book.writing() as session:
        home = session.query(Household).order_by(Household.household_no).first()
        year = max(one.year for one in session.query(IncomeYear).filter_by(household_id=home.id))
        session.query(IncomeYear).filter_by(household_id=home.id, year=year).one().year = 2025
    window.open("issues")
    rest(qtbot, window)
    page.rule_table.set_current_id("line_missing")
    select_issue(page, "line_missing")
    assert page.issue_card.message.text().endswith("请在“年度标准”里录入。")
    assert "县里的规定" in page.issue_card.resolution.text()
    page.issue_table.row_activated.emit(page.issue_table.current_id())
    rest(qtbot, window)
    grid = window.page("county").grid
    assert (window.current, grid.item(grid.currentRow(), 0).text()) == ("county", "2025")
    assert grid.horizontalHeaderItem(grid.currentColumn()).text() == "监测范围"


def test_a_doubt_about_what_is_lacking_opens_the_tab_where_it_belongs(qtbot, window, page):
    select_issue(page, "unvisited")
    page.issue_table.row_activated.emit(page.issue_table.current_id())
    rest(qtbot, window)
    assert window.page("household").current_part.TITLE == "走访"


def test_a_correction_is_taken_over_and_taken_back(qtbot, window, page, book):
    household_id = select_issue(page, "population")
    press_shortcut(qtbot, page, "Ctrl+U")
    rest(qtbot, window)
    assert "population" not in visible_rules(page)
    with book.reading() as session:
        assert session.get_one(Household, household_id).population == 4
    press_shortcut(qtbot, window, "Ctrl+Z")
    qtbot.waitUntil(lambda: "population" in visible_rules(page))
    with book.reading() as session:
        assert session.get_one(Household, household_id).population == 7


def test_what_is_settled_is_quiet_and_can_be_opened_again(qtbot, window, page, book, monkeypatch):
    household_id = select_issue(page, "id_sex")
    name = page.issue_table.cell_text(page.issue_table.current_id(), "home")

    def choose(dialog: QDialog) -> int:
        assert dialog.windowTitle() == f"已核实无误（{name}户）"
        dialog.accept()
        assert dialog.result() != QDialog.DialogCode.Accepted  # without a reason
        dialog.form.load({"reason": "户口本登记如此，已报派出所"})
        dialog.accept()
        return dialog.result()

    monkeypatch.setattr(QDialog, "exec", choose)
    press_shortcut(qtbot, page, "Ctrl+K")
    rest(qtbot, window)
    assert "id_sex" not in visible_rules(page)
    with book.reading() as session:
        dismissals = [
            one.dismissal
            for one in household_issues(session, household_id, include_dismissed=True)
            if one.rule == "id_sex"
        ]
    assert dismissals[0].reason == "户口本登记如此，已报派出所"
    page.filter_bar.state.setCurrentIndex(1)
    assert visible_rules(page) == {"id_sex"}
    select_issue(page, "id_sex")
    assert "户口本登记如此" in page.issue_card.resolution.text()
    press_shortcut(qtbot, page, "Ctrl+R")
    rest(qtbot, window)
    page.filter_bar.state.setCurrentIndex(0)
    assert "id_sex" in visible_rules(page)


def test_it_is_checked_again_when_somebody_else_wrote(qtbot, window, page, book):
    household_id = select_issue(page, "population")
    with book.writing() as session:
        session.get_one(Household, household_id).population = 4
    rest(qtbot, window)
    assert "population" not in visible_rules(page)


def test_what_is_shown_is_exported_with_masked_numbers(qtbot, window, page, tmp_path):
    page.rule_table.set_current_id("id_sex")
    page.export(tmp_path / "疑点.xlsx")
    rest(qtbot, window)
    rows = list(openpyxl.load_workbook(tmp_path / "疑点.xlsx").active.values)
    assert rows[0][:6] == ("轻重", "规则", "户主", "村民组", "对象", "说明")
    assert [row[1] for row in rows[1:]] == ["性别与证件不符"]
    assert "340888********" in rows[1][5]


def test_a_check_that_is_given_up_can_be_begun_again(qtbot, window, page):
    press_shortcut(qtbot, page, "F5")
    assert page.count.text() == "正在核对…"
    window.tasks.close()
    rest(qtbot, window)
    press_shortcut(qtbot, page, "F5")
    rest(qtbot, window)
    assert {"population", "id_sex"} <= visible_rules(page)


def test_the_head_of_the_household_counts_its_doubts(qtbot, window, page, book):
    household_id = Household.id_of("340828100101001")
    window.open("household", household=household_id)
    rest(qtbot, window)
    house = window.page("household")
    assert house.header.issues_button.text().startswith("错误 1")
    press_shortcut(qtbot, house, "Alt+Q")
    rest(qtbot, window)
    assert window.current == "issues"
    assert {id.split()[0] for id in page.issue_table.visible_ids()} == {household_id}
    with book.reading() as session:
        doubts = household_issues(session, household_id)
    for issue in doubts:
        dismiss(book, [issue], "已核对")
    window.open("household", household=household_id)
    rest(qtbot, window)
    assert not house.header.issues_button.isVisible()
