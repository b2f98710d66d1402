"""What somebody who may only read meets on every page: no whole number of a person, nothing that can be typed into."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractItemView, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QWidget

from app.errors import NotPermitted
from app.sync import conflicts
from app.workbook import access
from app.workbook.keyring import TEST_COST
from app.workbook.roles import ENTRY, READER
from db.schema.aid import Helper
from db.schema.household import Household, Member
from tests import builders
from tests.app.sync.peers import exchange_cards, read_cell, send
from tests.machine_memory import remembering_in
from tests.register_rows import add_rows
from tests.ui.conftest import wait_until_idle, window_of_a_module
from ui.pages import page_classes
from ui.shell.page import page_actions

HOME = Household.id_of(f"{builders.VILLAGE.code}001")
HEAD = Member.id_of(f"{builders.VILLAGE.code}00101")
ID_NUMBERS = [builders.id_number(date(1970, 1, 2), order) for order in (1, 2, 3)]
PHONES = [f"1385643001{n}" for n in range(3)]
CARDS = [f"621799000000001928{n}" for n in range(3)]
SECRETS = {READER: "晨雾梯田 2018", ENTRY: "白墙黛瓦 2018"}
WHOLE = re.compile("|".join((*ID_NUMBERS, *PHONES, *CARDS)))
WRITING_PAGES = {"attendance_month", "cell_grid", "roster_import", "scoring", "score_grid"}
NAMES = list(page_classes())
PARTS = ("part_history", "part_members", "part_basic")


def note(n):
    return f"身份证{ID_NUMBERS[n]}，电话{PHONES[n]}，卡号{CARDS[n]}"


def write(book, n):
    """Each has the same cells otherwise: the numbers of one, and a note in which one stands."""
    with book.operation("改号码", "edit") as session:
        home, head = session.get(Household, HOME), session.get(Member, HEAD)
        home.phone, home.bank_card_no, head.id_no = PHONES[n], CARDS[n], ID_NUMBERS[n]
        home.note = note(n)


@pytest.fixture(scope="module")
def contested(tmp_path_factory, qapp):
    """A workbook with four conflicts, and operators who enter and who read."""
    with remembering_in(tmp_path_factory.mktemp("state")):
        own = builders.workbook(tmp_path_factory.mktemp("own"))
        other = builders.workbook(tmp_path_factory.mktemp("other"), operator="李队员")
        with own.writing() as session:
            builders.household(session)
        write(own, 0)
        exchange_cards(own, other)
        send(own, other)
        send(other, own)
        write(own, 1)
        write(other, 2)
        send(other, own)
        other.close()
        with own.writing() as session:
            helper = Helper(village=builders.VILLAGE.code, name="汪明远", phone=PHONES[0])
            session.add(helper)
            session.flush()
            people = {"household": HOME, "member": HEAD, "helper": helper.id}
            add_rows(session, people, 1, {"id": ID_NUMBERS[0], "phone": PHONES[0], "bank": CARDS[0], "long": note(0)})
        for role, secret in SECRETS.items():
            name = {READER: "李督查", ENTRY: "钱录入"}[role]
            access.add_operator(own, name, secret, proof=builders.PASSPHRASE, role=role, cost=TEST_COST)
        own.close()
    return own.path


@pytest.mark.parametrize("column", ["phone", "note"])
def test_who_enters_does_not_settle_a_conflict(contested, tmp_path, column):
    """Neither as a decision, nor by writing something else over it."""
    book = access.unlock(Path(shutil.copy(contested, tmp_path)), SECRETS[ENTRY])
    try:
        before = conflicts.list_conflicts(book), read_cell(book, HOME, column)
        contest = next(one for one in before[0] if one.column == column)
        assert any(PHONES[2] in side.text for side in contest.sides)  # whole, for whoever enters
        with pytest.raises(NotPermitted, match="您的角色是“录入”，不能处理冲突"):
            conflicts.resolve(book, contest, "theirs")
        with pytest.raises(NotPermitted, match="不能处理冲突"):
            conflicts.resolve_household(book, HOME, "theirs")
        with pytest.raises(NotPermitted, match="不能处理冲突"), book.operation("改电话", "edit") as session:
            setattr(session.get(Household, HOME), column, "13800000000")
        assert (conflicts.list_conflicts(book), read_cell(book, HOME, column)) == before
    finally:
        book.close()


@pytest.fixture(scope="module")
def window(contested, tmp_path_factory):
    """One window for all pages."""
    with window_of_a_module(
        lambda: access.unlock(contested, SECRETS[READER]), tmp_path_factory.mktemp("state")
    ) as shown:
        yield shown


def texts(page):
    """All that can be read on a page, by eye or by a screen reader."""
    for one in (page, *page.findChildren(QWidget)):
        yield from (one.accessibleName(), one.accessibleDescription(), one.toolTip())
        if isinstance(one, QLabel | QLineEdit | QPushButton):
            yield one.text()
        elif isinstance(one, QPlainTextEdit):
            yield one.toPlainText()
        elif isinstance(one, QAbstractItemView) and one.model() is not None:
            yield from cells(one.model(), QModelIndex())


def cells(model, parent):
    for row in range(min(model.rowCount(parent), 50)):
        for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount(parent)):
            index = model.index(row, column, parent)
            for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
                yield str(model.data(index, role) or "")
            if column == 0 and model.rowCount(index):
                yield from cells(model, index)


def test_no_page_shows_a_whole_number(qtbot, window):
    found, opened = {}, set()
    for name in NAMES:
        window.open(name, **({"household": HOME} if name == "household" else {}))
        wait_until_idle(qtbot, window)
        if window.current != name:
            continue
        opened.add(name)
        page = window.page(name)
        places = [action for action in page_actions(page) if action.objectName() in PARTS] or [QAction(page)]
        for place in places:
            place.trigger()
            wait_until_idle(qtbot, window)
            if hit := next((text for text in texts(page) if WHOLE.search(text)), ""):
                found[name, place.objectName()] = hit
    assert found == {}
    assert set(NAMES) - opened == WRITING_PAGES


def test_what_is_off_stays_off_when_a_row_is_chosen(qtbot, window):
    """A part of the household's page switches its buttons on by the row that is pointed at; pages do the same."""
    window.open("household", household=HOME)
    wait_until_idle(qtbot, window)
    page, seen = window.page("household"), set()
    for part in (one for one in page_actions(page) if one.objectName().startswith("part_")):
        part.trigger()
        wait_until_idle(qtbot, window)
        buttons = page.current_part.shortcut_buttons.values()
        for view in page.current_part.findChildren(QAbstractItemView):
            if view.model() is not None and view.model().rowCount():
                view.setCurrentIndex(view.model().index(view.model().rowCount() - 1, 0))
        wait_until_idle(qtbot, window)
        for button in buttons:
            button.setEnabled(True)
            assert not button.isEnabled(), (part.objectName(), button.objectName())
            assert button.toolTip().startswith("您的角色是“只读”"), (part.objectName(), button.objectName())
            seen.add(button.objectName())
    assert {"make_head", "end_assignment", "withdraw_photo", "withdraw_medical_expense", "new_visit"} <= seen


