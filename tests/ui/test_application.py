"""The program from its first window on, and what it does when something goes wrong."""

import logging
import os
import shutil
import sys

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QListWidget, QPushButton
from shiboken6 import isValid

from app.desktop.log_files import configure_logging, log_dir
from app.workbook.access import unlock
from app.workbook.backup import list_backups
from app.workbook.second_backup import choose_folder
from tests.builders import PASSPHRASE, household, workbook
from tests.ui.conftest import wait_until_idle
from ui.help.fault_dialog import FaultDialog
from ui.pages.today_page import TodayPage
from ui.shell.application import _ExceptionHook
from ui.shell.window_sequence import WindowSequence
from ui.widgets.question import QuestionDialog


@pytest.fixture
def hudang(qtbot, qapp, tmp_path):
    workbook(tmp_path).close()
    hudang = WindowSequence(qapp)
    hudang.show_start(tmp_path / "石桥村.hdb")
    yield hudang
    if hudang.window is not None:
        wait_until_idle(qtbot, hudang.window)
        hudang.window.close()
    if hudang.start is not None:
        hudang.start.close()


def unlocked(qtbot, hudang):
    hudang.start.findChild(QLineEdit, "passphrase").setText(PASSPHRASE)
    hudang.start.findChild(QPushButton, "unlock").click()
    qtbot.waitUntil(lambda: hudang.window is not None)
    wait_until_idle(qtbot, hudang.window)
    return hudang.window


def test_after_a_lock_the_work_goes_on_where_it_was(qtbot, hudang):
    window = unlocked(qtbot, hudang)
    assert window.isVisible()
    assert hudang.start is None
    window.open("settings")
    wait_until_idle(qtbot, window)
    window.lock()
    qtbot.waitUntil(lambda: hudang.start is not None and hudang.start.isVisible())
    assert hudang.window is None
    assert hudang.start.findChild(QLabel, "refusal").text().startswith("已锁定")
    window = unlocked(qtbot, hudang)
    assert window.current == "settings"
    assert window.findChild(TodayPage) is None  # nothing is made and read that is not looked at


def test_a_lock_gives_up_open_dialogs_and_asks_nobody(qtbot, hudang):
    window = unlocked(qtbot, hudang)
    window.page(window.current).can_leave = lambda: False
    dialog = QDialog(window)
    dialog.open()
    window.lock()
    qtbot.waitUntil(lambda: hudang.start is not None and hudang.start.isVisible())
    assert hudang.window is None


def test_the_start_window_is_deleted_with_its_work_done_and_comes_anew(qtbot, hudang, tmp_path):
    first = hudang.start
    window = unlocked(qtbot, hudang)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not isValid(first)
    window.close()
    assert hudang.start.isVisible()
    assert hudang.start.findChild(QLabel, "chosenName").text() == "石桥村"
    assert hudang.start.findChild(QListWidget, "recent").current_path() == tmp_path / "石桥村.hdb"


def test_a_workbook_whose_start_window_was_closed_is_closed_again(qtbot, hudang, tmp_path):
    start = hudang.start
    start.findChild(QLineEdit, "passphrase").setText(PASSPHRASE)
    start.findChild(QPushButton, "unlock").click()
    start.close()
    qtbot.waitUntil(lambda: start.tasks.is_idle)
    assert hudang.window is None
    unlock(tmp_path / "石桥村.hdb", PASSPHRASE).close()  # nobody else has it open


def test_a_window_with_something_refused_does_not_close(qtbot, hudang):
    window = unlocked(qtbot, hudang)
    page = window.page(window.current)
    page.can_leave = lambda: False
    window.close()
    assert window.isVisible()
    page.can_leave = lambda: True
    window.close()
    assert not window.isVisible()


def test_what_nobody_caught_is_a_sentence_and_a_place_in_the_log(qtbot, monkeypatch, qapp):
    messages = []
    monkeypatch.setattr(FaultDialog, "exec", lambda dialog: messages.append(dialog.message.text()))
    root, before, level = logging.getLogger(), list(logging.getLogger().handlers), logging.getLogger().level
    configure_logging()
    try:
        try:
            raise ValueError("身份证 340888197005060017")
        except ValueError:
            _ExceptionHook()(*sys.exc_info())
    finally:
        for handler in [one for one in root.handlers if one not in before]:
            root.removeHandler(handler)
            handler.close()
        root.setLevel(level)
    written = (log_dir() / "hudang.log").read_text(encoding="utf-8")
    assert "ValueError" in written
    assert "test_application.py" in written
    assert "340888" not in written
    assert len(messages) == 1
    assert "Traceback" not in messages[0]
    assert QApplication.instance() is qapp


def test_a_workbook_that_was_changed_is_backed_up_when_it_is_closed(qtbot, hudang, tmp_path):
    window = unlocked(qtbot, hudang)
    window.close()
    qtbot.waitUntil(lambda: hudang.start.tasks.is_idle)
    assert list_backups(tmp_path / "石桥村.hdb") == []
    window = unlocked(qtbot, hudang)
    with window.workbook.writing() as session:
        household(session)
    choose_folder(window.workbook.path, tmp_path / "拔掉的U盘")
    wait_until_idle(qtbot, window)
    window.lock()
    qtbot.waitUntil(lambda: hudang.start is not None and hudang.start.tasks.is_idle)
    [copy] = list_backups(tmp_path / "石桥村.hdb")
    assert "没有复制到" in hudang.start.findChild(QLabel, "refusal").text()
    assert copy.read_bytes() == (tmp_path / "石桥村.hdb").read_bytes()


def test_a_file_pasted_over_the_open_workbook_is_said_and_the_work_goes_on_in_a_copy(qtbot, hudang, tmp_path):
    shutil.copy(tmp_path / "石桥村.hdb", tmp_path / "旧.hdb")
    window = unlocked(qtbot, hudang)
    os.replace(tmp_path / "旧.hdb", tmp_path / "石桥村.hdb")
    with window.workbook.writing() as session:
        household(session)
    qtbot.waitUntil(lambda: window.findChild(QuestionDialog, "rescued") is not None)
    message = window.findChild(QuestionDialog, "rescued")
    [copy] = tmp_path.glob("石桥村 抢救 *.hdb")
    assert f"全部内容已另存为“{copy.name}”" in message.message
    assert window.findChild(QLabel, "status").text().endswith(copy.name)
    message.close()
    wait_until_idle(qtbot, window)
    window.close()
    assert hudang.start.findChild(QListWidget, "recent").current_path() == copy


def test_what_is_wrong_with_the_file_at_closing_is_said_in_the_start_window(qtbot, hudang, tmp_path):
    shutil.copy(tmp_path / "石桥村.hdb", tmp_path / "旧.hdb")
    window = unlocked(qtbot, hudang)
    with window.workbook.writing() as session:
        household(session)
    wait_until_idle(qtbot, window)
    shutil.copyfile(tmp_path / "旧.hdb", tmp_path / "石桥村.hdb")
    window.close()
    assert "覆盖或截断" in hudang.start.findChild(QLabel, "refusal").text()
