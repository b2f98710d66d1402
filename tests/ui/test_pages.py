"""Every page of the folder, on an empty village and on the sample, at the size of a small laptop's screen.

What is asked of every page stands here, whatever it is about: to make all of them takes ten seconds.
"""

import time
from collections import Counter
from contextlib import ExitStack
from functools import partial

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QLineEdit,
    QMenu,
    QMenuBar,
    QScrollArea,
    QTabWidget,
    QTreeWidget,
    QWidget,
)

from app.checklists.rounds import list_rounds
from app.records.row_views import household_rows
from tests.builders import workbook, write_as_newer
from tests.sample_file import sample_copy
from tests.test_manual import ANYWHERE, REGISTERS, SHEET, START, keys_in_table, keys_of, keys_within
from tests.ui.conftest import window_of_a_module
from tests.ui.keyboard import is_claimed, is_for_fields, press_shortcut
from ui.dialogs.start_window import StartWindow
from ui.pages import page_classes
from ui.registers.register_page import RegisterPage
from ui.widgets.paged_table import PagedTable
from ui.widgets.row_table import RowTable

NAMES = list(page_classes())
LISTED = [name for name, page in page_classes().items() if page.IN_NAVIGATION]
SCREEN = (1366, 728)  # 1366×768 less a task bar
LARGE_LETTERS = (910, 490)  # 1366×768 at 150 %, less a task bar


@pytest.fixture(scope="module")
def windows(qapp, tmp_path_factory):
    """One window on each of two villages, whose pages are opened one after the other, as an officer does."""
    folder = tmp_path_factory.mktemp("pages")

    def village_without_households():
        book = workbook(folder)
        write_as_newer(book, "solar_roof", "f" * 32, "", '{"panels": 12}')  # so that its page is listed
        return book

    villages = {"empty": village_without_households, "sample": partial(sample_copy, folder)}
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(window_of_a_module(village, tmp_path_factory.mktemp("state")))
            for name, village in villages.items()
        }


@pytest.fixture(scope="module", params=["empty", "sample"])
def window(request, windows):
    return windows[request.param]


@pytest.fixture(scope="module", params=NAMES)
def page(request, window):
    """One of its pages, opened and filled; the tests of one page follow each other."""
    name = request.param
    window.open(name, **page_params(name, window))
    settle(window)
    assert window.current == name
    return window.page(name)


def settle(window):
    """As `wait_until_idle`, for what lasts longer than one test."""
    deadline = time.monotonic() + 60
    quiet = 0  # looks in a row at which nothing was under way
    while quiet < 2:
        QTest.qWait(10)
        quiet = quiet + 1 if window.tasks.is_idle else 0
        assert time.monotonic() < deadline


def page_params(name, window):
    """What a page is shown about that is opened from another one."""
    if name not in ("household", "inspection"):
        return {}
    with window.workbook.reading() as session:
        households = household_rows(session)
        rounds = list_rounds(session) if name == "inspection" else []
    if not households:
        return {}
    about = {"household": households[0].id}
    return about | {"round": rounds[0].id} if rounds else about


def test_a_page_opens_refreshes_and_fits(window, page):
    assert (window.width(), window.height()) == SCREEN
    assert window.status_bar.property("how") != "refused", window.status_bar.messages
    outside = [
        f"{type(one).__name__} {one.objectName()}"
        for one in page.findChildren(QWidget)
        if one.isVisible() and one.parentWidget() is page and not page.rect().contains(one.geometry())
    ]
    assert outside == []
    assert not page.grab().isNull()


def test_every_model_of_a_page_keeps_qts_rules(page):
    models = {view.model() for view in page.findChildren(QAbstractItemView) if view.model() is not None}
    for model in models:
        assert isinstance(model, QAbstractItemModel)
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)


def test_every_control_has_a_name_and_every_action_a_key(page):
    nameless = [
        f"{type(one).__name__} {one.objectName()}"
        for one in page.findChildren(QWidget)
        if one.isVisible()
        and one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not isinstance(one, QTabWidget)  # its tabs say what they are
        and not (one.accessibleName() or getattr(one, "text", str)())
        and not one.objectName().startswith("qt_")
    ]
    assert nameless == []
    assert [action.text() for action in page.visible_actions() if action.shortcut().isEmpty()] == []


# pages with lists that do not leave by Ctrl+E, and why
_NOT_EXPORTED = {
    "today": "its lines lead to the lists that they count",
    "printing": "households are chosen here to be printed",
    "household": "one household: what its parts list is exported by the register's page, or by Ctrl+E on 农户",
    "cell_grid": "the same lists leave from their own pages",
    "score_grid": "the round leaves from its own page",
    "attendance_month": "the same records are listed, filtered and exported on 驻村考勤",
    "sync": "Ctrl+E makes a package; the list of what went back and forth has a key of its own",
    "settings": "a few operators, files and folders",
    "charts": "bars that lead to lists",
}


