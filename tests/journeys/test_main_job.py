"""The officer's main job in the real window: from an empty folder to the printed page, on a real roster."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QDialog, QFileDialog, QLabel, QLineEdit, QPushButton
from sqlalchemy import func, select, text

from app.exchange import incoming, outgoing, peers
from app.progress import finish
from app.workbook.access import unlock
from app.workbook.soundness import faults
from db.conflict import open_conflicts
from db.schema.aid import Assignment
from db.schema.household import Household, Member
from db.schema.inspection import Answer
from tests.app.archive import reading
from tests.builders import PASSPHRASE, workbook
from tests.ui.conftest import own_settings, settle
from ui.dialogs.start import StartWindow
from ui.main_window import MainWindow

ROSTER = Path(__file__).parents[1] / "data" / "roster-a.xlsx"
assert own_settings  # the fixture keeps this test's settings to itself


def calm(qtbot, window):
    """One job may start the next."""
    for _ in range(4):
        settle(qtbot, window)
        qtbot.wait(30)


def act(page, name):
    """What a shortcut or a click in the tool bar does."""
    next(action for action in page.actions() if action.objectName() == name).trigger()


def answer_file(monkeypatch, path):
    for name in ("getSaveFileName", "getOpenFileName"):
        monkeypatch.setattr(QFileDialog, name, lambda *_, **__: (str(path), ""))


def made_through_the_start_window(qtbot, monkeypatch, folder):
    """1: a new workbook, with its recovery sheet."""
    start = StartWindow()
    qtbot.addWidget(start)
    start.show()
    opened = []
    start.opened.connect(opened.append)
    start.findChild(QPushButton, "newWorkbook").click()
    dialog = start.findChild(QDialog, "newWorkbook")
    values = {"province": "安徽省", "city": "安庆市", "county": "岳西县", "township": "响水镇", "name": "石桥村"}
    values |= {"code": "340828100101", "operator": "王书记", "passphrase": PASSPHRASE, "again": PASSPHRASE}
    for name, value in values.items():
        dialog.findChild(QLineEdit, name).setText(value)
    answer_file(monkeypatch, folder / "石桥村.hdb")
    dialog.findChild(QPushButton, "make").click()
    code = dialog.findChild(QLabel, "recoveryCode")
    qtbot.waitUntil(lambda: len(code.text()) == 39, timeout=20000)
    kept = code.text()
    answer_file(monkeypatch, folder / "恢复单.pdf")
    dialog.findChild(QPushButton, "printRecovery").click()
    qtbot.waitUntil((folder / "恢复单.pdf").is_file, timeout=20000)
    qtbot.waitUntil(lambda: "恢复单已存到" in dialog.findChild(QLabel, "told").text(), timeout=20000)
    dialog.findChild(QCheckBox, "kept").click()
    dialog.findChild(QPushButton, "begin").click()
    qtbot.waitUntil(lambda: bool(opened))
    start.jobs.close()
    dialog.jobs.close()
    return opened[0], kept.replace("\n", "-")


def roster_taken_in(qtbot, window, book):
    """2: preview, then write; again changes nothing."""
    window.open("take_in", path=ROSTER)
    calm(qtbot, window)
    page = window.page("take_in")
    with book.reading() as session:
        assert session.scalar(select(func.count()).select_from(Household)) == 0
    page.write()
    calm(qtbot, window)
    with book.reading() as session:
        assert session.scalar(select(func.count()).select_from(Household)) == 86
        assert session.scalar(select(func.count()).select_from(Member)) == 270
        changes = session.scalar(text("SELECT count(*) FROM change"))
    page.open_roster(ROSTER)
    calm(qtbot, window)
    page.write()
    calm(qtbot, window)
    with book.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM change")) == changes


def household_found_and_edited(qtbot, window, book):
    """3: search by initials, open, edit a field, refuse a wrong one, take it back."""
    window.open("households")
    calm(qtbot, window)
    page = window.page("households")
    page.bar.search.setText("djz")  # 邓杰子
    qtbot.waitUntil(lambda: len(page.table.shown_ids()) == 1, timeout=5000)
    [home] = page.table.shown_ids()
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    calm(qtbot, window)
    assert window.current == "household"
    detail = window.page("household")
    phone = detail.findChild(QLineEdit, "phone")
    for typed in ("12345", "13900000001"):
        phone.setFocus()
        phone.selectAll()
        QTest.keyClicks(phone, typed)
        qtbot.keyClick(phone, Qt.Key.Key_Return)
        calm(qtbot, window)
        with book.reading() as session:
            kept = session.get(Household, home).phone
        assert kept == ("13862781805" if typed == "12345" else typed)
    return home


def helper_assigned(qtbot, window, book, home):
    """4: another helper takes a household over; exactly one is in force afterwards, and the former stays in history."""
    window.open("household", household=home, tab="帮扶")
    calm(qtbot, window)

    def choose():
        dialog = QApplication.activeModalWidget()
        dialog.search.setText("宋怡芳")
        names = [dialog.table.cell_text(one, "name") for one in dialog.table.shown_ids()]
        assert names == ["宋怡芳"]
        dialog.search.clear()
        other = next(one for one in dialog.table.shown_ids() if dialog.table.cell_text(one, "name") == "王子艳")
        dialog.table.point_at(other)
        dialog.form.findChild(QLineEdit, "change_reason_typed").setText("结对调整")
        dialog.accept()

    with book.reading() as session:
        before = session.scalars(select(Assignment).where(Assignment.household_id == home)).all()
    assert len(before) == 1
    QTimer.singleShot(300, choose)
    buttons = window.page("household").findChildren(QPushButton, "assign")
    next(button for button in buttons if button.isVisible()).click()
    calm(qtbot, window)
    with book.reading() as session:
        in_force = session.scalar(
            select(func.count()).where(Assignment.household_id == home, Assignment.ended_on.is_(None))
        )
        ever = session.scalar(select(func.count()).where(Assignment.household_id == home))
    assert (in_force, ever) == (1, 2)


def round_scored(qtbot, window, book):
    """5: a round is opened and two homes are scored by keyboard."""
    window.open("round")
    calm(qtbot, window)
    page = window.page("round")
    act(page, "new_round")
    calm(qtbot, window)
    page.dialog.yes.click()
    calm(qtbot, window)
    act(page, "go_on")
    calm(qtbot, window)
    assert window.current == "inspection"
    inspection = window.page("inspection")
    for _ in range(2):
        QTest.keyClick(inspection.sheet, Qt.Key.Key_W)
        calm(qtbot, window)
        act(inspection, "save_next")
        calm(qtbot, window)
    with book.reading() as session:
        answers = session.execute(select(Answer.value, func.count()).group_by(Answer.value)).all()
    assert [tuple(row) for row in answers] == [("达标", 64)]


def exchanged_and_settled(qtbot, window, book, home, folder, monkeypatch):
    """6: a package out, a colleague's package in, a conflict shown and settled."""
    (folder / "乙").mkdir()
    other = workbook(folder / "乙", operator="李队员")
    for source, target in ((book, other), (other, book)):
        path = source.path.with_suffix(".hdcard")
        peers.save_card(source, path)
        peers.trust(target, peers.read_card(path))
    window.open("exchange")
    calm(qtbot, window)
    answer_file(monkeypatch, folder / "给李.hdpack")
    window.page("exchange").out.click()
    calm(qtbot, window)
    finish(incoming.apply(other, folder / "给李.hdpack"))
    for which, value in ((book, "13900000002"), (other, "13900000003")):
        with which.writing() as session:
            session.get(Household, home).phone = value
    finish(outgoing.write_package(other, peers.my_card(book).sign_key, folder / "给王.hdpack"))
    window.open("exchange", path=folder / "给王.hdpack")
    calm(qtbot, window)
    assert window.page("exchange").preview.isVisible()
    window.page("exchange").preview.findChild(QPushButton, "takePackage").click()
    calm(qtbot, window)
    window.open("conflicts")
    calm(qtbot, window)
    page = window.page("conflicts")
    assert len(page.list.shown_ids()) == 1
    page.take(1)
    calm(qtbot, window)
    with book.reading() as session:
        assert open_conflicts(session) == []
        assert session.get(Household, home).phone == "13900000003"
    finish(outgoing.write_package(book, peers.my_card(other).sign_key, folder / "给李2.hdpack"))
    finish(incoming.apply(other, folder / "给李2.hdpack"))
    dumps = []
    for which in (book, other):
        with which.reading() as session:
            rows = session.execute(select(*Household.__table__.columns).order_by(Household.id))
            dumps.append(json.dumps([[str(cell) for cell in row] for row in rows]))
    assert dumps[0] == dumps[1]
    other.close()


