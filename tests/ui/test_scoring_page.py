"""Scoring homes by keyboard, on the real window and a real workbook."""

import tempfile
from datetime import date

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from sqlalchemy import select

from app.checklists.inspections import load_sheet, save_inspection
from app.checklists.results import round_results
from app.checklists.rounds import DEFAULT_CHECKLIST, open_round, set_round_state
from app.checklists.template import checklist
from app.workbook.access import unlock
from app.workbook.change_source import changes_from
from db.schema.household import Household
from db.schema.inspection import Inspection
from db.schema.photo import Photo
from tests.builders import PASSPHRASE, VILLAGE
from tests.ui.conftest import wait_until_idle

CHECKS = [check.code for check in checklist(DEFAULT_CHECKLIST).checks()]
HOMES = [Household.id_of(f"{VILLAGE.code}{number:03}") for number in (1, 2, 3)]
DAY = date(2026, 11, 3)
CTRL = Qt.KeyboardModifier.ControlModifier


def create_round(book, title="2026年11月四净两规范", started=DAY):
    return open_round(book, VILLAGE.code, DEFAULT_CHECKLIST, title, "月度", started)


@pytest.fixture
def this(book):
    return create_round(book)


@pytest.fixture
def page(qtbot, window, this):
    """The page on the first home of the round, ready for keys."""
    return open_page(qtbot, window, this)


def open_page(qtbot, window, round_id, **about):
    window.open("scoring", round=round_id, **about)
    wait_for_idle(qtbot, window)
    return window.page("scoring")


def wait_for_idle(qtbot, window):
    """Reading the round starts reading the home, and an answer may wait for the save before it."""
    for _ in range(3):
        wait_until_idle(qtbot, window)


def press(page, keys, modifiers=Qt.KeyboardModifier.NoModifier):
    """Keys into whatever has the focus; letters and digits by name, others by their Qt key."""
    for key in keys if isinstance(keys, list | str) else [keys]:
        target = QGuiApplication.focusObject() or page.sheet
        QTest.keyClick(target, key, modifiers)


def saved_sheet(book, round_id, household_id, inspector="王书记"):
    with book.reading() as session:
        return load_sheet(session, round_id, household_id, inspector)


def result(book, round_id, household_id):
    with book.reading() as session:
        return next(one for one in round_results(session, round_id) if one.household.household_id == household_id)


def test_a_home_where_all_is_well_takes_two_keys(qtbot, window, book, this, page):
    assert page.header.name_label.text() == "陈卫国"
    press(page, "w")
    press(page, Qt.Key.Key_Return, CTRL)
    wait_for_idle(qtbot, window)
    assert result(book, this, HOMES[0]).points == 100
    assert page.header.progress_label.text() == "第 2 户，共 3 户　还剩 2 户未评"
    assert page.score_sheet.answers == {}


def test_a_home_with_three_faults_takes_less_than_twenty_keys(qtbot, window, book, this, page):
    keys = [
        Qt.Key.Key_Down,
        "3",  # J1.2 不达标
        Qt.Key.Key_Right,
        Qt.Key.Key_Right,
        Qt.Key.Key_Down,
        "2",  # J3.2 基本达标
        Qt.Key.Key_Right,
        Qt.Key.Key_Right,
        Qt.Key.Key_Right,
        Qt.Key.Key_Down,
        Qt.Key.Key_Down,
        "0",  # G2.3 不适用
        "w",
    ]
    press(page, keys)
    press(page, Qt.Key.Key_Return, CTRL)
    wait_for_idle(qtbot, window)
    assert len(keys) + 1 < 20
    answers = dict(saved_sheet(book, this, HOMES[0]).answers)
    assert {code: value for code, value in answers.items() if value != "达标"} == {
        "J1.2": "不达标",
        "J3.2": "基本达标",
        "G2.3": "不适用",
    }
    assert len(answers) == len(CHECKS)


def test_every_answer_is_in_the_workbook_as_soon_as_its_key_was_pressed(qtbot, window, book, this, page):
    for index, key in enumerate("1230"):
        press(page, key)
        wait_for_idle(qtbot, window)
        assert len(saved_sheet(book, this, HOMES[0]).answers) == index + 1
    assert dict(saved_sheet(book, this, HOMES[0]).answers) == dict(
        zip(CHECKS, ("达标", "基本达标", "不达标", "不适用"), strict=False)
    )
    assert page.score_sheet.current == CHECKS[4]
    assert page.summary.state_label.text() == "每项评分都已保存"


