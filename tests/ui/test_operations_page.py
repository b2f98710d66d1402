"""操作记录, 已撤回, and Ctrl+Z and Ctrl+Y over the whole window."""

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton
from sqlalchemy import select, update

from app.records.draft import open_draft, save_draft, withdraw
from db.schema.aid import Visit
from db.schema.household import Household, Member
from tests.builders import VILLAGE
from tests.ui.conftest import wait_until_idle
from ui.shell.shortcut_text import display_text
from ui.widgets.question import QuestionDialog

CTRL = Qt.KeyboardModifier.ControlModifier
ID = Household.id_of(f"{VILLAGE.code}001")


def save(book, **values):
    with book.reading() as session:
        draft = open_draft(session, "household", ID)
    save_draft(book, draft.with_values(**values))


def cell(book, column):
    with book.reading() as session:
        return session.scalar(select(getattr(Household, column)).where(Household.id == ID))


def button(window, name):
    return window.status_bar.findChild(QPushButton, name)


@pytest.fixture
def active(qtbot, window):
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    wait_until_idle(qtbot, window)
    return window


def shown(qtbot, window, name):
    window.open(name)
    wait_until_idle(qtbot, window)
    return window.page(name)


def test_undo_and_redo_by_name_on_any_page(qtbot, active, book):
    save(book, phone="13800000001")
    save(book, note="新")
    wait_until_idle(qtbot, active)
    assert button(active, "undo").text() == "撤销：修改户：备注"
    assert button(active, "undo").toolTip() == "撤销：修改户：备注（Ctrl+Z）"
    assert not button(active, "redo").isVisible()
    qtbot.keyClick(active, Qt.Key.Key_Z, CTRL)
    qtbot.keyClick(active, Qt.Key.Key_Z, CTRL)
    wait_until_idle(qtbot, active)
    assert (cell(book, "phone"), cell(book, "note")) == (None, None)
    assert active.status_bar.messages[-2:] == ["已撤销：修改户：备注", "已撤销：修改户：联系电话"]
    assert button(active, "redo").text() == "重做：修改户：联系电话"
    qtbot.keyClick(active, Qt.Key.Key_Y, CTRL)
    button(active, "redo").click()
    wait_until_idle(qtbot, active)
    assert (cell(book, "phone"), cell(book, "note")) == ("13800000001", "新")
    assert not button(active, "redo").isVisible()
    qtbot.keyClick(active, Qt.Key.Key_Y, CTRL)
    wait_until_idle(qtbot, active)
    assert active.status_bar.messages[-1] == "没有可以重做的操作。"


def test_exports_are_listed_with_their_reason_and_cannot_be_taken_back(qtbot, active, book):
    book.audit("导出人口（完整号码，事由：镇民政办核对）", 12)
    page = shown(qtbot, active, "operations")
    page.kind_box.setCurrentText("导出、打印和看全号码")
    wait_until_idle(qtbot, active)
    line = page.table.current_id()
    assert (page.table.cell_text(line, "title"), page.table.cell_text(line, "records")) == (
        "导出人口（完整号码，事由：镇民政办核对）", "12",
    )  # fmt: skip
    assert not page.visible_actions()[0].isEnabled()
    page.search_line.setText("四净")
    page.kind_box.setCurrentIndex(page.kind_box.count() - 1)
    qtbot.waitUntil(lambda: page.table.visible_ids() == [])


def test_a_field_keeps_its_own_undo_only_while_it_holds_unsaved_typing(qtbot, active, book):
    active.open("household", household=ID)
    wait_until_idle(qtbot, active)
    line = active.page("household").findChild(QLineEdit, "phone")
    line.setFocus()
    qtbot.keyClicks(line, "13800000001")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    wait_until_idle(qtbot, active)
    assert cell(book, "phone") == "13800000001"
    qtbot.keyClicks(line, "5")
    qtbot.keyClick(line, Qt.Key.Key_Z, CTRL)
    wait_until_idle(qtbot, active)
    assert (line.text(), cell(book, "phone")) == ("13800000001", "13800000001")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.keyClick(line, Qt.Key.Key_Z, CTRL)
    wait_until_idle(qtbot, active)
    assert (line.text(), cell(book, "phone")) == ("", None)


def test_the_list_tells_what_was_done_and_takes_it_back(qtbot, window, book):
    save(book, phone="13800000001")
    save(book, note="新")
    page = shown(qtbot, window, "operations")
    assert [page.table.cell_text(n, "title") for n in page.table.visible_ids()[:2]] == [
        "修改户：备注",
        "修改户：联系电话",
    ]
    second = page.table.visible_ids()[1]
    page.table.set_current_id(second)
    wait_until_idle(qtbot, window)
    assert page.table.cell_text(second, "households") == "陈卫国（下屋组）"
    [line] = page.cell_table.visible_ids()
    assert [page.cell_table.cell_text(line, key) for key in ("label", "before", "after")] == [
        "联系电话",
        "",
        "138****0001",
    ]
    [take_back, *_] = page.visible_actions()
    take_back.trigger()
    wait_until_idle(qtbot, window)
    assert cell(book, "phone") is None
    assert page.table.cell_text(second, "state") == "已撤销"
    page.table.set_current_id(second)
    assert take_back.text() == "重做这一项"
    take_back.trigger()
    wait_until_idle(qtbot, window)
    assert cell(book, "phone") == "13800000001"


