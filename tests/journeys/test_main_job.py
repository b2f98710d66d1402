"""The officer's main job in the real window: from an empty folder to the printed page, on a real roster."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QDialog, QFileDialog, QLabel, QLineEdit, QPushButton
from sqlalchemy import func, select, text

from app.progress import run_to_completion
from app.sync import package_export, package_import, peers
from app.workbook.access import unlock
from app.workbook.integrity import check_integrity
from db.journal.conflicts import open_conflicts
from db.schema.aid import Assignment
from db.schema.household import Household, Member
from db.schema.inspection import Answer
from tests import pdf_reader
from tests.builders import PASSPHRASE, workbook
from tests.ui.conftest import isolated_settings, wait_until_idle
from ui.dialogs.start_window import StartWindow
from ui.shell.main_window import MainWindow

ROSTER = Path(__file__).parents[1] / "data" / "roster-a.xlsx"
assert isolated_settings  # the fixture keeps this test's settings to itself


def wait_for_idle(qtbot, window):
    """One job may start the next."""
    for _ in range(4):
        wait_until_idle(qtbot, window)
        qtbot.wait(30)


def trigger_action(page, name):
    """What a shortcut or a click in the tool bar does."""
    next(action for action in page.actions() if action.objectName() == name).trigger()


def answer_file(monkeypatch, path):
    for name in ("getSaveFileName", "getOpenFileName"):
        monkeypatch.setattr(QFileDialog, name, lambda *_, **__: (str(path), ""))


def create_workbook(qtbot, monkeypatch, folder):
    """1: a new workbook, with its recovery sheet."""
    start = StartWindow()
    qtbot.addWidget(start)
    start.show()
    opened = []
    start.workbook_opened.connect(lambda workbook, _: opened.append(workbook))
    start.findChild(QPushButton, "newWorkbook").click()
    dialog = start.findChild(QDialog, "newWorkbook")
    values = {"province": "安徽省", "city": "安庆市", "county": "岳西县", "township": "响水镇", "name": "石桥村"}
    values |= {"code": "340828100101", "operator": "王书记", "passphrase": PASSPHRASE, "again": PASSPHRASE}
    for name, value in values.items():
        dialog.findChild(QLineEdit, name).setText(value)
    answer_file(monkeypatch, folder / "石桥村.hdb")
    dialog.findChild(QPushButton, "make").click()
    code = dialog.findChild(QLabel, "recoveryCode")
    qtbot.waitUntil(lambda: len(code.text()) == 39)
    stored = code.text()
    answer_file(monkeypatch, folder / "恢复单.pdf")
    dialog.findChild(QPushButton, "saveRecovery").click()
    qtbot.waitUntil((folder / "恢复单.pdf").is_file)
    qtbot.waitUntil(lambda: "恢复单已存到" in dialog.findChild(QLabel, "told").text())
    dialog.findChild(QCheckBox, "kept").click()
    dialog.findChild(QPushButton, "begin").click()
    qtbot.waitUntil(lambda: bool(opened))
    start.tasks.close()
    dialog.tasks.close()
    return opened[0], stored.replace("\n", "-")


def import_roster(qtbot, window, book):
    """2: preview, then write; again changes nothing."""
    window.open("roster_import", path=ROSTER)
    wait_for_idle(qtbot, window)
    page = window.page("roster_import")
    with book.reading() as session:
        assert session.scalar(select(func.count()).select_from(Household)) == 0
    page.write_roster()
    wait_for_idle(qtbot, window)
    with book.reading() as session:
        assert session.scalar(select(func.count()).select_from(Household)) == 86
        assert session.scalar(select(func.count()).select_from(Member)) == 270
        changes = session.scalar(text("SELECT count(*) FROM change"))
    page.open_roster(ROSTER)
    wait_for_idle(qtbot, window)
    page.write_roster()
    wait_for_idle(qtbot, window)
    with book.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM change")) == changes


def find_and_edit_household(qtbot, window, book):
    """3: search by initials, open, edit a field, refuse a wrong one, take it back."""
    window.open("households")
    wait_for_idle(qtbot, window)
    page = window.page("households")
    page.filter_bar.search.setText("djz")  # 邓杰子
    qtbot.waitUntil(lambda: len(page.table.visible_ids()) == 1)
    [household_id] = page.table.visible_ids()
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    wait_for_idle(qtbot, window)
    assert window.current == "household"
    detail = window.page("household")
    phone = detail.findChild(QLineEdit, "phone")
    for typed in ("12345", "13900000001"):
        phone.setFocus()
        phone.selectAll()
        QTest.keyClicks(phone, typed)
        qtbot.keyClick(phone, Qt.Key.Key_Return)
        wait_for_idle(qtbot, window)
        with book.reading() as session:
            stored = session.get(Household, household_id).phone
        assert stored == ("13862781805" if typed == "12345" else typed)
    return household_id


def assign_helper(qtbot, window, book, household_id):
    """4: another helper takes a household over; exactly one is in force afterwards, and the former stays in history."""
    window.open("household", household=household_id, part="assignments")
    wait_for_idle(qtbot, window)

    def choose():
        dialog = QApplication.activeModalWidget()
        dialog.search.setText("宋怡芳")
        names = [dialog.table.cell_text(one, "name") for one in dialog.table.visible_ids()]
        assert names == ["宋怡芳"]
        dialog.search.clear()
        other = next(one for one in dialog.table.visible_ids() if dialog.table.cell_text(one, "name") == "王子艳")
        dialog.table.set_current_id(other)
        dialog.form.findChild(QLineEdit, "change_reason_typed").setText("结对调整")
        dialog.accept()

    with book.reading() as session:
        before = session.scalars(select(Assignment).where(Assignment.household_id == household_id)).all()
    assert len(before) == 1
    QTimer.singleShot(300, choose)
    buttons = window.page("household").findChildren(QPushButton, "assign")
    next(button for button in buttons if button.isVisible()).click()
    wait_for_idle(qtbot, window)
    with book.reading() as session:
        in_force = session.scalar(
            select(func.count()).where(Assignment.household_id == household_id, Assignment.ended_on.is_(None))
        )
        ever = session.scalar(select(func.count()).where(Assignment.household_id == household_id))
    assert (in_force, ever) == (1, 2)


def score_round(qtbot, window, book):
    """5: a round is opened and two homes are scored by keyboard."""
    window.open("rounds")
    wait_for_idle(qtbot, window)
    page = window.page("rounds")
    trigger_action(page, "new_round")
    wait_for_idle(qtbot, window)
    page.dialog.accept_button.click()
    wait_for_idle(qtbot, window)
    trigger_action(page, "go_on")
    wait_for_idle(qtbot, window)
    assert window.current == "scoring"
    inspection = window.page("scoring")
    for _ in range(2):
        QTest.keyClick(inspection.score_sheet, Qt.Key.Key_W)
        wait_for_idle(qtbot, window)
        trigger_action(inspection, "save_next")
        wait_for_idle(qtbot, window)
    with book.reading() as session:
        answers = session.execute(select(Answer.value, func.count()).group_by(Answer.value)).all()
    assert [tuple(row) for row in answers] == [("达标", 64)]


def sync_and_resolve(qtbot, window, book, household_id, folder, monkeypatch):
    """6: a package out, a colleague's package in, a conflict shown and settled."""
    (folder / "乙").mkdir()
    other = workbook(folder / "乙", operator="李队员")
    for source, target in ((book, other), (other, book)):
        path = source.path.with_suffix(".hdcard")
        peers.save_card(source, path)
        peers.trust(target, peers.read_card(path))
    window.open("sync")
    wait_for_idle(qtbot, window)
    answer_file(monkeypatch, folder / "给李.hdpack")
    window.page("sync").export_button.click()
    wait_for_idle(qtbot, window)
    run_to_completion(package_import.import_package(other, folder / "给李.hdpack"))
    for which, value in ((book, "13900000002"), (other, "13900000003")):
        with which.writing() as session:
            session.get(Household, household_id).phone = value
    run_to_completion(package_export.write_package(other, peers.load_own_card(book).sign_key, folder / "给王.hdpack"))
    window.open("sync", path=folder / "给王.hdpack")
    wait_for_idle(qtbot, window)
    assert window.page("sync").preview.isVisible()
    window.page("sync").preview.findChild(QPushButton, "takePackage").click()
    wait_for_idle(qtbot, window)
    window.open("conflicts")
    wait_for_idle(qtbot, window)
    page = window.page("conflicts")
    assert len(page.table.visible_ids()) == 1
    page.take_side(1)
    wait_for_idle(qtbot, window)
    with book.reading() as session:
        assert open_conflicts(session) == []
        assert session.get(Household, household_id).phone == "13900000003"
    run_to_completion(package_export.write_package(book, peers.load_own_card(other).sign_key, folder / "给李2.hdpack"))
    run_to_completion(package_import.import_package(other, folder / "给李2.hdpack"))
    dumps = []
    for which in (book, other):
        with which.reading() as session:
            rows = session.execute(select(*Household.__table__.columns).order_by(Household.id))
            dumps.append(json.dumps([[str(cell) for cell in row] for row in rows]))
    assert dumps[0] == dumps[1]
    other.close()