def test_total_grade_and_hard_fails_are_shown_at_once(page):
    press(page, "w")
    assert page.summary.total_label.text() == "100.0"
    assert page.summary.grade_label.text() == "优秀　达标"
    assert not page.summary.hard_fails_label.isVisible()
    page.score_sheet.set_current("J3.1")
    press(page, "3")
    assert page.summary.total_label.text() == "96.8"
    assert "没有可用的厕所" in page.summary.hard_fails_label.text()
    assert page.summary.hard_fails_label.isVisible()
    assert page.score_sheet.headers["J3"].points.text() == "12.8 / 16 分"


def test_the_rest_of_an_item_is_well(page):
    press(page, "3")
    press(page, "a")
    assert dict(page.score_sheet.answers) == {"J1.1": "不达标"} | {f"J1.{n}": "达标" for n in range(2, 7)}
    assert page.score_sheet.current == "J2.1"
    press(page, [Qt.Key.Key_Left, Qt.Key.Key_Delete])
    assert "J1.1" not in page.score_sheet.answers


def test_keys_move_through_the_sheet(page):
    press(page, [Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Up])
    assert page.score_sheet.current == "J1.2"
    press(page, [Qt.Key.Key_End, Qt.Key.Key_Down])
    assert page.score_sheet.current == "G2.5"
    press(page, Qt.Key.Key_Left)
    assert page.score_sheet.current == "G1.1"
    press(page, [Qt.Key.Key_Home, Qt.Key.Key_Up, Qt.Key.Key_Left])
    assert page.score_sheet.current == "J1.1"


def test_a_click_answers_and_keys_go_on_from_there(page):
    button = page.score_sheet.rows["J2.3"].buttons["不达标"]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert page.score_sheet.answers == {"J2.3": "不达标"}
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert page.score_sheet.answers == {"J2.3": "不达标"}
    assert button.isChecked()
    press(page, Qt.Key.Key_Down)
    assert page.score_sheet.current == "J2.4"


def test_an_unfinished_home_is_asked_about_once_and_then_left_as_it_is(qtbot, window, book, this, page):
    press(page, "3")
    press(page, Qt.Key.Key_Down)
    press(page, Qt.Key.Key_Return, CTRL)
    assert "还有 31 个要点未评" in window.status_bar.messages[-1]
    assert page.score_sheet.current == "J1.2"
    press(page, Qt.Key.Key_Return, CTRL)
    wait_for_idle(qtbot, window)
    assert page.header.progress_label.text().startswith("第 2 户")
    assert result(book, this, HOMES[0]).in_progress


def test_the_last_home_says_that_the_round_is_done(qtbot, window, book, this, page):
    for _ in HOMES:
        press(page, "w")
        press(page, Qt.Key.Key_Return, CTRL)
        wait_for_idle(qtbot, window)
    assert window.status_bar.messages[-1].startswith("其他各户都已评完。")
    assert all(result(book, this, household_id).finished for household_id in HOMES)


def test_from_home_to_home_in_walking_order(qtbot, window, page):
    press(page, Qt.Key.Key_Down, CTRL)
    press(page, Qt.Key.Key_Down, CTRL)
    press(page, Qt.Key.Key_Down, CTRL)
    wait_for_idle(qtbot, window)
    assert page.header.progress_label.text().startswith("第 3 户")
    press(page, Qt.Key.Key_Up, CTRL)
    wait_for_idle(qtbot, window)
    assert page.header.progress_label.text().startswith("第 2 户")


def test_fast_fingers_write_into_the_right_homes(qtbot, window, book, this, page):
    for digit in "123":  # no event is waited for between the keys
        press(page, digit)
        press(page, "w")
        press(page, Qt.Key.Key_Return, CTRL)
        qtbot.waitUntil(
            lambda: not page.score_sheet.is_holding or page.header.progress_label.text().startswith("第 3"),
        )
    wait_for_idle(qtbot, window)
    assert [saved_sheet(book, this, household_id).answers["J1.1"] for household_id in HOMES] == [
        "达标",
        "基本达标",
        "不达标",
    ]


