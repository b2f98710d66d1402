"""Rounds on the real window: opened, walked through, ranked, closed."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.checklists.inspections import save_inspection
from app.checklists.rounds import DEFAULT_CHECKLIST, list_rounds, open_round, round_defaults
from app.checklists.template import checklist
from app.issues.issues import ERROR, all_issues
from app.list_views.definition import ListView
from app.list_views.rows import view_ids
from app.list_views.stored_form import decode_for_printing
from app.reports.all_lists import viewed_list
from app.viewed_lists.round_change_source import CHANGES_LIST
from app.viewed_lists.round_failed_source import FAILED_LIST
from app.viewed_lists.round_honours_source import HONOURS_LIST
from app.viewed_lists.round_left_source import LEFT_LIST
from app.viewed_lists.round_ranking_source import RANKING_LIST
from db.schema.household import Household
from tests.builders import VILLAGE, household
from tests.ui.conftest import wait_until_idle
from tests.ui.keyboard import compose, keys, press_in, press_shortcut
from ui.shell.command_palette import CommandPalette
from ui.widgets.question import QuestionDialog

CHECKS = [check.code for check in checklist(DEFAULT_CHECKLIST).checks()]
HOMES = [Household.id_of(f"{VILLAGE.code}{number:03}") for number in (1, 2, 3)]
DAY = date(2026, 11, 3)
CTRL = Qt.KeyboardModifier.ControlModifier


def wait_for_idle(qtbot, window):
    for _ in range(3):
        wait_until_idle(qtbot, window)


def press(page, key, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(QGuiApplication.focusObject() or page, key, modifiers)


def create_round(book, title="2026年11月四净两规范", started=DAY):
    return open_round(book, VILLAGE.code, DEFAULT_CHECKLIST, title, "月度", started)


def score(book, round_id, household_id, **other):
    answers = dict.fromkeys(CHECKS, "达标") | {code.replace("_", "."): value for code, value in other.items()}
    save_inspection(book, round_id, household_id, "王书记", DAY, answers)


def listed(page, round_list):
    return page.tabs.tab_of(round_list).table


def visible_cells(table, *keys):
    return [tuple(table.cell_text(id, key) for key in keys) for id in table.visible_ids()]


@pytest.fixture
def page(qtbot, window):
    window.open("rounds")
    wait_for_idle(qtbot, window)
    return window.page("rounds")


def stored_rounds(book):
    with book.reading() as session:
        return list_rounds(session)


def test_without_a_round_the_page_says_how_to_begin(page):
    assert "Ctrl+N" in page.round_table.placeholder
    assert not page.card.isVisible()


def test_a_round_is_opened_with_the_keyboard(qtbot, window, book, page):
    press(page, Qt.Key.Key_N, CTRL)
    dialog = page.dialog
    today = round_defaults(DEFAULT_CHECKLIST, date.today())
    assert dialog.form.values()["title"] == today.title
    assert dialog.form.values()["due_on"] == today.due_on
    qtbot.waitUntil(dialog.isActiveWindow)
    press(page, Qt.Key.Key_Return)
    wait_for_idle(qtbot, window)
    assert not dialog.isVisible()
    assert visible_cells(page.round_table, "title", "seen", "state") == [(today.title, "0/3", "入户")]
    assert page.tabs.tabText(0) == "未评（3）"
    assert today.title in window.status_bar.messages[-1]
    window.activateWindow()  # offscreen there is nobody who does it when a dialog closes
    qtbot.waitUntil(window.isActiveWindow)
    press(page, Qt.Key.Key_Return, CTRL)
    wait_for_idle(qtbot, window)
    assert window.current == "scoring"
    assert window.page("scoring").header.progress_label.text().startswith("第 1 户，共 3 户")


def test_a_second_round_of_the_same_name_is_refused_in_the_dialog(qtbot, window, book, page):
    create_round(book, round_defaults(DEFAULT_CHECKLIST, date.today()).title)
    press(page, Qt.Key.Key_N, CTRL)
    dialog = page.dialog
    dialog.accept_button.click()
    wait_for_idle(qtbot, window)
    assert dialog.isVisible()
    assert dialog.error_label.text().startswith("已经有一轮")
    dialog.reject()
    assert len(stored_rounds(book)) == 1


def test_the_title_follows_the_checklist_until_it_is_written(page):
    press(page, Qt.Key.Key_N, CTRL)
    dialog = page.dialog
    dialog.checklist_box.setCurrentIndex(dialog.checklist_box.findData("six_clean"))
    assert dialog.form.values()["title"] == round_defaults("six_clean", date.today()).title
    assert "庭院净" in dialog.items_label.text()
    title = dialog.form.findChild(object, "title")
    title.setFocus()
    title.selectAll()
    title.insert("冬季大检查")
    dialog.checklist_box.setCurrentIndex(dialog.checklist_box.findData(DEFAULT_CHECKLIST))
    assert dialog.form.values()["title"] == "冬季大检查"
    dialog.reject()


def test_only_chosen_homes(qtbot, window, book, page):
    press(page, Qt.Key.Key_N, CTRL)
    dialog = page.dialog
    dialog.some_households.setChecked(True)
    wait_for_idle(qtbot, window)
    assert dialog.household_table.visible_ids() == HOMES
    dialog.accept_button.click()
    wait_for_idle(qtbot, window)
    assert "还没有选要检查的户" in dialog.error_label.text()
    QTest.keyClicks(dialog.search, "1002")
    assert dialog.household_table.visible_ids() == HOMES[1:2]
    dialog.household_table.selectAll()
    dialog.accept_button.click()
    wait_for_idle(qtbot, window)
    assert [row.households for row in stored_rounds(book)] == [1]
    assert listed(page, LEFT_LIST).visible_ids() == HOMES[1:2]


def test_who_is_left_the_ranking_and_what_to_put_right(qtbot, window, book):
    with book.writing() as session:
        session.get(Household, HOMES[2]).group_name = "上屋组"
        household(session, number=4)
    last = create_round(book, "2026年10月", date(2026, 10, 3))
    score(book, last, HOMES[0], J1_1="不达标")
    this = create_round(book)
    score(book, this, HOMES[0])
    score(book, this, HOMES[1], J1_1="不达标", J1_2="不达标", J1_3="不达标")
    save_inspection(book, this, HOMES[2], "王书记", DAY, {"J1.1": "达标"})
    window.open("rounds", round=this)
    wait_for_idle(qtbot, window)
    page = window.page("rounds")
    assert page.title_label.text() == "2026年11月四净两规范"
    assert "应评 4 户　已评 2 户　未评 2 户　平均 96.0 分　达标 1 户" in page.figures_label.text()
    assert visible_cells(listed(page, LEFT_LIST), "group", "state") == [
        ("上屋组", "评到一半，还有 31 项"),
        ("下屋组", "未评"),
    ]
    assert visible_cells(listed(page, RANKING_LIST), "village_place", "points", "passed", "flag") == [
        ("1", "100.0", "达标", "流动红旗"),
        ("2", "92.0", "未达标", ""),
    ]
    assert visible_cells(listed(page, HONOURS_LIST), "honour") == [("流动红旗、红榜",)]
    assert visible_cells(listed(page, FAILED_LIST), "items") == [("房前净",)]
    assert visible_cells(page.tabs.groups_table, "group", "homes", "grade_优秀") == [
        ("上屋组", "1", "0"),
        ("下屋组", "3", "2"),
        ("全村", "4", "2"),
    ]
    assert visible_cells(listed(page, CHANGES_LIST), "before", "now", "gain")[0] == ("97.3", "100.0", "+2.7")
    assert "进步 1 户，持平 0 户，退步 0 户；平均分 97.3 → 96.0" in page.comparison_label.text()


def test_enter_on_a_home_opens_its_sheet_and_esc_comes_back(qtbot, window, book):
    this = create_round(book)
    create_round(book, "另一轮", date(2026, 11, 20))
    window.open("rounds", round=this)
    wait_for_idle(qtbot, window)
    page = window.page("rounds")
    listed(page, LEFT_LIST).setFocus()
    listed(page, LEFT_LIST).set_current_id(HOMES[1])
    press(page, Qt.Key.Key_Return)
    wait_for_idle(qtbot, window)
    inspection = window.page("scoring")
    assert (window.current, inspection.header.place_label.text()) == ("scoring", f"下屋组　{VILLAGE.code}002")
    QTest.keyClick(inspection.score_sheet, "w")
    wait_for_idle(qtbot, window)
    QTest.keyClick(inspection.score_sheet, Qt.Key.Key_Escape)
    wait_for_idle(qtbot, window)
    assert (window.current, page.round_table.current_id()) == ("rounds", this)
    assert page.round_table.cell_text(this, "seen") == "1/3"
    assert listed(page, LEFT_LIST).visible_ids() == [HOMES[0], HOMES[2]]


def test_the_page_follows_what_is_written_elsewhere(qtbot, window, book, page):
    this = create_round(book)
    wait_for_idle(qtbot, window)
    assert page.round_table.current_id() == this
    score(book, this, HOMES[0])
    wait_for_idle(qtbot, window)
    assert listed(page, RANKING_LIST).visible_ids() == HOMES[:1]


def test_a_round_is_settled_and_taken_back(qtbot, window, book, page):
    create_round(book)
    wait_for_idle(qtbot, window)
    page.state_box.setCurrentText("公示")
    page.state_box.activated.emit(page.state_box.currentIndex())
    wait_for_idle(qtbot, window)
    assert [(row.state, row.open) for row in stored_rounds(book)] == [("公示", False)]
    press(page, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: stored_rounds(book)[0].open)
    wait_for_idle(qtbot, window)
    assert page.state_box.currentText() == "入户"


def test_a_round_is_withdrawn_and_taken_back(qtbot, window, book, page):
    create_round(book)
    wait_for_idle(qtbot, window)
    press(page, Qt.Key.Key_Delete, CTRL)
    question = page.findChild(QuestionDialog, "askWithdraw")
    assert "已评 0 户" in question.details
    next(button for button in question.buttons if button.text() == "取消").click()
    wait_for_idle(qtbot, window)
    assert len(stored_rounds(book)) == 1
    press(page, Qt.Key.Key_Delete, CTRL)
    question = page.findChildren(QuestionDialog, "askWithdraw")[-1]
    next(button for button in question.buttons if button.text() == "撤回").click()
    wait_for_idle(qtbot, window)
    assert stored_rounds(book) == ()
    assert not page.card.isVisible()
    window.activateWindow()  # offscreen there is nobody who does it when a question is answered
    qtbot.waitUntil(window.isActiveWindow)
    press(page, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: len(stored_rounds(book)) == 1)
    wait_for_idle(qtbot, window)
    assert page.card.isVisible()


def test_title_and_dates_of_a_round_are_changed(qtbot, window, book, page):
    create_round(book)
    wait_for_idle(qtbot, window)
    press(page, Qt.Key.Key_F2)
    wait_for_idle(qtbot, window)
    dialog = page.dialog
    title = dialog.form.findChild(object, "title")
    title.selectAll()
    title.insert("")
    title.clear()
    dialog.accept_button.click()
    wait_for_idle(qtbot, window)
    assert dialog.isVisible()
    assert "轮次名称" in dialog.form.error_text("title")
    title.insert("冬季大检查")
    dialog.accept_button.click()
    wait_for_idle(qtbot, window)
    assert not dialog.isVisible()
    assert [row.title for row in stored_rounds(book)] == ["冬季大检查"]
    assert page.title_label.text() == "冬季大检查"


def test_the_table_that_is_seen_goes_to_excel(qtbot, window, book, page, tmp_path):
    from openpyxl import load_workbook

    this = create_round(book)
    score(book, this, HOMES[0], J1_1="不达标")
    score(book, this, HOMES[1])
    wait_for_idle(qtbot, window)
    page.tabs.setCurrentWidget(page.tabs.tab_of(RANKING_LIST))
    page.tabs.export_to(tmp_path / "排名.xlsx")
    wait_for_idle(qtbot, window)
    assert "已导出 2 行" in window.status_bar.messages[-1]
    rows = [list(row) for row in load_workbook(tmp_path / "排名.xlsx").active.iter_rows(values_only=True)]
    assert rows[0][:6] == ["名次", "组名次", "村民组", "户主", "户编号", "得分"]
    assert [row[:6] for row in rows[1:]] == [
        [1, 1, "下屋组", "陈卫国", f"{VILLAGE.code}002", 100],
        [2, 2, "下屋组", "陈卫国", f"{VILLAGE.code}001", 97.3],
    ]
    page.tabs.setCurrentWidget(page.tabs.groups_table)
    page.tabs.export_to(tmp_path / "汇总.xlsx")
    wait_for_idle(qtbot, window)
    last = list(load_workbook(tmp_path / "汇总.xlsx").active.iter_rows(values_only=True))[-1]
    assert last[:5] == ("全村", 3, 2, 98.7, 2)


def test_the_table_that_is_seen_is_printed_as_its_paper(qtbot, window, book, page):
    create_round(book, "2026年10月四净两规范", date(2026, 10, 3))
    this = create_round(book)
    wait_for_idle(qtbot, window)
    page.round_table.set_current_id(this)
    reports = ((page.tabs.tab_of(FAILED_LIST), "round_rectification"), (page.tabs.groups_table, "round_summary"))
    for table, report in reports:
        window.open("rounds", round=this)
        wait_for_idle(qtbot, window)
        page.tabs.setCurrentWidget(table)
        press(page, Qt.Key.Key_P, CTRL)
        wait_for_idle(qtbot, window)
        printed = window.page("printing")
        assert printed.isVisible()
        assert (printed.report.name, printed.collect_parameters()[0].round) == (report, this)


def test_every_action_has_a_key(page):
    assert all(not action.shortcut().isEmpty() for action in page.visible_actions())


def test_households_are_drawn_by_lot_into_a_round_and_the_same_number_draws_the_same(qtbot, window, book, page):
    with book.writing() as session:
        for number in range(4, 11):
            household(session, number=number, group_name="河湾组")
    press(page, Qt.Key.Key_N, CTRL | Qt.KeyboardModifier.ShiftModifier)
    dialog = page.dialog
    wait_for_idle(qtbot, window)
    dialog.draw_line.setText("20261130-0007")
    dialog.number_box.setValue(11)
    dialog.submit()
    wait_for_idle(qtbot, window)
    assert dialog.error_label.text().startswith("符合条件的只有 10 户，抽不出 11 户")
    assert stored_rounds(book) == ()
    drawn = []
    for title in ("抽查一", "抽查二"):
        page._show_sample_dialog()
        dialog = page.dialog
        wait_for_idle(qtbot, window)
        dialog.draw_line.setText("20261130-0007")
        dialog.title_line.setText(title)
        dialog.group_box.setCurrentText("河湾组")
        dialog.number_box.setValue(3)
        dialog.submit()
        wait_for_idle(qtbot, window)
        assert not dialog.isVisible()
        drawn.append(set(page.tabs.tab_of(LEFT_LIST).table.visible_ids()))
    assert drawn[0] == drawn[1]
    assert len(drawn[0]) == 3
    assert drawn[0].isdisjoint(HOMES)
    assert {row.note for row in stored_rounds(book)} == {"随机抽查：从河湾组 7 户里抽 3 户；抽签号 20261130-0007"}


def test_those_with_errors_come_too(qtbot, window, book, page):
    with book.reading() as session:
        wrong = {issue.household_id for issue in all_issues(session) if issue.severity == ERROR}
    assert wrong
    page._show_sample_dialog()
    dialog = page.dialog
    wait_for_idle(qtbot, window)
    dialog.number_box.setValue(1)
    dialog.errors_box.setChecked(True)
    dialog.submit()
    wait_for_idle(qtbot, window)
    assert set(page.tabs.tab_of(LEFT_LIST).table.visible_ids()) >= wrong


def test_what_to_put_right_is_filtered_printed_saved_and_found_for_another_round(qtbot, window, book):
    last = create_round(book, "2026年10月", date(2026, 10, 3))
    score(book, last, HOMES[2], J1_1="不达标", J1_2="不达标", J1_3="不达标", J1_4="不达标")
    this = create_round(book)
    score(book, this, HOMES[0], J1_1="不达标", J1_2="不达标", J1_3="不达标")
    score(book, this, HOMES[1], J1_1="不达标", J1_2="不达标", J1_3="不达标", J1_4="不达标", J2_1="不达标")
    window.open("rounds", round=this)
    wait_for_idle(qtbot, window)
    page = window.page("rounds")
    tab = page.tabs.tab_of(FAILED_LIST)
    page.tabs.setCurrentWidget(tab)
    assert tab.table.visible_ids() == HOMES[:2]
    assert tab.table.cell_text(HOMES[0], "points") == "92.0"
    press_shortcut(qtbot, page, "F3")
    dialog = tab.view_bar.dialog
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
    keys("df", Qt.Key.Key_Tab)  # 得分
    keys("", *[Qt.Key.Key_Down] * 4, Qt.Key.Key_Tab)  # 不小于
    keys("92")
    press_in(qtbot, dialog, "Ctrl+S")
    naming = tab.view_bar.dialog
    qtbot.waitUntil(lambda: QApplication.activeWindow() is naming)
    compose(naming.name_edit, "差一点")
    keys("", Qt.Key.Key_Return)
    wait_for_idle(qtbot, window)
    assert tab.view_bar.chips.texts() == ["得分 不小于 92"]
    assert tab.table.visible_ids() == HOMES[:1]
    press_shortcut(qtbot, page, "Ctrl+T")
    wait_for_idle(qtbot, window)
    [parameters] = window.page("printing").collect_parameters()
    key, name, view = decode_for_printing(parameters.view)
    with book.reading() as session:
        source = viewed_list(key).opened(session, view.quick)
        assert (name, source.about, list(view_ids(session, source, view))) == (
            "差一点",
            "2026年11月四净两规范",
            HOMES[:1],
        )
    press_shortcut(qtbot, window.page("printing"), "Ctrl+/")
    palette = window.findChild(CommandPalette)
    compose(palette.field, "差一点")
    qtbot.waitUntil(lambda: (item := palette.results.currentItem()) is not None and item.text().startswith("差一点"))
    tab.view_bar.clear()
    page.tabs.setCurrentIndex(0)
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    wait_for_idle(qtbot, window)
    assert (window.current, page.tabs.current_list(), tab.table.visible_ids()) == ("rounds", tab, HOMES[:1])
    page.round_table.set_current_id(last)
    wait_for_idle(qtbot, window)
    assert tab.table.visible_ids() == []
    assert "没有符合条件的：得分 不小于 92" in tab.table.placeholder
    press_shortcut(qtbot, page, "Ctrl+Shift+F")
    wait_for_idle(qtbot, window)
    assert tab.table.visible_ids() == HOMES[2:3]


def test_the_ranking_is_grouped_and_goes_to_excel_as_it_is_seen(qtbot, window, book, page, tmp_path):
    from openpyxl import load_workbook

    with book.writing() as session:
        session.get(Household, HOMES[0]).group_name = "十组"
        session.get(Household, HOMES[1]).group_name = "二组"
    this = create_round(book)
    score(book, this, HOMES[0])
    score(book, this, HOMES[1], J1_1="不达标")
    wait_for_idle(qtbot, window)
    tab = page.tabs.tab_of(RANKING_LIST)
    page.tabs.setCurrentWidget(tab)
    tab.view_bar.show_view(ListView(groups=("group",)))
    wait_for_idle(qtbot, window)
    title = tab.table.paged.index(0, 0)  # above 名次, which stands at the right
    assert title.data() == "村民组：二组（1 条）"
    assert title.data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignLeft
    tab.view_bar.show_view(ListView(columns=("head", "points", "household.group_name"), groups=("group",)))
    wait_for_idle(qtbot, window)
    assert tab.table.visible_ids() == [HOMES[1], HOMES[0]]  # 二组 before 十组
    page.tabs.export_to(tmp_path / "排名.xlsx")
    wait_for_idle(qtbot, window)
    rows = [row[:3] for row in load_workbook(tmp_path / "排名.xlsx").active.iter_rows(values_only=True)]
    assert rows == [("户主", "得分", "农户：村民组"), ("陈卫国", 97.3, "二组"), ("陈卫国", 100, "十组")]
