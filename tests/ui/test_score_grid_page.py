"""表格评分: a round typed into as a spreadsheet is, by keys that go through the window system."""

from datetime import date

import pytest
from PySide6.QtGui import QGuiApplication

from app.checklists.answer_grid import answer_of, load_answer_grid
from app.checklists.inspections import save_inspection
from app.checklists.rounds import DEFAULT_CHECKLIST, open_round, set_round_state
from app.checklists.template import checklist
from app.workbook.operations import list_operations
from db.schema.household import Household
from tests.builders import VILLAGE, household, workbook
from tests.ui.conftest import wait_until_idle, window_of_a_module
from tests.ui.keyboard import Keyboard

CHECKLIST = checklist(DEFAULT_CHECKLIST)
CHECKS = [check.code for check in CHECKLIST.checks()]
HOMES = [Household.id_of(f"{VILLAGE.code}{number:03}") for number in (1, 2, 3, 4)]
WHO = "王书记"


@pytest.fixture(scope="module")
def window(tmp_path_factory, qapp):
    def village():
        book = workbook(tmp_path_factory.mktemp("score"))
        with book.writing() as session:
            for n in range(4):
                household(session, number=n + 1)
        return book

    with window_of_a_module(village, tmp_path_factory.mktemp("state")) as made:
        yield made


@pytest.fixture
def keyboard(qtbot, window):
    return Keyboard(qtbot, window)


@pytest.fixture
def this(window):
    """A round of its own for each test."""
    n = len(list_titles(window))
    return open_round(window.workbook, VILLAGE.code, DEFAULT_CHECKLIST, f"第 {n} 轮", "月度", date(2026, 11, 3))


def list_titles(window):
    with window.workbook.reading() as session:
        return [one.title for one in list_operations(session, limit=200)]


@pytest.fixture
def page(qtbot, window, this):
    window.open("rounds", round=this)
    wait_until_idle(qtbot, window)
    Keyboard(qtbot, window).press("Ctrl+G")
    wait_until_idle(qtbot, window)
    return window.page("score_grid")


def answers(window, this, who=None):
    with window.workbook.reading() as session:
        return load_answer_grid(session, this, who or window.workbook.operator).answers


def test_digits_and_initials_fill_the_round_home_by_home(window, page, this, keyboard):
    table = page.table
    assert window.current == "score_grid"
    assert table.record_rows == HOMES
    table.set_current_cell(HOMES[0], CHECKS[0])
    assert CHECKLIST.check(CHECKS[0]).label in page.check_label.text()
    keyboard.type("1")
    keyboard.press("Return")
    keyboard.type("3")
    keyboard.press("Tab")
    keyboard.type("jbdb")
    keyboard.press("Return")
    keyboard.wait()
    keyboard.wait()
    found = answers(window, this)
    assert found[HOMES[0]] == {CHECKS[0]: "达标"}
    assert found[HOMES[1]] == {CHECKS[0]: "不达标", CHECKS[1]: "基本达标"}


def test_a_block_is_previewed_and_its_refused_cells_listed(window, page, this, keyboard):
    QGuiApplication.clipboard().setText("达标\t不达标\n1\t糟糕\n")
    page.table.set_current_cell(HOMES[0], CHECKS[0])
    keyboard.press("Ctrl+V")
    keyboard.wait()
    keyboard.wait()
    lines = [page.dialog.lines.item(n).text() for n in range(page.dialog.lines.count())]
    assert "糟糕" in lines[0]
    assert len(lines) == 4
    keyboard.press("Return")
    keyboard.wait()
    keyboard.wait()
    found = answers(window, this)
    assert found == {HOMES[0]: {CHECKS[0]: "达标", CHECKS[1]: "不达标"}, HOMES[1]: {CHECKS[0]: "达标"}}
    assert list_titles(window)[0].endswith("，2 户")  # one operation
    keyboard.press("Ctrl+Z")
    keyboard.wait()
    keyboard.wait()
    assert answers(window, this) == {}