def test_keys_pressed_while_a_home_is_read_wait_for_it(qtbot, window, book, this, page):
    press(page, Qt.Key.Key_Down, CTRL)
    assert page.score_sheet.is_holding
    QTest.keyClick(page.score_sheet, "3")
    QTest.keyClick(page.score_sheet, "w")
    wait_for_idle(qtbot, window)
    assert not saved_sheet(book, this, HOMES[0]).answers
    assert saved_sheet(book, this, HOMES[1]).answers["J1.1"] == "不达标"
    assert len(saved_sheet(book, this, HOMES[1]).answers) == len(CHECKS)


def test_going_back_shows_what_is_still_being_saved(qtbot, window, book, this, page):
    press(page, "3")
    press(page, Qt.Key.Key_Down, CTRL)
    press(page, Qt.Key.Key_Up, CTRL)
    wait_for_idle(qtbot, window)
    assert page.score_sheet.answers == {"J1.1": "不达标"}
    assert page.score_sheet.rows["J1.1"].buttons["不达标"].isChecked()


def test_notes_of_a_check_point_and_of_the_home(qtbot, window, book, this, page):
    press(page, "n")
    assert page.note_fields.check_edit.hasFocus()
    QTest.keyClicks(page.note_fields.check_edit, "w3 bricks")
    press(page, Qt.Key.Key_Return)
    assert page.score_sheet.hasFocus()
    press(page, "m")
    QTest.keyClicks(page.note_fields.household_edit, "alone")
    press(page, Qt.Key.Key_Escape)
    assert page.score_sheet.hasFocus()
    press(page, "3")
    wait_for_idle(qtbot, window)
    stored = saved_sheet(book, this, HOMES[0])
    assert (dict(stored.notes), stored.note) == ({"J1.1": "w3 bricks"}, "alone")
    assert dict(stored.answers) == {"J1.1": "不达标"}
    assert page.note_fields.check_edit.text() == "w3 bricks"  # the cursor stays at a fault
    assert page.score_sheet.rows["J1.1"].attachments_label.text() == "注"
    press(page, Qt.Key.Key_Down, CTRL)
    wait_for_idle(qtbot, window)
    assert page.note_fields.household_edit.text() == ""
    press(page, Qt.Key.Key_Up, CTRL)
    wait_for_idle(qtbot, window)
    page.score_sheet.set_current("J1.1")
    assert (page.note_fields.check_edit.text(), page.note_fields.household_edit.text()) == ("w3 bricks", "alone")


def test_after_a_fault_the_cursor_stays_so_that_note_and_photograph_belong_to_it(qtbot, window, book, this, page):
    press(page, "13")
    assert page.score_sheet.current == "J1.2"
    press(page, "n")
    qtbot.keyClicks(QGuiApplication.focusObject(), "laji")
    press(page, Qt.Key.Key_Return)
    wait_for_idle(qtbot, window)
    assert dict(saved_sheet(book, this, HOMES[0]).notes) == {"J1.2": "laji"}
    assert page.score_sheet.current == "J1.2"
    press(page, "31")  # the next digit is about the next check point
    wait_for_idle(qtbot, window)
    assert dict(saved_sheet(book, this, HOMES[0]).answers) == {
        "J1.1": "达标",
        "J1.2": "不达标",
        "J1.3": "不达标",
        "J1.4": "达标",
    }
    press(page, [Qt.Key.Key_Up, Qt.Key.Key_Up, "2"])  # where one went by oneself, a digit is about that one
    assert page.score_sheet.answers["J1.3"] == "基本达标"


def test_another_inspector_has_a_sheet_of_their_own(qtbot, window, book, this, page):
    press(page, "w")
    page.header.inspector_box.lineEdit().setFocus()
    page.header.inspector_box.lineEdit().selectAll()
    page.header.inspector_box.lineEdit().insert("李主任")
    press(page, Qt.Key.Key_Return)
    wait_for_idle(qtbot, window)
    assert page.score_sheet.answers == {}
    assert "王书记" in page.summary.others_label.text()
    page.score_sheet.setFocus()
    press(page, "2")
    press(page, Qt.Key.Key_Down, CTRL)
    wait_for_idle(qtbot, window)
    assert page.header.inspector == "李主任"
    assert dict(saved_sheet(book, this, HOMES[0], "李主任").answers) == {"J1.1": "基本达标"}
    assert len(saved_sheet(book, this, HOMES[0]).answers) == len(CHECKS)


