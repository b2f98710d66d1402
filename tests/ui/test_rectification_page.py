"""Problems of the village through their page, and of a household through its part."""

from datetime import date, timedelta

import pytest
from openpyxl import load_workbook
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from app.checklists.inspections import save_inspection
from app.checklists.rounds import DEFAULT_CHECKLIST, open_round
from app.checklists.template import checklist
from app.progress import run_to_completion
from app.rectifications.rectification import open_problem
from app.registers.engine.rows import RowQuery, load_rows, row_ids
from app.registers.rectification import REGISTER
from app.workbook.operations import undo
from db.schema.aid import Assignment, Helper
from db.schema.household import Household
from db.schema.supervision import PhoneAnswer, PhoneCheck
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


def rows_of(book, household_id):
    with book.reading() as session:
        return load_rows(session, REGISTER, row_ids(session, REGISTER, RowQuery(household_id=household_id)))


def type_into(qtbot, window, editor, name, text):
    line = editor.form.findChild(QLineEdit, name)
    line.setFocus()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)


def test_the_overdue_come_first_and_stand_alone_when_asked(qtbot, window, page, problems):
    assert page.table.visible_ids() == list(problems)
    assert page.table.cell_text(problems[0], "step") == "整改中（超期）"
    assert page.sums_label.text() == "共 2 条"
    assert page.figures_label.text() == "问题数 2　已销号 0　没有责任人 2　反弹 0　应回头看 0　超期 1"
    press_shortcut(qtbot, page, "Alt+O")
    wait_until_idle(qtbot, window)
    assert page.table.visible_ids() == [problems[0]]
    press_shortcut(qtbot, page, "Alt+O")
    page.filter_bar.step_box.setCurrentText("已办结")
    wait_until_idle(qtbot, window)
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
    assert page.table.cell_text(problems[0], "step") == "已销号"
    assert page.editor.form.findChild(QLineEdit, "closed_on") is None
    press_shortcut(qtbot, page, "Ctrl+R")
    wait_until_idle(qtbot, window)
    assert page.table.cell_text(problems[0], "step") == "整改中（超期）"
    press_shortcut(qtbot, page, "Ctrl+R")
    wait_until_idle(qtbot, window)
    assert "只有整改完成或已销号的问题" in window.status_bar.messages[-1]


def test_enter_opens_the_household_at_its_problems(qtbot, window, page, problems):
    page.table.set_current_id(problems[1])
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    household = window.page("household")
    assert (window.current, household.current_part.TITLE) == ("household", "整改")
    assert household.current_part.table.visible_ids() == [problems[1]]


def test_what_is_shown_is_exported(qtbot, window, page, problems, tmp_path):
    press_shortcut(qtbot, page, "Alt+O")
    wait_until_idle(qtbot, window)
    page.export(tmp_path / "清单.xlsx")
    wait_until_idle(qtbot, window)
    _, head, *written = load_workbook(tmp_path / "清单.xlsx").worksheets[0].iter_rows(values_only=True)
    assert len(written) == 1
    assert "院内堆放杂物" in written[0]
    assert dict(zip(head, written[0], strict=True))["进度"] == "整改中（超期）"


def test_a_problem_is_opened_and_written_in_the_households_part(qtbot, window, book):
    window.open("household", household=HOMES[2], part="rectification")
    wait_until_idle(qtbot, window)
    part = window.page("household").current_part
    press_shortcut(qtbot, part, "Alt+A")
    wait_until_idle(qtbot, window)
    assert rows_of(book, HOMES[2]) == []
    type_into(qtbot, window, part.editor, "responsible", "Wang")
    part.deadline_box.setCurrentText("7天")
    part.deadline_box.activated.emit(1)
    wait_until_idle(qtbot, window)
    assert part.editor.form.findChild(QLineEdit, "due_on").text() == f"{date.today() + timedelta(days=7)}"
    (one,) = rows_of(book, HOMES[2])
    assert (one.values["responsible"], one.values["due_on"]) == ("Wang", date.today() + timedelta(days=7))
    assert (one.values["problem"], one.values["found_on"]) == (None, date.today())


def test_a_new_problem_begins_with_its_household(qtbot, window, page, book):
    window.open("household", household=HOMES[1], part="visits")
    wait_until_idle(qtbot, window)
    window.open("rectification")
    wait_until_idle(qtbot, window)
    press_shortcut(qtbot, page, "Ctrl+N")
    wait_until_idle(qtbot, window)
    page.dialog.table.set_current_id(HOMES[2])
    page.dialog.accept()
    wait_until_idle(qtbot, window)
    assert page.editor.heading.text() == "新建：陈卫国（下屋组）"
    assert rows_of(book, HOMES[2]) == []
    type_into(qtbot, window, page.editor, "responsible", "Wang")
    (one,) = rows_of(book, HOMES[2])
    assert (one.values["responsible"], page.table.current_id()) == ("Wang", one.id)
    assert len(rows_of(book, HOMES[1])) == 1