def test_every_list_leaves_by_ctrl_e(window, page):
    lists = page.findChildren(PagedTable) or page.findChildren(RowTable)  # beside a long one there stand choices
    tables = [one for one in lists if one.isVisible() and one.visible_ids()]
    name = window.current
    exports = {action.objectName(): action for action in page.actions() if action.isEnabled()}
    if name == "sync":
        assert exports["exportLog"].shortcut().toString() == "Ctrl+Shift+L"
    if not tables or name in _NOT_EXPORTED:
        return
    assert "export" in exports, [one.objectName() for one in tables]
    assert exports["export"].shortcut().toString() == "Ctrl+E"


def test_every_list_of_records_has_a_filter_and_views(window, page):
    tables = [one for one in page.findChildren(PagedTable) if one.isVisible() and one.visible_ids()]
    if tables and window.current not in _NOT_EXPORTED:
        keys = {action.shortcut().toString() for action in page.actions() if action.isEnabled()}
        assert {"F3", "Shift+F3"} <= keys


in_the_empty_village = pytest.mark.parametrize("window", ["empty"], indirect=True)
on_the_sample = pytest.mark.parametrize("window", ["sample"], indirect=True)


@on_the_sample
def test_shortcuts_are_not_given_twice(window, page):
    shortcuts = [action.shortcut().toString() for action in (*window.actions(), *page.actions())]
    used = [shortcut for shortcut in shortcuts if shortcut]
    assert len(used) == len(set(used)), sorted(used)


@on_the_sample
def test_the_menu_bar_has_every_command_with_its_key(window, page):
    menus = {menu.objectName(): menu for menu in window.findChild(QMenuBar, "menuBar").findChildren(QMenu)}
    in_menus = {action for menu in menus.values() for action in menu.actions()}
    commands = [*window.actions(), *page.actions()]
    assert [action.text() for action in commands if action not in in_menus and action.objectName() != "menus"] == []
    assert set(page.visible_actions()) <= set(menus["pageMenu"].actions())
    assert menus["pageMenu"].title() == page.TITLE
    letters = {f"Alt+{title[title.index('&') + 1]}" for menu in menus.values() if "&" in (title := menu.title())}
    assert letters.isdisjoint(action.shortcut().toString() for action in page.actions())


@on_the_sample
def test_every_key_of_every_page_reaches_its_action_from_a_field(qtbot, window, page):
    window.activateWindow()
    field = QLineEdit("2018年", window)
    qtbot.addWidget(field)
    field.show()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    dead = [
        (action.text(), shortcut.toString())
        for action in (*window.actions(), *page.actions(), *page.findChildren(QAbstractButton))
        for shortcut in [action.shortcut()]
        if shortcut.count() and is_for_fields(shortcut) and is_claimed(field, shortcut.toString().split(",")[0])
    ]
    assert dead == []


@in_the_empty_village
@pytest.mark.parametrize("page", LISTED, indirect=True)
def test_the_key_of_a_page_opens_it_from_anywhere(qtbot, window, page):
    name = window.current
    window.open("settings" if name != "settings" else "today")
    press_shortcut(qtbot, window.page(window.current), page.SHORTCUT)
    assert window.current == name
    assert window.findChild(QTreeWidget, "navigation").currentItem().text(0) == page.TITLE


@on_the_sample
def test_a_page_makes_the_window_no_larger_than_a_small_screen_with_large_letters(window, page):
    area = page.parentWidget().parentWidget()
    assert isinstance(area, QScrollArea)
    window.resize(*LARGE_LETTERS)
    try:
        settle(window)
        assert (window.width(), window.height()) == LARGE_LETTERS
        assert area.horizontalScrollBar().maximum() == 0  # pixels that it is too wide
    finally:
        window.resize(*SCREEN)


@on_the_sample
def test_the_table_of_shortcuts_is_what_a_page_has(window, page):
    if window.current == "household":
        return  # whose parts test_household_page.py looks at
    table, keys = keys_in_table(), keys_within(page)
    if isinstance(page, RegisterPage):  # what several have stands once
        assert keys - table[REGISTERS] == table.get(page.TITLE, set())
    else:
        assert keys == table[page.TITLE]


@on_the_sample
def test_the_table_of_shortcuts_says_once_what_more_than_two_registers_have(window):
    table = keys_in_table()
    registers = {name: page for name, page in page_classes().items() if issubclass(page, RegisterPage)}
    own = Counter(key for page in registers.values() for key in table.get(page.TITLE, set()))
    assert [key for key, count in own.items() if count > 2] == []
    counts = Counter(dict.fromkeys(table[REGISTERS], 0))
    for name in registers:
        if min(counts.values()) > 2:
            break
        window.open(name)
        settle(window)
        counts.update(keys_within(window.page(name)) & table[REGISTERS])
    assert [key for key, count in counts.items() if count <= 2] == []


@on_the_sample
def test_the_table_of_shortcuts_is_what_the_windows_have(qtbot, window):
    table = keys_in_table()
    assert set(table) - {page.TITLE for page in page_classes().values()} == {ANYWHERE, START, SHEET, REGISTERS}
    assert table[ANYWHERE] == keys_of(window.actions()) | keys_within(window.status_bar)
    start = StartWindow()
    qtbot.addWidget(start)
    assert table[START] == keys_within(start)
