"""Filling in the forms of a household and of the village, through their pages."""

from datetime import date

import pytest
from openpyxl import load_workbook
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QPushButton

from app.forms.entries import entries_of_household, load_entry, village_entries
from db.schema.household import Household
from db.schema.photo import Photo
from tests.app.records.test_attachment import pdf_file
from tests.builders import VILLAGE
from tests.ui.conftest import wait_until_idle
from tests.ui.keyboard import press_shortcut

HOME = Household.id_of(f"{VILLAGE.code}001")
OTHER = Household.id_of(f"{VILLAGE.code}002")


@pytest.fixture
def page(qtbot, window):
    window.open("household", household=HOME, order=(HOME, OTHER), part="forms")
    wait_until_idle(qtbot, window)
    return window.page("household")


def choose(monkeypatch, title, year=None):
    """The dialog of new forms, answered by this form."""

    def answer(dialog):
        dialog.show()
        dialog.form_box.setCurrentText(title)
        assert dialog.form.title == title
        if year:
            dialog.year_box.setValue(year)
        dialog.accept()
        return dialog.result()

    monkeypatch.setattr(QDialog, "exec", answer)


def new_form(qtbot, window, page, monkeypatch, title, year=None):
    choose(monkeypatch, title, year)
    press_shortcut(qtbot, page.current_part, "Alt+A")
    wait_until_idle(qtbot, window)
    return page.current_part.pane


def write(qtbot, window, pane, name, text):
    line = pane.editor.form.findChild(QLineEdit, name)
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)


def enter(qtbot, window, grid, row, column, text):
    grid.setCurrentCell(row, column)
    grid.setFocus()
    qtbot.keyClicks(grid, text[0])
    (editor,) = [one for one in grid.viewport().findChildren(QLineEdit) if one.isVisible()]
    qtbot.keyClicks(editor, text[1:])
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)


def stored_entry(book, entry_id):
    with book.reading() as session:
        return load_entry(session, entry_id)


def test_a_form_is_begun_filled_in_and_taken_back(qtbot, window, page, book, monkeypatch):
    pane = new_form(qtbot, window, page, monkeypatch, "易地扶贫搬迁情况")
    id = pane.table.current_id()
    assert pane.table.cell_text(id, "title") == "易地扶贫搬迁情况"
    assert pane.editor.form.findChild(QLineEdit, "people").text() == "3"
    write(qtbot, window, pane, "address", "Xiangshui")
    assert stored_entry(book, id).value("address") == "Xiangshui"
    assert window.status_bar.messages[-1] == "已保存：安置点地址"
    window.status_bar.findChild(QPushButton, "undo").click()
    wait_until_idle(qtbot, window)
    assert stored_entry(book, id).value("address") is None
    assert pane.editor.form.findChild(QLineEdit, "address").text() == ""


def test_a_refused_answer_stays_and_the_tab_is_not_left(qtbot, window, page, book, monkeypatch):
    pane = new_form(qtbot, window, page, monkeypatch, "易地扶贫搬迁情况")
    write(qtbot, window, pane, "people", "99")
    assert "0 到 30" in pane.editor.form.error_text("people")
    page.show_part("basic")
    assert page.current_part.TITLE == "表单"
    pane.editor.reload()
    page.show_part("basic")
    assert page.current_part.TITLE == "基本信息"


def test_two_forms_one_after_another_keep_their_own_answers(qtbot, window, page, book, monkeypatch):
    pane = new_form(qtbot, window, page, monkeypatch, "易地扶贫搬迁情况")
    first = pane.table.current_id()
    write(qtbot, window, pane, "address", "A")
    new_form(qtbot, window, page, monkeypatch, "满意度和知晓率问卷")
    second = pane.table.current_id()
    assert second != first
    assert pane.editor.form.findChild(QLineEdit, "address") is None
    write(qtbot, window, pane, "who", "Chen")
    pane.table.set_current_id(first)
    wait_until_idle(qtbot, window)
    assert pane.editor.form.findChild(QLineEdit, "address").text() == "A"
    assert stored_entry(book, second).value("who") == "Chen"


def test_a_table_is_filled_in_cell_by_cell(qtbot, window, page, book, monkeypatch):
    pane = new_form(qtbot, window, page, monkeypatch, "收支台账", 2018)
    (grid,) = pane.editor.grids
    assert grid.item(0, 0).text() == "A 工资性收入"
    assert not grid.item(0, 0).flags() & Qt.ItemFlag.ItemIsEditable
    enter(qtbot, window, grid, 0, 1, "12000")
    qtbot.waitUntil(lambda: grid.item(0, 1).text() == "12,000.00")
    assert str(stored_entry(book, pane.table.current_id()).cell("amounts", "A", "q1")) == "12000.00"
    enter(qtbot, window, grid, 0, 2, "abc")
    qtbot.waitUntil(lambda: grid.item(0, 2).text() == "")
    assert "要填数字" in window.status_bar.messages[-1]


