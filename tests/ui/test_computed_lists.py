"""The pages of issues and of what was withdrawn are viewed like any other list: F3, saved views, groups, ledger."""

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from sqlalchemy import select

from app.list_views.rows import view_ids
from app.list_views.saved_views import saved_views
from app.list_views.stored_form import decode_for_printing
from app.records.draft import withdraw
from app.reports.all_lists import viewed_list
from db.schema.exchange import AuditEntry
from db.schema.household import Member
from tests.app.issues.clean_household import clean_household
from tests.ui.conftest import made_once, wait_until_idle
from tests.ui.keyboard import compose, keys, press_in, press_shortcut
from ui.shell.command_palette import CommandPalette


@pytest.fixture(scope="module")
def book_file(tmp_path_factory):
    """Three households in two groups: two with a wrong 人数, one whose head has the wrong sex."""
    with made_once(tmp_path_factory) as book, book.writing() as session:
        for number in (1, 2, 3):
            rows = clean_household(session, number)
            rows.household.group_name = ("一组", "二组", "二组")[number - 1]
            if number < 3:
                rows.household.population = 7 + number
            if number == 2:
                rows.head.sex = "女"
    return book.path


def shown(qtbot, window, name):
    window.open(name)
    wait_until_idle(qtbot, window)
    return window.page(name)


def headings(table):
    first = table.columns_shown()[0]
    return [table.paged.text(n, first) for n in range(table.paged.rowCount()) if not table.paged.is_record(n)]


def open_dialog(qtbot, page):
    press_shortcut(qtbot, page, "F3")
    dialog = page.view_bar.dialog
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
    return dialog


