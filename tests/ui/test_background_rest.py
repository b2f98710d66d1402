"""Work that nobody waits for rests while the officer is at work, and ends all the same."""

import time
from contextlib import closing

import pytest
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMainWindow
from sqlalchemy import text

from app.progress import Progress
from tests.builders import workbook
from ui.shell import background_rest
from ui.shell.tasks import TaskRunner

STEP, SOON = 0.06, 0.2  # seconds
# On a busy machine one key may come late after another, and whoever looks may look late.
LINGERING = 1.0  # seconds after the last key
MOST_RESTS = 100
LONG = 60.0  # seconds: no test waits for the end of such a rest


@pytest.fixture
def window(qtbot):
    """A field for text, and a command that has a shortcut."""
    window = QMainWindow()
    window.setCentralWidget(QLineEdit())
    command = QAction("命令", window)
    command.setShortcut(QKeySequence("F5"))
    window.addAction(command)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


@pytest.fixture
def tasks(window, monkeypatch):
    monkeypatch.setattr(background_rest, "LINGERING", LINGERING)
    monkeypatch.setattr(background_rest, "MOST_RESTS", MOST_RESTS)
    tasks = TaskRunner(lambda error: pytest.fail(str(error)), window)
    tasks.attention.idle_clock._last_input -= LINGERING  # nobody has touched anything yet
    yield tasks
    tasks.close()


def press(window, keys="A"):
    QTest.keySequence(window.windowHandle(), QKeySequence(keys))


def press_on(qtbot, window, until, keys="A"):
    """Keys, one after another, until something is so."""
    too_long = after(20)
    while not until():
        assert not too_long()
        press(window, keys)
        qtbot.wait(5)


def steps(count, done, seconds=STEP):
    for n in range(count):
        time.sleep(seconds)
        done.append(n)
        yield Progress(n, count)
    return count


def after(seconds):
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


@pytest.mark.parametrize("keys", ["A", "F5"], ids=["a letter", "a shortcut"])
def test_it_rests_while_keys_are_pressed_and_goes_on_when_they_end(qtbot, window, tasks, keys):
    done, ended = [], []
    press(window, keys)
    tasks.start(steps(3, done), ended.append, queue="background")
    press_on(qtbot, window, lambda: done, keys)
    press_on(qtbot, window, after(SOON), keys)
    assert done == [0]
    qtbot.waitUntil(lambda: ended == [3])


def test_it_comes_to_its_end_however_long_somebody_types(qtbot, window, tasks, monkeypatch):
    monkeypatch.setattr(background_rest, "MOST_RESTS", 10)
    monkeypatch.setattr(background_rest, "LINGERING", LONG)
    done, ended = [], []
    given_up = after(10)
    tasks.start(steps(4, done, 0.005), ended.append, queue="background")
    press_on(qtbot, window, lambda: ended or given_up())
    assert ended == [4]


def test_it_is_cancelled_in_the_middle_of_a_rest(qtbot, window, tasks, monkeypatch):
    monkeypatch.setattr(background_rest, "LINGERING", LONG)
    done = []
    press(window)
    job = tasks.start(steps(3, done, LONG / MOST_RESTS), queue="background")
    press_on(qtbot, window, lambda: done)
    over = after(LONG / 3)
    with qtbot.waitSignal(job.cancelled):
        job.cancel()
    assert not over()
    assert done == [0]


def test_what_somebody_waits_for_does_not_rest_but_goes_before(qtbot, window, tasks):
    order, done = [], []
    tasks.start(steps(3, done), lambda _: order.append("background"), queue="background")
    qtbot.waitUntil(lambda: bool(done))
    tasks.start(steps(6, []), lambda _: order.append("awaited"), queue="read")
    qtbot.waitUntil(lambda: len(order) == 2)
    assert order == ["awaited", "background"]


def test_it_rests_before_a_statement_in_the_middle_of_a_step(qtbot, window, tasks, tmp_path):
    done = []

    def work():
        with book.reading() as session:
            for n in range(2):
                session.execute(text("SELECT 1"))
                done.append(n)
                time.sleep(STEP)

    with closing(workbook(tmp_path)) as book:
        press(window)
        tasks.start(work, queue="background")
        press_on(qtbot, window, lambda: done)
        press_on(qtbot, window, after(STEP + SOON))
        assert done == [0]
        qtbot.waitUntil(lambda: tasks.is_idle)
        assert done == [0, 1]


def test_closing_does_not_wait_for_its_rests(qtbot, window, tasks, monkeypatch):
    monkeypatch.setattr(background_rest, "LINGERING", LONG)
    done = []
    press(window)
    tasks.start(steps(3, done, LONG / MOST_RESTS), queue="background")
    press_on(qtbot, window, lambda: done)
    over = after(LONG / 3)
    tasks.close()
    assert not over()
    assert done == [0]
