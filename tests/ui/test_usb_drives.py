"""A stick that is plugged in, and several files at once."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QPushButton

from app.sync import peers
from tests.app.sync.peers import card_of, close_team, exchange_cards, opened_team, write_package
from tests.builders import household, workbook
from tests.ui.conftest import add_three_households, wait_until_idle
from tests.ui.keyboard import compose
from ui.sync import usb_watcher
from ui.sync.usb_watcher import UsbVolume, UsbWatcher
from ui.sync.usb_watcher import mounted_volumes as as_the_system_lists

CTRL = Qt.KeyboardModifier.ControlModifier


TEAM = ("王书记", "李队员", "赵队员")


@pytest.fixture(scope="module")
def closed_team(tmp_path_factory):
    """Two colleagues who know the village's workbook, and it them."""

    def introduce(books):
        add_three_households(books[0])
        for colleague in books[1:]:
            exchange_cards(books[0], colleague)

    return close_team(tmp_path_factory.mktemp("team"), TEAM, introduce, strangers=True)


@pytest.fixture
def team(tmp_path, closed_team):
    with opened_team(closed_team, tmp_path, *TEAM) as books:
        yield books


@pytest.fixture
def book(team):
    return team[0]


@pytest.fixture
def colleagues(team):
    return team[1:]


@pytest.fixture
def other(colleagues):
    return colleagues[0]


@pytest.fixture
def page(qtbot, window, colleagues):
    window.open("sync")
    wait_until_idle(qtbot, window)
    return window.page("sync")


@pytest.fixture
def usb_drive(tmp_path):
    folder = tmp_path / "KINGSTON"
    folder.mkdir()
    return UsbVolume(folder, "KINGSTON", removable=True)


def plug_in(qtbot, window, plugged_in, *volumes):
    plugged_in[:] = volumes
    window.usb_watcher.poll()
    wait_until_idle(qtbot, window)


def write_package_to(usb_drive, colleague, book, name="给王.hdpack", number=9):
    with colleague.writing() as session:
        household(session, number=number)
    return write_package(colleague, book, usb_drive.root / name)


def drop(window, *paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))


def test_a_stick_is_told_on_the_page_until_it_is_pulled_out(
    qtbot, window, page, book, other, usb_drive, mounted_volumes
):
    assert not page.usb_bar.isVisible()
    write_package_to(usb_drive, other, book)
    plug_in(qtbot, window, mounted_volumes, usb_drive)
    assert page.usb_bar.isVisible()
    assert page.usb_bar.message.text() == "发现 U 盘“KINGSTON”：给本机的包 1 个。"
    plug_in(qtbot, window, mounted_volumes)
    assert not page.usb_bar.isVisible()


def test_sticks_are_looked_for_by_themselves(qtbot, window, book, usb_drive, monkeypatch):
    monkeypatch.setattr(usb_watcher, "POLL_MS", 20)
    sentences = []
    watching = UsbWatcher(book, window.tasks, window, lambda: (usb_drive,))
    watching.drive_added.connect(sentences.append)
    qtbot.waitUntil(lambda: [one.volume for one in sentences] == [usb_drive])
    watching.stop()
    wait_until_idle(qtbot, window)


def test_elsewhere_a_notice_leads_to_the_package(qtbot, window, book, other, usb_drive, mounted_volumes):
    write_package_to(usb_drive, other, book)
    window.open("households")
    plug_in(qtbot, window, mounted_volumes, usb_drive)
    assert "发现 U 盘“KINGSTON”：给本机的包 1 个。" in window.status_bar.messages
    button = window.status_bar.findChild(QPushButton, "noticeAction")
    assert button.isVisible()
    button.click()
    wait_until_idle(qtbot, window)
    assert window.current == "sync"
    assert window.page("sync").preview.isVisible()


def test_a_refusal_that_nobody_has_read_is_not_covered(qtbot, window, book, other, usb_drive, mounted_volumes):
    write_package_to(usb_drive, other, book)
    window.open("households")
    wait_until_idle(qtbot, window)
    window.status_bar.error("没有存成。")
    plug_in(qtbot, window, mounted_volumes, usb_drive)
    assert window.status_bar.messages[-1] == "没有存成。"


