"""One program a user: later starts hand over their files to the window that is there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalServer
from PySide6.QtWidgets import QApplication, QDialog, QLabel

from app.errors import WorkbookLocked
from app.workbook.access import unlock
from tests.builders import PASSPHRASE, workbook
from tests.ui.conftest import wait_until_idle
from tests.ui.test_application import hudang, unlocked
from ui.shell import single_instance
from ui.shell.single_instance import SingleInstance, server_name
from ui.widgets.question import QuestionDialog

assert hudang  # a fixture
_LATER = "import sys; from pathlib import Path; from ui.shell.single_instance import hand_over\n"
_LATER += "print(hand_over([Path(path) for path in sys.argv[1:]]))"
_KILLED = (
    "import os; from PySide6.QtCore import QCoreApplication; from ui.shell.single_instance import SingleInstance\n"
)
_KILLED += "app = QCoreApplication([]); one = SingleInstance(); assert one.acquire(); one.listen(); os._exit(9)"


@pytest.fixture
def first(qapp):
    first = SingleInstance()
    assert first.acquire()
    first.listen()
    yield first
    first.release()


def start_again(qtbot, *paths: Path) -> str:
    """What a later start prints, while this one's loop runs."""
    later = subprocess.Popen([sys.executable, "-c", _LATER, *map(str, paths)], stdout=subprocess.PIPE, text=True)
    qtbot.waitUntil(lambda: later.poll() is not None)
    return later.communicate()[0].strip()


def test_a_later_start_hands_over_its_files(qtbot, first, tmp_path):
    told = []
    first.started_again.connect(told.append)
    files = [tmp_path / "石桥村.hdb", tmp_path / "包 一.hdpack"]
    assert start_again(qtbot, *files) == "True"
    assert told == [files]
    second = SingleInstance()
    assert not second.acquire()


def test_what_a_crash_leaves_locks_nobody_out(qtbot, qapp, tmp_path):
    process = subprocess.run([sys.executable, "-c", _KILLED], check=False)
    assert process.returncode == 9
    after = SingleInstance()
    assert after.acquire()  # the lock went with the process
    told = []
    after.started_again.connect(told.append)
    after.listen()  # over the socket that was left
    assert start_again(qtbot) == "True"
    assert told == [[]]
    after.release()


def test_one_that_does_not_answer_keeps_nobody_from_starting(monkeypatch, first):
    QLocalServer.removeServer(server_name())
    monkeypatch.setattr(single_instance, "_PATIENCE", 0.2)
    assert not single_instance.hand_over([])


@pytest.mark.parametrize("line", [b"x", b"[]", b'{"paths": 3}', b'{"paths": [], "activation": 1}', b"\xff{}"])
def test_what_is_no_message_opens_nothing(line):
    assert single_instance._told_paths(line) is None
    assert single_instance._told_paths(b'{"paths": ["a.hdb"], "activation": {}}') == []  # from no known folder


