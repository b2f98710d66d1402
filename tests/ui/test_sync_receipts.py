"""What comes back after a package: receipts, codes, undoing; and how a card reaches a colleague without a file."""

import hashlib

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLabel, QListWidget, QPushButton

from app.progress import run_to_completion
from app.sync import card_qr, package_import, peers, receipts
from app.workbook import preferences
from db.schema.household import Household
from db.schema.photo import Photo, Picture
from tests.app.sync.peers import (
    OTHER_VILLAGE,
    all_records,
    card_of,
    edit_record,
    read_cell,
    send,
    write_package,
)
from tests.builders import VILLAGE, workbook
from tests.ui.conftest import wait_until_idle
from ui.widgets.question import QuestionDialog

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
HOME = Household.id_of(f"{VILLAGE.code}001")


@pytest.fixture
def book(pair):
    return pair[0]


@pytest.fixture
def other(pair):
    return pair[1]


@pytest.fixture
def page(qtbot, window, other):
    window.open("sync")
    wait_until_idle(qtbot, window)
    return window.page("sync")


def last_message(window):
    return window.status_bar.messages[-1]


def import_from(qtbot, window, page, other, book):
    edit_record(other, HOME, note="他写的")
    page.open(path=write_package(other, book))
    wait_until_idle(qtbot, window)
    page.preview.import_button.click()
    wait_until_idle(qtbot, window)


def answer(page, name, text):
    question = page.findChildren(QuestionDialog, name)[-1]
    next(button for button in question.buttons if button.text() == text).click()
    return question


def test_after_an_import_the_code_is_shown_and_the_sender_takes_it(qtbot, window, page, book, other):
    import_from(qtbot, window, page, other, book)
    assert page.import_result.isVisible()
    [code] = [one for one in page.import_result.findChildren(QLabel, "receiptCode") if one.isVisible()]
    result = receipts.accept_code(other, peers.load_own_card(book).sign_key, code.text())
    assert result.waiting == 0
    qtbot.keyClick(page.import_result.done_button, Qt.Key.Key_Escape)
    assert not page.import_result.isVisible()


def test_after_an_import_the_receipt_is_saved_and_the_sender_takes_it(
    qtbot, window, page, book, other, tmp_path, monkeypatch
):
    import_from(qtbot, window, page, other, book)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "r"), ""))
    [save] = [one for one in page.import_result.findChildren(QPushButton, "saveReceiptHere") if one.isVisible()]
    save.click()
    wait_until_idle(qtbot, window)
    assert receipts.accept(other, tmp_path / "r.hdreceipt").peer == "石桥村 王书记"


def export_to(book, other):
    """A package that the colleague has imported, as line `n` of their log."""
    edit_record(book, HOME, note="我写的")
    return run_to_completion(package_import.import_package(other, write_package(book, other))).n


def test_a_receipt_that_comes_back_is_dropped_and_the_log_says_so(qtbot, window, page, book, other, tmp_path):
    receipts.write(other, export_to(book, other), tmp_path / "r.hdreceipt")
    page.open(path=tmp_path / "r.hdreceipt")
    wait_until_idle(qtbot, window)
    assert "“石桥村 李队员”已收到" in last_message(window)
    assert page.log_table.cell_text("0", "state").endswith("已回执")
    assert page.peers.cell_text(peers.load_own_card(other).sign_key, "waiting") == "0"
    page.open(path=tmp_path / "r.hdreceipt")
    wait_until_idle(qtbot, window)
    assert window.status_bar.property("how") == "refused"