def test_fill_down_empty_and_give_back(window, page, this, keyboard):
    table = page.table
    table.set_current_cell(HOMES[0], CHECKS[2])
    keyboard.type("2")
    keyboard.press("Return")
    keyboard.wait()
    keyboard.wait()
    table.set_current_cell(HOMES[0], CHECKS[2])
    keyboard.press("Shift+Down", "Shift+Down", "Shift+Down", "Ctrl+D")
    keyboard.wait()
    keyboard.wait()
    assert {home: given[CHECKS[2]] for home, given in answers(window, this).items()} == dict.fromkeys(HOMES, "基本达标")
    table.set_current_cell(HOMES[3], CHECKS[2])
    keyboard.press("Delete")
    keyboard.wait()
    keyboard.wait()
    assert HOMES[3] not in answers(window, this)
    keyboard.type("糟")
    keyboard.press("Return")
    keyboard.wait()
    keyboard.wait()
    table.set_current_cell(HOMES[3], CHECKS[2])
    assert "评分标准" in page.refusal_label.text()
    keyboard.press("Escape")
    assert (page.refusal_label.isVisible(), table.cell_text(HOMES[3], CHECKS[2])) == (False, "")


def test_the_day_of_a_home_that_was_seen_stays_and_a_closed_round_refuses(window, page, this, keyboard):
    me, day = window.workbook.operator, date(2026, 11, 4)
    save_inspection(window.workbook, this, HOMES[0], me, day, {CHECKS[0]: "达标"})
    keyboard.wait()
    keyboard.wait()
    page.table.set_current_cell(HOMES[0], CHECKS[1])
    keyboard.type("1")
    keyboard.press("Return")
    keyboard.wait()
    keyboard.wait()
    with window.workbook.reading() as session:
        from app.checklists.inspections import load_sheet

        assert load_sheet(session, this, HOMES[0], me).seen_on == day
    set_round_state(window.workbook, this, "归档")
    keyboard.wait()
    keyboard.wait()
    page.table.set_current_cell(HOMES[1], CHECKS[1])
    keyboard.type("1")
    keyboard.press("Return")
    keyboard.wait()
    keyboard.wait()
    assert "不能再改评分" in window.status_bar.messages[-1]
    assert HOMES[1] not in answers(window, this)
    keyboard.press("Ctrl+G")
    keyboard.wait()
    assert window.current == "rounds"


def test_the_answers_of_the_inspector_whose_name_is_typed_are_shown(window, page, this, keyboard):
    me, other = window.workbook.operator, "李队长"
    save_inspection(window.workbook, this, HOMES[0], me, date(2026, 11, 4), {CHECKS[0]: "达标"})
    save_inspection(window.workbook, this, HOMES[1], other, date(2026, 11, 4), {CHECKS[0]: "不达标"})
    keyboard.wait()
    assert [page.inspector.itemText(n) for n in range(page.inspector.count())] == [me, other]
    page.inspector.setFocus()
    keyboard.press("Ctrl+A")
    keyboard.type(other)
    keyboard.press("Tab")
    keyboard.wait()
    assert page.inspector.currentText() == other
    assert [page.table.cell_text(home, CHECKS[0]) for home in HOMES[:2]] == ["", "不达标"]
    page.table.set_current_cell(HOMES[0], CHECKS[0])
    page.table.setFocus()
    keyboard.type("2")
    keyboard.press("Return")
    keyboard.wait()
    assert answers(window, this)[HOMES[0]] == {CHECKS[0]: "达标"}
    assert answers(window, this, other) == {HOMES[0]: {CHECKS[0]: "基本达标"}, HOMES[1]: {CHECKS[0]: "不达标"}}
    page.inspector.setFocus()
    keyboard.press("Ctrl+A")
    keyboard.type(me)
    keyboard.press("Tab")


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", "达标"), ("3", "不达标"), ("0", "不适用"), ("基", "基本达标"), ("不", None), ("4", None), ("好", None)],
)
def test_what_a_text_means(text, value):
    assert answer_of(CHECKLIST, text) == value
