"""Conflicts side by side, settled by keyboard."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton

from app.list_views.rows import view_ids, view_texts
from app.list_views.stored_form import decode_for_printing
from app.reports.all_lists import viewed_list
from app.sync import conflicts
from db.schema.household import Household
from tests.app.sync.peers import edit_record, exchange_cards, read_cell, send
from tests.builders import VILLAGE, workbook
from tests.ui.conftest import wait_until_idle
from tests.ui.keyboard import compose, keys, press_in, press_shortcut
from tests.ui.test_computed_lists import open_dialog
from ui.shell.theme import tokens
from ui.shell.tool_bar import PageBar
from ui.sync.text_diff import highlight_additions

HOME = Household.id_of(f"{VILLAGE.code}001")
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def book(pair):
    return pair[0]


@pytest.fixture
def other(pair):
    return pair[1]


@pytest.fixture
def page(qtbot, window, book, other):
    """Three conflicts: a note, a telephone number, a date."""
    edit_record(book, HOME, note="甲写的", phone="13800000001", fill_date=date(2018, 8, 1))
    edit_record(other, HOME, note="乙写的", phone="13800000002", fill_date=date(2018, 8, 2))
    send(other, book)
    window.open("conflicts")
    wait_until_idle(qtbot, window)
    return window.page("conflicts")


def text_of(page, name):
    return page.findChildren(QLabel, name)[-1].accessibleName()


def test_words_that_none_has_do_not_say_that_there_are_no_conflicts(qtbot, window, page):
    page.filter_line.search.setText("无此人")
    wait_until_idle(qtbot, window)
    assert page.table.visible_ids() == []
    assert page.table.placeholder.startswith("没有符合条件的：查找“无此人”。\n按 Ctrl+Shift+F")
    press_shortcut(qtbot, page, "Ctrl+Shift+F")
    wait_until_idle(qtbot, window)
    assert len(page.table.visible_ids()) == 3


def test_both_values_with_who_and_where(qtbot, window, page):
    assert len(page.table.visible_ids()) == 3
    page.table.set_current_id(f"household:{HOME}:note")
    wait_until_idle(qtbot, window)
    assert page.heading.text() == "陈卫国（下屋组）　基本信息　备注"
    assert text_of(page, "value1").endswith("甲写的")
    assert text_of(page, "value2").endswith("乙写的")
    text = " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())
    for word in ("王书记", "李队员", "写在：本机", "写在：石桥村 李队员", "改之前：（空）"):
        assert word in text


@pytest.mark.parametrize(("key", "kept"), [(Qt.Key.Key_1, "甲写的"), (Qt.Key.Key_2, "乙写的")])
def test_left_or_right_by_key(qtbot, window, page, book, key, kept):
    page.table.set_current_id(f"household:{HOME}:note")
    qtbot.keyClick(page.table, key)
    wait_until_idle(qtbot, window)
    assert read_cell(book, HOME, "note") == kept
    assert len(page.table.visible_ids()) == 2
    assert "还有 2 处" in window.status_bar.messages[-1]


def test_all_of_them_one_after_the_other(qtbot, window, page, book):
    for _ in range(3):
        qtbot.keyClick(page.table, Qt.Key.Key_2)
        wait_until_idle(qtbot, window)
    assert conflicts.list_conflicts(book) == ()
    assert (read_cell(book, HOME, "note"), read_cell(book, HOME, "fill_date")) == ("乙写的", date(2018, 8, 2))
    assert "都处理完了" in window.status_bar.messages[-1]
    assert page.heading.text() == ""
    qtbot.keyClick(page.table, Qt.Key.Key_1)
    wait_until_idle(qtbot, window)
    assert read_cell(book, HOME, "note") == "乙写的"


def test_a_third_value_is_typed(qtbot, window, page, book):
    page.table.set_current_id(f"household:{HOME}:phone")
    qtbot.keyClick(page.table, Qt.Key.Key_T)
    line = page.custom_control.focusProxy()
    assert line.hasFocus()
    qtbot.keyClicks(line, "13812345678")
    qtbot.keyClick(line, Qt.Key.Key_Return, CTRL)
    wait_until_idle(qtbot, window)
    assert read_cell(book, HOME, "phone") == "13812345678"
    assert len(conflicts.list_conflicts(book)) == 2


def test_a_wrong_third_value_is_refused_and_nothing_is_lost(qtbot, window, page, book):
    page.table.set_current_id(f"household:{HOME}:fill_date")
    line = page.custom_control.focusProxy()
    line.insert("昨天")
    page.save_custom()
    wait_until_idle(qtbot, window)
    assert "填表时间" in window.status_bar.messages[-1]
    assert line.text() == "昨天"
    assert len(conflicts.list_conflicts(book)) == 3


def test_an_empty_third_value_is_asked_for(qtbot, window, page, book):
    page.table.set_current_id(f"household:{HOME}:note")
    page.save_custom()
    wait_until_idle(qtbot, window)
    assert "请先填写“备注”" in window.status_bar.messages[-1]
    assert len(conflicts.list_conflicts(book)) == 3


def test_buttons_do_what_the_keys_do(qtbot, window, page, book):
    page.table.set_current_id(f"household:{HOME}:note")
    wait_until_idle(qtbot, window)
    [take] = [button for button in page.findChildren(QPushButton, "take2") if button.isVisible()]
    take.click()
    wait_until_idle(qtbot, window)
    assert read_cell(book, HOME, "note") == "乙写的"


def test_steps(qtbot, page):
    ids = page.table.visible_ids()
    assert page.table.current_id() == ids[0]
    qtbot.keyClick(page.table, Qt.Key.Key_Down, CTRL)
    assert page.table.current_id() == ids[1]
    qtbot.keyClick(page.table, Qt.Key.Key_Up, CTRL)
    assert page.table.current_id() == ids[0]


def test_three_values_have_three_keys(qtbot, window, page, book, other, tmp_path):
    (tmp_path / "third").mkdir()
    third = workbook(tmp_path / "third", operator="赵队员")
    exchange_cards(book, third)
    send(book, third)
    edit_record(other, HOME, group_name="上屋组")
    edit_record(third, HOME, group_name="中屋组")
    edit_record(book, HOME, group_name="新屋组")
    send(other, book)
    send(third, book)
    wait_until_idle(qtbot, window)
    third.close()
    assert page.table.set_current_id(f"household:{HOME}:group_name")
    wait_until_idle(qtbot, window)
    assert text_of(page, "value3").startswith("第 3 个值")
    visible_texts = text_of(page, "value3").split("：")[1]
    qtbot.keyClick(page.table, Qt.Key.Key_3)
    wait_until_idle(qtbot, window)
    assert read_cell(book, HOME, "group_name") == visible_texts


def test_a_households_conflicts_stand_together_under_its_name(page):
    names = [page.table.cell_text(one, "household") for one in page.table.visible_ids()]
    assert names == ["陈卫国（下屋组）　3 处", "", ""]


def test_values_are_offered_by_whose_they_are(qtbot, window, page):
    visible_texts = [action.text() for action in page.visible_actions() if action.isVisible()]
    assert visible_texts[:3] == ["采用“本机”的内容", "采用“石桥村 李队员”的内容", "另行填写"]
    bar = window.findChild(PageBar)
    buttons = [button.text() for button in bar.findChildren(QToolButton) if button.isVisible()]
    assert buttons[:3] == visible_texts[:3]


@pytest.mark.parametrize(("key", "note", "day"), [(1, "甲写的", 1), (2, "乙写的", 2)])
def test_one_side_for_the_whole_household(qtbot, window, page, book, key, note, day):
    qtbot.keyClick(page.table, Qt.Key.Key_A)
    assert page.dialog.isVisible()
    page.dialog.findChild(QPushButton, f"takeAll{key}").click()
    wait_until_idle(qtbot, window)
    assert conflicts.list_conflicts(book) == ()
    assert (read_cell(book, HOME, "note"), read_cell(book, HOME, "fill_date")) == (note, date(2018, 8, day))
    assert "3 处" in window.status_bar.messages[-1]


def test_what_was_settled_elsewhere_is_told(qtbot, window, page, book, other):
    send(book, other)
    for one in conflicts.list_conflicts(other):
        conflicts.resolve(other, one, "ours")
    send(other, book)
    wait_until_idle(qtbot, window)
    assert page.table.visible_ids() == []
    assert "暂无冲突" in page.table.placeholder


def test_names_from_outside_are_not_markup(qtbot, window, page, book, other):
    edit_record(book, HOME, address="<b>甲</b>")
    edit_record(other, HOME, address="<img src=x>乙")
    send(other, book)
    wait_until_idle(qtbot, window)
    page.table.set_current_id(f"household:{HOME}:address")
    visible_texts = page.findChildren(QLabel, "value2")[-1].text()
    assert "<img" not in visible_texts
    assert "&lt;" in visible_texts


def test_differences_are_marked():
    assert highlight_additions("三间土房", "三间砖房") == f'三间<b style="background:{tokens().warn_soft}">土</b>房'
    assert highlight_additions("一\n二", "") == "一<br>二"
    assert highlight_additions("<", "<") == "&lt;"


def test_a_settled_conflict_that_is_undone_stands_on_the_page_again_with_who_wrote_what(qtbot, window, page, book):
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    [disputed] = [one for one in conflicts.list_conflicts(book) if one.column == "note"]
    page.table.set_current_id(disputed.id)
    qtbot.keyClick(page.table, Qt.Key.Key_2)
    wait_until_idle(qtbot, window)
    assert disputed.id not in page.table.visible_ids()
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    wait_until_idle(qtbot, window)
    assert len(page.table.visible_ids()) == 3
    [reopened] = [one for one in conflicts.list_conflicts(book) if one.column == "note"]
    assert reopened.sides == disputed.sides
    qtbot.keyClick(window, Qt.Key.Key_Y, CTRL)
    wait_until_idle(qtbot, window)
    assert disputed.id not in page.table.visible_ids()
    assert read_cell(book, HOME, "note") == "乙写的"


def test_conflicts_are_searched_filtered_sorted_and_printed_as_a_list(qtbot, window, page, book):
    note, phone = (f"household:{HOME}:{name}" for name in ("note", "phone"))
    page.filter_line.search.setText("甲写的")
    assert page.table.visible_ids() == [note]
    assert page.heading.text().endswith("备注")
    page.filter_line.clear()
    dialog = open_dialog(qtbot, page)
    keys("xm", Qt.Key.Key_Tab)  # 项目
    keys("", Qt.Key.Key_Down, Qt.Key.Key_Tab)  # 不是
    compose(dialog.rows[0].values.controls[0], "填表时间")
    press_in(qtbot, dialog, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    assert page.view_bar.chips.texts() == ["项目 不是 填表时间"]
    assert set(page.table.visible_ids()) == {note, phone}
    assert page.table.cell_text(note, "household") == page.table.cell_text(phone, "household") == "陈卫国（下屋组）"
    assert page.table.cell_text(phone, "ours") == "138****0001"
    assert page.count.text() == "列出 2 处，共 3 处"
    page.table.set_current_id(note)
    press_shortcut(qtbot, page, "2")
    wait_until_idle(qtbot, window)
    assert read_cell(book, HOME, "note") == "乙写的"
    assert page.table.visible_ids() == [phone]
    press_shortcut(qtbot, page, "Ctrl+T")
    wait_until_idle(qtbot, window)
    [parameters] = window.page("printing").collect_parameters()
    key, _, view = decode_for_printing(parameters.view)
    with book.reading() as session:
        source = viewed_list(key).opened(session)
        ids = view_ids(session, source, view)
        fields = [source.field("ours"), source.field("theirs"), source.field("household.household_no")]
        texts = view_texts(session, source, ids, fields)
    assert ids == [phone]
    assert texts[phone] == {
        "ours": "138****0001", "theirs": "138****0002", "household.household_no": f"{VILLAGE.code}001",
    }  # fmt: skip
