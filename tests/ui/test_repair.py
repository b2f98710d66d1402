"""A damaged workbook, and one whose operator was removed, as an officer puts them right in the window."""

import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit, QPlainTextEdit, QPushButton

from app.errors import DamagedWorkbook, WrongPassphrase
from app.workbook import access, keyring
from app.workbook.backup import list_backups
from app.workbook.keyring import TEST_COST
from db.schema.household import Household
from tests.app.sync.peers import edit_record, make_team, send
from tests.builders import PASSPHRASE, VILLAGE, copied_tables, household, workbook
from tests.faults.test_rescue import damage, root_page
from tests.ui.conftest import wait_until_idle
from ui.dialogs.renew_key_dialog import RenewKeyDialog
from ui.dialogs.rescue_dialog import RescueDialog
from ui.dialogs.restore_dialog import RestoreDialog
from ui.dialogs.start_window import StartWindow
from ui.shell.application import _ExceptionHook
from ui.shell.window_sequence import WindowSequence
from ui.widgets.question import QuestionDialog

HOME = Household.id_of(f"{VILLAGE.code}001")


@pytest.fixture(autouse=True)
def cheap_tables():
    with copied_tables():
        yield


@pytest.fixture
def windows(qtbot, qapp):
    """The start window and what takes its place."""
    sequence = WindowSequence(qapp)
    sequence.show_start()
    yield sequence
    for window in (sequence.window, sequence.start):
        if window is not None:
            window.tasks.close()
            window.close()


def question(window, name):
    return next((one for one in window.findChildren(QuestionDialog, name) if one.isVisible()), None)


def with_damaged_household(folder):
    """A workbook whose page of households is damaged."""
    book = workbook(folder)
    with book.writing() as session:
        household(session)
    book.close()
    path = folder / "坏.hdb"
    damage(book.path, path, root_page(book.path, "household"))
    return path


def test_a_damaged_workbook_is_rescued_where_it_was_to_be_opened(qtbot, tmp_path):
    a, b = make_team(tmp_path, "甲", "乙")
    with a.operation("新增") as session:
        household(session)
    send(a, b), send(b, a)
    edit_record(a, HOME, address="后来写的")
    a.close(), b.close()
    path = tmp_path / "坏.hdb"
    damage(a.path, path, *(root_page(a.path, table) for table in ("writer", "change")))
    start = StartWindow()
    qtbot.addWidget(start)
    start.show()
    start.select(path)
    start.findChild(QLineEdit, "passphrase").setText(PASSPHRASE)
    start.findChild(QPushButton, "unlock").click()
    qtbot.waitUntil(lambda: question(start, "askRepair") is not None)
    asked = question(start, "askRepair")
    assert [button.text() for button in asked.buttons] == ["从备份恢复…", "抢救…", "取消"]
    asked.buttons[1].click()
    dialog = start.findChild(RescueDialog)
    target = dialog.findChild(QLabel, "rescueTarget").text()
    assert "坏 抢救 " in target
    rescue = dialog.findChild(QPushButton, "rescueNow")
    dialog.passphrase_edit.setText("猜一个口令")
    rescue.click()
    qtbot.waitUntil(lambda: "口令不对" in dialog.findChild(QLabel, "rescueRefusal").text())
    dialog.passphrase_edit.setText(PASSPHRASE)
    rescue.click()
    qtbot.waitUntil(lambda: rescue.text() == "打开抢救出的工作簿")
    assert "2 页坏了" in dialog.findChild(QLabel, "rescueSummary").text()
    missing = dialog.findChild(QPlainTextEdit, "rescueMissing").toPlainText()
    assert "“石桥村 乙”那里有" in missing
    dialog.save_report(tmp_path / "报告.txt")
    assert missing in (tmp_path / "报告.txt").read_text(encoding="utf-8-sig")
    with qtbot.waitSignal(start.workbook_opened) as opened:
        rescue.click()
    assert str(opened.args[0].path) == target
    assert opened.args[1].startswith("已抢救到“坏 抢救 ")
    opened.args[0].close()
    start.tasks.close()


def test_damage_that_is_found_in_the_window_is_offered_to_be_repaired(qtbot, windows, tmp_path):
    path = with_damaged_household(tmp_path)
    windows.show_workbook(access.unlock(path, PASSPHRASE))
    window = windows.window
    qtbot.waitUntil(lambda: question(window, "askRepair") is not None)
    assert [button.text() for button in question(window, "askRepair").buttons][:2] == [
        "关闭并从备份恢复…",
        "关闭并抢救…",
    ]
    hook = _ExceptionHook()
    hook.windows = windows
    try:
        window.open("settings")  # which reads on the window's thread
    except DamagedWorkbook:
        hook(*sys.exc_info())
    assert "工作簿文件已损坏" in window.status_bar.messages[-1]
    assert QApplication.activeModalWidget() is question(window, "askRepair")  # and no dialog of a fault of the program
    question(window, "askRepair").buttons[0].click()
    qtbot.waitUntil(lambda: windows.start is not None and windows.start.findChild(RestoreDialog) is not None)
    windows.start.findChild(RestoreDialog).reject()


