"""The first window."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
)

from app import sample
from app.desktop.program import OtherVersion, program_folder
from app.desktop.sample_file import sample_path
from app.errors import UserError
from app.progress import Progress, run_to_completion
from app.workbook.access import create
from app.workbook.backup import backup
from app.workbook.keyring import TEST_COST
from db.schema.household import Household
from tests.builders import PASSPHRASE, VILLAGE, copied_tables, household, workbook
from tests.faults.fault_injection import read_only
from ui.dialogs.new_workbook_dialog import NewWorkbookDialog
from ui.dialogs.recent_workbooks import add_recent
from ui.dialogs.restore_dialog import RestoreDialog
from ui.dialogs.start_window import StartWindow
from ui.widgets.question import QuestionDialog

ROOT = Path(__file__).parents[2]


@pytest.fixture
def start(qtbot):
    start = StartWindow()
    qtbot.addWidget(start)
    start.show()
    yield start
    start.tasks.close()


def test_a_workbook_opens_with_its_passphrase(qtbot, start, tmp_path):
    book = workbook(tmp_path)
    book.close()
    start.select(book.path)
    start.findChild(QLineEdit, "passphrase").setText("猜一个口令")
    start.findChild(QPushButton, "unlock").click()
    qtbot.waitUntil(lambda: "口令不对" in start.findChild(QLabel, "refusal").text())
    start.findChild(QLineEdit, "passphrase").setText(PASSPHRASE)
    with qtbot.waitSignal(start.workbook_opened) as opened:
        start.findChild(QPushButton, "unlock").click()
    assert opened.args[0].operator == "王书记"
    opened.args[0].close()
    assert start.findChild(QLineEdit, "passphrase").text() == ""
    assert start.findChild(QListWidget, "recent").item(0).text() == "石桥村"


def test_a_file_that_is_no_workbook_gets_a_sentence(qtbot, start, tmp_path):
    (tmp_path / "名单.hdb").write_bytes(b"hello")
    start.select(tmp_path / "名单.hdb")
    start.findChild(QPushButton, "unlock").click()
    qtbot.waitUntil(lambda: "不是工作簿" in start.findChild(QLabel, "refusal").text())


def test_the_recovery_code_opens_a_workbook_too(qtbot, start, tmp_path):
    book, code = create(tmp_path / "石桥村.hdb", PASSPHRASE, "王书记", VILLAGE, cost=TEST_COST)
    book.close()
    start.select(book.path)
    start.findChild(QLineEdit, "passphrase").setText(code.replace("-", "").lower())
    with qtbot.waitSignal(start.workbook_opened) as opened:
        start.findChild(QPushButton, "unlock").click()
    opened.args[0].close()


def test_a_backup_comes_back_and_the_file_that_was_there_stays_beside_it(qtbot, start, tmp_path):
    book = workbook(tmp_path)
    copy = run_to_completion(backup(book, tmp_path / "备份.hdb"))
    with book.writing() as session:
        household(session)
    book.close()
    start.select(book.path)
    start.findChild(QPushButton, "restore").click()
    dialog = start.findChild(RestoreDialog)
    dialog.set_backup(copy)
    restore = dialog.findChild(QPushButton, "restoreNow")
    restore.click()
    assert "口令" in dialog.findChild(QLabel, "restoreRefusal").text()
    dialog.passphrase_edit.setText("猜一个口令")
    restore.click()
    qtbot.waitUntil(lambda: "口令不对" in dialog.findChild(QLabel, "restoreRefusal").text())
    dialog.passphrase_edit.setText(PASSPHRASE)
    qtbot.keyClick(dialog.passphrase_edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: restore.text() == "确定恢复")
    shown = dialog.findChild(QLabel, "restoreRefusal").text()
    assert shown == "备份以后做的 1 项操作将没有。记录数：户 1 → 0，家庭成员 3 → 0。"
    assert "王书记" in dialog.findChild(QPlainTextEdit, "restoreChanges").toPlainText()
    with qtbot.waitSignal(start.workbook_opened) as opened:
        restore.click()
    assert opened.args[1].startswith("已从备份“备份”恢复。恢复前的文件已改名为“石桥村 恢复前 ")
    with opened.args[0].reading() as session:
        assert session.query(Household).count() == 0
    opened.args[0].close()
    assert len([path for path in tmp_path.glob("*.hdb") if "恢复前" in path.name]) == 1


def test_a_workbook_on_a_write_protected_stick_is_copied_to_the_documents(qtbot, start, tmp_path, monkeypatch):
    stick, documents = tmp_path / "U盘", tmp_path / "文档"
    stick.mkdir()
    book = workbook(stick)
    with book.writing() as session:
        household(session)
    book.close()
    before = book.path.read_bytes()
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _: str(documents))
    start.select(book.path)
    start.findChild(QLineEdit, "passphrase").setText(PASSPHRASE)
    with read_only(stick):
        start.unlock()
        qtbot.waitUntil(lambda: start.findChild(QuestionDialog, "askLocalCopy") is not None)
        question = start.findChild(QuestionDialog, "askLocalCopy")
        assert "只读的" in question.message
        assert str(documents) in question.details
        with qtbot.waitSignal(start.workbook_opened) as opened:
            question.buttons[0].click()
    copy = opened.args[0]
    assert (copy.path, copy.replica != book.replica) == (documents / "石桥村.hdb", True)
    with copy.reading() as session:
        assert session.query(Household).count() == 1
    copy.close()
    assert (book.path.read_bytes(), [path.name for path in stick.iterdir()]) == (before, ["石桥村.hdb"])


def test_a_workbook_that_a_cloud_program_synchronises_is_copied_or_opened_there_and_asked_about_once(
    qtbot, start, tmp_path, monkeypatch
):
    cloud, documents = tmp_path / "OneDrive", tmp_path / "OneDrive" / "文档"
    documents.mkdir(parents=True)
    book = workbook(cloud)
    book.close()
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _: str(documents))
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(tmp_path))

    def asked(button: str) -> QuestionDialog:
        start.select(book.path)
        start.findChild(QLineEdit, "passphrase").setText(PASSPHRASE)
        start.unlock()
        qtbot.waitUntil(lambda: any(one.isVisible() for one in start.findChildren(QuestionDialog, "askLocalCopy")))
        question = next(one for one in start.findChildren(QuestionDialog, "askLocalCopy") if one.isVisible())
        assert "在“OneDrive”同步的文件夹里" in question.message
        with qtbot.waitSignal(start.workbook_opened) as opened:
            next(each for each in question.buttons if each.text() == button).click()
        return opened.args[0]

    copy = asked("复制并打开")
    assert (copy.path, copy.replica != book.replica) == (tmp_path / "驻村户档/石桥村.hdb", True)
    copy.close()
    there = asked("仍放在这里")
    assert (there.path, there.replica) == (book.path, book.replica)
    there.close()
    start.select(book.path)
    start.findChild(QLineEdit, "passphrase").setText(PASSPHRASE)
    with qtbot.waitSignal(start.workbook_opened) as opened:  # asked no more
        start.unlock()
    opened.args[0].close()


def test_enter_takes_the_way_that_has_the_focus(qtbot, start):
    asked = []
    start._held_actions["openSample"].triggered.disconnect()
    start._held_actions["openSample"].triggered.connect(lambda: asked.append("sample"))
    button = start.findChild(QPushButton, "first_openSample")
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert asked == ["sample"]


def test_the_first_start_offers_three_ways(qtbot, start):
    assert start.findChild(QListWidget, "recent").count() == 0
    ways = [start.findChild(QPushButton, f"first_{name}") for name in ("newWorkbook", "openSample", "restore")]
    assert all(way.isVisible() for way in ways)
    assert not start.findChild(QLineEdit, "passphrase").isVisible()
    QTest.keyClick(ways[0], Qt.Key.Key_Space)
    assert start.findChild(NewWorkbookDialog).isVisible()
    start.findChild(NewWorkbookDialog).reject()


@pytest.fixture
def cheap_sample(monkeypatch):
    """The sample village without its records and with a cheap key."""
    monkeypatch.setattr(sample, "make", lambda path, passphrase: iter_sample(path, passphrase))


def iter_sample(path, passphrase):
    yield Progress(0, 0)
    with copied_tables():
        return create(path, passphrase, "示例用户", VILLAGE, cost=TEST_COST, public=True)[0]


def test_the_sample_that_was_locked_is_opened_again_by_enter(qtbot, start, cheap_sample):
    start.show_locked(sample_path())
    with qtbot.waitSignal(start.workbook_opened) as opened:
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    workbook, _ = opened.args
    assert workbook.path == sample_path()
    workbook.close()


def test_the_sample_asks_for_nothing_and_is_never_among_the_recent(qtbot, start, cheap_sample):
    for _ in range(2):  # made, and then opened again
        with qtbot.waitSignal(start.workbook_opened) as opened:
            QTest.keySequence(start, QKeySequence("Ctrl+E"))
        assert opened.args[0].path == sample_path()
        opened.args[0].close()
    add_recent(sample_path())
    start.select(sample_path())
    assert start.findChild(QListWidget, "recent").count() == 0
    assert not start.findChild(QLineEdit, "passphrase").isVisible()


def test_a_sample_with_a_passphrase_of_its_own_is_put_aside(qtbot, start, cheap_sample):
    sample_path().parent.mkdir(parents=True, exist_ok=True)
    workbook(sample_path().parent, sample_path().name).close()
    start.show_error(UserError("上次没有打开。"))
    message = start.findChild(QLabel, "refusal")
    assert message.property("fault") is True
    with qtbot.waitSignal(start.workbook_opened) as opened:
        start.open_sample()
    assert message.property("fault") is False  # progress stood in it
    assert opened.args[0].operator == "示例用户"
    opened.args[0].close()
    assert sample_path().with_name("示例村 旧.hdb").is_file()


def test_a_workbook_is_not_made_in_the_programs_folder(dialog):
    dialog.create_workbook(program_folder() / "石桥村.hdb")
    assert "软件所在的文件夹" in dialog.findChild(QLabel, "refusal").text()
    assert not (program_folder() / "石桥村.hdb").exists()


def test_where_a_cloud_program_would_take_it_a_workbook_is_made_on_the_officers_word(qtbot, dialog, tmp_path):
    path = tmp_path / "我的坚果云" / "石桥村.hdb"
    path.parent.mkdir()
    dialog.create_workbook(path)
    qtbot.waitUntil(lambda: dialog.findChild(QuestionDialog, "askWhereToKeep") is not None)
    question = dialog.findChild(QuestionDialog, "askWhereToKeep")
    assert "在“坚果云”同步的文件夹里" in question.message
    assert not path.exists()
    assert [button.text() for button in question.buttons] == ["换个文件夹…", "仍放在这里", "取消"]
    question.buttons[1].click()
    qtbot.waitUntil(lambda: dialog.code_page.isVisible())
    assert path.exists()


def test_a_village_is_chosen_by_its_name(qtbot, dialog):
    search = dialog.findChild(QLineEdit, "divisionSearch")
    qtbot.waitUntil(lambda: dialog.tasks.is_idle)
    QTest.keyClicks(search, "340828101")
    completer = search.completer()
    assert completer.popup().isVisible()
    QTest.keyClick(completer.popup(), Qt.Key.Key_Down)
    QTest.keyClick(completer.popup(), Qt.Key.Key_Return)
    texts = [dialog.findChild(QLineEdit, name).text() for name in ("county", "township", "code")]
    assert texts[:2] == ["岳西县", "店前镇"]
    assert texts[2].startswith("340828101")
    assert "12 位，格式正确" in dialog.findChild(QLabel, "codeRemark").text()


def test_a_village_that_is_not_in_the_table_is_said_to_be_missing(qtbot, dialog):
    search = dialog.findChild(QLineEdit, "divisionSearch")
    qtbot.waitUntil(lambda: dialog.tasks.is_idle)
    said = dialog.findChild(QLabel, "refusal")
    QTest.keyClicks(search, "99x")
    assert "没有查到“99x”" in said.text()
    search.clear()
    QTest.keyClicks(search, "3408")
    assert said.text() == ""


def test_the_recovery_sheet_goes_straight_to_the_printer(qtbot, dialog, tmp_path):
    dialog.create_workbook(tmp_path / "石桥村.hdb")
    qtbot.waitUntil(lambda: bool(dialog.findChild(QLabel, "recoveryCode").text()))
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    dialog.code_page.print_on(printer)
    qtbot.waitUntil(lambda: "已送打印机" in dialog.findChild(QLabel, "told").text())
    assert (tmp_path / "printed.pdf").stat().st_size > 10_000
    assert [path.name for path in tmp_path.rglob("*.pdf")] == ["printed.pdf"]


def test_files_are_looked_for_where_the_last_one_was(qtbot, start, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(
        QFileDialog, "getOpenFileName", lambda parent, title, place, *_: (asked.append(place), (str(chosen), ""))[1]
    )
    chosen = tmp_path / "甲" / "石桥村.hdb"
    chosen.parent.mkdir()
    chosen.touch()
    for _ in range(2):
        QTest.keySequence(start, QKeySequence("Ctrl+O"))
    assert asked[0] != asked[1] == str(chosen.parent)


def test_a_newer_version_beside_is_offered(qtbot, start, tmp_path):
    start._offer_newer(OtherVersion("9.0.0", tmp_path / "hudang"))
    button = start.findChild(QPushButton, "useNewer")
    assert button.isVisible()
    assert "9.0.0" in button.text()


@pytest.fixture
def dialog(qtbot, tmp_path):  # the folder is there until the workbook that was made in it is closed
    dialog = NewWorkbookDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    values = {
        "name": "石桥村",
        "code": "340828100101",
        "operator": "王书记",
        "passphrase": PASSPHRASE,
        "again": PASSPHRASE,
    }
    for name, value in values.items():
        dialog.findChild(QLineEdit, name).setText(value)
    with copied_tables():
        yield dialog
        dialog.tasks.close()
    dialog.reject()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("code", "3408281001", "12 位"),
        ("name", "", "行政村"),
        ("again", "别的", "不一致"),
        ("operator", " ", "操作员"),
        ("passphrase", "12345", "至少 8"),
        ("passphrase", "woaini520", "容易被猜到"),
    ],
)
def test_what_is_missing_is_said(dialog, name, value, said):
    dialog.findChild(QLineEdit, name).setText(value)
    dialog.findChild(QPushButton, "make").click()
    assert said in dialog.findChild(QLabel, "refusal").text()


def test_a_code_in_full_width_digits_is_taken_as_it_is_meant(qtbot, dialog, tmp_path):
    dialog.findChild(QLineEdit, "code").setText("３４０８２８ １００１０１")
    dialog.create_workbook(tmp_path / "石桥村.hdb")
    qtbot.waitUntil(lambda: dialog.findChild(QLabel, "recoveryCode").text() != "")
    dialog.findChild(QCheckBox, "kept").click()
    with qtbot.waitSignal(dialog.created) as created:
        dialog.findChild(QPushButton, "begin").click()
    assert created.args[0].villages[0].code == "340828100101"
    created.args[0].close()


def test_the_recovery_code_must_be_kept_before_work_begins(qtbot, dialog, tmp_path):
    dialog.create_workbook(tmp_path / "石桥村.hdb")
    code = dialog.findChild(QLabel, "recoveryCode")
    qtbot.waitUntil(lambda: len(code.text()) == 39)
    begin = dialog.findChild(QPushButton, "begin")
    assert not begin.isEnabled()
    dialog.findChild(QCheckBox, "kept").click()
    with qtbot.waitSignal(dialog.created) as created:
        begin.click()
    created.args[0].close()


@pytest.mark.parametrize(
    ("typed", "said"), [("3408", "还差 8 位"), ("34082810010x", "数字"), ("340828100101", "12 位，格式正确"), ("", "")]
)
def test_the_code_is_checked_while_it_is_typed(dialog, typed, said):
    line = dialog.findChild(QLineEdit, "code")
    line.setText(typed)
    line.textEdited.emit(typed)
    remark = dialog.findChild(QLabel, "codeRemark").text()
    assert said in remark
    assert bool(remark) == bool(said)


def test_the_recovery_code_is_not_lost_by_a_slip(qtbot, dialog, tmp_path):
    dialog.create_workbook(tmp_path / "石桥村.hdb")
    QTest.keyClick(dialog.findChild(QPushButton, "leave"), Qt.Key.Key_Space)  # while it is being made
    assert dialog.isVisible()
    assert "正在建立" in dialog.findChild(QLabel, "refusal").text()
    qtbot.waitUntil(lambda: bool(dialog.findChild(QLabel, "recoveryCode").text()))
    dialog.reject()
    assert dialog.isVisible()
    assert "恢复码还没有确认" in dialog.findChild(QLabel, "told").text()
    dialog.reject()
    assert not dialog.isVisible()


def test_the_first_window_loads_no_database(tmp_path):
    script = (
        "import sys; from PySide6.QtWidgets import QApplication; import ui.shell.application\n"
        "from ui.shell.window_sequence import WindowSequence; from ui.shell.theme import apply_theme\n"
        "app = QApplication([]); apply_theme(app); WindowSequence(app).show_start(); app.processEvents()\n"
        "heavy = ('sqlalchemy', 'alembic', 'reportlab', 'openpyxl', "
        "'pypinyin', 'db', 'ui.shell.main_window', 'ui.pages')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    process = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert process.stdout.strip() == "[]"


def test_the_buttons_of_a_new_workbook_stay_within_reach_on_a_small_screen(dialog):
    dialog.resize(560, 350)  # 1366 x 768 at 200 %, less a frame
    QApplication.processEvents()
    assert dialog.height() == 350
    make, again = dialog.findChild(QPushButton, "make"), dialog.findChild(QLineEdit, "again")
    assert make.mapTo(dialog, make.rect().bottomRight()).y() < 350
    assert again.visibleRegion().isEmpty()
    again.setText("别的")
    make.click()
    assert not again.visibleRegion().isEmpty()