def test_the_day_is_kept_from_home_to_home_and_written_down(qtbot, window, book, this, page):
    page.header.date_edit.setDate(date(2026, 11, 5))
    press(page, "1")
    press(page, Qt.Key.Key_Down, CTRL)
    wait_for_idle(qtbot, window)
    press(page, "1")
    wait_for_idle(qtbot, window)
    assert [saved_sheet(book, this, household_id).seen_on for household_id in HOMES[:2]] == [date(2026, 11, 5)] * 2
    page.header.date_edit.setDate(date(2026, 11, 6))
    wait_for_idle(qtbot, window)
    assert saved_sheet(book, this, HOMES[1]).seen_on == date(2026, 11, 6)


def test_what_failed_last_time_is_marked(qtbot, window, book):
    old = create_round(book, "2026年10月", date(2026, 10, 3))
    answers = dict.fromkeys(CHECKS, "达标") | {"J2.2": "不达标"}
    save_inspection(book, old, HOMES[0], "李主任", date(2026, 10, 4), answers)
    page = open_page(qtbot, window, create_round(book))
    assert page.score_sheet.rows["J2.2"].failed_before_label.isVisible()
    assert not page.score_sheet.rows["J2.1"].failed_before_label.isVisible()
    assert page.summary.before_label.text() == "上轮（2026年10月）\n96.8 分　优秀\n当时待整改：屋后净"
    press(page, Qt.Key.Key_Down, CTRL)
    wait_for_idle(qtbot, window)
    assert page.summary.before_label.text() == "上轮：没有检查过"


def test_who_comes_back_to_the_sheet_goes_on_with_its_keys(qtbot, window, book):
    number = create_round(book)
    page = open_page(qtbot, window, number)
    window.open("household", household=HOMES[1])
    wait_for_idle(qtbot, window)
    window._navigation.setFocus()
    open_page(qtbot, window, number)
    press(page, Qt.Key.Key_1)
    assert page.score_sheet.answers == {"J1.1": "达标"}


def test_a_copied_picture_and_a_copied_file_hang_on_the_check_point(
    qtbot, window, book, this, page, tmp_path, monkeypatch
):
    picture = QImage(60, 40, QImage.Format.Format_RGB32)
    picture.fill(QColor("green"))
    QGuiApplication.clipboard().setImage(picture)
    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(tmp_path / "没有的文件夹"))  # nothing may go through a file in clear
        press(page, Qt.Key.Key_V, CTRL)
        wait_for_idle(qtbot, window)
    assert page.score_sheet.rows["J1.1"].attachments_label.text() == "图1"
    picture.fill(QColor("red"))
    picture.save(str(tmp_path / "后院.png"))
    copied = QMimeData()
    copied.setUrls([QUrl.fromLocalFile(str(tmp_path / "后院.png"))])
    QGuiApplication.clipboard().setMimeData(copied)
    press(page, Qt.Key.Key_V, CTRL)
    wait_for_idle(qtbot, window)
    assert page.score_sheet.rows["J1.1"].attachments_label.text() == "图2"
    with book.reading() as session:
        photos = session.scalars(select(Photo)).all()
        inspection = session.scalar(select(Inspection))
    assert {(photo.inspection_id, photo.check, photo.household_id) for photo in photos} == {
        (inspection.id, "J1.1", HOMES[0])
    }
    assert photos[0].photographer == "王书记"
    QGuiApplication.clipboard().setText("不是照片")
    press(page, Qt.Key.Key_V, CTRL)
    assert "剪贴板里没有照片" in window.status_bar.messages[-1]


def test_every_kind_of_picture_that_is_read_can_be_chosen(window, page, tmp_path, monkeypatch):
    offered = []
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *args: (offered.append(args[3]), ([], ""))[1])
    press(page, Qt.Key.Key_P)
    assert offered == ["照片 (*.jpg *.jpeg *.png *.heic *.heif *.webp *.bmp)"]


