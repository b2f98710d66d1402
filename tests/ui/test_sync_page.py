"""Packages and cards as an officer handles them: to and from files, through the window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QLineEdit, QPushButton
from sqlalchemy import text

from app.list_views.rows import view_ids, view_texts
from app.list_views.stored_form import decode_for_printing
from app.reports.all_lists import viewed_list
from app.sync import peers
from tests.app.sync.peers import (
    all_records,
    card_of,
    edit_record,
    exchange_cards,
    read_cell,
    send,
    write_package,
)
from tests.builders import household, workbook
from tests.ui.conftest import wait_until_idle
from tests.ui.keyboard import compose, keys, press_in, press_shortcut
from ui.widgets.question import QuestionDialog


@pytest.fixture
def other(tmp_path):
    """A colleague's workbook of the same village."""
    (tmp_path / "other").mkdir()
    book = workbook(tmp_path / "other", operator="李队员")
    with book.writing() as session:
        household(session, number=1)
    yield book
    book.close()


@pytest.fixture
def page(qtbot, window):
    window.open("sync")
    wait_until_idle(qtbot, window)
    return window.page("sync")


def answer(monkeypatch, path):
    """What the file dialogs return."""
    for name in ("getSaveFileName", "getOpenFileName"):
        monkeypatch.setattr(QFileDialog, name, lambda *_, **__: (str(path), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_, **__: ([str(path)], ""))


def last_message(window):
    return window.status_bar.messages[-1]


def test_an_empty_page_tells_how_to_begin(page):
    assert page.peers.visible_ids() == []
    assert "名片" in page.peers.placeholder
    assert page.own_card.fingerprint.text().replace("\n", " ") == peers.load_own_card(page.context.workbook).fingerprint


def test_cards_are_exchanged_and_compared(qtbot, window, page, book, other, tmp_path, monkeypatch):
    answer(monkeypatch, tmp_path / "mine")
    qtbot.keyClick(page, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    wait_until_idle(qtbot, window)
    card = peers.read_card(tmp_path / "mine.hdcard")
    assert card == peers.load_own_card(book)
    peers.trust(other, card)
    theirs = card_of(other)
    answer(monkeypatch, other.path.with_suffix(".hdcard"))
    qtbot.keyClick(page, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.card_controller.dialog is not None and page.card_controller.dialog.isVisible())
    assert page.card_controller.dialog.findChild(object, "fingerprint").text() == theirs.fingerprint
    assert not page.card_controller.dialog.add_button.isEnabled()
    page.card_controller.dialog.match_box.click()
    page.card_controller.dialog.add_button.click()
    wait_until_idle(qtbot, window)
    assert page.peers.visible_ids() == [theirs.sign_key]
    assert page.peers.cell_text(theirs.sign_key, "name") == "石桥村 李队员"
    assert "石桥村 李队员" in last_message(window)


def test_a_card_that_does_not_match_is_not_added(qtbot, window, page, other):
    card_of(other)
    page.open(path=other.path.with_suffix(".hdcard"))
    qtbot.waitUntil(lambda: page.card_controller.dialog is not None and page.card_controller.dialog.isVisible())
    page.card_controller.dialog.findChild(QPushButton, "leave").click()
    wait_until_idle(qtbot, window)
    assert page.peers.visible_ids() == []


def test_an_altered_card_is_refused_in_a_sentence(qtbot, window, page, other):
    card_of(other)
    path = other.path.with_suffix(".hdcard")
    path.write_text(path.read_text(encoding="utf-8").replace("李队员", "李队长"), encoding="utf-8")
    page.open(path=path)
    wait_until_idle(qtbot, window)
    assert "不是有效的名片" in last_message(window)
    assert page.card_controller.dialog is None


def test_export_to_the_chosen_colleague(qtbot, window, page, book, other, tmp_path, monkeypatch):
    exchange_cards(book, other)
    page.open()
    wait_until_idle(qtbot, window)
    answer(monkeypatch, tmp_path / "给李")
    page.export_button.click()
    wait_until_idle(qtbot, window)
    assert "已导出给“石桥村 李队员”" in last_message(window)
    assert (tmp_path / "给李.hdpack").stat().st_size > 500
    assert page.log_table.cell_text("0", "way") == "导出"
    assert page.log_table.cell_text("0", "file") == "给李.hdpack"
    page.tabs.setCurrentIndex(0)
    press_shortcut(qtbot, page, "F3")
    dialog = page.log_list.view_bar.dialog
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
    keys("sf", Qt.Key.Key_Tab)  # 收发
    keys("", Qt.Key.Key_Tab)
    compose(dialog.rows[0].values.controls[0], "导入")
    press_in(qtbot, dialog, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    assert page.tabs.currentWidget() is page.log_tab
    assert (page.log_list.view_bar.chips.texts(), page.log_table.visible_ids()) == (["收发 是 导入"], [])
    press_shortcut(qtbot, page, "Ctrl+Shift+F")
    wait_until_idle(qtbot, window)
    assert page.log_table.visible_ids() == ["0"]
    press_shortcut(qtbot, page, "Ctrl+T")
    wait_until_idle(qtbot, window)
    [parameters] = window.page("printing").collect_parameters()
    key, _, view = decode_for_printing(parameters.view)
    with book.reading() as session:
        source = viewed_list(key).opened(session)
        [texts] = view_texts(session, source, view_ids(session, source, view), source.shown_fields([])).values()
    assert (texts["way"], texts["file"]) == ("导出", "给李.hdpack")


def test_import_is_shown_before_it_is_done(qtbot, window, page, book, other):
    exchange_cards(book, other)
    with other.writing() as session:
        new = household(session, number=9).id
    package = write_package(other, book)
    before = all_records(book)
    page.open(path=package)
    wait_until_idle(qtbot, window)
    assert page.preview.isVisible()
    assert page.preview.table.cell_text(new, "new") == "4"
    assert "新增户" in page.preview.table.cell_text(new, "what")
    assert "涉及" in page.preview.message.text()
    assert all_records(book) == before
    qtbot.keyClick(page.preview.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    wait_until_idle(qtbot, window)
    assert not page.preview.isVisible()
    assert read_cell(book, new, "group_name") == "下屋组"
    assert "已导入来自“石桥村 李队员”的数据包" in last_message(window)
    assert page.log_table.cell_text("0", "way") == "导入"


def test_a_preview_can_be_left(qtbot, window, page, book, other):
    exchange_cards(book, other)
    before = all_records(book)
    page.open(path=write_package(other, book))
    wait_until_idle(qtbot, window)
    qtbot.keyClick(page.preview.table, Qt.Key.Key_Escape)
    wait_until_idle(qtbot, window)
    assert not page.preview.isVisible()
    assert all_records(book) == before


def test_the_same_package_again(qtbot, window, page, book, other):
    exchange_cards(book, other)
    package = write_package(other, book)
    for _ in range(2):
        page.open(path=package)
        wait_until_idle(qtbot, window)
        text = page.preview.message.text()
        page.preview.import_button.click()
        wait_until_idle(qtbot, window)
    assert "没有新内容" in text
    assert "没有改动任何记录" in last_message(window)


def test_conflicts_are_opened_after_an_import(qtbot, window, page, book, other):
    exchange_cards(book, other)
    household_id = all_home(book)
    send(book, other)
    send(other, book)
    edit_record(book, household_id, note="甲")
    edit_record(other, household_id, note="乙")
    page.open(path=write_package(other, book))
    wait_until_idle(qtbot, window)
    assert "有 1 处内容与本机不一致" in page.preview.message.text()
    page.preview.import_button.click()
    wait_until_idle(qtbot, window)
    assert window.current == "conflicts"
    assert window.page("conflicts").table.visible_ids() == [f"household:{household_id}:note"]


def all_home(book):
    from db.schema.household import Household
    from tests.builders import VILLAGE

    return Household.id_of(f"{VILLAGE.code}001")


@pytest.mark.parametrize("content", [b"nothing", b""])
def test_a_file_that_is_no_package(qtbot, window, page, tmp_path, content):
    path = tmp_path / "x.hdpack"
    path.write_bytes(content)
    page.open(path=path)
    wait_until_idle(qtbot, window)
    assert "不是驻村户档的数据包" in last_message(window)
    assert not page.preview.isVisible()


def test_an_unknown_sender_is_told_by_fingerprint(qtbot, window, page, book, other):
    peers.trust(other, card_of(book))
    page.open(path=write_package(other, book))
    wait_until_idle(qtbot, window)
    assert card_of(other).fingerprint in last_message(window)


def test_exporting_without_a_colleague_tells_what_to_do(qtbot, window, page):
    page.export_button.click()
    wait_until_idle(qtbot, window)
    assert "请先添加对方的名片" in last_message(window)


def test_revoking_is_asked_and_shown(qtbot, window, page, book, other):
    exchange_cards(book, other)
    page.open()
    wait_until_idle(qtbot, window)
    qtbot.keyClick(page.peers, Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    question = page.findChild(QuestionDialog, "askRevoke")
    assert "石桥村 李队员" in question.message
    [yes] = [button for button in question.buttons if button.text() == "停用"]
    yes.click()
    wait_until_idle(qtbot, window)
    key = peers.load_own_card(other).sign_key
    assert page.peers.cell_text(key, "name").endswith("（已停用）")
    page.export_button.click()
    wait_until_idle(qtbot, window)
    assert "已经停用" in last_message(window)


def test_our_name_on_the_card(qtbot, window, page, book):
    page.own_card.name.setFocus()
    page.own_card.name.selectAll()
    page.own_card.name.insert("石桥村工作队")
    qtbot.keyClick(page.own_card.name, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    assert peers.load_own_card(book).name == "石桥村工作队"
    page.own_card.name.clear()
    qtbot.keyClick(page.own_card.name, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    assert peers.load_own_card(book).name == "石桥村工作队"
    assert page.own_card.findChild(QLineEdit, "myName").text() == "石桥村工作队"


def test_dialogs_of_the_page_are_our_own(page):
    assert page.findChildren(QDialogButtonBox) == []


def test_what_a_revoked_laptop_wrote_is_looked_at_before_it_comes_in(qtbot, window, page, book, other, tmp_path):
    """另 has a third laptop's changes of after its card was revoked here."""
    (tmp_path / "third").mkdir()
    third = workbook(tmp_path / "third", operator="丢的电脑")
    exchange_cards(book, other, third)
    send(other, third)
    edit_record(third, all_home(book), note="谁写的")
    send(third, other)
    third.close()
    peers.revoke(book, peers.load_own_card(third).sign_key)
    page.open(path=write_package(other, book))
    wait_until_idle(qtbot, window)
    preview = page.preview
    assert "名片已停用的“石桥村 丢的电脑”写的" in preview.unseen_note.text()
    assert preview.unseen_note.isVisible()
    assert not preview.import_button.isEnabled()
    qtbot.keyClick(preview, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert preview.isVisible()
    preview.unseen_only.setFocus()
    qtbot.keyClick(preview.unseen_only, Qt.Key.Key_Space)
    assert preview.table.visible_ids() == [all_home(book)]
    preview.accept_unseen.setFocus()
    qtbot.keyClick(preview.accept_unseen, Qt.Key.Key_Space)
    qtbot.keyClick(preview, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    wait_until_idle(qtbot, window)
    assert read_cell(book, all_home(book), "note") == "谁写的"


def test_changes_that_nobody_has_signed_are_marked(qtbot, window, page, book):
    assert not page.unproven_note.isVisible()
    with book.writing() as session:  # as an earlier version of the program left it
        session.execute(
            text("INSERT INTO stream (village, replica, last) VALUES (:village, :replica, 12)"),
            {"village": book.villages[0].code, "replica": "0" * 12 + "4" + "0" * 19},
        )
    page.open()
    wait_until_idle(qtbot, window)
    assert page.unproven_note.isVisible()
    assert "电脑 00000000 12 条" in page.unproven_note.text()


def test_what_a_colleague_revoked_is_decided_here(qtbot, window, page, book, other, tmp_path, monkeypatch):
    (tmp_path / "third").mkdir()
    third = workbook(tmp_path / "third", operator="小张")
    exchange_cards(book, other, third)
    key = peers.load_own_card(third).sign_key
    peers.revoke(other, key)
    send(other, book)
    page.open()
    wait_until_idle(qtbot, window)
    assert page.peers.cell_text(key, "name").endswith("（有人已停用，请决定）")
    page.peers.set_current_id(key)
    wait_until_idle(qtbot, window)
    assert "“石桥村 李队员”停用了对方的名片" in page.peer_pane.proposal_note.text()
    qtbot.keyClick(page.peers, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    wait_until_idle(qtbot, window)
    assert page.peers.cell_text(key, "name") == "石桥村 小张"
    answer(monkeypatch, card_of(third) and third.path.with_suffix(".hdcard"))
    third.close()
    qtbot.keyClick(page, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.card_controller.dialog is not None and page.card_controller.dialog.isVisible())
    assert "“石桥村 李队员”停用过这张名片" in page.card_controller.dialog.objections.text()
    page.card_controller.dialog.reject()