def test_a_conflict_is_read_masked_and_not_settled(qtbot, window):
    window.open("conflicts")
    wait_until_idle(qtbot, window)
    page = window.page("conflicts")
    page.table.set_current_id(f"household:{HOME}:bank_card_no")
    wait_until_idle(qtbot, window)
    values = {page.findChildren(QLabel, name)[-1].accessibleName().partition("：")[2] for name in ("value1", "value2")}
    assert values == {"****9281", "****9282"}
    buttons = [one for one in page.findChildren(QPushButton) if one.objectName().startswith("take")]
    assert buttons
    assert not any(one.isEnabled() for one in buttons)
    assert page.custom_control is None
    qtbot.keyClick(page.table, Qt.Key.Key_1)
    wait_until_idle(qtbot, window)
    assert len(page.table.visible_ids()) == 4


def test_the_countys_rules_are_read_and_not_typed_into(qtbot, window):
    window.open("county")
    wait_until_idle(qtbot, window)
    page = window.page("county")
    grid = page.grid
    grid.setCurrentCell(0, 1)
    before = grid.rows
    for key in (Qt.Key.Key_9, Qt.Key.Key_Return, Qt.Key.Key_Delete):
        qtbot.keyClick(grid, key)
    qtbot.keyClick(grid, Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    assert grid.rows == before
    assert not page.is_edited
    assert not page.findChild(QPushButton, "add_0")
    enabled = {one.objectName() for one in page_actions(page) if one.isEnabled()}
    assert enabled == {"find", "exportCounty", "countyVersions"}


def test_months_are_turned_and_what_is_seen_printed_but_nothing_is_planned(qtbot, window):
    window.open("visit_schedule")
    wait_until_idle(qtbot, window)
    off = {one.objectName() for one in page_actions(window.page("visit_schedule")) if not one.isEnabled()}
    assert off == {"new", "plan"}
    for name in ("operations", "conflicts", "entitlement"):
        window.open(name)
        wait_until_idle(qtbot, window)
        assert all(one.isEnabled() for one in page_actions(window.page(name)) if "打印" in one.text()), name


def test_packages_are_not_offered(qtbot, window):
    window.open("sync")
    wait_until_idle(qtbot, window)
    page = window.page("sync")
    assert not page.export_button.isEnabled()
    assert page.import_button.toolTip().startswith("您的角色是“只读”，不能收发数据包")