def test_what_stands_in_the_way_is_said(qtbot, window, book):
    save(book, phone="13800000001")
    save(book, phone="13800000002")
    page = shown(qtbot, window, "operations")
    page.table.set_current_id(page.table.visible_ids()[1])
    page.visible_actions()[0].trigger()
    wait_until_idle(qtbot, window)
    assert window.status_bar.messages[-1].startswith("不能撤销“修改户：联系电话”：户“陈卫国（下屋组）”的“联系电话”后来")
    assert cell(book, "phone") == "13800000002"


def test_the_list_is_filtered(qtbot, window, book):
    save(book, phone="13800000001")
    page = shown(qtbot, window, "operations")
    count = len(page.table.visible_ids())
    page.search_line.setText("联系电话")
    qtbot.waitUntil(lambda: len(page.table.visible_ids()) == 1)
    page.search_line.clear()
    qtbot.waitUntil(lambda: len(page.table.visible_ids()) == count)
    page.kind_box.setCurrentText("撤销和重做")
    wait_until_idle(qtbot, window)
    assert page.table.visible_ids() == []
    assert page.cell_table.visible_ids() == []
    assert page.table.placeholder.startswith("没有符合条件的操作：撤销和重做。")


def test_several_withdrawn_records_are_brought_back_together(qtbot, window, book):
    with book.reading() as session:
        members = session.scalars(select(Member.id).where(Member.household_id == ID).order_by(Member.id)).all()
    for member in members[1:]:
        withdraw(book, "member", member)
    page = shown(qtbot, window, "withdrawn")
    assert {page.table.cell_text(id, "label") for id in page.table.visible_ids()} == {"家庭成员"}
    page.table.selectAll()
    restore = page.visible_actions()[0]
    assert restore.text() == "恢复 2 条"
    restore.trigger()
    wait_until_idle(qtbot, window)
    assert page.table.visible_ids() == []
    assert window.status_bar.messages[-1] == "已恢复 2 条记录"
    with book.reading() as session:
        assert not any(session.scalars(select(Member.withdrawn)))


def test_of_many_withdrawn_records_the_latest_are_listed_first_and_the_oldest_are_found(qtbot, window, book):
    ids = [f"{n:032}" for n in range(510)]
    with book.operation("登记") as session:
        for n, id in enumerate(ids):
            day = date(2018, 1, 1) + timedelta(days=n)
            session.add(Visit(id=id, village=VILLAGE.code, household_id=ID, visited_on=day))
    for few in (ids[:5], ids[5:]):
        with book.operation("撤回") as session:
            session.execute(update(Visit).where(Visit.id.in_(few)).values(withdrawn=True))
    page = shown(qtbot, window, "withdrawn")
    oldest = f"visit:{ids[0]}"
    assert len(page.table.visible_ids()) == 500
    assert oldest not in page.table.visible_ids()
    assert page.count_label.text() == "共 510 条，列出最近 500 条"
    page.search_line.setText("走访 2018-01-01")
    qtbot.waitUntil(lambda: page.table.visible_ids() == [oldest])
    page.search_line.clear()
    qtbot.waitUntil(lambda: len(page.table.visible_ids()) == 500)
    page.visible_actions()[1].trigger()
    wait_until_idle(qtbot, window)
    assert page.count_label.text() == "共 510 条，列出 510 条"


def test_both_pages_open_by_their_keys(window):
    keys = {action.objectName(): display_text(action.shortcut()) for action in window.actions()}
    assert (keys["open_operations"], keys["open_withdrawn"]) == ("F9", "Shift+F9")
    assert (keys["undo"], keys["redo"]) == ("Ctrl+Z", "Ctrl+Y")


def test_an_import_is_undone_after_a_question(qtbot, window, book, tmp_path):
    from tests.app.sync.peers import edit_record, exchange_cards, send
    from tests.builders import workbook

    (tmp_path / "other").mkdir()
    other = workbook(tmp_path / "other", operator="乙")
    exchange_cards(book, other)
    send(book, other)
    send(other, book)
    edit_record(other, ID, phone="13900000009")
    send(other, book)
    other.close()
    page = shown(qtbot, window, "operations")
    page.table.set_current_id(page.table.visible_ids()[0])
    page.visible_actions()[0].trigger()
    wait_until_idle(qtbot, window)
    question = page.findChild(QuestionDialog, "askUndoImport")
    next(one for one in question.buttons if one.text() == "撤销导入").click()
    wait_until_idle(qtbot, window)
    assert cell(book, "phone") is None
    assert page.table.cell_text(page.table.visible_ids()[0], "title").startswith("撤销导入：")
