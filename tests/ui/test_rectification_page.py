"""Problems of the village through their page, and of a household through its tab."""

from datetime import date, timedelta

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from app.records.draft import open_draft, save_draft
from app.rectifications.rectification import open_problem, rectification_rows
from db.schema.household import Household
from tests.builders import VILLAGE
from tests.ui.conftest import wait_until_idle
from tests.ui.keyboard import press_shortcut

HOMES = [Household.id_of(f"{VILLAGE.code}{n:03}") for n in (1, 2, 3)]
LONG_AGO = date.today() - timedelta(days=40)


@pytest.fixture
def problems(book):
    """One that is overdue, one that is not."""
    overdue_id = open_problem(book, HOMES[0], "院内堆放杂物", LONG_AGO, "7天")
    return overdue_id, open_problem(book, HOMES[1], "厕所没有冲洗", date.today(), "30天")


@pytest.fixture
def page(qtbot, window, problems):
    window.open("rectification")
    wait_until_idle(qtbot, window)
    return window.page("rectification")


def edit(book, id, **values):
    with book.reading() as session:
        draft = open_draft(session, "rectification", id)
    save_draft(book, draft.with_values(**values))


def test_the_overdue_come_first_and_stand_alone_when_asked(page, problems):
    assert page.table.visible_ids() == list(problems)
    assert page.table.cell_text(problems[0], "state") == "超期"
    assert page.count_label.text() == "共 2 个，已销号 0 个，超期 1 个"
    page.overdue_box.setChecked(True)
    assert page.table.visible_ids() == [problems[0]]
    page.overdue_box.setChecked(False)
    page.state_box.setCurrentText("已销号")
    assert page.table.visible_ids() == []


def test_nothing_is_closed_out_without_a_follow_up_visit(qtbot, window, page, book, problems):
    page.table.set_current_id(problems[0])
    wait_until_idle(qtbot, window)
    press_shortcut(qtbot, page, "Ctrl+Return")
    wait_until_idle(qtbot, window)
    assert "还没有写完成日期" in window.status_bar.messages[-1]
    for name, text in (("done_on", "2020-01-02"), ("followup_on", "2020-01-05"), ("followup_by", "Zhang")):
        line = page.editor.form.findChild(QLineEdit, name)
        line.setFocus()
        qtbot.keyClicks(line, text)
        qtbot.keyClick(line, Qt.Key.Key_Return)
        wait_until_idle(qtbot, window)
    press_shortcut(qtbot, page, "Ctrl+Return")
    wait_until_idle(qtbot, window)
    assert page.table.cell_text(problems[0], "state") == "已销号"
    assert page.editor.form.findChild(QLineEdit, "closed_on") is None
    press_shortcut(qtbot, page, "Ctrl+R")
    wait_until_idle(qtbot, window)
    assert page.table.cell_text(problems[0], "state") == "超期"


def test_enter_opens_the_household_at_its_problems(qtbot, window, page, problems):
    page.table.set_current_id(problems[1])
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    household = window.page("household")
    assert (window.current, household.current_tab.TITLE) == ("household", "整改")
    assert household.current_tab.table.visible_ids() == [problems[1]]


def test_what_is_shown_is_exported(qtbot, window, page, problems, tmp_path):
    page.overdue_box.setChecked(True)
    page.export(tmp_path / "清单.xlsx")
    wait_until_idle(qtbot, window)
    written = list(load_workbook(tmp_path / "清单.xlsx").active.iter_rows(values_only=True))
    assert len(written) == 2
    assert "院内堆放杂物" in written[1]


def test_a_problem_is_opened_and_written_in_the_households_tab(qtbot, window, book):
    window.open("household", household=HOMES[2], tab="rectification")
    wait_until_idle(qtbot, window)
    tab = window.page("household").current_tab
    press_shortcut(qtbot, tab, "Alt+A")
    wait_until_idle(qtbot, window)
    line = tab.editor.form.findChild(QLineEdit, "responsible")
    line.setFocus()
    qtbot.keyClicks(line, "Wang")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    tab.deadline_box.setCurrentText("7天")
    tab.deadline_box.activated.emit(1)
    wait_until_idle(qtbot, window)
    assert tab.editor.form.findChild(QLineEdit, "due_on").text() == f"{date.today() + timedelta(days=7)}"
    with book.reading() as session:
        (one,) = rectification_rows(session, HOMES[2])
    assert (one.responsible, one.due_on) == ("Wang", date.today() + timedelta(days=7))


def test_a_new_problem_begins_with_its_household(qtbot, window, page, book):
    window.open("household", household=HOMES[1], tab="visits")
    wait_until_idle(qtbot, window)
    window.open("rectification")
    wait_until_idle(qtbot, window)
    press_shortcut(qtbot, page, "Ctrl+N")
    wait_until_idle(qtbot, window)
    page.picker.table.set_current_id(HOMES[2])
    page.picker.accept()
    wait_until_idle(qtbot, window)
    household = window.page("household")
    assert (window.current, household.current_tab.TITLE) == ("household", "整改")
    with book.reading() as session:
        (one,) = rectification_rows(session, HOMES[2])
    assert household.current_tab.table.current_id() == one.id
    with book.reading() as session:
        assert len(rectification_rows(session, HOMES[1])) == 1
