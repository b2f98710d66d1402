"""Helpers, through their page."""

from datetime import date

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit

from app.list_views.definition import Condition, ConditionGroup, ListView
from app.list_views.saved_views import save_view
from app.records.assignment import without_helper
from app.records.row_views import assignment_rows, helper_rows
from db.schema.aid import Assignment, Helper
from db.schema.household import Household
from tests.builders import VILLAGE, household
from tests.ui.conftest import made_once, wait_until_idle
from tests.ui.keyboard import compose, press_shortcut


@pytest.fixture(scope="module")
def book_file(tmp_path_factory):
    """Five households; 赵干部 has four of them and may have three, 钱干部 has none."""
    with made_once(tmp_path_factory) as book, book.writing() as session:
        households = [household(session, number=n + 1) for n in range(5)]
        helpers = [Helper(village=VILLAGE.code, name=name, rank="科员级") for name in ("赵干部", "钱干部")]
        session.add_all(helpers)
        session.flush()
        for household_row in households[:4]:
            session.add(
                Assignment(
                    village=VILLAGE.code,
                    household_id=household_row.id,
                    helper_id=helpers[0].id,
                    started_on=date(2017, 1, 1),
                )
            )
    return book.path


@pytest.fixture
def page(qtbot, window):
    window.open("helpers")
    wait_until_idle(qtbot, window)
    return window.page("helpers")


def _names(page):
    return {page.table.cell_text(id, "name"): id for id in page.table.visible_ids()}


def test_who_is_over_the_limit_stands_out_and_who_is_missing_is_counted(page):
    over = _names(page)["赵干部"]
    assert [page.table.cell_text(over, key) for key in ("households", "limit")] == ["4", "3"]
    assert page.count_label.text() == "共 2 位，超限 1 位；没有帮扶联系人的 1 户"
    page.table.set_current_id(over)
    assert len(page.assigned_table.visible_ids()) == 4


def test_households_without_anybody_are_given_away_by_keyboard(qtbot, window, page, book, monkeypatch):
    press_shortcut(qtbot, page, "Alt+3")
    page.unassigned_table.setFocus()
    page.unassigned_table.selectAll()

    def choose(dialog: QDialog) -> int:
        dialog.show()
        qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
        dialog.table.set_current_id(_names(page)["钱干部"])
        qtbot.keyClick(dialog.table, Qt.Key.Key_Return)
        return dialog.result()

    monkeypatch.setattr(QDialog, "exec", choose)
    press_shortcut(qtbot, page, "Ctrl+J")
    wait_until_idle(qtbot, window)
    with book.reading() as session:
        assert without_helper(session) == []
    assert page.table.cell_text(_names(page)["钱干部"], "households") == "1"


def test_chosen_households_go_to_another_helper(qtbot, window, page, book, monkeypatch):
    page.table.set_current_id(_names(page)["赵干部"])
    page.assigned_table.set_current_id(Household.id_of(f"{VILLAGE.code}001"))

    def choose(dialog: QDialog) -> int:
        dialog.show()
        dialog.table.set_current_id(_names(page)["钱干部"])
        compose(dialog.findChild(QLineEdit, "change_reason_typed"), "结对调整")
        dialog.accept()
        return dialog.result()

    monkeypatch.setattr(QDialog, "exec", choose)
    press_shortcut(qtbot, page, "Ctrl+J")
    wait_until_idle(qtbot, window)
    with book.reading() as session:
        rows = assignment_rows(session, Household.id_of(f"{VILLAGE.code}001"))
    assert [(row.helper, row.in_force) for row in rows] == [("钱干部", True), ("赵干部", False)]
    assert page.count_label.text() == "共 2 位，超限 0 位；没有帮扶联系人的 1 户"


def test_nothing_chosen_is_said(qtbot, window, page):
    page.table.set_current_id(_names(page)["钱干部"])
    press_shortcut(qtbot, page, "Ctrl+J")
    assert "先在右边选好" in window.status_bar.messages[-1]
    press_shortcut(qtbot, page, "Ctrl+D")
    assert "先在“结对的户”里选好" in window.status_bar.messages[-1]


