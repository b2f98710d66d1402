"""What comes back after a package: receipts, codes, undoing; and how a card reaches a colleague without a file."""

import hashlib

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLabel, QListWidget, QMessageBox, QPushButton

from app.exchange import card_signs, incoming, peers, receipts
from app.progress import finish
from app.workbook import preferences
from db.schema.household import Household
from db.schema.photo import Photo, Picture
from tests.app.exchange.team import OTHER_VILLAGE, acquaint, all_records, card_of, cell, edit, packed, send
from tests.builders import VILLAGE, workbook
from tests.ui.conftest import settle

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
HOME = Household.id_of(f"{VILLAGE.code}001")


@pytest.fixture
def other(tmp_path, book):
    """A colleague who has what the village's workbook has, and the other way round."""
    (tmp_path / "other").mkdir()
    other = workbook(tmp_path / "other", operator="李队员")
    acquaint(book, other)
    send(book, other)
    send(other, book)
    yield other
    other.close()


@pytest.fixture
def page(qtbot, window, other):
    window.open("exchange")
    settle(qtbot, window)
    return window.page("exchange")


def said(window):
    return window.notices.last[-1]


def import_from(qtbot, window, page, other, book):
    edit(other, HOME, note="他写的")
    page.shown(path=packed(other, book))
    settle(qtbot, window)
    page.preview.take.click()
    settle(qtbot, window)


def answer(page, name, text):
    question = page.findChildren(QMessageBox, name)[-1]
    next(button for button in question.buttons() if button.text() == text).click()
    return question


def test_after_an_import_the_code_is_shown_and_the_sender_takes_it(qtbot, window, page, book, other):
    import_from(qtbot, window, page, other, book)
    assert page.arrived.isVisible()
    [code] = [one for one in page.arrived.findChildren(QLabel, "receiptCode") if one.isVisible()]
    done = finish(receipts.take_code(other, peers.my_card(book).sign_key, code.text()))
    assert done.waiting == 0
    qtbot.keyClick(page.arrived.done, Qt.Key.Key_Escape)
    assert not page.arrived.isVisible()


def test_after_an_import_the_receipt_is_saved_and_the_sender_takes_it(
    qtbot, window, page, book, other, tmp_path, monkeypatch
):
    import_from(qtbot, window, page, other, book)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "r"), ""))
    [save] = [one for one in page.arrived.findChildren(QPushButton, "saveReceiptHere") if one.isVisible()]
    save.click()
    settle(qtbot, window)
    assert finish(receipts.read(other, tmp_path / "r.hdreceipt")).peer == "石桥村 王书记"


def exported(book, other):
    """A package that the colleague has imported, as line `n` of their log."""
    edit(book, HOME, note="我写的")
    return finish(incoming.apply(other, packed(book, other))).n


def test_a_receipt_that_comes_back_is_dropped_and_the_log_says_so(qtbot, window, page, book, other, tmp_path):
    finish(receipts.write(other, exported(book, other), tmp_path / "r.hdreceipt"))
    page.shown(path=tmp_path / "r.hdreceipt")
    settle(qtbot, window)
    assert "“石桥村 李队员”已收到" in said(window)
    assert page.log.cell_text("0", "state").endswith("已回执")
    assert page.peers.cell_text(peers.my_card(other).sign_key, "waiting") == "0"
    page.shown(path=tmp_path / "r.hdreceipt")
    settle(qtbot, window)
    assert window.notices.property("how") == "refused"


def test_a_code_is_typed_and_a_wrong_one_can_be_put_right(qtbot, window, page, book, other):
    code = receipts.code(other, exported(book, other))
    qtbot.keyClick(page, Qt.Key.Key_K, CTRL)
    dialog = page.receipts.dialog
    qtbot.keyClicks(dialog.code, "1234")
    qtbot.keyClick(dialog.code, Qt.Key.Key_Return)
    settle(qtbot, window)
    assert dialog.isVisible()
    assert dialog.fault.text()
    dialog.code.setText(code.replace(" ", ""))
    qtbot.keyClick(dialog.code, Qt.Key.Key_Return)
    settle(qtbot, window)
    assert not dialog.isVisible()
    assert "已收到" in said(window)


