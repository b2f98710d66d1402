"""docs/tasks.md is true: each task is done in one window by keys and clicks, counted, and taken back by one key."""

import re
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from sqlalchemy import func, select

from app.checklists.inspections import save_inspection
from app.checklists.rounds import DEFAULT_CHECKLIST, open_round
from app.checklists.template import checklist
from app.rectifications.rectification import open_problem
from app.sync.conflicts import list_conflicts
from app.workbook.operations import list_operations
from db.schema.aid import Assignment, Helper, Measure, Visit
from db.schema.household import Household, Member
from db.schema.income import IncomeYear
from db.schema.inspection import Inspection
from db.schema.rectification import Rectification
from tests.app.comparison.office_files import office_list
from tests.app.sync.peers import edit_record, exchange_cards, send, write_package
from tests.builders import VILLAGE, household, id_number, workbook
from tests.ui.conftest import isolated_settings, window_of_a_module
from tests.ui.keyboard import Keyboard
from ui.sync import usb_watcher
from ui.sync.usb_watcher import UsbVolume

assert isolated_settings  # the fixture keeps this test's settings to itself
TASKS = Path(__file__).parents[2] / "docs" / "tasks.md"
ROW = re.compile(r"\| (?P<task>[^|]+) \|[^|]*\| (?P<limit>\d+) \| (?P<counted>\d+) \|")
UNDO = "undo any of them"
HOMES = [Household.id_of(f"{VILLAGE.code}{n:03}") for n in range(1, 41)]


class Village:
    """One window, with what the tasks find there: helpers, a round with a fault, a problem, a colleague and a stick."""

    def __init__(self, folder: Path) -> None:
        self.book = workbook(folder)
        self.other = workbook(folder, "other.hdb", operator="李队员")
        with self.book.writing() as session:
            for n in range(40):
                household(session, number=n + 1)
            session.add(Helper(id="1" * 32, village=VILLAGE.code, name="周涛", unit="县税务局"))
        self.round = open_round(self.book, VILLAGE.code, DEFAULT_CHECKLIST, "本轮", "月度", date.today())
        checks = {check.code: "达标" for check in checklist(DEFAULT_CHECKLIST).checks()}
        self.problem = open_problem(self.book, HOMES[5], "院内堆放杂物", date.today(), "30天")
        self.checks = checks
        exchange_cards(self.book, self.other)
        send(self.book, self.other)
        send(self.other, self.book)
        self.stick = folder / "KINGSTON"
        self.stick.mkdir()


@pytest.fixture(scope="module")
def village(tmp_path_factory, qapp):
    made = Village(tmp_path_factory.mktemp("tasks"))
    yield made
    made.other.close()


@pytest.fixture(scope="module")
def window(village, tmp_path_factory):
    with window_of_a_module(lambda: village.book, tmp_path_factory.mktemp("state")) as made:
        yield made


@pytest.fixture
def keyboard(qtbot, window):
    return Keyboard(qtbot, window)


def documented() -> dict[str, tuple[int, int]]:
    """Task → its limit, and what stands there as counted."""
    rows = ROW.finditer(TASKS.read_text(encoding="utf-8"))
    return {row["task"].strip(): (int(row["limit"]), int(row["counted"])) for row in rows}


def count_of(village, *conditions):
    with village.book.reading() as session:
        return session.scalar(select(func.count()).where(*conditions))


def unscored(village):
    """The household that is scored next."""
    return next(home for home in HOMES if count_of(village, Inspection.household_id == home) == 0)


def finish(window, keyboard, task: str, *, undoes: bool = True) -> None:
    """The task took no more than its page says; one key takes it back."""
    keyboard.wait()
    limit, counted = documented()[task]
    assert keyboard.strokes <= counted <= limit, f"{task}: {keyboard.strokes} strokes, documented {counted}"
    if undoes:
        with window.workbook.reading() as session:
            done = list_operations(session, limit=1)[0]
        keyboard.press("Ctrl+Z")
        keyboard.wait()
        with window.workbook.reading() as session:
            taken_back = next(one for one in list_operations(session, limit=2) if one.n == done.n)
        assert taken_back.undone, done.title


def go_to(window, keyboard, page: str, **params):
    window.open(page, **params)
    keyboard.wait()
    keyboard.wait()
    window.activateWindow()
    return window.page(page)


def select_rows(keyboard, table, count: int) -> None:
    """Two clicks: the first row, and with Shift the last."""
    viewport = table.viewport()
    column = table.columnAt(20)
    first = table.visualRect(table.model().index(0, column)).center()
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, first)
    table.scrollTo(table.model().index(count - 1, column))
    keyboard.wait()
    last = table.visualRect(table.model().index(count - 1, column)).center()
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, last)
    keyboard.strokes += 2
    assert len(table.selected_ids()) == count


def test_the_page_lists_every_task():
    table = documented()
    tested = {name for name in globals() if name.startswith("test_task_")}
    assert len(table) == len(tested) + 1
    assert table[UNDO] == (1, 1)