def test_issues_are_filtered_grouped_kept_and_printed_by_keys(qtbot, window, book):
    page = shown(qtbot, window, "issues")
    everything = len(page.issue_table.visible_ids())
    dialog = open_dialog(qtbot, page)
    keys("nhcmz", Qt.Key.Key_Tab)  # 农户：村民组, a field of the household that an issue is about
    keys("", Qt.Key.Key_Tab)
    compose(dialog.rows[0].values.controls[0], "二组")
    press_in(qtbot, dialog, "Alt+2")
    keys("", *[Qt.Key.Key_Tab] * 6)
    keys("hz", Qt.Key.Key_Tab)  # 户主
    press_in(qtbot, dialog, "Ctrl+S")
    naming = page.view_bar.dialog
    qtbot.waitUntil(lambda: QApplication.activeWindow() is naming)
    compose(naming.name_edit, "二组的疑点")
    keys("", Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    assert page.view_bar.chips.texts() == ["农户：村民组 是 二组", "分组：户主"]
    listed = page.issue_table.visible_ids()
    assert 0 < len(listed) < everything
    assert [heading[:7] for heading in headings(page.issue_table)] == ["户主：陈卫国2", "户主：陈卫国3"]
    assert page.rule_table.cell_text("all", "count") == str(len(listed))
    page.rule_table.set_current_id("population")  # a rule within the view
    wait_until_idle(qtbot, window)
    assert [id.split()[1] for id in page.issue_table.visible_ids()] == ["population"]
    page.rule_table.set_current_id("all")
    wait_until_idle(qtbot, window)
    press_shortcut(qtbot, page, "Ctrl+P")
    wait_until_idle(qtbot, window)
    printing = window.page("printing")
    assert (window.current, printing.report.name) == ("printing", "view_ledger")
    with book.reading() as session:
        assert [(view.list, view.name) for view in saved_views(session)] == [("issues", "二组的疑点")]


def test_a_saved_view_of_issues_is_on_the_palette_and_can_be_left(qtbot, window, book):
    page = shown(qtbot, window, "issues")
    everything = page.issue_table.visible_ids()
    dialog = open_dialog(qtbot, page)
    keys("gz", Qt.Key.Key_Tab)  # 规则
    keys("", Qt.Key.Key_Tab)
    compose(dialog.rows[0].values.controls[0], "人数与成员数不符")
    press_in(qtbot, dialog, "Ctrl+S")
    naming = page.view_bar.dialog
    qtbot.waitUntil(lambda: QApplication.activeWindow() is naming)
    compose(naming.name_edit, "人数")
    keys("", Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    press_shortcut(qtbot, page, "Ctrl+Shift+F")
    wait_until_idle(qtbot, window)
    assert page.issue_table.visible_ids() == everything
    window.open("today")
    wait_until_idle(qtbot, window)
    press_shortcut(qtbot, window.page("today"), "Ctrl+/")
    palette = window.findChild(CommandPalette)
    compose(palette.field, "人数")
    qtbot.waitUntil(lambda: (item := palette.results.currentItem()) is not None and item.text() == "人数 疑点数据")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    assert window.current == "issues"
    assert {id.split()[1] for id in page.issue_table.visible_ids()} == {"population"}


def test_issues_are_sorted_by_the_head_of_their_table(qtbot, window, book):
    page = shown(qtbot, window, "issues")
    column = next(n for n, one in enumerate(page.issue_table.paged.columns) if one.key == "home")
    page.issue_table.sortByColumn(column, Qt.SortOrder.DescendingOrder)
    wait_until_idle(qtbot, window)
    homes = [page.issue_table.cell_text(id, "home") for id in page.issue_table.visible_ids()]
    assert homes == sorted(homes, reverse=True)
    assert len(set(homes)) == 3


def test_withdrawn_records_are_filtered_and_grouped_by_keys(qtbot, window, book):
    for number in (1, 2):
        withdraw(book, "member", Member.id_of(f"340828100101{number:03}02"))
    withdraw(book, "household", "88327f16b72058e58271f60f34fbbf1f")
    page = shown(qtbot, window, "withdrawn")
    assert len(page.table.visible_ids()) == 3
    dialog = open_dialog(qtbot, page)
    keys("lb", Qt.Key.Key_Tab)  # 类别
    keys("", Qt.Key.Key_Tab)
    compose(dialog.rows[0].values.controls[0], "家庭成员")
    press_in(qtbot, dialog, "Alt+2")
    keys("", *[Qt.Key.Key_Tab] * 6)
    keys("h", Qt.Key.Key_Tab)  # 户
    press_in(qtbot, dialog, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    assert page.view_bar.chips.texts() == ["类别 是 家庭成员", "分组：户"]
    assert {page.table.cell_text(id, "label") for id in page.table.visible_ids()} == {"家庭成员"}
    assert len(headings(page.table)) == 2
    press_shortcut(qtbot, page, "Ctrl+P")
    wait_until_idle(qtbot, window)
    assert window.page("printing").report.name == "view_ledger"
    window.open("withdrawn")
    page.table.set_current_id(page.table.visible_ids()[0])
    press_shortcut(qtbot, page, "Ctrl+Return")
    wait_until_idle(qtbot, window)
    assert len(page.table.visible_ids()) == 1
    press_shortcut(qtbot, page, "Ctrl+Shift+F")
    wait_until_idle(qtbot, window)
    assert len(page.table.visible_ids()) == 2


def test_operations_and_what_was_exported_are_filtered_grouped_printed_and_taken_back(qtbot, window, book):
    members = [Member.id_of(f"340828100101{number:03}02") for number in (1, 2)]
    for member in members:
        withdraw(book, "member", member)
    book.audit("导出人口（完整号码，事由：镇民政办核对）", 12)
    page = shown(qtbot, window, "operations")
    dialog = open_dialog(qtbot, page)
    keys("jl", Qt.Key.Key_Tab)  # 记录
    keys("", *[Qt.Key.Key_Down] * 4, Qt.Key.Key_Tab)  # 不小于
    keys("1")
    press_in(qtbot, dialog, "Alt+2")
    keys("", *[Qt.Key.Key_Tab] * 6)
    keys("czr", Qt.Key.Key_Tab)  # 操作人
    press_in(qtbot, dialog, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    assert page.view_bar.chips.texts() == ["记录 不小于 1", "分组：操作人"]
    assert len(headings(page.table)) == 1
    titles = [page.table.cell_text(id, "title") for id in page.table.visible_ids()]
    assert [title[:2] for title in titles[:2]] == ["撤回", "撤回"]
    assert not any(title.startswith("导出") for title in titles)
    press_shortcut(qtbot, page, "Ctrl+P")
    wait_until_idle(qtbot, window)
    [parameters] = window.page("printing").collect_parameters()
    key, _, view = decode_for_printing(parameters.view)
    with book.reading() as session:
        assert list(view_ids(session, viewed_list(key).opened(session), view)) == page.table.visible_ids()
    window.open("operations")
    page.table.set_current_id(page.table.visible_ids()[0])
    press_shortcut(qtbot, page, "Ctrl+Shift+Z")
    wait_until_idle(qtbot, window)
    assert page.table.cell_text(page.table.visible_ids()[1], "state") == "已撤销"
    page.kind_box.setCurrentIndex(page.kind_box.findData("log"))
    wait_until_idle(qtbot, window)
    [line] = page.table.visible_ids()
    assert page.table.cell_text(line, "records") == "12"
    press_shortcut(qtbot, page, "Ctrl+Shift+F")
    wait_until_idle(qtbot, window)
    assert (page.view_bar.chips.texts(), page.kind_box.currentData()) == ([], "")
    assert len(page.table.visible_ids()) > len(titles) - 1


@pytest.mark.parametrize("name", ["withdrawn", "operations"])
def test_a_list_that_does_not_come_back_leaves_as_it_is_shown(qtbot, window, book, tmp_path, monkeypatch, name):
    for number in (1, 2):
        withdraw(book, "member", Member.id_of(f"340828100101{number:03}02"))
    page = shown(qtbot, window, name)
    out = tmp_path / "名单.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    press_shortcut(qtbot, page, "Ctrl+E")
    wait_until_idle(qtbot, window)
    sheet = openpyxl.load_workbook(out).active
    [headings, *rows] = [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert headings == [column.label for column in page.table.columns_shown()]
    ids, columns = page.table.visible_ids(), page.table.columns_shown()
    assert rows == [[page.table.cell_text(id, column.key) for column in columns] for id in ids]
    assert len(rows) >= 2
    with book.reading() as session:
        assert f"导出{page.TITLE}" in set(session.scalars(select(AuditEntry.what)))
