"""Packages and cards as an officer handles them: to and from files, through the window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QLineEdit, QMessageBox, QPushButton

from app.exchange import peers
from tests.app.exchange.team import acquaint, all_records, card_of, cell, edit, packed, send
from tests.builders import household, workbook
from tests.ui.conftest import settle


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
    window.open("exchange")
    settle(qtbot, window)
    return window.page("exchange")


def answer(monkeypatch, path):
    """What the file dialogs return."""
    for name in ("getSaveFileName", "getOpenFileName"):
        monkeypatch.setattr(QFileDialog, name, lambda *_, **__: (str(path), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_, **__: ([str(path)], ""))


def said(window):
    return window.notices.last[-1]


def test_an_empty_page_tells_how_to_begin(page):
    assert page.peers.shown_ids() == []
    assert "名片" in page.peers.hint
    assert page.mine.fingerprint.text().replace("\n", " ") == peers.my_card(page.office.workbook).fingerprint


def test_cards_are_exchanged_and_compared(qtbot, window, page, book, other, tmp_path, monkeypatch):
    answer(monkeypatch, tmp_path / "mine")
    qtbot.keyClick(page, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, window)
    card = peers.read_card(tmp_path / "mine.hdcard")
    assert card == peers.my_card(book)
    peers.trust(other, card)
    theirs = card_of(other)
    answer(monkeypatch, other.path.with_suffix(".hdcard"))
    qtbot.keyClick(page, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.cards.dialog is not None and page.cards.dialog.isVisible())
    assert page.cards.dialog.findChild(object, "fingerprint").text() == theirs.fingerprint
    assert not page.cards.dialog.add.isEnabled()
    page.cards.dialog.same.click()
    page.cards.dialog.add.click()
    settle(qtbot, window)
    assert page.peers.shown_ids() == [theirs.sign_key]
    assert page.peers.cell_text(theirs.sign_key, "name") == "石桥村 李队员"
    assert "石桥村 李队员" in said(window)


def test_a_card_that_does_not_match_is_not_added(qtbot, window, page, other):
    card_of(other)
    page.shown(path=other.path.with_suffix(".hdcard"))
    qtbot.waitUntil(lambda: page.cards.dialog is not None and page.cards.dialog.isVisible())
    page.cards.dialog.findChild(QPushButton, "leave").click()
    settle(qtbot, window)
    assert page.peers.shown_ids() == []


def test_an_altered_card_is_refused_in_a_sentence(qtbot, window, page, other):
    card_of(other)
    path = other.path.with_suffix(".hdcard")
    path.write_text(path.read_text(encoding="utf-8").replace("李队员", "李队长"), encoding="utf-8")
    page.shown(path=path)
    settle(qtbot, window)
    assert "不是有效的名片" in said(window)
    assert page.cards.dialog is None


def test_export_to_the_chosen_colleague(qtbot, window, page, book, other, tmp_path, monkeypatch):
    acquaint(book, other)
    page.shown()
    settle(qtbot, window)
    answer(monkeypatch, tmp_path / "给李")
    page.out.click()
    settle(qtbot, window)
    assert "已导出给“石桥村 李队员”" in said(window)
    assert (tmp_path / "给李.hdpack").stat().st_size > 500
    assert page.log.cell_text("0", "way") == "导出"
    assert page.log.cell_text("0", "file") == "给李.hdpack"


def test_import_is_shown_before_it_is_done(qtbot, window, page, book, other):
    acquaint(book, other)
    with other.writing() as session:
        new = household(session, number=9).id
    package = packed(other, book)
    before = all_records(book)
    page.shown(path=package)
    settle(qtbot, window)
    assert page.preview.isVisible()
    assert page.preview.table.cell_text(new, "new") == "4"
    assert "新增户" in page.preview.table.cell_text(new, "what")
    assert "涉及" in page.preview.sentence.text()
    assert all_records(book) == before
    qtbot.keyClick(page.preview.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, window)
    assert not page.preview.isVisible()
    assert cell(book, new, "group_name") == "下屋组"
    assert "已导入“石桥村 李队员”的包" in said(window)
    assert page.log.cell_text("0", "way") == "导入"


def test_a_preview_can_be_left(qtbot, window, page, book, other):
    acquaint(book, other)
    before = all_records(book)
    page.shown(path=packed(other, book))
    settle(qtbot, window)
    qtbot.keyClick(page.preview.table, Qt.Key.Key_Escape)
    settle(qtbot, window)
    assert not page.preview.isVisible()
    assert all_records(book) == before


def test_the_same_package_again(qtbot, window, page, book, other):
    acquaint(book, other)
    package = packed(other, book)
    for _ in range(2):
        page.shown(path=package)
        settle(qtbot, window)
        told = page.preview.sentence.text()
        page.preview.take.click()
        settle(qtbot, window)
    assert "没有新内容" in told
    assert "没有改动任何记录" in said(window)


def test_conflicts_are_opened_after_an_import(qtbot, window, page, book, other):
    acquaint(book, other)
    home = all_home(book)
    send(book, other)
    send(other, book)
    edit(book, home, note="甲")
    edit(other, home, note="乙")
    page.shown(path=packed(other, book))
    settle(qtbot, window)
    assert "约 1 处" in page.preview.sentence.text()
    page.preview.take.click()
    settle(qtbot, window)
    assert window.current == "conflicts"
    assert window.page("conflicts").list.shown_ids() == [f"household:{home}:note"]


def all_home(book):
    from db.schema.household import Household
    from tests.builders import VILLAGE

    return Household.id_of(f"{VILLAGE.code}001")


@pytest.mark.parametrize("content", [b"nothing", b""])
def test_a_file_that_is_no_package(qtbot, window, page, tmp_path, content):
    path = tmp_path / "x.hdpack"
    path.write_bytes(content)
    page.shown(path=path)
    settle(qtbot, window)
    assert "不是驻村户档的数据包" in said(window)
    assert not page.preview.isVisible()


def test_an_unknown_sender_is_told_by_fingerprint(qtbot, window, page, book, other):
    peers.trust(other, card_of(book))
    page.shown(path=packed(other, book))
    settle(qtbot, window)
    assert card_of(other).fingerprint in said(window)


def test_exporting_without_a_colleague_tells_what_to_do(qtbot, window, page):
    page.out.click()
    settle(qtbot, window)
    assert "请先添加对方的名片" in said(window)


def test_revoking_is_asked_and_shown(qtbot, window, page, book, other):
    acquaint(book, other)
    page.shown()
    settle(qtbot, window)
    qtbot.keyClick(page.peers, Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    question = page.findChild(QMessageBox, "askRevoke")
    assert "石桥村 李队员" in question.text()
    [yes] = [button for button in question.buttons() if button.text() == "停用"]
    yes.click()
    settle(qtbot, window)
    key = peers.my_card(other).sign_key
    assert page.peers.cell_text(key, "name").endswith("（已停用）")
    page.out.click()
    settle(qtbot, window)
    assert "已经停用" in said(window)


def test_our_name_on_the_card(qtbot, window, page, book):
    page.mine.name.setFocus()
    page.mine.name.selectAll()
    page.mine.name.insert("石桥村工作队")
    qtbot.keyClick(page.mine.name, Qt.Key.Key_Return)
    settle(qtbot, window)
    assert peers.my_card(book).name == "石桥村工作队"
    page.mine.name.clear()
    qtbot.keyClick(page.mine.name, Qt.Key.Key_Return)
    settle(qtbot, window)
    assert peers.my_card(book).name == "石桥村工作队"
    assert page.mine.findChild(QLineEdit, "myName").text() == "石桥村工作队"


def test_dialogs_of_the_page_are_our_own(page):
    assert page.findChildren(QDialogButtonBox) == []