def test_task_record_a_visit(village, window, keyboard):
    go_to(window, keyboard, "household", household=HOMES[0])
    keyboard.press("Alt+7")
    keyboard.wait()
    keyboard.press("Alt+A")
    keyboard.wait()
    while QApplication.focusWidget().objectName() != "found":
        keyboard.press("Tab")
    keyboard.type("身体好")
    keyboard.press("Tab")
    keyboard.wait()
    assert count_of(village, Visit.household_id == HOMES[0], Visit.found == "身体好", ~Visit.withdrawn) == 1
    finish(window, keyboard, "record a visit")


def test_task_score_a_household_that_is_all_right(village, window, keyboard):
    home = unscored(village)
    go_to(window, keyboard, "scoring", round=village.round)
    keyboard.press("W", "Ctrl+Return")
    keyboard.wait()
    assert count_of(village, Inspection.household_id == home) == 1
    finish(window, keyboard, "score a household that is all right", undoes=False)


def test_task_score_a_household_with_four_faults(village, window, keyboard):
    home = unscored(village)
    go_to(window, keyboard, "scoring", round=village.round)
    keyboard.press(*("3", "A") * 4, "W", "Ctrl+Return")
    keyboard.wait()
    assert count_of(village, Inspection.household_id == home) == 1
    finish(window, keyboard, "score a household with four faults", undoes=False)


def test_task_add_a_measure_for_thirty(village, window, keyboard):
    page = go_to(window, keyboard, "households")
    select_rows(keyboard, page.table, 30)
    keyboard.press("Ctrl+B")
    keyboard.choose("bfcs")
    keyboard.press("Return")
    keyboard.type("送种鸡")
    keyboard.press("Tab")
    keyboard.choose("cyb")
    keyboard.press("Return", "Return")  # one closes what is offered
    keyboard.wait()
    keyboard.press("Return")
    keyboard.wait()
    assert count_of(village, Measure.title == "送种鸡", ~Measure.withdrawn) == 30
    finish(window, keyboard, "add a measure for 30 households")
    assert count_of(village, Measure.title == "送种鸡", ~Measure.withdrawn) == 0


def test_task_give_twenty_to_a_helper(qtbot, village, window, keyboard):
    page = go_to(window, keyboard, "households")
    select_rows(keyboard, page.table, 20)
    keyboard.press("Ctrl+B")
    keyboard.choose("apb")
    keyboard.press("Return")
    keyboard.wait()
    keyboard.type("周涛")
    QTimer.singleShot(500, lambda: keyboard.press("Shift+Tab", "Return"))  # 仍要结对: Enter alone would leave
    keyboard.press("Return")
    keyboard.wait()
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    keyboard.wait()
    assert count_of(village, ~Assignment.withdrawn, Assignment.ended_on.is_(None)) == 20
    finish(window, keyboard, "give 20 households to a helper")


def test_task_a_member_died(village, window, keyboard):
    page = go_to(window, keyboard, "household", household=HOMES[2])
    keyboard.press("Alt+2")
    keyboard.wait()
    keyboard.press("Return", "Down")

    def fill():
        keyboard.choose("sw")
        keyboard.press("Return", "Return")  # one closes what is offered

    QTimer.singleShot(300, fill)
    keyboard.press("Alt+D")
    keyboard.wait()
    assert count_of(village, Member.household_id == HOMES[2], Member.left.is_not(None)) == 1, page
    finish(window, keyboard, "a member died")


def test_task_paste_forty_incomes(village, window, keyboard):
    go_to(window, keyboard, "households")
    lines = [f"{VILLAGE.code}{n:03}\t陈卫国\t2019\t{n}000" for n in range(1, 41)]
    QGuiApplication.clipboard().setText("\n".join(["户编号\t户主\t年度\t系统纯收入", *lines]))
    keyboard.press("F12")
    keyboard.wait()
    keyboard.press("Alt+3", "Ctrl+V")
    keyboard.wait()
    keyboard.press("Return")
    keyboard.wait()
    assert count_of(village, IncomeYear.year == 2019, ~IncomeYear.withdrawn) == 40
    finish(window, keyboard, "paste 40 incomes")
    assert count_of(village, IncomeYear.year == 2019, ~IncomeYear.withdrawn) == 0


def test_task_the_list_that_the_township_wants(village, window, keyboard, monkeypatch, tmp_path):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(tmp_path / "名单.xlsx"), ""))
    go_to(window, keyboard, "households")
    keyboard.press("Ctrl+E")
    keyboard.wait()
    keyboard.press("Return")
    keyboard.strokes += 1  # Enter in the system's own dialog
    keyboard.wait()
    assert (tmp_path / "名单.xlsx").stat().st_size > 1000
    finish(window, keyboard, "the list that the township wants", undoes=False)


