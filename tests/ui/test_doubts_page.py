"""Doubts, through their page and the head of the household page."""

import openpyxl
import pytest
from PySide6.QtWidgets import QApplication, QDialog

from app.progress import finish
from app.quality.doubts import of_household, settle
from db.schema.household import Household, Member
from tests.app.quality.sound import sound
from tests.builders import workbook as new_workbook
from tests.ui.conftest import settle as rest
from tests.ui.keyboard import press
from ui.pages.doubts_page import DoubtsPage


@pytest.fixture
def book(tmp_path):
    """Three households: one with a wrong 人数, one with a boy who is called a daughter, one without faults."""
    book = new_workbook(tmp_path)
    with book.writing() as session:
        for number in (1, 2, 3):
            kept = sound(session, number)
            if number == 1:
                kept.household.population = 7
            if number == 2:
                kept.head.sex = "女"
    yield book
    book.close()


@pytest.fixture
def page(qtbot, window):
    window.open("doubts")
    rest(qtbot, window)
    return window.page("doubts")


def shown(page: DoubtsPage) -> set[str]:
    return {id.split()[1] for id in page.table.shown_ids()}


def point(page: DoubtsPage, rule: str) -> str:
    id = next(id for id in page.table.shown_ids() if id.split()[1] == rule)
    page.table.point_at(id)
    return id.split()[0]


def test_all_doubts_with_counts_a_rule_and_names(page):
    assert {"population", "id_sex"} <= shown(page)
    counts = {page.rules.cell_text(id, "rule"): page.rules.cell_text(id, "count") for id in page.rules.shown_ids()}
    assert counts["人数与成员数不符"] == "1"
    assert counts["全部规则"] == str(len(page.table.shown_ids()))
    assert page.count.text().startswith("错误 ")
    point(page, "population")
    assert page.card.sentence.text() == "陈卫国1户：人数“7人”，家庭成员表里有 4 人。"
    assert page.card.more.text() == "可以直接采用：按成员表改为 4 人"


def test_the_list_is_narrowed_by_rule_severity_words_and_household(qtbot, window, page):
    page.rules.point_at("population")
    assert shown(page) == {"population"}
    press(qtbot, page, "Ctrl+Shift+F")
    page.bar.severity.setCurrentIndex(page.bar.severity.findData("错误"))
    assert all(page.table.cell_text(id, "severity") == "错误" for id in page.table.shown_ids())
    press(qtbot, page, "Ctrl+Shift+F")
    page.bar.search.setText("陈卫国2 性别")
    assert "id_sex" in shown(page)
    assert "population" not in shown(page)
    page.bar.search.clear()
    home = Household.id_of("340828100101001")
    window.open("doubts", household=home, head="陈卫国1")
    assert {id.split()[0] for id in page.table.shown_ids()} == {home}
    assert page.bar.only.text() == "只看陈卫国1户 ×"
    page.bar.only.click()
    assert len({id.split()[0] for id in page.table.shown_ids()}) == 3


def test_a_doubt_opens_the_household_at_the_field(qtbot, window, page, book):
    home = point(page, "id_sex")
    page.table.opened.emit(page.table.current())
    rest(qtbot, window)
    assert window.current == "household"
    house = window.page("household")
    assert house.tab.TITLE == "家庭成员"
    with book.reading() as session:
        head = session.query(Member).filter_by(household_id=home, relation="户主").one().id
    assert house.tab.editor.record_id == head
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.objectName().startswith("sex")


def test_a_doubt_about_what_is_lacking_opens_the_tab_where_it_belongs(qtbot, window, page):
    point(page, "unvisited")
    page.table.opened.emit(page.table.current())
    rest(qtbot, window)
    assert window.page("household").tab.TITLE == "走访"


def test_a_correction_is_taken_over_and_taken_back(qtbot, window, page, book):
    home = point(page, "population")
    press(qtbot, page, "Ctrl+U")
    rest(qtbot, window)
    assert "population" not in shown(page)
    with book.reading() as session:
        assert session.get_one(Household, home).population == 4
    press(qtbot, window, "Ctrl+Z")
    qtbot.waitUntil(lambda: "population" in shown(page), timeout=5000)
    with book.reading() as session:
        assert session.get_one(Household, home).population == 7


def test_what_is_settled_is_quiet_and_can_be_opened_again(qtbot, window, page, book, monkeypatch):
    home = point(page, "id_sex")

    def choose(dialog: QDialog) -> int:
        dialog.accept()
        assert dialog.result() != QDialog.DialogCode.Accepted  # without a reason
        dialog.form.load({"reason": "户口本登记如此，已报派出所"})
        dialog.accept()
        return dialog.result()

    monkeypatch.setattr(QDialog, "exec", choose)
    press(qtbot, page, "Ctrl+K")
    rest(qtbot, window)
    assert "id_sex" not in shown(page)
    with book.reading() as session:
        settled = [one.settled for one in of_household(session, home, settled=True) if one.rule == "id_sex"]
    assert settled[0].reason == "户口本登记如此，已报派出所"
    page.bar.state.setCurrentIndex(1)
    assert shown(page) == {"id_sex"}
    point(page, "id_sex")
    assert "户口本登记如此" in page.card.more.text()
    press(qtbot, page, "Ctrl+R")
    rest(qtbot, window)
    page.bar.state.setCurrentIndex(0)
    assert "id_sex" in shown(page)


def test_it_is_checked_again_when_somebody_else_wrote(qtbot, window, page, book):
    home = point(page, "population")
    with book.writing() as session:
        session.get_one(Household, home).population = 4
    rest(qtbot, window)
    assert "population" not in shown(page)


def test_what_is_shown_is_exported_with_masked_numbers(qtbot, window, page, tmp_path):
    page.rules.point_at("id_sex")
    page.export(tmp_path / "疑点.xlsx")
    rest(qtbot, window)
    rows = list(openpyxl.load_workbook(tmp_path / "疑点.xlsx").active.values)
    assert rows[0][:6] == ("轻重", "规则", "户主", "村民组", "对象", "说明")
    assert [row[1] for row in rows[1:]] == ["性别与证件不符"]
    assert "340888********" in rows[1][5]


def test_a_check_that_is_given_up_can_be_begun_again(qtbot, window, page):
    press(qtbot, page, "F5")
    assert page.count.text() == "正在核对…"
    window.jobs.close()
    rest(qtbot, window)
    press(qtbot, page, "F5")
    rest(qtbot, window)
    assert {"population", "id_sex"} <= shown(page)


def test_the_head_of_the_household_counts_its_doubts(qtbot, window, page, book):
    home = Household.id_of("340828100101001")
    window.open("household", household=home)
    rest(qtbot, window)
    house = window.page("household")
    assert house.header.doubts.text().startswith("错误 1")
    press(qtbot, house, "Alt+Q")
    rest(qtbot, window)
    assert window.current == "doubts"
    assert {id.split()[0] for id in page.table.shown_ids()} == {home}
    with book.reading() as session:
        doubts = of_household(session, home)
    for doubt in doubts:
        finish(settle(book, doubt, "已核对"))
    window.open("household", household=home)
    rest(qtbot, window)
    assert not house.header.doubts.isVisible()