def test_failed_points_of_the_last_round_are_ticked_and_one_is_left_out(qtbot, window, page, book):
    usual = checklist(DEFAULT_CHECKLIST)
    first, second = (item.checks[0].code for item in usual.items[:2])
    answers = {check.code: "不达标" if check.code in (first, second) else "达标" for check in usual.checks()}
    round_id = open_round(book, VILLAGE.code, DEFAULT_CHECKLIST, "九月", "月度", date.today(), None)
    save_inspection(book, round_id, HOMES[2], "王书记", date.today(), answers)
    press_shortcut(qtbot, page, "Ctrl+I")
    wait_until_idle(qtbot, window)
    listed = page.hand_over_dialog.problem_list
    assert [listed.item(n).checkState() for n in range(listed.count())] == [Qt.CheckState.Checked] * 2
    listed.item(0).setCheckState(Qt.CheckState.Unchecked)
    page.hand_over_dialog.accept()
    wait_until_idle(qtbot, window)
    (one,) = rows_of(book, HOMES[2])
    assert one.values["problem"].endswith(usual.items[1].checks[0].label)


def test_a_problem_of_the_village_is_in_no_household(qtbot, window, page, book):
    press_shortcut(qtbot, page, "Ctrl+Shift+N")
    wait_until_idle(qtbot, window)
    type_into(qtbot, window, page.editor, "responsible", "Wang")
    (one,) = [row for row in rows_of(book, "") if row.values["responsible"] == "Wang"]
    assert (one.household_id, str(one.subject)) == ("", "")


def test_a_call_with_wrong_answers_becomes_a_problem_by_a_key_and_goes_with_one_undo(qtbot, window, book):
    with book.writing() as session:
        helper = Helper(village=VILLAGE.code, name="汪明远")
        session.add(helper)
        session.flush()
        session.add(Assignment(village=VILLAGE.code, household_id=HOMES[0], helper_id=helper.id))
        for id in ("wrong", "right"):
            called_on = date(2018, 12, 7 if id == "wrong" else 8)
            session.add(
                PhoneCheck(id=id, village=VILLAGE.code, household_id=HOMES[0], called_on=called_on, unit="县扶贫办")
            )
            session.flush()
            for question, is_right in (("帮扶联系人姓名", True), ("享受的政策", id == "right")):
                answer = PhoneAnswer(village=VILLAGE.code, call_id=id, question=question, answer="低保")
                answer.is_right = is_right
                session.add(answer)
    window.open("phone_check", record="right")
    wait_until_idle(qtbot, window)
    page = window.page("phone_check")
    press_shortcut(qtbot, page, "Ctrl+M")
    wait_until_idle(qtbot, window)
    assert "没有答错的问题" in window.status_bar.messages[-1]
    page.table.set_current_id("wrong")
    wait_until_idle(qtbot, window)
    press_shortcut(qtbot, page, "Ctrl+M")
    wait_until_idle(qtbot, window)
    assert window.current == "rectification"
    [row] = rows_of(book, HOMES[0])
    assert window.page("rectification").table.current_id() == row.id
    assert row.texts["problem"] == "电话抽查没有答对：享受的政策（答：低保）"
    told = [row.texts[name] for name in ("source", "issued_by", "found_on", "due_on", "responsible")]
    assert told == ["电话抽查", "县扶贫办", "2018-12-07", "2018-12-22", "汪明远"]
    window.open("phone_check", record="wrong")
    wait_until_idle(qtbot, window)
    assert page.table.cell_text("wrong", "problems") == "1"
    press_shortcut(qtbot, page, "Ctrl+M")
    wait_until_idle(qtbot, window)
    assert "已经列入整改" in window.status_bar.messages[-1]
    run_to_completion(undo(book))
    assert rows_of(book, HOMES[0]) == []


def test_photographs_before_and_after_are_taken_in_and_shown_side_by_side(
    qtbot, window, page, problems, tmp_path, monkeypatch
):
    files = {}
    for side, color in (("before", "brown"), ("after", "white")):
        files[side] = tmp_path / f"{side}.jpg"
        Image.new("RGB", (300, 200), color).save(files[side])
    page.records.select(problems[0])
    wait_until_idle(qtbot, window)
    pair = page.photo_pair
    assert [picture.text() for picture in pair.pictures.values()] == ["没有照片", "没有照片"]
    for shortcut, side in (("Alt+1", "before"), ("Alt+2", "after")):
        monkeypatch.setattr("ui.registers.photo_pair_pane.open_file_name", lambda *_, side=side: str(files[side]))
        press_shortcut(qtbot, page, shortcut)
        wait_until_idle(qtbot, window)
    colors = [picture.pixmap().toImage().pixelColor(20, 20).lightness() for picture in pair.pictures.values()]
    assert colors[0] < 128 < 200 < colors[1]
    page.records.select(problems[1])
    wait_until_idle(qtbot, window)
    assert [picture.text() for picture in pair.pictures.values()] == ["没有照片", "没有照片"]