def test_task_compare_a_list(village, window, keyboard, monkeypatch, tmp_path):
    with village.book.writing() as session:
        people = session.scalars(select(Member).where(Member.household_id == HOMES[20])).all()
        for n, person in enumerate(people):  # nobody else has these numbers
            person.id_no, person.birth = id_number(date(1951, 2, n + 3)), date(1951, 2, n + 3)
        rows = [(person.name, person.id_no, person.relation, f"D{n}") for n, person in enumerate(people)]
    path = office_list(tmp_path, ("姓名", "身份证号", "与户主关系", "低保证号"), *rows, name="低保2026年10月.xlsx")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (str(path), ""))
    go_to(window, keyboard, "today")
    keyboard.press("Shift+F7", "Ctrl+O")
    keyboard.strokes += 1  # Enter in the system's own dialog
    keyboard.wait()
    keyboard.press("Return")  # what differs is kept
    keyboard.wait()
    keyboard.press("Ctrl+A", "Ctrl+U")
    keyboard.wait()
    keyboard.press("Return")  # what changes was shown
    keyboard.wait()
    assert count_of(village, Member.household_id == HOMES[20], Member.dibao) == len(people)
    finish(window, keyboard, "compare a list of 低保")
    assert count_of(village, Member.household_id == HOMES[20], Member.dibao) == 0


def test_task_hand_over_what_failed(village, window, keyboard):
    code = next(iter(village.checks))
    save_inspection(village.book, village.round, HOMES[9], "王书记", date.today(), {**village.checks, code: "不达标"})
    go_to(window, keyboard, "households")
    before = count_of(village, ~Rectification.withdrawn)
    keyboard.press("F7")
    keyboard.wait()
    keyboard.press("Ctrl+I")
    keyboard.wait()
    keyboard.press("Return")
    keyboard.wait()
    assert count_of(village, ~Rectification.withdrawn) > before
    finish(window, keyboard, "hand over what failed in a round")


def test_task_close_out_a_problem(village, window, keyboard):
    page = go_to(window, keyboard, "rectification", record=village.problem)
    today = date.today().isoformat()
    for name in ("done_on", "followup_on", "followup_by"):
        keyboard.press("Ctrl+Return")  # it says what is missing, and the cursor is there
        keyboard.wait()
        assert QApplication.focusWidget().objectName() == name
        keyboard.type("Wang" if name == "followup_by" else today)
    keyboard.press("Ctrl+Return")
    keyboard.wait()
    assert page.table.cell_text(village.problem, "step") == "已销号"
    finish(window, keyboard, "close out a problem")


def test_task_print_the_household(village, window, keyboard, monkeypatch, tmp_path):
    go_to(window, keyboard, "household", household=HOMES[3])
    asked = []
    keyboard.press("Ctrl+P")
    keyboard.wait()
    page = window.page("printing")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: asked.append(1) or ("", ""))
    assert window.current == "printing", page
    keyboard.press("Ctrl+S")
    keyboard.wait()
    assert asked == [1]
    finish(window, keyboard, "print the household where one stands", undoes=False)


def plug_in(village, window, keyboard, monkeypatch):
    volume = UsbVolume(village.stick, "KINGSTON", removable=True)
    for found in ((), (volume,)):
        monkeypatch.setattr(usb_watcher, "mounted_volumes", lambda found=found: found)
        window.usb_watcher.poll()
        keyboard.wait()


def test_task_export_for_a_colleague(village, window, keyboard, monkeypatch):
    go_to(window, keyboard, "households")
    plug_in(village, window, keyboard, monkeypatch)
    keyboard.press("Ctrl+7")
    keyboard.wait()
    keyboard.press("Ctrl+Shift+E")
    keyboard.wait()
    assert list(village.stick.glob("**/*.hdpack"))
    finish(window, keyboard, "export for a colleague on a stick", undoes=False)


def test_task_take_in_a_package(village, window, keyboard, monkeypatch):
    edit_record(village.other, HOMES[7], note="乙写的")
    edit_record(village.book, HOMES[7], note="甲写的")
    for old in village.stick.glob("**/*.hdpack"):
        old.unlink()
    write_package(village.other, village.book, village.stick / "给王.hdpack")
    go_to(window, keyboard, "households")
    plug_in(village, window, keyboard, monkeypatch)
    keyboard.press("Ctrl+7")
    keyboard.wait()
    keyboard.press("Ctrl+U")
    keyboard.wait()
    keyboard.press("Ctrl+Return")
    keyboard.wait()
    keyboard.press("Ctrl+Return")
    keyboard.wait()
    assert len(list_conflicts(village.book)) == 1
    finish(window, keyboard, "take in a colleague's package", undoes=False)


def test_task_settle_a_conflict(village, window, keyboard):
    edit_record(village.other, HOMES[8], phone="13800000001")
    edit_record(village.book, HOMES[8], phone="13800000002")
    send(village.other, village.book)
    go_to(window, keyboard, "households")
    open_before = len(list_conflicts(village.book))
    keyboard.press("Ctrl+8")
    keyboard.wait()
    keyboard.press("1")
    keyboard.wait()
    assert len(list_conflicts(village.book)) == open_before - 1
    finish(window, keyboard, "settle a conflict")
    assert len(list_conflicts(village.book)) == open_before