def test_the_code_of_an_earlier_import_is_shown_again(qtbot, window, page, book, other):
    import_from(qtbot, window, page, other, book)
    page.arrived.done.click()
    qtbot.keyClick(page, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    settle(qtbot, window)
    qtbot.keyClick(page.log, Qt.Key.Key_K, CTRL | SHIFT)
    settle(qtbot, window)
    box = page.findChild(QMessageBox, "receiptCodeBox")
    finish(receipts.take_code(other, peers.my_card(book).sign_key, box.text()))


def test_an_import_is_undone_from_the_log(qtbot, window, page, book, other):
    before = all_records(book)
    import_from(qtbot, window, page, other, book)
    assert cell(book, HOME, "note") == "他写的"
    page.arrived.done.click()
    qtbot.keyClick(page, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    settle(qtbot, window)
    assert "可以整包撤销" in page.record.told.text()
    qtbot.keyClick(page.log, Qt.Key.Key_Z, CTRL | SHIFT)
    assert "石桥村 李队员" in answer(page, "askUndoImport", "撤销导入").text()
    settle(qtbot, window)
    assert all_records(book) == before
    assert "已撤销" in said(window)
    assert page.log.cell_text("0", "state").endswith("已撤销")
    assert not page._undo.isEnabled()


def test_an_import_on_which_somebody_built_says_why_it_stays(qtbot, window, page, book, other):
    import_from(qtbot, window, page, other, book)
    edit(book, HOME, note="又改了")
    page._turn(1)
    settle(qtbot, window)
    assert "不能整包撤销" in page.record.told.text()
    assert not page._undo.isEnabled()


def test_a_colleague_in_detail(qtbot, window, page, book, other):
    edit(book, HOME, note="我写的")
    page.shown()
    settle(qtbot, window)
    assert page.pane.isVisible()
    assert page.pane.name.text() == "石桥村 李队员"
    assert peers.my_card(other).fingerprint in page.pane.about.text()
    assert page.pane.villages.cell_text(VILLAGE.code, "waiting") == "1"
    assert page.pane.villages.cell_text(VILLAGE.code, "has").endswith("%")


def test_which_villages_a_colleague_may_see(qtbot, window, page, book, tmp_path):
    (tmp_path / "town").mkdir()
    town = workbook(tmp_path / "town", operator="刘站长", village=OTHER_VILLAGE)
    peers.name_my_card(town, "响水镇 扶贫站", "township")
    key = peers.trust(book, card_of(town)).sign_key
    page.shown()
    settle(qtbot, window)
    page.peers.point_at(key)
    settle(qtbot, window)
    assert "本机的每个村" in page.pane.sees.text()
    qtbot.keyClick(page.peers, Qt.Key.Key_G, CTRL)
    dialog = page.cards.villages
    dialog.all.setChecked(False)
    dialog.findChild(QPushButton, "keepVillages").click()
    assert dialog.isVisible()
    assert "至少选一个村" in dialog.fault.text()
    dialog.findChild(QListWidget, "villageChoice").item(0).setCheckState(Qt.CheckState.Checked)
    dialog.findChild(QPushButton, "keepVillages").click()
    settle(qtbot, window)
    assert peers.detail(book, key).sees == ((VILLAGE.code, VILLAGE.name),)
    assert "石桥村" in page.pane.sees.text()
    town.close()


def trusted_by_dialog(qtbot, page):
    qtbot.waitUntil(lambda: page.cards.dialog is not None and page.cards.dialog.isVisible())
    shown = page.cards.dialog.card
    page.cards.dialog.reject()
    return shown


def test_a_card_as_text_is_copied_here_and_pasted_there(qtbot, window, page, book, other):
    page._turn(2)
    page.mine.findChild(QPushButton, "copyCard").click()
    assert card_signs.card_from_text(QGuiApplication.clipboard().text()) == peers.my_card(book)
    QGuiApplication.clipboard().setText(card_signs.card_text(peers.my_card(other)))
    qtbot.keyClick(page, Qt.Key.Key_N, CTRL | SHIFT)
    page.cards.text.findChild(QPushButton, "takeCardText").click()
    assert trusted_by_dialog(qtbot, page) == peers.my_card(other)


def test_a_card_that_was_typed_wrong_is_refused(qtbot, window, page):
    qtbot.keyClick(page, Qt.Key.Key_N, CTRL | SHIFT)
    page.cards.text.text.setPlainText("HDCARD1:ABC")
    page.cards.text.accept()
    settle(qtbot, window)
    assert "不是有效的名片" in said(window)


def test_the_code_on_the_screen_is_read_from_a_picture(qtbot, window, page, book, tmp_path, monkeypatch):
    page._turn(2)
    settle(qtbot, window)
    page.mine.sign.grab().save(str(tmp_path / "photo.png"))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "photo.png"), ""))
    page.cards.ask_add()
    assert trusted_by_dialog(qtbot, page) == peers.my_card(book)


def test_photographs_that_found_no_room_go_into_a_second_package(
    qtbot, window, page, book, other, tmp_path, monkeypatch
):
    with book.writing() as session:
        for n in (1, 2):
            jpeg = bytes([n]) * 600_000
            sha256 = hashlib.sha256(jpeg).hexdigest()
            session.add(Picture(sha256=sha256, jpeg=jpeg))
            session.add(Photo(village=VILLAGE.code, household_id=HOME, kind="产业", content=sha256))
    preferences.put(book, "package_photographs", 1)
    (tmp_path / "stick").mkdir()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "stick" / "a"), ""))
    page.out.click()
    settle(qtbot, window)
    assert "还有 1 张照片没装下" in said(window)
    button = window.notices.findChild(QPushButton, "noticeAction")
    assert "剩下的 1 张照片" in button.text()
    button.click()
    settle(qtbot, window)
    packages = sorted((tmp_path / "stick").glob("*.hdpack"), key=lambda path: path.stat().st_mtime_ns)
    assert len(packages) == 2
    for path in packages:
        assert finish(incoming.apply(other, path)).pictures == 1


def test_history_is_folded_only_on_the_officers_word(qtbot, window, page, book, other):
    for n in range(3):
        edit(book, HOME, note=f"第 {n} 次")
    send(book, other)
    send(other, book)
    page.folding.ask()
    settle(qtbot, window)
    assert "可以归并" in answer(page, "askFold", "不归并").text()
    settle(qtbot, window)
    page.folding.ask()
    settle(qtbot, window)
    answer(page, "askFold", "归并")
    settle(qtbot, window)
    assert "已归并" in said(window)
    assert cell(book, HOME, "note") == "第 2 次"


def test_nothing_to_fold_is_told(qtbot, window, page):
    page.folding.ask()
    settle(qtbot, window)
    assert "没有可以归并" in answer(page, "askFold", "知道了").text()