def test_a_stick_without_anything_for_us_is_not_called_out(qtbot, window, usb_drive, mounted_volumes):
    window.open("households")
    wait_until_idle(qtbot, window)
    messages = list(window.status_bar.messages)
    plug_in(qtbot, window, mounted_volumes, usb_drive)
    assert window.status_bar.messages == messages
    window.open("sync")
    wait_until_idle(qtbot, window)
    assert "没有给本机的新文件" in window.page("sync").usb_bar.message.text()


def test_a_disk_that_was_there_from_the_beginning_is_no_stick(qtbot, window, page, tmp_path, mounted_volumes):
    disk, late_volumes = (UsbVolume(tmp_path / name, name, removable=False) for name in ("D", "E"))
    plug_in(qtbot, window, mounted_volumes, disk)
    assert not page.usb_bar.isVisible()
    plug_in(qtbot, window, mounted_volumes, disk, late_volumes)
    assert [one.volume for one in window.usb_watcher.drives] == [late_volumes]


def test_several_files_are_listed_and_looked_at_one_after_the_other(
    qtbot, window, page, book, colleagues, usb_drive, mounted_volumes
):
    for n, colleague in enumerate(colleagues):
        write_package_to(usb_drive, colleague, book, f"{n}.hdpack", number=11 + n)
    (usb_drive.root / "坏的.hdpack").write_bytes(b"x")
    plug_in(qtbot, window, mounted_volumes, usb_drive)
    qtbot.keyClick(page, Qt.Key.Key_U, CTRL)
    wait_until_idle(qtbot, window)
    assert page.usb_card.isVisible()
    assert [page.usb_card.table.cell_text(key, "file") for key in page.usb_card.table.visible_ids()][2] == "坏的.hdpack"
    page.usb_card.table.set_current_id(str(usb_drive.root / "坏的.hdpack"))
    assert "不是驻村户档的数据包" in page.usb_card.detail_label.text()
    qtbot.keyClick(page.usb_card.table, Qt.Key.Key_Return, CTRL)
    wait_until_idle(qtbot, window)
    assert page.preview.message.text().startswith("第 1 个，共 2 个")
    qtbot.keyClick(page.preview.table, Qt.Key.Key_Return, CTRL)
    wait_until_idle(qtbot, window)
    assert page.preview.message.text().startswith("第 2 个，共 2 个")
    qtbot.keyClick(page.preview.table, Qt.Key.Key_Escape)
    wait_until_idle(qtbot, window)
    assert not page.preview.isVisible()
    assert len(page.log_table.visible_ids()) == 1
    assert "给本机的包 1 个" in page.usb_bar.message.text()


def test_back_from_the_list_of_files(qtbot, window, page, usb_drive, mounted_volumes):
    plug_in(qtbot, window, mounted_volumes, usb_drive)
    qtbot.keyClick(page, Qt.Key.Key_U, CTRL)
    assert page.usb_card.isVisible()
    qtbot.keyClick(page.usb_card.table, Qt.Key.Key_Escape)
    assert not page.usb_card.isVisible()
    qtbot.keyClick(page, Qt.Key.Key_U, CTRL)
    plug_in(qtbot, window, mounted_volumes)
    assert not page.usb_card.isVisible()


def test_export_onto_the_stick_asks_only_for_whom(qtbot, window, page, book, colleagues, usb_drive, mounted_volumes):
    plug_in(qtbot, window, mounted_volumes, usb_drive)
    wait_until_idle(qtbot, window)
    qtbot.keyClick(page, Qt.Key.Key_E, CTRL | Qt.KeyboardModifier.ShiftModifier)
    dialog = page.exports.dialog
    assert dialog.isVisible()
    qtbot.keyClicks(dialog.search, "zdy")
    assert [dialog.table.cell_text(key, "name") for key in dialog.table.visible_ids()] == ["石桥村 赵队员"]
    qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    [path] = usb_drive.root.glob("*.hdpack")
    assert "赵队员" in path.name
    assert "已导出给“石桥村 赵队员”" in window.status_bar.messages[-1]