def archive_printed(qtbot, window, home, folder):
    """7: preview inside the app, then a PDF that a second program reads."""
    window.open("archive", household=home)
    calm(qtbot, window)
    page = window.page("archive")
    qtbot.waitUntil(lambda: page.preview.pages > 5, timeout=20000)
    page.save(folder / "邓杰子.pdf")
    calm(qtbot, window)
    made = reading.pages(folder / "邓杰子.pdf")
    assert "邓杰子" in made[0]
    assert "13900000003" in "".join(made)
    assert "13900000003" in reading.whole(folder / "邓杰子.pdf")


@pytest.mark.usefixtures("qapp")
def test_from_an_empty_folder_to_the_printed_archive(qtbot, tmp_path, monkeypatch):
    book, code = made_through_the_start_window(qtbot, monkeypatch, tmp_path)
    window = MainWindow(book)
    qtbot.addWidget(window)
    window.resize(1366, 728)
    window.show()
    calm(qtbot, window)
    roster_taken_in(qtbot, window, book)
    home = household_found_and_edited(qtbot, window, book)
    helper_assigned(qtbot, window, book, home)
    round_scored(qtbot, window, book)
    exchanged_and_settled(qtbot, window, book, home, tmp_path, monkeypatch)
    archive_printed(qtbot, window, home, tmp_path)
    calm(qtbot, window)
    with qtbot.waitSignal(window.left, timeout=20000):
        window.close()
    again = unlock(book.path, code)
    assert finish(faults(again)) == []
    again.close()
