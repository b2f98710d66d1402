"""调度报告, 报告对比, 图表 and 村情, as an officer uses them; one window for all of it."""

from datetime import date
from functools import partial

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QTableWidget
from sqlalchemy import select

from app.records.draft import withdraw
from db.schema.aid import Visit
from db.schema.household import Household
from db.schema.period_report import PeriodReport
from db.schema.village_year import AnnualTarget
from tests.builders import VILLAGE
from tests.ui.conftest import wait_until_idle
from tests.ui.keyboard import compose, keys, press_in, press_shortcut
from tests.ui.test_compared_lists import printed_ids
from tests.ui.test_computed_lists import open_dialog

HOMES = [Household.id_of(f"{VILLAGE.code}{n:03}") for n in (1, 2, 3)]


@pytest.fixture
def visited(book):
    """Two households were visited today; two are 脱贫户."""
    with book.writing() as session:
        for home in HOMES[:2]:
            session.get_one(Household, home).household_kind = "脱贫户"
            session.add(Visit(village=VILLAGE.code, household_id=home, visited_on=date.today(), visitors="王书记"))
    return book


def test_a_report_is_made_compared_and_opens_its_records(qtbot, window, visited):
    window.open("period_report")
    wait_until_idle(qtbot, window)
    page = window.page("period_report")
    page.make("月报")
    wait_until_idle(qtbot, window)
    assert len(page.table.visible_ids()) == 1
    grid = page.editor.findChild(QTableWidget, "report_figure")
    assert grid.rowCount() > 30
    assert not any(grid.item(n, 4).flags() & Qt.ItemFlag.ItemIsEditable for n in range(grid.rowCount()))
    with visited.writing() as session:
        session.add(Visit(village=VILLAGE.code, household_id=HOMES[2], visited_on=date.today(), visitors="王书记"))
    press_shortcut(qtbot, page, "Ctrl+D")
    wait_until_idle(qtbot, window)
    compared = window.page("report_comparison")
    assert [compared.table.cell_text("visits", name) for name in ("value", "now", "drift")] == ["2", "3", "+1"]
    assert "3 项与统计时不一致，报告不改动" in compared.told_label.text()  # visits, households visited and not visited
    compared.table.select_ids(["visits"])
    qtbot.keyClick(compared.table, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    assert window.current == "visit"
    assert len(window.page("visit").table.visible_ids()) == 2
    window.open("report_comparison")
    compared.table.select_ids(["visited_households"])
    press_shortcut(qtbot, compared, "Ctrl+Shift+Return")
    wait_until_idle(qtbot, window)
    assert sorted(window.page("households").table.visible_ids()) == sorted(HOMES)
    window.open("report_comparison")
    compared.table.select_ids(["meetings"])
    press_shortcut(qtbot, compared, "Ctrl+Return")
    assert window.status_bar.findChild(QLabel, "noticeText").text() == "“会议和活动”没有对应的记录。"


def test_what_changed_since_a_report_is_filtered_and_printed(qtbot, window, visited):
    window.open("period_report")
    wait_until_idle(qtbot, window)
    window.page("period_report").make("月报")
    wait_until_idle(qtbot, window)
    with visited.writing() as session:
        session.add(Visit(village=VILLAGE.code, household_id=HOMES[2], visited_on=date.today(), visitors="王书记"))
    window.open("report_comparison")  # the newest report, where none was chosen
    wait_until_idle(qtbot, window)
    page = window.page("report_comparison")
    dialog = open_dialog(qtbot, page)
    keys("ytjsxc", Qt.Key.Key_Tab)  # 与统计时相差
    compose(dialog.rows[0].values.controls[0], "1")
    press_in(qtbot, dialog, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    listed = page.table.visible_ids()
    assert sorted(listed) == ["visited_households", "visits"]
    press_shortcut(qtbot, page, "Ctrl+T")
    wait_until_idle(qtbot, window)
    assert printed_ids(visited, window.page("printing")) == listed
    window.open("report_comparison")
    press_shortcut(qtbot, page, "Ctrl+Shift+F")
    wait_until_idle(qtbot, window)
    assert len(page.table.visible_ids()) > 30
    said = len(window.status_bar.messages)
    with visited.reading() as session:
        report = session.scalars(select(PeriodReport.id)).one()
    page.context.write(partial(withdraw, visited, "period_report", report), message="已撤回")
    wait_until_idle(qtbot, window)
    assert (page.table.visible_ids(), page.title_label.text()) == ([], "")
    assert page.table.placeholder.startswith("请从“调度报告”里选")
    assert window.status_bar.messages[said:] == ["已撤回"]


def test_a_figure_without_its_line_leads_to_where_it_is_entered(qtbot, window, visited):
    window.open("period_report")
    wait_until_idle(qtbot, window)
    window.page("period_report").make("年终自评")
    wait_until_idle(qtbot, window)
    press_shortcut(qtbot, window.page("period_report"), "Ctrl+D")
    wait_until_idle(qtbot, window)
    compared = window.page("report_comparison")
    year = date.today().year
    compared.table.select_ids(["below_line_households"])
    assert "年没有录入监测范围" in compared.table.cell_text("below_line_households", "told")
    qtbot.keyClick(compared.table, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    assert window.current == "county"
    county = window.page("county").grid
    assert int(county.item(county.currentRow(), 0).text()) in (year, year - 1)
    window.open("period_report")
    wait_until_idle(qtbot, window)
    press_shortcut(qtbot, window.page("period_report"), "Ctrl+Shift+M")
    wait_until_idle(qtbot, window)
    assert window.current == "county"


def test_a_target_without_its_line_leads_to_where_it_is_entered(qtbot, window, visited):
    year = date.today().year
    with visited.writing() as session:
        target = AnnualTarget(
            village=VILLAGE.code, year=year, title="消除返贫", planned=0, measured_by="低于当年标准线"
        )
        session.add(target)
    window.open("annual_target")
    wait_until_idle(qtbot, window)
    page = window.page("annual_target")
    page.measure(year)
    wait_until_idle(qtbot, window)
    said = window.status_bar.findChild(QLabel, "noticeText").text()
    assert f"1 项没有写：“消除返贫”：{year} 年没有录入监测范围" in said
    assert not page.table.cell_text(page.table.visible_ids()[0], "reached")  # never 0
    button = window.status_bar.findChild(QPushButton, "noticeAction")
    assert button.text() == "录入标准"
    button.click()
    assert window.current == "county"
    window.open("annual_target")
    wait_until_idle(qtbot, window)
    page.table.select_ids(page.table.visible_ids())
    press_shortcut(qtbot, page, "Ctrl+Shift+M")
    wait_until_idle(qtbot, window)
    assert window.current == "county"
    grid = window.page("county").grid
    assert grid.item(grid.currentRow(), 0).text() == str(year)


def test_a_bar_opens_its_households_and_a_filter_added_to_them_keeps_them(qtbot, window, visited):
    window.open("charts")
    wait_until_idle(qtbot, window)
    page = window.page("charts")
    chart = page.charts["kind"]
    assert [chart.item(n).text() for n in range(chart.count())] == ["脱贫户：2 户", "未填：1 户"]
    chart.setFocus()
    qtbot.keyClick(chart, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    households = window.page("households")
    assert sorted(households.table.visible_ids()) == sorted(HOMES[:2])
    assert households.view_bar.describe() == "户类型 是 脱贫户，且 登记状态 不属于 注销"
    households.view_bar.open_dialog()
    households.view_bar.dialog.accept()
    assert households.view_bar.describe() == "户类型 是 脱贫户，且 登记状态 不属于 注销"


def test_village_figures_come_from_the_households_and_from_the_national_list(qtbot, window, visited, tmp_path):
    path = tmp_path / "行政村.xlsx"
    sheet = openpyxl.Workbook()
    sheet.active.append(["行政村", "总户数", "总人口数", "行政村卫生室个数", "是否通客运班车"])
    sheet.active.append(["石桥村", 412, 1530, 1, "是"])
    sheet.save(path)
    window.open("village_indicator")
    wait_until_idle(qtbot, window)
    page = window.page("village_indicator")
    page.import_village_list(path, 2024)
    wait_until_idle(qtbot, window)
    assert len(page.preview_dialog.table.visible_ids()) == 4
    page.preview_dialog.accept()
    wait_until_idle(qtbot, window)
    page.propose(2024)
    wait_until_idle(qtbot, window)
    page.table.scrollToBottom()  # a long list reads what is seen
    wait_until_idle(qtbot, window)
    texts = {page.table.cell_text(id, "indicator"): id for id in page.table.visible_ids()}
    assert page.table.cell_text(texts["总人口数"], "value") == "1530"
    assert page.table.cell_text(texts["行政村卫生室个数"], "met") == "已达标"
    assert page.table.cell_text(texts["建档立卡户数"], "value") == "3"
