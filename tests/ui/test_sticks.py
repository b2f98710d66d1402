"""A stick that is plugged in, and several files at once."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QPushButton

from app.exchange import peers
from tests.app.exchange.team import acquaint, card_of, packed
from tests.builders import household, workbook
from tests.ui.conftest import settle
from tests.ui.keyboard import compose
from ui.exchange import sticks
from ui.exchange.sticks import Sticks, Volume
from ui.exchange.sticks import mounted as as_the_system_lists

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def colleagues(tmp_path, book):
    """Two colleagues who know the village's workbook, and it them."""
    books = []
    for operator in ("李队员", "赵队员"):
        (tmp_path / operator).mkdir()
        books.append(workbook(tmp_path / operator, operator=operator))
        acquaint(book, books[-1])
    yield books
    for one in books:
        one.close()


@pytest.fixture
def other(colleagues):
    return colleagues[0]


@pytest.fixture
def page(qtbot, window, colleagues):
    window.open("exchange")
    settle(qtbot, window)
    return window.page("exchange")


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "KINGSTON"
    folder.mkdir()
    return Volume(folder, "KINGSTON", removable=True)


def plug(qtbot, window, plugged_in, *volumes):
    plugged_in[:] = volumes
    window.sticks.look()
    settle(qtbot, window)


def package_on(stick, colleague, book, name="给王.hdpack", number=9):
    with colleague.writing() as session:
        household(session, number=number)
    return packed(colleague, book, stick.root / name)


def drop(window, *paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))


def test_a_stick_is_told_on_the_page_until_it_is_pulled_out(qtbot, window, page, book, other, stick, plugged_in):
    assert not page.bar.isVisible()
    package_on(stick, other, book)
    plug(qtbot, window, plugged_in, stick)
    assert page.bar.isVisible()
    assert page.bar.sentence.text() == "发现U盘“KINGSTON”：给本机的包 1 个。"
    plug(qtbot, window, plugged_in)
    assert not page.bar.isVisible()


def test_sticks_are_looked_for_by_themselves(qtbot, window, book, stick, monkeypatch):
    monkeypatch.setattr(sticks, "EVERY_MS", 20)
    seen = []
    watching = Sticks(book, window.jobs, window, lambda: (stick,))
    watching.noticed.connect(seen.append)
    qtbot.waitUntil(lambda: [one.volume for one in seen] == [stick])
    watching.end()
    settle(qtbot, window)


def test_elsewhere_a_notice_leads_to_the_package(qtbot, window, book, other, stick, plugged_in):
    package_on(stick, other, book)
    window.open("households")
    plug(qtbot, window, plugged_in, stick)
    assert "发现U盘“KINGSTON”：给本机的包 1 个。" in window.notices.last
    button = window.notices.findChild(QPushButton, "noticeAction")
    assert button.isVisible()
    button.click()
    settle(qtbot, window)
    assert window.current == "exchange"
    assert window.page("exchange").preview.isVisible()


def test_a_refusal_that_nobody_has_read_is_not_covered(qtbot, window, book, other, stick, plugged_in):
    package_on(stick, other, book)
    window.open("households")
    settle(qtbot, window)
    window.notices.refused("没有存成。")
    plug(qtbot, window, plugged_in, stick)
    assert window.notices.last[-1] == "没有存成。"


def test_a_stick_without_anything_for_us_is_not_called_out(qtbot, window, stick, plugged_in):
    window.open("households")
    settle(qtbot, window)
    said = list(window.notices.last)
    plug(qtbot, window, plugged_in, stick)
    assert window.notices.last == said
    window.open("exchange")
    settle(qtbot, window)
    assert "没有给本机的新文件" in window.page("exchange").bar.sentence.text()


def test_a_disk_that_was_there_from_the_beginning_is_no_stick(qtbot, window, page, tmp_path, plugged_in):
    disk, late = (Volume(tmp_path / name, name, removable=False) for name in ("D", "E"))
    plug(qtbot, window, plugged_in, disk)
    assert not page.bar.isVisible()
    plug(qtbot, window, plugged_in, disk, late)
    assert [one.volume for one in window.sticks.there] == [late]


def test_several_files_are_listed_and_looked_at_one_after_the_other(
    qtbot, window, page, book, colleagues, stick, plugged_in
):
    for n, colleague in enumerate(colleagues):
        package_on(stick, colleague, book, f"{n}.hdpack", number=11 + n)
    (stick.root / "坏的.hdpack").write_bytes(b"x")
    plug(qtbot, window, plugged_in, stick)
    qtbot.keyClick(page, Qt.Key.Key_U, CTRL)
    settle(qtbot, window)
    assert page.stick.isVisible()
    assert [page.stick.table.cell_text(key, "file") for key in page.stick.table.shown_ids()][2] == "坏的.hdpack"
    page.stick.table.point_at(str(stick.root / "坏的.hdpack"))
    assert "不是驻村户档的数据包" in page.stick.why.text()
    qtbot.keyClick(page.stick.table, Qt.Key.Key_Return, CTRL)
    settle(qtbot, window)
    assert page.preview.sentence.text().startswith("第 1 个，共 2 个")
    qtbot.keyClick(page.preview.table, Qt.Key.Key_Return, CTRL)
    settle(qtbot, window)
    assert page.preview.sentence.text().startswith("第 2 个，共 2 个")
    qtbot.keyClick(page.preview.table, Qt.Key.Key_Escape)
    settle(qtbot, window)
    assert not page.preview.isVisible()
    assert len(page.log.shown_ids()) == 1
    assert "给本机的包 1 个" in page.bar.sentence.text()


