"""县里的规定: edited by keys, previewed, kept; other pages follow; files in and out."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.county import county_file, editing
from app.records.field import options
from resources.overlay import PROGRAM, current_overlay
from tests.builders import NewVillage, household, workbook
from tests.ui.conftest import wait_until_idle
from tests.ui.keyboard import Keyboard, press_shortcut

FOREIGN = NewVillage("金塘村", "341524100101", "安徽省", "六安市", "金寨县", "梅山镇")


@pytest.fixture
def page(qtbot, window):
    return opened(qtbot, window, "thresholds", "visit")


def opened(qtbot, window, kind, entry, **params):
    window.open("county", kind=kind, entry=entry, **params)
    wait_until_idle(qtbot, window)
    return window.page("county")


def type_into(qtbot, grid, row, heading, text):
    """As an officer does: go there, F2, type, Enter."""
    go_to(grid, row, heading)
    keys = Keyboard(qtbot, grid.window())
    keys.press("F2", "Ctrl+A")
    keys.type(text)
    keys.press("Return")


def go_to(grid, row, heading):
    grid.window().activateWindow()
    grid.setFocus()
    grid.setCurrentCell(
        row, next(n for n in range(grid.columnCount()) if grid.horizontalHeaderItem(n).text() == heading)
    )


def save(qtbot, window, page):
    """Ctrl+S, a look, Enter."""
    press_shortcut(qtbot, page, "Ctrl+S")
    wait_until_idle(qtbot, window)
    lines = [page.dialog.lines.item(n).text() for n in range(page.dialog.lines.count())]
    QTest.keyClick(page.dialog.buttons.accept_button, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    return lines


def texts(grid, heading):
    column = next(n for n in range(grid.columnCount()) if grid.horizontalHeaderItem(n).text() == heading)
    return [grid.item(row, column).text() for row in range(grid.rowCount())]


def test_a_limit_is_typed_previewed_and_kept_and_restored(qtbot, window, page):
    row = texts(page.grid, "内容").index("走访提醒周期")
    type_into(qtbot, page.grid, row, "数值", "60")
    assert page.is_edited
    assert not page.can_leave()
    assert "还没有保存" in page.fault_label.text()
    assert save(qtbot, window, page) == ["走访提醒周期：数值：90 → 60"]
    assert texts(page.grid, "数值")[row] == "60"
    assert page.can_leave()
    assert page.default_action.isEnabled()
    press_shortcut(qtbot, page, "Ctrl+H")
    wait_until_idle(qtbot, window)
    assert page.versions_dialog.table.model().rowCount() == 1
    page.versions_dialog.reject()
    page.default_action.trigger()
    QTest.keyClick(page.dialog.buttons.accept_button, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    assert texts(page.grid, "数值")[row] == "90"


def test_a_cell_that_is_open_is_saved_and_holds_the_page(qtbot, window, page):
    row = texts(page.grid, "内容").index("走访提醒周期")
    go_to(page.grid, row, "数值")
    keys = Keyboard(qtbot, window)
    keys.press("F2", "Ctrl+A")
    keys.type("60")
    keys.press("F12")  # to another page
    assert window.current == "county"
    assert "还没有保存" in page.fault_label.text()
    keys.press("F2", "Ctrl+A")
    keys.type("70")
    keys.press("Ctrl+S")
    wait_until_idle(qtbot, window)
    assert [page.dialog.lines.item(n).text() for n in range(page.dialog.lines.count())] == [
        "走访提醒周期：数值：90 → 70"
    ]
    page.dialog.reject()


def test_what_is_refused_says_why_and_keeps_what_was_typed(qtbot, window, page):
    type_into(qtbot, page.grid, 0, "数值", "很久")
    page.save_action.trigger()
    wait_until_idle(qtbot, window)
    assert page.dialog is None
    assert "应填写数字，“很久”不符合要求" in page.fault_label.text()
    assert page.fault_label.isVisible()
    type_into(qtbot, page.grid, 0, "数值", "70")
    assert not page.fault_label.isVisible()
    assert texts(page.grid, "数值")[0] == "70"


def test_a_new_option_is_offered_on_pages_that_were_open(qtbot, window):
    window.open("households")
    wait_until_idle(qtbot, window)
    before = window.page("households")
    page = opened(qtbot, window, "dictionaries", "visit_purpose")
    press_shortcut(qtbot, page.grid, "Ctrl+N")
    type_into(qtbot, page.grid, page.grid.currentRow(), "名称", "入户宣讲")
    assert save(qtbot, window, page)[-1].startswith("入户宣讲：（无） → 新增")
    assert "入户宣讲" in [one.label for one in options("visit_purpose")]
    window.open("households")
    wait_until_idle(qtbot, window)
    assert window.page("households") is not before
    window.close()
    assert current_overlay() is PROGRAM


def test_the_programs_option_is_hidden_with_space_not_deleted(qtbot, window, book):
    with book.writing() as session:
        household(session, number=9, cause_main="因病")
    page = opened(qtbot, window, "dictionaries", "poverty_cause")
    at = texts(page.grid, "名称").index("因病")
    assert texts(page.grid, "已用")[at] == "1"
    go_to(page.grid, at, "名称")
    QTest.keyClick(page.grid, Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    assert "“因病”是程序自带的，不能删除。不再使用的，请勾选“停用”" in page.fault_label.text()
    go_to(page.grid, at, "停用")
    QTest.keyClick(page.grid, Qt.Key.Key_Space)
    assert save(qtbot, window, page) == ["因病：停用：否 → 是"]


def test_the_line_that_is_missing_is_entered_here(qtbot, window):
    page = opened(qtbot, window, "standard", "", year="2025")
    assert page.grid.item(page.grid.currentRow(), 0).text() == "2025"
    type_into(qtbot, page.grid, page.grid.currentRow(), "监测范围", "8300")
    assert save(qtbot, window, page) == ["2025：监测范围：（无） → 8300"]


def test_a_checklist_is_reordered_and_copied(qtbot, window):
    page = opened(qtbot, window, "checklists", "six_clean")
    second = texts(page.grid, "项目和检查要点")[2]
    go_to(page.grid, 2, "项目和检查要点")
    press_shortcut(qtbot, page.grid, "Alt+Up")
    assert texts(page.grid, "项目和检查要点")[1] == second
    assert save(qtbot, window, page)[0] == "顺序：（无） → 已调整"
    press_shortcut(qtbot, page, "Ctrl+Shift+N")
    keys = Keyboard(qtbot, window)
    keys.press("Ctrl+A")
    keys.type("响水镇六净")
    assert "名称：六净（本县） → 响水镇六净" in save(qtbot, window, page)
    assert page.title_label.text() == "响水镇六净"
    assert page.entries.current[0] == "checklists"


def test_files_go_out_and_come_in_after_a_look(qtbot, window, page, tmp_path):
    type_into(qtbot, page.grid, 0, "数值", "60")
    save(qtbot, window, page)
    path = tmp_path / "岳西县.hdcounty"
    page.files.export(path)
    wait_until_idle(qtbot, window)
    assert path.exists()
    page.default_action.trigger()
    QTest.keyClick(page.dialog.buttons.accept_button, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    window.open("county", path=path)
    wait_until_idle(qtbot, window)
    assert page.files.dialog.lines.count() == 1
    QTest.keyClick(page.files.dialog.buttons.accept_button, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    assert texts(page.grid, "数值")[0] == "60"


def test_a_file_of_another_county_is_refused_in_words(qtbot, window, page, tmp_path):
    other = workbook(tmp_path, "c.hdb", village=FOREIGN)
    with other.reading() as session:
        base = editing.load_sheet(session, "thresholds", "visit")
    row = base.rows[0]
    editing.save(other, base, base.with_rows(replace(row, cells={**row.cells, "amount": "61"}), *base.rows[1:]))
    path = tmp_path / "金寨县.hdcounty"
    county_file.export_county(other, path)
    other.close()
    page.files.preview(path)
    wait_until_idle(qtbot, window)
    assert page.files.dialog is None
    assert "是“金寨县”的，本工作簿的村在“岳西县”" in window.status_bar.messages[-1]


def test_the_list_is_searched_by_initials(qtbot, window, page):
    page.entries.search.setText("zpyy")  # 致贫原因
    qtbot.waitUntil(lambda: page.entries.tree.topLevelItemCount() == 1)
    group = page.entries.tree.topLevelItem(0)
    assert [group.child(n).text(0) for n in range(group.childCount())] == ["致贫原因"]