def print_archive(qtbot, window, household_id, folder):
    """7: preview inside the app, then a PDF that a second program reads."""
    window.open("printing", household=household_id)
    wait_for_idle(qtbot, window)
    page = window.page("printing")
    qtbot.waitUntil(lambda: page.preview.page_count > 5)
    page.save(folder / "邓杰子.pdf")
    wait_for_idle(qtbot, window)
    texts = pdf_reader.page_texts(folder / "邓杰子.pdf")
    assert "邓杰子" in texts[0]
    assert "13900000003" in "".join(texts)
    assert "13900000003" in pdf_reader.full_text(folder / "邓杰子.pdf")


@pytest.mark.usefixtures("qapp")
def test_from_an_empty_folder_to_the_printed_archive(qtbot, tmp_path, monkeypatch):
    book, code = create_workbook(qtbot, monkeypatch, tmp_path)
    window = MainWindow(book)
    qtbot.addWidget(window)
    window.resize(1366, 728)
    window.show()
    wait_for_idle(qtbot, window)
    import_roster(qtbot, window, book)
    household_id = find_and_edit_household(qtbot, window, book)
    assign_helper(qtbot, window, book, household_id)
    score_round(qtbot, window, book)
    sync_and_resolve(qtbot, window, book, household_id, tmp_path, monkeypatch)
    print_archive(qtbot, window, household_id, tmp_path)
    wait_for_idle(qtbot, window)
    with qtbot.waitSignal(window.closed):
        window.close()
    again = unlock(book.path, code)
    assert run_to_completion(check_integrity(again)) == []
    again.close()