def test_a_settled_round_is_only_looked_at(qtbot, window, book, this):
    save_inspection(book, this, HOMES[0], "王书记", DAY, {"J1.1": "不达标"})
    set_round_state(book, this, "公示")
    page = open_page(qtbot, window, this, household=HOMES[0])
    press(page, "1w")
    wait_for_idle(qtbot, window)
    assert page.score_sheet.answers == {"J1.1": "不达标"}
    assert "只能查看" in page.summary.state_label.text()
    assert dict(saved_sheet(book, this, HOMES[0]).answers) == {"J1.1": "不达标"}


def test_a_settled_round_shows_what_another_inspector_wrote(qtbot, window, book, this):
    save_inspection(book, this, HOMES[1], "李主任", DAY, {"J1.1": "不达标"})
    set_round_state(book, this, "归档")
    page = open_page(qtbot, window, this, household=HOMES[1])
    assert page.score_sheet.answers == {"J1.1": "不达标"}
    assert "李主任的评分" in page.summary.state_label.text()
    assert page.header.inspector == "王书记"


def test_an_answer_that_could_not_be_saved_is_saved_with_the_next(qtbot, window, book, this, page):
    with changes_from(type(page)):  # so that the page does not look at it, as in the moment before it is told
        set_round_state(book, this, "会议审定")
    press(page, "3")
    wait_for_idle(qtbot, window)
    assert "不能再改评分" in window.status_bar.messages[-1]
    assert "没有存上" in page.summary.state_label.text()
    with changes_from(type(page)):
        set_round_state(book, this, "入户")
    press(page, "2")
    wait_for_idle(qtbot, window)
    assert dict(saved_sheet(book, this, HOMES[0]).answers) == {"J1.1": "不达标", "J1.2": "基本达标"}
    assert page.summary.state_label.text() == "每项评分都已保存"


def test_what_somebody_else_writes_is_shown(qtbot, window, book, this, page):
    page.score_sheet.set_current("J3.3")
    save_inspection(book, this, HOMES[0], "王书记", DAY, {"J1.1": "不达标"})
    wait_for_idle(qtbot, window)
    assert page.score_sheet.answers == {"J1.1": "不达标"}
    assert page.score_sheet.current == "J3.3"


def test_a_home_is_cleared_and_taken_back(qtbot, window, book, this, page):
    press(page, "w")
    wait_for_idle(qtbot, window)
    press(page, Qt.Key.Key_Delete, CTRL)
    wait_for_idle(qtbot, window)
    assert page.score_sheet.answers == {}
    assert not result(book, this, HOMES[0]).inspector_results
    press(page, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: len(page.score_sheet.answers) == len(CHECKS))
    assert result(book, this, HOMES[0]).finished


def test_closing_the_window_at_once_loses_no_answer(qtbot, window, book, this, page):
    press(page, "3123")
    press(page, "n")
    QTest.keyClicks(page.note_fields.check_edit, "half")
    window.close()
    again = unlock(book.path, PASSPHRASE)
    stored = saved_sheet(again, this, HOMES[0])
    again.close()
    assert list(stored.answers.values()) == ["不达标", "达标", "基本达标", "不达标"]
    assert dict(stored.notes) == {"J1.4": "half"}


def test_the_sheet_fits_a_small_screen_and_every_action_has_a_key(page):
    assert page.score_sheet.verticalScrollBar().maximum() == 0
    assert page.score_sheet.horizontalScrollBar().maximum() == 0
    assert all(not action.shortcut().isEmpty() for action in page.visible_actions())
    assert "Ctrl+回车" in page.summary.keys_label.text()
    assert all(row.label.width() >= 150 for row in page.score_sheet.rows.values())


def test_other_checklists_have_keys_of_their_own(qtbot, window, book):
    housing = open_round(book, VILLAGE.code, "two_assurances", "两不愁", "年度", DAY)
    page = open_page(qtbot, window, housing)
    first = page.score_sheet.current
    press(page, "2")
    assert page.score_sheet.answers == {first: "不达标"}
    press(page, "3")
    assert len(page.score_sheet.answers) == 1
    assert "2 不达标" in page.summary.keys_label.text()
