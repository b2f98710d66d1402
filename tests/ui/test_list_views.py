"""Views of lists, made, kept, found, printed and taken away by the keyboard alone."""

from datetime import date

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.list_views.definition import Condition, ConditionGroup, ListView, SortKey
from app.list_views.saved_views import save_view, saved_views
from app.progress import run_to_completion
from app.sheets.register_import import preview
from db.schema.finance import SmallLoan
from db.schema.household import Household
from tests.builders import VILLAGE
from tests.ui.conftest import wait_until_idle
from tests.ui.keyboard import compose, keys, press_in, press_shortcut
from ui.shell.command_palette import CommandPalette
from ui.widgets.search_combo import SearchCombo

HOMES = [Household.id_of(f"{VILLAGE.code}{n:03}") for n in (1, 2, 3)]


@pytest.fixture
def page(qtbot, window, book):
    """Four loans of three households, two of them in one group."""
    with book.writing() as session:
        session.get_one(Household, HOMES[1]).group_name = "二组"
        for id, home, amount, bank in (
            ("a", 0, 30000, "农商行"), ("b", 1, 50000, "农商行"), ("c", 2, 20000, "邮储"), ("d", 1, 10000, None),
        ):  # fmt: skip
            session.add(
                SmallLoan(
                    id=id, village=VILLAGE.code, household_id=HOMES[home], amount=amount, bank=bank, purpose="养殖业",
                    issued_on=date(2018, 1, 1), due_on=date(2020, 1, 1),
                )
            )  # fmt: skip
    window.open("small_loan")
    wait_until_idle(qtbot, window)
    return window.page("small_loan")


def open_dialog(qtbot, page):
    press_shortcut(qtbot, page, "F3")
    dialog = page.view_bar.dialog
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
    return dialog


def type_condition(field, downs, value):
    """In the current line: the field by its initials, the comparison by the arrow, the value."""
    keys(field, Qt.Key.Key_Tab)
    keys("", *[Qt.Key.Key_Down] * downs, Qt.Key.Key_Tab)
    keys(value)


def headings(page):
    shown, first = page.table.paged, page.table.columns_shown()[0]
    return [shown.text(n, first) for n in range(shown.rowCount()) if not shown.is_record(n)]