def test_for_two_at_once_two_packages_are_written(qtbot, window, page, book, colleagues, tmp_path, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: str(tmp_path))
    page.export_button.click()
    page.exports.dialog.table.selectAll()
    page.exports.dialog.findChild(QPushButton, "exportToChosen").click()
    wait_until_idle(qtbot, window)
    assert len(list(tmp_path.glob("给 *.hdpack"))) == 2
    assert "已导出 2 个包" in window.status_bar.messages[-1]


def test_the_stick_is_where_saving_begins(
    qtbot, window, page, book, other, colleagues, usb_drive, mounted_volumes, monkeypatch
):
    peers.revoke(book, peers.load_own_card(colleagues[1]).sign_key)
    page.open()
    plug_in(qtbot, window, mounted_volumes, usb_drive)
    begun = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (begun.append(args[2]), ("", ""))[1])
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *args: (begun.append(args[2]), ([], ""))[1])
    page.export_button.click()
    page.import_button.click()
    assert begun[0].startswith(str(usb_drive.root))
    assert begun[1] == str(usb_drive.root)


def test_several_dropped_files_card_first(qtbot, window, page, book, usb_drive, tmp_path):
    (tmp_path / "new").mkdir()
    new = workbook(tmp_path / "new", operator="孙队员")
    peers.trust(new, card_of(book))
    package = write_package_to(usb_drive, new, book)
    card_of(new)
    drop(window, package, new.path.with_suffix(".hdcard"), tmp_path / "名册.xlsx")
    qtbot.waitUntil(lambda: page.card_controller.dialog is not None and page.card_controller.dialog.isVisible())
    page.card_controller.dialog.match_box.click()
    page.card_controller.dialog.add_button.click()
    wait_until_idle(qtbot, window)
    qtbot.waitUntil(page.preview.isVisible)
    wait_until_idle(qtbot, window)
    assert "石桥村 孙队员" in page.preview.message.text()
    new.close()


def test_a_dropped_file_that_is_refused_does_not_hold_up_the_next(qtbot, window, page, book, other, usb_drive):
    (usb_drive.root / "坏的.hdpack").write_bytes(b"x")
    drop(window, usb_drive.root / "坏的.hdpack", write_package_to(usb_drive, other, book))
    wait_until_idle(qtbot, window)
    assert page.preview.isVisible()
    assert "不是驻村户档的数据包" in window.status_bar.messages[-1]


def test_of_two_packages_opened_one_after_the_other_the_last_is_shown(qtbot, window, page, book, other, usb_drive):
    paths = [write_package_to(usb_drive, other, book, f"{n}.hdpack", number=n) for n in (31, 32)]
    for path in paths:
        page.open(path=path)
    wait_until_idle(qtbot, window)
    assert page.preview.preview.path == paths[1]


def test_the_preview_is_searched(qtbot, window, page, book, other, usb_drive):
    for n in (21, 22):
        package = write_package_to(usb_drive, other, book, f"{n}.hdpack", number=n)
    page.open(path=package)
    wait_until_idle(qtbot, window)
    assert len(page.preview.table.visible_ids()) == 2
    qtbot.keyClick(page.preview.table, Qt.Key.Key_F, CTRL)
    assert page.preview.search.hasFocus()
    compose(page.preview.search, "没有的")
    assert page.preview.table.visible_ids() == []
    assert page.preview.household_detail.text() == ""
    page.preview.search.setText("新增户")
    assert len(page.preview.table.visible_ids()) == 2
    assert "新增家庭成员 3 条" in page.preview.household_detail.text()


def test_what_the_system_lists_is_there_and_not_the_systems_own_disk():
    roots = [volume.root for volume in as_the_system_lists()]
    assert len(set(roots)) == len(roots)
    assert Path("/") not in roots
    assert all(root.is_dir() for root in roots)