def test_a_code_is_typed_and_a_wrong_one_can_be_put_right(qtbot, window, page, book, other):
    code = receipts.code_for_import(other, export_to(book, other))
    qtbot.keyClick(page, Qt.Key.Key_K, CTRL)
    dialog = page.receipt_controller.dialog
    qtbot.keyClicks(dialog.code_edit, "1234")
    qtbot.keyClick(dialog.code_edit, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    assert dialog.isVisible()
    assert dialog.error_label.text()
    dialog.code_edit.setText(code.replace(" ", ""))
    qtbot.keyClick(dialog.code_edit, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    assert not dialog.isVisible()
    assert "已收到" in last_message(window)


def test_the_code_of_an_earlier_import_is_shown_again(qtbot, window, page, book, other):
    import_from(qtbot, window, page, other, book)
    page.import_result.done_button.click()
    qtbot.keyClick(page, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    wait_until_idle(qtbot, window)
    qtbot.keyClick(page.log_table, Qt.Key.Key_K, CTRL | SHIFT)
    wait_until_idle(qtbot, window)
    box = page.findChild(QuestionDialog, "receiptCodeBox")
    receipts.accept_code(other, peers.load_own_card(book).sign_key, box.message)


def test_an_import_is_undone_from_the_log(qtbot, window, page, book, other):
    before = all_records(book)
    import_from(qtbot, window, page, other, book)
    assert read_cell(book, HOME, "note") == "他写的"
    page.import_result.done_button.click()
    qtbot.keyClick(page, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    wait_until_idle(qtbot, window)
    assert "可以整包撤销" in page.log_tab.detail_label.text()
    qtbot.keyClick(page.log_table, Qt.Key.Key_Z, CTRL | SHIFT)
    assert "石桥村 李队员" in answer(page, "askUndoImport", "撤销导入").message
    wait_until_idle(qtbot, window)
    assert all_records(book) == before
    assert "已撤销" in last_message(window)
    assert page.log_table.cell_text("0", "state").endswith("已撤销")
    assert not page._undo_action.isEnabled()


def test_an_import_on_which_somebody_built_says_why_it_stays(qtbot, window, page, book, other):
    import_from(qtbot, window, page, other, book)
    edit_record(book, HOME, note="又改了")
    page._switch_tab(1)
    wait_until_idle(qtbot, window)
    assert "不能整包撤销" in page.log_tab.detail_label.text()
    assert not page._undo_action.isEnabled()


def test_a_colleague_in_detail(qtbot, window, page, book, other):
    edit_record(book, HOME, note="我写的")
    page.open()
    wait_until_idle(qtbot, window)
    assert page.peer_pane.isVisible()
    assert page.peer_pane.name.text() == "石桥村 李队员"
    assert peers.load_own_card(other).fingerprint in page.peer_pane.summary.text()
    assert page.peer_pane.villages.cell_text(VILLAGE.code, "waiting") == "1"
    assert page.peer_pane.villages.cell_text(VILLAGE.code, "has").endswith("%")


def test_which_villages_a_colleague_may_see(qtbot, window, page, book, tmp_path):
    (tmp_path / "town").mkdir()
    town = workbook(tmp_path / "town", operator="刘站长", village=OTHER_VILLAGE)
    peers.update_own_card(town, "响水镇 扶贫站", "township")
    key = peers.trust(book, card_of(town)).sign_key
    page.open()
    wait_until_idle(qtbot, window)
    page.peers.set_current_id(key)
    wait_until_idle(qtbot, window)
    assert "本机的每个村" in page.peer_pane.village_names.text()
    qtbot.keyClick(page.peers, Qt.Key.Key_G, CTRL)
    dialog = page.card_controller.villages_dialog
    dialog.all_box.setChecked(False)
    dialog.findChild(QPushButton, "keepVillages").click()
    assert dialog.isVisible()
    assert "至少选一个村" in dialog.error_label.text()
    dialog.findChild(QListWidget, "villageChoice").item(0).setCheckState(Qt.CheckState.Checked)
    dialog.findChild(QPushButton, "keepVillages").click()
    wait_until_idle(qtbot, window)
    assert peers.peer_detail(book, key).sees == ((VILLAGE.code, VILLAGE.name),)
    assert "石桥村" in page.peer_pane.village_names.text()
    town.close()


def trusted_by_dialog(qtbot, page):
    qtbot.waitUntil(lambda: page.card_controller.dialog is not None and page.card_controller.dialog.isVisible())
    card = page.card_controller.dialog.card
    page.card_controller.dialog.reject()
    return card


def test_a_card_as_text_is_copied_here_and_pasted_there(qtbot, window, page, book, other):
    page._switch_tab(2)
    page.own_card.findChild(QPushButton, "copyCard").click()
    assert card_qr.card_from_text(QGuiApplication.clipboard().text()) == peers.load_own_card(book)
    QGuiApplication.clipboard().setText(card_qr.card_text(peers.load_own_card(other)))
    qtbot.keyClick(page, Qt.Key.Key_N, CTRL | SHIFT)
    page.card_controller.text_dialog.findChild(QPushButton, "takeCardText").click()
    assert trusted_by_dialog(qtbot, page) == peers.load_own_card(other)


def test_a_card_that_was_typed_wrong_is_refused(qtbot, window, page):
    qtbot.keyClick(page, Qt.Key.Key_N, CTRL | SHIFT)
    page.card_controller.text_dialog.text.setPlainText("HDCARD1:ABC")
    page.card_controller.text_dialog.accept()
    wait_until_idle(qtbot, window)
    assert "不是有效的名片" in last_message(window)


def test_the_code_on_the_screen_is_read_from_a_picture(qtbot, window, page, book, tmp_path, monkeypatch):
    page._switch_tab(2)
    wait_until_idle(qtbot, window)
    page.own_card.qr_code.grab().save(str(tmp_path / "photo.png"))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "photo.png"), ""))
    page.card_controller.choose_file()
    assert trusted_by_dialog(qtbot, page) == peers.load_own_card(book)


def test_photographs_that_found_no_room_go_into_a_second_package(
    qtbot, window, page, book, other, tmp_path, monkeypatch
):
    with book.writing() as session:
        for n in (1, 2):
            jpeg = bytes([n]) * 600_000
            sha256 = hashlib.sha256(jpeg).hexdigest()
            session.add(Picture(sha256=sha256, jpeg=jpeg))
            session.add(Photo(village=VILLAGE.code, household_id=HOME, kind="产业", content=sha256))
    preferences.save(book, "package_photographs", 1)
    (tmp_path / "stick").mkdir()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "stick" / "a"), ""))
    page.export_button.click()
    wait_until_idle(qtbot, window)
    assert "还有 1 张照片没装下" in last_message(window)
    button = window.status_bar.findChild(QPushButton, "noticeAction")
    assert "剩下的 1 张照片" in button.text()
    button.click()
    wait_until_idle(qtbot, window)
    packages = sorted((tmp_path / "stick").glob("*.hdpack"), key=lambda path: path.stat().st_mtime_ns)
    assert len(packages) == 2
    for path in packages:
        assert run_to_completion(package_import.import_package(other, path)).pictures == 1


def test_history_is_folded_only_on_the_officers_word(qtbot, window, page, book, other):
    for n in range(3):
        edit_record(book, HOME, note=f"第 {n} 次")
    send(book, other)
    send(other, book)
    page.compaction.start()
    wait_until_idle(qtbot, window)
    assert "可以归并" in answer(page, "askFold", "取消").message
    wait_until_idle(qtbot, window)
    page.compaction.start()
    wait_until_idle(qtbot, window)
    answer(page, "askFold", "归并")
    wait_until_idle(qtbot, window)
    assert "已归并" in last_message(window)
    assert read_cell(book, HOME, "note") == "第 2 次"


def test_nothing_to_fold_is_told(qtbot, window, page):
    page.compaction.start()
    wait_until_idle(qtbot, window)
    assert "没有可以归并" in answer(page, "askFold", "确定").message