def test_a_list_is_filtered_grouped_and_summed_by_keys(qtbot, window, page):
    page.filter_bar.search.setFocus()  # the key works in a field of text too
    dialog = open_dialog(qtbot, page)
    type_condition("dkje", 2, "25000")
    press_in(qtbot, dialog, "Alt+A")
    dialog.rows[1].join_box.setFocus()
    keys("", Qt.Key.Key_Down, Qt.Key.Key_Tab)
    type_condition("dkyx", 6, "")  # 为空
    press_in(qtbot, dialog, "Alt+2")
    keys("", *[Qt.Key.Key_Tab] * 6)
    keys("cmz", Qt.Key.Key_Tab)
    press_in(qtbot, dialog, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    assert page.view_bar.chips.texts() == ["贷款金额 大于 25,000.00", "贷款银行 为空", "分组：村民组"]
    assert page.table.visible_ids() == ["b", "d", "a"]
    assert headings(page) == ["村民组：二组（2 条）", "村民组：下屋组（1 条）"]
    amount = next(column for column in page.table.columns_shown() if column.key == "amount")
    assert [page.table.paged.text(n, amount) for n in (0, 3)] == ["60,000.00", "30,000.00"]
    page.table.setFocus()
    keys("", Qt.Key.Key_Home, Qt.Key.Key_Down)  # over the first heading
    QTest.keySequence(page.table, "Ctrl+A")
    wait_until_idle(qtbot, window)
    assert page.table.selected_ids() == ["b", "d", "a"]
    page.table.select_ids(["a", "b"])
    wait_until_idle(qtbot, window)
    assert page.sums_label.text().startswith("共 3 条　选中 2 条　贷款金额合计 80,000.00元，平均 40,000.00")
    QTest.keyClick(page.view_bar.chips.buttons[0], Qt.Key.Key_Space)
    wait_until_idle(qtbot, window)
    assert page.table.visible_ids() == ["d"]
    press_shortcut(qtbot, page, "Ctrl+Shift+F")
    wait_until_idle(qtbot, window)
    assert (page.view_bar.chips.texts(), len(page.table.visible_ids()), headings(page)) == ([], 4, [])


def test_initials_are_the_only_value_that_has_them(qtbot, window, page):
    for typed, meant in {"xw": "下屋组", "XWZ": "下屋组", "z": "z", "xx": "xx"}.items():  # z is in both, xx in none
        dialog = open_dialog(qtbot, page)
        press_in(qtbot, dialog, "Alt+C")
        type_condition("cmz", 0, "")
        qtbot.waitUntil(lambda dialog=dialog: dialog.rows[0].values.controls[0].completer() is not None)
        keys(typed)
        press_in(qtbot, dialog, Qt.Key.Key_Return)  # once, although a list is offered
        wait_until_idle(qtbot, window)
        assert page.view_bar.chips.texts() == [f"村民组 是 {meant}"]


def test_what_does_not_fit_is_told_and_an_empty_list_says_why(qtbot, window, page):
    dialog = open_dialog(qtbot, page)
    type_condition("dkje", 2, "many")
    press_in(qtbot, dialog, Qt.Key.Key_Return)
    assert dialog.error_label.text() == "“贷款金额”要填数字，“many”不符合要求。"
    [typed] = dialog.rows[0].values.controls
    assert typed.hasFocus()
    QTest.keySequence(typed, "Ctrl+A")
    keys("99999", Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    assert not dialog.isVisible()
    assert page.table.placeholder == "没有符合条件的记录：贷款金额 大于 99,999.00。\n按 Ctrl+Shift+F 清除筛选，看全部。"
    page.filter_bar.search.setText("zzz")
    page.filter_bar.overdue.setChecked(True)
    wait_until_idle(qtbot, window)
    assert page.table.placeholder.startswith("没有符合条件的记录：查找“zzz”，只看超期；贷款金额 大于")


def test_a_view_is_kept_found_on_the_palette_exported_and_deleted(qtbot, window, page, book, tmp_path):
    dialog = open_dialog(qtbot, page)
    box = dialog.findChild(SearchCombo, "condition_field")
    assert box.hasFocus()
    type_condition("dkyx", 4, "")  # 属于, and the banks from what stands in the list
    wait_until_idle(qtbot, window)
    keys("ns", Qt.Key.Key_Down, Qt.Key.Key_Return)
    keys(",yc", Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert dialog.rows[0].values.typed() == ["农商行,邮储"]
    press_in(qtbot, dialog, "Alt+2")
    keys("dkje", Qt.Key.Key_Tab)
    keys("", Qt.Key.Key_Down)
    press_in(qtbot, dialog, "Ctrl+S")
    naming = page.view_bar.dialog
    qtbot.waitUntil(lambda: QApplication.activeWindow() is naming)
    compose(naming.name_edit, "两家银行")
    keys("", Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    with book.reading() as session:
        assert [(view.list, view.name, view.shared) for view in saved_views(session)] == [
            ("small_loan", "两家银行", False)
        ]
    assert page.view_bar.views_button.text() == "视图：两家银行"
    press_shortcut(qtbot, page, "Ctrl+Shift+F")
    window.open("today")
    wait_until_idle(qtbot, window)
    press_shortcut(qtbot, window.page("today"), "Ctrl+/")
    palette = window.findChild(CommandPalette)
    compose(palette.field, "ljyx")
    qtbot.waitUntil(lambda: palette.results.currentItem() is not None)
    assert palette.results.currentItem().text() == "两家银行 扶贫小额信贷"
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    assert (window.current, page.table.visible_ids()) == ("small_loan", ["b", "a", "c"])
    page.export(tmp_path / "out.xlsx")
    wait_until_idle(qtbot, window)
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0]
    amount = next(cell.column for cell in sheet[2] if str(cell.value).startswith("贷款金额"))
    assert [sheet.cell(row, amount).value for row in (3, 4, 5)] == [50000, 30000, 20000]
    press_shortcut(qtbot, page, "Shift+F3")
    wait_until_idle(qtbot, window)
    menu = page.view_bar.menu
    assert [action.text() for action in menu.actions() if action.text()] == [
        "两家银行（只在本机）", "保存为视图…", "不用视图，看全部", "删除视图“两家银行”",
    ]  # fmt: skip
    QTest.keyClick(menu, Qt.Key.Key_Up)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    with book.reading() as session:
        assert saved_views(session) == []


def test_households_are_viewed_by_their_people_with_columns_of_choice_and_printed(qtbot, window, page, book):
    view = ListView(
        where=ConditionGroup((Condition("member.name", "contains", ("秀",)), Condition("group", "is", ("二组",)))),
        sort=(SortKey("size"),),
        columns=("address", "head", "size"),
        groups=("group",),
        quick={"typed": "cwg"},
    )
    id = save_view(book, "household", "二组", view, shared=True)
    window.open("households", view=id)
    wait_until_idle(qtbot, window)
    households = window.page("households")
    assert households.table.visible_ids() == [HOMES[1]]
    assert households.filter_bar.search.text() == "cwg"
    assert [column.label for column in households.table.columns_shown()] == ["家庭住址", "户主", "人数"]
    assert households.table.paged.text(0, households.table.columns_shown()[0]) == "村民组：二组（1 户，人数 3）"
    press_shortcut(qtbot, households, "Ctrl+T")
    wait_until_idle(qtbot, window)
    printing = window.page("printing")
    assert (window.current, printing.report.name) == ("printing", "view_ledger")
    assert printing.collect_parameters()[0].view == printing.subject_list.current_id()
    assert printing.subject_list.cell_text(printing.subject_list.current_id(), "name") == "二组"


def test_what_a_view_shows_leaves_with_its_groups_and_sums_and_comes_back(qtbot, window, page, book, tmp_path):
    with book.writing() as session:
        session.get_one(Household, HOMES[1]).phone = "13900000002"
    columns = ("amount", "household.phone", "bank")
    page.view_bar.show_view(ListView(sort=(SortKey("amount"),), columns=columns, groups=("group",)))
    wait_until_idle(qtbot, window)
    press_shortcut(qtbot, page, "Ctrl+E")
    choice = page.exporting.dialog.choice()
    page.exporting.dialog.reject()
    assert choice.columns == ("amount", "view.household.phone", "bank")
    page.exporting.write(tmp_path / "贷款.xlsx", choice)
    wait_until_idle(qtbot, window)
    sheet = openpyxl.load_workbook(tmp_path / "贷款.xlsx").worksheets[0]
    assert [[cell.value for cell in row[3:6]] for row in sheet.iter_rows(min_row=2)] == [
        ["贷款金额（元）", "农户：联系电话", "贷款银行"],
        [60000, None, None],  # the heading of 二组, with its sum
        [10000, "139****0002", None],
        [50000, "139****0002", "农商行"],
        [50000, None, None],
        [20000, None, "邮储"],
        [30000, None, "农商行"],
        [110000, None, None],
    ]
    titles = [sheet.cell(row, 1).value for row in (3, 6, 9)]
    assert titles == ["村民组：二组（2 条）", "村民组：下屋组（2 条）", "合计（4 条）"]
    result = run_to_completion(preview(book, tmp_path / "贷款.xlsx"))
    assert (result.to_write(), result.refused, result.remarks) == ([], (), ())
