"""What is known of the village itself."""

from datetime import date

import openpyxl
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from app.forms.entries import create_entry, load_entry
from db.schema.village import Village
from tests.ui.conftest import wait_until_idle
from tests.ui.keyboard import press_shortcut


def test_the_first_secretary_is_written_and_a_wrong_phone_refused(qtbot, window, book):
    window.open("village")
    wait_until_idle(qtbot, window)
    page = window.page("village")
    assert page.village_box.currentText() == "石桥村（340828100101）"
    for name, typed in (("team_leader", "ZhangSan"), ("team_phone", "123")):
        line = page.findChild(QLineEdit, name)
        line.setFocus()
        QTest.keyClicks(line, typed)
        qtbot.keyClick(line, Qt.Key.Key_Return)
        wait_until_idle(qtbot, window)
    with book.reading() as session:
        stored = session.get(Village, Village.id_of("340828100101"))
        assert (stored.team_leader, stored.team_phone) == ("ZhangSan", None)
    assert "11 位" in page.editor.form.error_text("team_phone")
    page.editor.reload()


def test_minutes_are_printed_whole_and_leave_as_a_sheet_that_comes_back(qtbot, window, book, tmp_path):
    entry_id = create_entry(book, "appraisal_meeting", village="340828100101", day=date(2018, 3, 6))
    window.open("village", entry=entry_id)
    wait_until_idle(qtbot, window)
    page = window.page("village")
    press_shortcut(qtbot, page, "Ctrl+E")
    dialog = page.export_dialog
    assert dialog.content.currentText() == "民主评议会议记录"
    page.export("appraisal_meeting", tmp_path / "会议.xlsx")
    dialog.reject()
    wait_until_idle(qtbot, window)
    sheets = openpyxl.load_workbook(tmp_path / "会议.xlsx")
    sheets.worksheets[0].cell(3, 5).value = "补记"
    sheets.save(tmp_path / "会议.xlsx")
    window.open("roster_import")
    roster = window.page("roster_import")
    roster.open_roster(tmp_path / "会议.xlsx")
    wait_until_idle(qtbot, window)
    assert roster.list_dialog.windowTitle() == "导入民主评议会议记录"
    roster.list_dialog.accept()
    wait_until_idle(qtbot, window)
    with book.reading() as session:
        assert load_entry(session, entry_id).value("note") == "补记"
    window.open("village", entry=entry_id)
    wait_until_idle(qtbot, window)
    press_shortcut(qtbot, page, "Ctrl+P")
    wait_until_idle(qtbot, window)
    printing = window.page("printing")
    assert (printing.report.name, printing.subject_list.current_id()) == ("filled_form", entry_id)