def test_lines_are_added_at_the_end_and_emptied(qtbot, window, page, book, monkeypatch):
    pane = new_form(qtbot, window, page, monkeypatch, "巩固帮扶计划", 2018)
    (grid,) = pane.editor.grids
    assert grid.rowCount() == 1
    enter(qtbot, window, grid, 0, 1, "tea")
    assert grid.rowCount() == 2
    enter(qtbot, window, grid, 1, 1, "job")
    form_entry = stored_entry(book, pane.table.current_id())
    assert [form_entry.cell("plan", line, "what") for line in form_entry.line_keys("plan")] == ["tea", "job"]
    grid.setCurrentCell(0, 1)
    qtbot.keyClick(grid, Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    wait_until_idle(qtbot, window)
    form_entry = stored_entry(book, pane.table.current_id())
    assert [form_entry.cell("plan", line, "what") for line in form_entry.line_keys("plan")] == ["job"]


def test_a_choice_in_a_table_is_chosen_from_its_list(qtbot, window, page, book, monkeypatch):
    pane = new_form(qtbot, window, page, monkeypatch, "两不愁三保障及饮水安全核查表", 2018)
    (grid,) = pane.editor.grids
    grid.setCurrentCell(0, 3)
    grid.editItem(grid.item(0, 3))
    editor = grid.findChild(QComboBox)
    editor.setCurrentText("是")
    grid.commitData(editor)
    grid.closeEditor(editor, grid.itemDelegate().EndEditHint.NoHint)
    wait_until_idle(qtbot, window)
    assert stored_entry(book, pane.table.current_id()).cell("items", "food", "met") is True


def test_a_form_is_withdrawn_and_brought_back(qtbot, window, page, book, monkeypatch):
    pane = new_form(qtbot, window, page, monkeypatch, "易地扶贫搬迁情况")
    press_shortcut(qtbot, page.current_part, "Alt+D")
    wait_until_idle(qtbot, window)
    assert pane.table.visible_ids() == []
    assert pane.editor is None
    window.status_bar.findChild(QPushButton, "undo").click()
    wait_until_idle(qtbot, window)
    assert len(pane.table.visible_ids()) == 1


def test_pictures_hang_on_the_form(qtbot, window, page, book, monkeypatch, tmp_path):
    Image.new("RGB", (60, 40), "red").save(tmp_path / "a.jpg")
    pane = new_form(qtbot, window, page, monkeypatch, "住房安全认定及改造搬迁项目表")
    pane.add_photos([tmp_path / "a.jpg"])
    wait_until_idle(qtbot, window)
    with book.reading() as session:
        (one,) = session.query(Photo)
        assert (one.entry_id, one.household_id, one.kind) == (pane.table.current_id(), HOME, "房屋外观")
    pane.add_photos([pdf_file(tmp_path / "鉴定.pdf", 1)])
    wait_until_idle(qtbot, window)
    (paper,) = pane.editor.attachments.table.visible_ids()
    assert pane.editor.attachments.table.cell_text(paper, "title") == "鉴定"


def test_another_household_has_other_forms(qtbot, window, page, monkeypatch):
    new_form(qtbot, window, page, monkeypatch, "易地扶贫搬迁情况")
    press_shortcut(qtbot, page, "Alt+Down")
    wait_until_idle(qtbot, window)
    assert page.current_part.pane.table.visible_ids() == []
    assert page.current_part.pane.editor is None


def test_minutes_are_written_once_and_stand_with_the_households(qtbot, window, book, monkeypatch, tmp_path):
    window.open("village")
    wait_until_idle(qtbot, window)
    page = window.page("village")
    choose(monkeypatch, "民主评议会议记录")
    press_shortcut(qtbot, page, "Ctrl+N")
    wait_until_idle(qtbot, window)
    assert page.tabs.currentIndex() == 1
    write(qtbot, window, page.form_entries, "topic", "2018")

    press_shortcut(qtbot, page, "Ctrl+J")
    wait_until_idle(qtbot, window)
    page.picker.search.setText("101002")
    wait_until_idle(qtbot, window)
    assert page.picker.table.visible_ids() == [OTHER]
    page.picker.table.selectAll()
    page.picker.accept()
    wait_until_idle(qtbot, window)
    grid = page.form_entries.editor.grids[0]
    assert (grid.rowCount(), grid.item(0, 0).text()) == (1, "陈卫国")
    Image.new("RGB", (60, 40), "red").save(tmp_path / "a.jpg")
    page.form_entries.add_photos([tmp_path / "a.jpg"])
    wait_until_idle(qtbot, window)
    with book.reading() as session:
        (meeting,) = village_entries(session)
        assert meeting.filled_on == date.today()
        assert entries_of_household(session, HOME) == []
        assert [one.id for one in entries_of_household(session, OTHER)] == [meeting.id]
        assert [one.kind for one in session.query(Photo)] == ["会议"]
    window.open("household", household=OTHER, part="forms")
    wait_until_idle(qtbot, window)
    table = window.page("household").current_part.pane.table
    assert table.cell_text(meeting.id, "title") == "民主评议会议记录（村）"
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    assert window.current == "village"
    assert page.form_entries.table.current_id() == meeting.id
    page.export("appraisal_meeting", tmp_path / "会议.xlsx")
    wait_until_idle(qtbot, window)
    assert "2018" in list(load_workbook(tmp_path / "会议.xlsx").active.iter_rows(values_only=True))[2]