def test_an_assignment_is_ended_with_a_reason(qtbot, window, page, book, monkeypatch):
    page.table.set_current_id(_names(page)["赵干部"])
    page.assigned_table.selectAll()

    def end(dialog: QDialog) -> int:
        dialog.show()
        compose(dialog.findChild(QLineEdit, "change_reason_typed"), "退休")
        dialog.accept()
        return dialog.result()

    monkeypatch.setattr(QDialog, "exec", end)
    press_shortcut(qtbot, page, "Ctrl+D")
    wait_until_idle(qtbot, window)
    with book.reading() as session:
        assert len(without_helper(session)) == 5
        assert {row.reason for row in assignment_rows(session)} == {"退休"}


def test_a_helper_is_made_and_edited(qtbot, window, page, book, monkeypatch):
    def fill(dialog: QDialog) -> int:
        dialog.show()
        dialog.accept()
        assert dialog.form.error_text("name")
        qtbot.keyClicks(dialog.findChild(QLineEdit, "name"), "Sun")
        dialog.accept()
        return dialog.result()

    monkeypatch.setattr(QDialog, "exec", fill)
    press_shortcut(qtbot, page, "Ctrl+N")
    wait_until_idle(qtbot, window)
    assert page.table.current_id() == _names(page)["Sun"]
    press_shortcut(qtbot, page, "Alt+2")
    line = page.editor.form.findChild(QLineEdit, "unit")
    line.setFocus()
    qtbot.keyClicks(line, "Bureau")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    with book.reading() as session:
        assert ("Sun", "Bureau") in [(row.name, row.unit) for row in helper_rows(session)]


def test_enter_opens_a_household(qtbot, window, page):
    page.table.set_current_id(_names(page)["赵干部"])
    page.assigned_table.set_current_id(Household.id_of(f"{VILLAGE.code}002"))
    page.assigned_table.setFocus()
    qtbot.keyClick(page.assigned_table, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    assert window.current == "household"
    assert window.page("household").header.position_label.text() == "第 2 户，共 4 户"


def test_helpers_and_their_households_leave_as_lists(qtbot, window, page, book, tmp_path):
    with book.reading() as session:
        helpers, assignments = {row.id for row in helper_rows(session)}, {row.id for row in assignment_rows(session)}
    press_shortcut(qtbot, page, "Ctrl+E")
    dialog = page.exporting.dialog
    assert [dialog.content.itemText(n) for n in range(dialog.content.count())] == ["帮扶联系人", "结对帮扶"]
    for title, expected in (("帮扶联系人", helpers), ("结对帮扶", assignments)):
        dialog.content.setCurrentText(title)
        page.exporting.write(tmp_path / f"{title}.xlsx", dialog.choice())
        wait_until_idle(qtbot, window)
        sheet = openpyxl.load_workbook(tmp_path / f"{title}.xlsx").worksheets[0]
        ids = next(cell.column for cell in sheet[2] if cell.value == "记录编号")
        assert {sheet.cell(row, ids).value for row in range(3, sheet.max_row + 1)} == expected
    dialog.reject()


def test_helpers_are_filtered_by_what_they_have_and_the_view_is_found_again(qtbot, window, page, book):
    view = ListView(ConditionGroup((Condition("households", "greater", ("3",)),)))
    view_id = save_view(book, "helper", "超过三户", view, shared=True)
    assert set(_names(page)) == {"赵干部", "钱干部"}
    window.open("helpers", view=view_id)
    wait_until_idle(qtbot, window)
    assert set(_names(page)) == {"赵干部"}
    assert "列出 1 位" in page.count_label.text()
    press_shortcut(qtbot, page, "Ctrl+Shift+F")
    wait_until_idle(qtbot, window)
    assert set(_names(page)) == {"赵干部", "钱干部"}
    page.table.sortByColumn(4, Qt.SortOrder.AscendingOrder)
    wait_until_idle(qtbot, window)
    assert list(_names(page)) == ["钱干部", "赵干部"]
