"""Preferences, operators, passphrases, recovery and backups, as an officer reaches them."""

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QSpinBox,
)

from app.errors import WrongPassphrase
from app.workbook import access, backup, preferences
from app.workbook.keyring import TEST_COST
from tests.builders import PASSPHRASE
from tests.ui.conftest import wait_until_idle


@pytest.fixture(autouse=True)
def cheap_keys(monkeypatch):
    """What is set here derives its keys cheaply: the measuring is tested in tests/app/workbook."""
    for change in (access.change_passphrase, access.add_operator, access.renew_recovery_code):
        monkeypatch.setitem(change.__kwdefaults__, "cost", TEST_COST)


@pytest.fixture
def page(qtbot, window):
    window.open("settings")
    wait_until_idle(qtbot, window)
    return window.page("settings")


def last_message(page):
    return page.context.status_bar.messages[-1]


def press(qtbot, page, name, *answers):
    """Press a button and type the answers into the dialog that comes."""

    def answer():
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QDialog)
        for n, text in enumerate(answers):
            dialog.findChild(QLineEdit, f"asked_{n}").setText(text)
        dialog.accept()

    if answers:
        QTimer.singleShot(50, answer)
    page.findChild(QPushButton, name).click()
    wait_until_idle(qtbot, page.context.window)


def test_preferences_are_kept_when_their_control_is_left(qtbot, page, book):
    page.findChild(QSpinBox, "visit_days").setValue(60)
    page.findChild(QSpinBox, "visit_days").editingFinished.emit()
    combo = page.findChild(QComboBox, "per_capita_base")
    combo.setCurrentIndex(1)
    combo.activated.emit(1)
    page.findChild(QCheckBox, "duplex").click()
    wait_until_idle(qtbot, page.context.window)
    assert preferences.get(book, "visit_days") == 60
    assert preferences.get(book, "per_capita_base") == "resident"
    assert preferences.get(book, "duplex") is True


def test_a_changed_passphrase_opens_the_workbook_and_the_old_one_does_not(qtbot, page, book):
    press(qtbot, page, "changePassphrase", PASSPHRASE, "新的口令 2019", "不一致")
    assert "不一致" in last_message(page)
    press(qtbot, page, "changePassphrase", "猜的口令", "新的口令 2019", "新的口令 2019")
    assert page.context.status_bar.property("how") == "refused"
    press(qtbot, page, "changePassphrase", PASSPHRASE, "新的口令 2019", "新的口令 2019")
    assert last_message(page) == "口令已改。"
    page.context.window.close()
    with pytest.raises(WrongPassphrase):
        access.unlock(book.path, PASSPHRASE)
    access.unlock(book.path, "新的口令 2019").close()


def test_operators_come_and_go_but_the_last_one_stays(qtbot, page, book):
    press(qtbot, page, "addOperator", "李队长", "李队长的口令", "李队长的口令", PASSPHRASE)
    names = page.findChild(QListWidget, "operators")
    assert [names.item(n).text() for n in range(names.count())] == ["王书记", "李队长"]
    names.setCurrentRow(1)
    press(qtbot, page, "removeOperator")
    names.setCurrentRow(0)
    press(qtbot, page, "removeOperator")
    assert "最后一位" in last_message(page)
    assert access.operators(book.path) == ["王书记"]


def test_a_new_recovery_sheet_is_written_and_named(qtbot, page, tmp_path, monkeypatch):
    out = tmp_path / "恢复单.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    press(qtbot, page, "newRecovery", PASSPHRASE)
    qtbot.waitUntil(lambda: out.is_file() and "恢复单" in last_message(page))
    assert out.read_bytes().startswith(b"%PDF")


def test_a_backup_is_made_listed_and_whole(qtbot, page, book, tmp_path, monkeypatch):
    (tmp_path / "U盘").mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "U盘"))
    press(qtbot, page, "secondFolder")
    page.back_up()
    wait_until_idle(qtbot, page.context.window)
    [copy] = backup.list_backups(book.path)
    assert [one.name for one in (tmp_path / "U盘").rglob("*.hdb")] == [copy.name]
    assert "U盘" in page.findChild(QLabel, "secondFolderText").text()
    assert copy.stem in page.findChild(QListWidget, "backups").item(0).text()
    assert "已备份到" in last_message(page)
    page.check_integrity()
    wait_until_idle(qtbot, page.context.window)
    assert "完好" in last_message(page)
    access.unlock(copy, PASSPHRASE).close()
