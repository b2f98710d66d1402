"""A window on a real workbook, with settings of this test's own."""

from contextlib import closing, contextmanager
from shutil import copyfile

import pytest
from PySide6.QtCore import QEvent, QSettings
from PySide6.QtWidgets import QApplication

from app.workbook import access, derivation_cost, key_renewal
from app.workbook.keyring import STANDARD_COST, KdfCost
from tests.app.sync.peers import close_team, opened_team, send
from tests.builders import PASSPHRASE, household, workbook
from tests.machine_memory import remembering_in
from ui.shell import page_stack
from ui.shell.main_window import MainWindow
from ui.shell.theme import apply_theme
from ui.sync import usb_watcher


@pytest.fixture(autouse=True)
def isolated_settings(states, theme):
    """Recent files, geometry and chosen columns must not pass from test to test."""
    for form in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
        QSettings.setPath(form, QSettings.Scope.UserScope, str(next(states)))


@pytest.fixture(autouse=True)
def mounted_volumes(monkeypatch):
    """What the window finds plugged in: nothing of this machine's, only what a test puts into the list."""
    volumes = []
    monkeypatch.setattr(usb_watcher, "mounted_volumes", lambda: tuple(volumes))
    monkeypatch.setattr(usb_watcher, "POLL_MS", 3_600_000)  # a test says when it is looked for them
    return volumes


@pytest.fixture(autouse=True)
def least_cost(monkeypatch):
    """A passphrase that a test sets costs little more than the least one: what is measured for an officer takes a
    second each time (tests/app/workbook/test_derivation_cost.py)."""
    cost = KdfCost(STANDARD_COST.passes, STANDARD_COST.memory + 2**20)
    for module in (access, derivation_cost, key_renewal):
        monkeypatch.setattr(module, "measured_cost", lambda: cost)


@contextmanager
def window_of_a_module(village, state):
    """A window for many tests that only look at it: as `window`, without what lasts for one test only.

    Args:
        village: makes the workbook
        state: folder of the machine's memory
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUDANG_STATE", str(state))
        patch.setattr(usb_watcher, "mounted_volumes", tuple)
        patch.setattr(usb_watcher, "POLL_MS", 3_600_000)
        patch.setattr(page_stack, "MOST_REGISTERS", 1000)  # each page is made once for all tests
        apply_theme(QApplication.instance())
        window = MainWindow(village())
        window.auto_lock.stop()  # nobody presses a key, however long a busy machine takes
        window.resize(1366, 728)
        window.show()
        yield window
        window.close()
        window.deleteLater()
        # now: the tests that follow may run no event loop, and whatever restyles the application restyles all of these
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@contextmanager
def made_once(tmp_path_factory):
    """A new workbook, to be filled here; then it is closed, and its file copied for each test (`book`)."""
    folder = tmp_path_factory.mktemp("made")
    with remembering_in(folder), closing(workbook(folder)) as book:
        yield book


@pytest.fixture(scope="session")
def book_file(tmp_path_factory):
    """Three households."""
    with made_once(tmp_path_factory) as book:
        add_three_households(book)
    return book.path


def add_three_households(book):
    with book.writing() as session:
        for n in range(3):
            household(session, number=n + 1)


@pytest.fixture
def book(tmp_path, book_file):
    """The workbook of `book_file`, as somebody handed it over: a third of what it costs to make and fill one."""
    book = access.unlock(copyfile(book_file, tmp_path / book_file.name), PASSPHRASE)
    yield book
    book.close()


PAIR = ("王书记", "李队员")


@pytest.fixture(scope="session")
def closed_pair(tmp_path_factory):
    """Two laptops that have the same three households, once for all tests."""

    def write_and_exchange(books):
        own, other = books
        add_three_households(own)
        send(own, other)
        send(other, own)

    return close_team(tmp_path_factory.mktemp("pair"), PAIR, write_and_exchange)


@pytest.fixture
def pair(tmp_path, closed_pair):
    """The workbook of the village and a colleague's, each with what the other has."""
    with opened_team(closed_pair, tmp_path, *PAIR) as books:
        yield books


@pytest.fixture
def first_page():
    """Where `window` opens: the page that costs least, as nearly every test goes on to the one that it is about."""
    return "charts"


@pytest.fixture
def window(qtbot, book, first_page):
    """The main window on `book`."""
    window = MainWindow(book, location=(first_page, {}))
    qtbot.addWidget(window, before_close_func=lambda _: wait_until_idle(qtbot, window))
    window.resize(1366, 728)
    window.show()
    return window


def wait_until_idle(qtbot, window):
    """Until nothing is under way and every result has arrived."""
    qtbot.waitUntil(lambda: window.tasks.is_idle)
    qtbot.wait(10)
    qtbot.waitUntil(lambda: window.tasks.is_idle)