def test_a_folder_that_cannot_be_written_does_not_keep_the_program_from_starting(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("HUDANG_STATE", str(tmp_path / "file"))
    assert SingleInstance().acquire()


def test_a_workbook_that_is_handed_over_is_chosen(qtbot, hudang, tmp_path):
    other = workbook(tmp_path, "竹园村.hdb")
    other.close()
    hudang.open_files([other.path])
    assert hudang.start.findChild(QLabel, "chosenName").text() == "竹园村"


def test_the_open_workbook_is_only_raised_and_another_asks_first(qtbot, hudang, tmp_path):
    window = unlocked(qtbot, hudang)
    other = workbook(tmp_path, "竹园村.hdb")
    other.close()
    hudang.open_files([tmp_path / "石桥村.hdb"])
    assert window.findChild(QuestionDialog, "askOtherWorkbook") is None
    hudang.open_files([other.path])
    question = window.findChild(QuestionDialog, "askOtherWorkbook")
    assert "竹园村" in question.message
    question.buttons[0].click()
    qtbot.waitUntil(lambda: hudang.start is not None)
    assert hudang.start.findChild(QLabel, "chosenName").text() == "竹园村"
    unlock(tmp_path / "石桥村.hdb", PASSPHRASE).close()


def test_another_workbook_waits_for_a_dialog_and_leaves_it_in_front(qtbot, hudang, tmp_path):
    window = unlocked(qtbot, hudang)
    other = workbook(tmp_path, "竹园村.hdb")
    other.close()
    dialog = QDialog(window)
    dialog.open()
    for _ in range(2):
        hudang.open_files([other.path])
    window.showMinimized()
    hudang._retry.setInterval(1)
    with qtbot.waitSignals([hudang._retry.timeout] * 2):
        hudang._retry.start()
    assert window.isMinimized()  # nobody brought it to the front again
    window.showNormal()
    dialog.reject()
    qtbot.waitUntil(lambda: window.findChild(QuestionDialog, "askOtherWorkbook") is not None)
    assert not hudang._retry.isActive()
    assert len(window.findChildren(QuestionDialog, "askOtherWorkbook")) == 1
    window.findChild(QuestionDialog, "askOtherWorkbook").reject()


def test_a_package_waits_for_the_workbook_and_then_is_on_its_page(qtbot, hudang, tmp_path):
    (tmp_path / "坏.hdpack").write_bytes(b"x")
    hudang.open_files([tmp_path / "坏.hdpack"])
    assert "坏.hdpack" in hudang.start.findChild(QLabel, "refusal").text()
    window = unlocked(qtbot, hudang)
    qtbot.waitUntil(lambda: window.current == "sync")
    wait_until_idle(qtbot, window)
    assert any("坏.hdpack" in message or "数据包" in message for message in window.status_bar.messages)


def test_a_second_window_on_one_workbook_is_refused(qtbot, hudang, tmp_path):
    unlocked(qtbot, hudang)
    with pytest.raises(WorkbookLocked):
        unlock(tmp_path / "石桥村.hdb", PASSPHRASE)


def test_the_title_says_village_operator_and_file(qtbot, hudang):
    assert unlocked(qtbot, hudang).windowTitle() == "石桥村 · 王书记 · 石桥村.hdb"


@pytest.mark.skipif(sys.platform != "linux", reason="the program it starts is a script")
def test_a_newer_program_is_started_when_the_lock_is_free(qtbot, tmp_path):
    newer, told = tmp_path / "newer", tmp_path / "told"
    newer.write_text(f"#!/bin/sh\nflock -n '{tmp_path}/state/program.lock' echo free > '{told}.new'\n")
    newer.write_text(newer.read_text() + f"mv '{told}.new' '{told}'\n")
    newer.chmod(0o755)
    script = (
        "import sys; from pathlib import Path; from PySide6.QtCore import QTimer\n"
        "from app.desktop.program import OtherVersion\n"
        "from PySide6.QtWidgets import QApplication; from ui.shell import application\n"
        "def press():\n"
        "    start = next(one for one in QApplication.topLevelWidgets() if one.objectName() == 'start')\n"
        "    start._offer_newer(OtherVersion('9.0.0', Path(sys.argv[1])))\n"
        "    start._newer_button.click()\n"
        "app = QApplication(['hudang'])\n"
        "QTimer.singleShot(0, press)\n"
        "sys.exit(application.main([]))\n"
    )
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "HUDANG_STATE": str(tmp_path / "state")}
    subprocess.run([sys.executable, "-c", script, str(newer)], env=environment, timeout=60, check=True)
    qtbot.waitUntil(told.exists)
    assert told.read_text().strip() == "free"


@pytest.mark.skipif(sys.platform != "linux", reason="a program of its own on a pretended screen")
def test_the_program_itself_started_twice_is_one(qtbot, tmp_path):
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "HUDANG_STATE": str(tmp_path / "state")}
    first = subprocess.Popen([sys.executable, "-m", "app"], env=environment)
    try:
        qtbot.waitUntil((tmp_path / "state" / "program.lock").is_file)
        second = subprocess.run([sys.executable, "-m", "app", str(tmp_path / "村.HDB")], env=environment, timeout=60)
        assert second.returncode == 0
        assert first.poll() is None
    finally:
        first.terminate()
        first.wait(10)
    assert QApplication.instance() is not None