def test_damage_that_the_check_finds_is_offered_to_be_repaired(qtbot, windows, tmp_path):
    book = workbook(tmp_path)
    book.close()
    path = tmp_path / "坏.hdb"
    damage(book.path, path, root_page(book.path, "print_batch"))
    windows.show_workbook(access.unlock(path, PASSPHRASE))
    window = windows.window
    window.open("settings")
    wait_until_idle(qtbot, window)
    window.page("settings").check_integrity()
    qtbot.waitUntil(lambda: question(window, "askRepair") is not None)
    question(window, "askRepair").reject()
    wait_until_idle(qtbot, window)
    window.page("settings").findChild(QPushButton, "rescue").click()
    question(window, "askRescue").buttons[0].click()
    qtbot.waitUntil(lambda: windows.start is not None and windows.start.findChild(RescueDialog) is not None)
    assert windows.start.findChild(RescueDialog).findChild(QLabel, "rescueSource").text() == str(path)
    windows.start.findChild(RescueDialog).reject()


def test_a_damaged_workbook_pushes_no_good_backup_out(qtbot, windows, tmp_path):
    path = with_damaged_household(tmp_path)
    opened = access.unlock(path, PASSPHRASE)
    opened.first_operation = 1  # a write of records that the damage does not touch
    windows.show_workbook(opened)
    qtbot.waitUntil(lambda: question(windows.window, "askRepair") is not None)
    question(windows.window, "askRepair").reject()
    wait_until_idle(qtbot, windows.window)
    windows.window.close()
    assert "没有自动备份，以前的备份都留着" in windows.start.findChild(QLabel, "refusal").text()
    qtbot.waitUntil(lambda: windows.start.tasks.is_idle)
    assert list_backups(path) == []


def test_the_file_key_is_renewed_after_an_operator_was_removed(qtbot, windows, tmp_path):
    dismissed = "离任的口令 2018"
    book = workbook(tmp_path)
    access.add_operator(book, "小李", dismissed, proof=PASSPHRASE, cost=TEST_COST)
    access.remove_operator(book, "小李")
    old_key = keyring.read_open_keyring(book.path).unwrap(PASSPHRASE)[0]
    windows.show_workbook(book)
    window = windows.window
    window.open("settings")
    wait_until_idle(qtbot, window)
    window.page("settings").findChild(QPushButton, "renewKey").click()
    question(window, "askRenewKey").buttons[0].click()
    qtbot.waitUntil(lambda: windows.start is not None and windows.start.findChild(RenewKeyDialog) is not None)
    dialog = windows.start.findChild(RenewKeyDialog)
    renew = dialog.findChild(QPushButton, "renewNow")
    dialog.passphrase_edit.setText("猜一个口令")
    renew.click()
    qtbot.waitUntil(lambda: "口令不对" in dialog.findChild(QLabel, "renewRefusal").text())
    dialog.passphrase_edit.setText(PASSPHRASE)
    dialog.passphrase_edit.setModified(True)  # as typed
    renew.click()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    refusal, told = dialog.findChild(QLabel, "renewRefusal"), set()
    qtbot.waitUntil(lambda: told.add(refusal.text()) or len(dialog.findChild(QLabel, "recoveryCode").text()) == 39)
    assert {"不能关" in text for text in told} == {True}  # whatever step it is at
    code = dialog.findChild(QLabel, "recoveryCode").text()
    dialog.reject()
    assert dialog.isVisible()  # the code is shown this once
    dialog.findChild(QCheckBox, "kept").click()
    dialog.findChild(QPushButton, "begin").click()
    qtbot.waitUntil(lambda: windows.window is not None and windows.window is not window)
    assert "已换新密钥" in windows.window.status_bar.messages[-1]
    assert code.replace("\n", "-") not in windows.window.status_bar.messages[-1]
    windows.window.close()
    with pytest.raises(WrongPassphrase):
        access.unlock(book.path, dismissed)
    again = access.unlock(book.path, code.replace("\n", "-"))
    assert keyring.read_open_keyring(book.path).unwrap(PASSPHRASE)[0] != old_key
    again.close()
    QApplication.processEvents()