def test_back_from_the_list_of_files(qtbot, window, page, stick, plugged_in):
    plug(qtbot, window, plugged_in, stick)
    qtbot.keyClick(page, Qt.Key.Key_U, CTRL)
    assert page.stick.isVisible()
    qtbot.keyClick(page.stick.table, Qt.Key.Key_Escape)
    assert not page.stick.isVisible()
    qtbot.keyClick(page, Qt.Key.Key_U, CTRL)
    plug(qtbot, window, plugged_in)
    assert not page.stick.isVisible()


def test_export_onto_the_stick_asks_only_for_whom(qtbot, window, page, book, colleagues, stick, plugged_in):
    plug(qtbot, window, plugged_in, stick)
    settle(qtbot, window)
    qtbot.keyClick(page, Qt.Key.Key_E, CTRL | Qt.KeyboardModifier.ShiftModifier)
    dialog = page.sending.dialog
    assert dialog.isVisible()
    qtbot.keyClicks(dialog.search, "zdy")
    assert [dialog.table.cell_text(key, "name") for key in dialog.table.shown_ids()] == ["石桥村 赵队员"]
    qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    settle(qtbot, window)
    [path] = stick.root.glob("*.hdpack")
    assert "赵队员" in path.name
    assert "已导出给“石桥村 赵队员”" in window.notices.last[-1]


def test_for_two_at_once_two_packages_are_written(qtbot, window, page, book, colleagues, tmp_path, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: str(tmp_path))
    page.out.click()
    page.sending.dialog.table.selectAll()
    page.sending.dialog.findChild(QPushButton, "exportToChosen").click()
    settle(qtbot, window)
    assert len(list(tmp_path.glob("给 *.hdpack"))) == 2
    assert "已导出 2 个包" in window.notices.last[-1]


def test_the_stick_is_where_saving_begins(qtbot, window, page, book, other, colleagues, stick, plugged_in, monkeypatch):
    peers.revoke(book, peers.my_card(colleagues[1]).sign_key)
    page.shown()
    plug(qtbot, window, plugged_in, stick)
    begun = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *given: (begun.append(given[2]), ("", ""))[1])
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *given: (begun.append(given[2]), ([], ""))[1])
    page.out.click()
    page.into.click()
    assert begun[0].startswith(str(stick.root))
    assert begun[1] == str(stick.root)


def test_several_dropped_files_card_first(qtbot, window, page, book, stick, tmp_path):
    (tmp_path / "new").mkdir()
    new = workbook(tmp_path / "new", operator="孙队员")
    peers.trust(new, card_of(book))
    package = package_on(stick, new, book)
    card_of(new)
    drop(window, package, new.path.with_suffix(".hdcard"), tmp_path / "名册.xlsx")
    qtbot.waitUntil(lambda: page.cards.dialog is not None and page.cards.dialog.isVisible())
    page.cards.dialog.same.click()
    page.cards.dialog.add.click()
    settle(qtbot, window)
    qtbot.waitUntil(page.preview.isVisible)
    settle(qtbot, window)
    assert "石桥村 孙队员" in page.preview.sentence.text()
    new.close()


def test_a_dropped_file_that_is_refused_does_not_hold_up_the_next(qtbot, window, page, book, other, stick):
    (stick.root / "坏的.hdpack").write_bytes(b"x")
    drop(window, stick.root / "坏的.hdpack", package_on(stick, other, book))
    settle(qtbot, window)
    assert page.preview.isVisible()
    assert "不是驻村户档的数据包" in window.notices.last[-1]


def test_of_two_packages_opened_one_after_the_other_the_last_is_shown(qtbot, window, page, book, other, stick):
    paths = [package_on(stick, other, book, f"{n}.hdpack", number=n) for n in (31, 32)]
    for path in paths:
        page.shown(path=path)
    settle(qtbot, window)
    assert page.preview.preview.path == paths[1]


def test_the_preview_is_searched(qtbot, window, page, book, other, stick):
    for n in (21, 22):
        package = package_on(stick, other, book, f"{n}.hdpack", number=n)
    page.shown(path=package)
    settle(qtbot, window)
    assert len(page.preview.table.shown_ids()) == 2
    qtbot.keyClick(page.preview.table, Qt.Key.Key_F, CTRL)
    assert page.preview.search.hasFocus()
    compose(page.preview.search, "没有的")
    assert page.preview.table.shown_ids() == []
    assert page.preview.whole_share.text() == ""
    page.preview.search.setText("新增户")
    assert len(page.preview.table.shown_ids()) == 2
    assert "新增家庭成员 3 条" in page.preview.whole_share.text()


def test_what_the_system_lists_is_there_and_not_the_systems_own_disk():
    roots = [volume.root for volume in as_the_system_lists()]
    assert len(set(roots)) == len(roots)
    assert Path("/") not in roots
    assert all(root.is_dir() for root in roots)
