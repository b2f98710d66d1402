"""A register about a member: who is asked for, what the list and the household show; people listed below a row."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from sqlalchemy import select

from app.registers import get_register
from app.registers.engine.rows import RowQuery, count_rows
from db.schema.employment import PublicJob, SkillTraining, TrainingParticipant
from db.schema.household import Household, Member
from tests.builders import VILLAGE
from tests.ui.conftest import wait_until_idle
from tests.ui.keyboard import press_shortcut

HOMES = [Household.id_of(f"{VILLAGE.code}{n:03}") for n in (1, 2, 3)]
WIFE = Member.id_of(f"{VILLAGE.code}00302")


@pytest.fixture
def wife(book):
    """Somebody who is not the head of the third household."""
    with book.writing() as session:
        session.get_one(Member, WIFE).name = "胡杏花"


def open_page(qtbot, window, name):
    window.open(name)
    wait_until_idle(qtbot, window)
    return window.page(name)


def find_member(qtbot, window, choice, typed):
    """Type into the search of households and press Enter; the people of the one found are asked for."""
    choice.dialog.search.setText(typed)
    wait_until_idle(qtbot, window)
    QTest.keyClick(choice.dialog.search, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)


def type_into(qtbot, editor, name, text):
    window = editor.window()
    window.activateWindow()  # a dialog was open
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    line = editor.form.findChild(QLineEdit, name)
    line.setFocus()
    line.clear()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Tab)


def jobs(book):
    with book.reading() as session:
        return [(job.member_id, job.unit) for job in session.scalars(select(PublicJob))]


@pytest.mark.parametrize("typed", ["hxh", "杏花"])
def test_a_new_row_is_about_the_member_that_was_searched_for(qtbot, window, wife, book, typed):
    page = open_page(qtbot, window, "public_job")
    press_shortcut(qtbot, page, "Ctrl+N")
    find_member(qtbot, window, page.choice, typed)
    assert page.choice.dialog.table.current_id() == WIFE
    assert "*" in page.choice.dialog.table.cell_text(WIFE, "id_no")
    QTest.keyClick(page.choice.dialog.table, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    assert page.editor.heading.text() == "新建：胡杏花"
    assert jobs(book) == []
    type_into(qtbot, page.editor, "unit", "Road Office")
    wait_until_idle(qtbot, window)
    assert jobs(book) == [(WIFE, "Road Office")]
    row = page.editor.record_id
    assert [page.table.cell_text(row, name) for name in ("name", "head", "group")] == ["胡杏花", "陈卫国", "下屋组"]
    page.filter_bar.search.setText("杏花")
    wait_until_idle(qtbot, window)
    assert page.table.visible_ids() == [row]
    page.filter_bar.search.setText("王桂兰")
    wait_until_idle(qtbot, window)
    assert page.table.visible_ids() == []


def test_escape_takes_nobody(qtbot, window, wife, book):
    page = open_page(qtbot, window, "public_job")
    press_shortcut(qtbot, page, "Ctrl+N")
    find_member(qtbot, window, page.choice, "hxh")
    QTest.keyClick(page.choice.dialog, Qt.Key.Key_Escape)
    wait_until_idle(qtbot, window)
    assert page.editor.draft is None
    assert jobs(book) == []


def test_the_household_shows_the_rows_of_its_people_and_begins_one_for_any_of_them(qtbot, window, wife, book):
    with book.writing() as session:
        session.add(
            PublicJob(id="job", village=VILLAGE.code, member_id=WIFE, kind="保洁员", started_on=date(2018, 1, 1))
        )
    window.open("household", household=HOMES[2], at=("public_job", "job", "unit"))
    wait_until_idle(qtbot, window)
    part = window.page("household").current_part
    assert part.editor.record_id == "job"
    assert part.table.cell_text("job", "name") == "胡杏花"
    press_shortcut(qtbot, window.page("household"), "Alt+A")
    wait_until_idle(qtbot, window)
    members = part.choice.dialog
    assert members.table.visible_ids()[0] == Member.id_of(f"{VILLAGE.code}00301")
    QTest.keyClick(members.table, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    type_into(qtbot, part.editor, "unit", "School")
    wait_until_idle(qtbot, window)
    with book.reading() as session:
        assert count_rows(session, get_register("public_job"), RowQuery(household_id=HOMES[2])) == 2
        assert count_rows(session, get_register("public_job"), RowQuery(household_id=HOMES[0])) == 0
    assert window.page("household").index.count_of("public_job").text == "2"


def test_people_are_listed_below_a_training_and_their_households_show_it(qtbot, window, wife, book):
    with book.writing() as session:
        session.add(SkillTraining(id="course", village=VILLAGE.code, name="茶园管理", started_on=date(2018, 3, 1)))
    page = open_page(qtbot, window, "skill_training")
    pane = page.editor.below_panes[0]
    pane._choose_members()
    find_member(qtbot, window, pane.choice, "hxh")
    pane.choice.dialog.table.selectAll()
    QTest.keyClick(pane.choice.dialog.table, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    pane.add_listed([WIFE])  # who is there is not listed twice
    wait_until_idle(qtbot, window)
    with book.reading() as session:
        listed = session.scalars(select(TrainingParticipant.member_id)).all()
        assert sorted(listed) == sorted(Member.id_of(f"{VILLAGE.code}003{n:02}") for n in (1, 2, 3))
        counts = [count_rows(session, get_register("skill_training"), RowQuery(household_id=home)) for home in HOMES]
        assert counts == [0, 0, 1]
    assert page.table.cell_text("course", "participants") == "3"
