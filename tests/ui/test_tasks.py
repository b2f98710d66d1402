"""Work off the window's thread."""

import gc
import threading
import time
import weakref
from functools import partial
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget
from shiboken6 import delete, isValid

from app.errors import UserError
from app.progress import Progress
from db.schema.household import Household
from tests.builders import household, workbook
from ui.shell.page import AppContext
from ui.shell.tasks import BUG_MESSAGE, PageTasks, RunningTask, TaskRunner


@pytest.fixture
def tasks(qapp):
    errors = []
    tasks = TaskRunner(errors.append)
    tasks.shown = errors
    yield tasks
    tasks.close()


@pytest.fixture
def book(tmp_path):
    book = workbook(tmp_path)
    yield book
    book.close()


def fill(book, count, gate=None):
    with book.writing() as session:
        for n in range(count):
            household(session, members=1, number=n + 1)
            yield Progress(n + 1, count)
            if gate:
                gate.wait(5)
    return count


def household_count(book):
    with book.reading() as session:
        return session.query(Household).count()


def test_results_arrive_on_the_windows_thread(qtbot, tasks, book):
    threads, steps = [], []
    window_thread = threading.current_thread()
    tasks.start(fill(book, 5), lambda n: threads.append((n, threading.current_thread() is window_thread)), steps.append)
    qtbot.waitUntil(lambda: bool(threads))
    assert threads == [(5, True)]
    assert [step.done for step in steps] == [1, 2, 3, 4, 5]
    assert household_count(book) == 5


def test_cancelling_leaves_nothing_behind(qtbot, tasks, book):
    gate, steps = threading.Event(), []
    job = tasks.start(fill(book, 1000, gate), pytest.fail, steps.append)
    qtbot.waitUntil(lambda: bool(steps))
    with qtbot.waitSignal(job.cancelled):
        job.cancel()
        gate.set()
    assert household_count(book) == 0


def test_a_refusal_is_shown_and_nothing_is_kept(qtbot, tasks, book):
    def refused():
        yield from fill(book, 1)
        raise UserError("第 3 行：证件号码少一位")

    tasks.start(refused(), pytest.fail)
    qtbot.waitUntil(lambda: bool(tasks.shown))
    assert [str(error) for error in tasks.shown] == ["第 3 行：证件号码少一位"]


def test_a_bug_is_a_sentence_and_a_line_in_the_log(qtbot, tasks, caplog):
    def broken():
        yield Progress(0, 1)
        raise ZeroDivisionError

    tasks.start(broken(), pytest.fail)
    qtbot.waitUntil(lambda: bool(tasks.shown))
    assert str(tasks.shown[0]) == BUG_MESSAGE
    assert "bug in a task" in caplog.text


def test_writers_queue_and_readers_do_not_wait_for_them(qtbot, tasks):
    gate, order = threading.Event(), []

    def waiting(name):
        yield Progress(0, 1)
        gate.wait(5)
        order.append(name)

    def looking():
        yield Progress(0, 1)
        order.append("reader")

    tasks.start(waiting("first"))
    tasks.start(waiting("second"))
    tasks.start(looking(), queue="read")
    qtbot.waitUntil(lambda: order == ["reader"])
    gate.set()
    qtbot.waitUntil(lambda: tasks.is_idle)
    assert order == ["reader", "first", "second"]


def test_closing_cancels_long_work_and_lets_a_cell_be_saved(qapp, book):
    tasks, gate, steps = TaskRunner(lambda error: None), threading.Event(), []
    tasks.start(fill(book, 100000, gate), None, steps.append, title="导入")
    tasks.start(fill(book, 1))
    assert tasks.running_titles == ["导入"]
    gate.set()
    tasks.close()
    assert household_count(book) == 1


def test_a_job_that_ended_leaves_memory(qtbot, tasks):
    def short():
        yield Progress(0, 1)

    before = len(tasks.findChildren(RunningTask))
    for _ in range(50):
        tasks.start(short(), lambda _: None, queue="read")
    qtbot.waitUntil(lambda: tasks.is_idle)
    qtbot.waitUntil(lambda: len(tasks.findChildren(RunningTask)) == before)


def test_a_window_is_never_taken_apart_on_another_thread(qtbot, tasks):
    ended_on, stop = [], threading.Event()

    def making_garbage():
        while not stop.is_set():
            for _ in range(200):  # every 250 ms more than Python leaves lying, and less than the runner does
                circle = []
                circle.append(circle)
            time.sleep(0.002)
            yield Progress(0, 0)

    tasks.start(making_garbage(), queue="read")
    for _ in range(20):
        dialog = QWidget()
        dialog.itself = dialog
        weakref.finalize(dialog, lambda: ended_on.append(threading.current_thread()))
        del dialog
    qtbot.waitUntil(lambda: len(ended_on) == 20)
    stop.set()
    qtbot.waitUntil(lambda: tasks.is_idle)
    assert set(ended_on) == {threading.current_thread()}
    qtbot.waitUntil(gc.isenabled)


def test_garbage_of_long_work_does_not_fill_the_memory(qtbot, tasks, monkeypatch):
    monkeypatch.setattr("ui.shell.garbage_collector.MOST_NEW", 5_000)
    monkeypatch.setattr("ui.shell.garbage_collector.MOST_FROZEN", 50_000)
    alive, most = weakref.WeakSet(), []

    class Circle:
        def __init__(self):
            self.itself = self

    def making_garbage():
        for n in range(150_000):
            alive.add(Circle())
            if n % 500 == 0:
                most.append(len(alive))
                time.sleep(0.005)
                yield Progress(n, 150_000)

    tasks.start(making_garbage(), queue="read")
    qtbot.waitUntil(lambda: tasks.is_idle)
    assert max(most) < 120_000


def test_a_window_deleted_in_the_middle_of_its_work_hands_collecting_back(qtbot, qapp):
    gate, owner = threading.Event(), QWidget()
    TaskRunner(lambda error: None, owner).start(gate.wait)
    assert not gc.isenabled()
    gate.set()
    owner.deleteLater()
    del owner
    qtbot.waitUntil(gc.isenabled)


def test_after_the_end_nothing_begins(qtbot, qapp):
    tasks, done = TaskRunner(lambda error: None), []

    def short():
        yield Progress(0, 1)

    tasks.shutdown()
    tasks.start(short(), done.append)
    qtbot.wait(30)
    assert done == []
    assert tasks.is_idle


class Receiver(QDialog):
    """A dialog that shows what its work brings."""

    def __init__(self):
        super().__init__()
        self.label = QLabel("…", self)
        self.told = []

    def show_result(self, text):
        self.told.append(text)
        self.label.setText(str(text))


def write_for_page(tasks, task, dialog, callback):
    status_bar = SimpleNamespace(saved=tasks.shown.append)
    AppContext(None, PageTasks(tasks, dialog), status_bar, None, dialog, None, None, None).write(task, callback)


@pytest.mark.parametrize(
    "callback",
    [
        lambda dialog: dialog.show_result,
        lambda dialog: partial(dialog.show_result),
        lambda dialog: dialog_lambda(dialog),
    ],
    ids=["method", "partial", "lambda"],
)
@pytest.mark.parametrize("way", ["done", "failed", "page"])
@pytest.mark.parametrize("deleted", [True, False])
def test_work_whose_dialog_is_gone_does_not_call_back(qtbot, tasks, callback, way, deleted):
    gate, dialog = threading.Event(), Receiver()
    back, told = callback(dialog), dialog.told

    def work():
        yield Progress(0, 1)
        gate.wait(5)
        if way == "failed":
            raise UserError("不行")
        return "完成"

    if way == "page":
        write_for_page(tasks, work(), dialog, back)
    else:
        tasks.start(work(), progressed=lambda _: None, **{way: back})
    if deleted:
        dialog.deleteLater()
        QApplication.sendPostedEvents(dialog, QEvent.Type.DeferredDelete)
        assert not isValid(dialog)
    gate.set()
    qtbot.waitUntil(lambda: tasks.is_idle)
    assert [str(one) for one in told] == ([] if deleted else ["不行" if way == "failed" else "完成"])
    assert tasks.shown == (["已保存"] if way == "page" else [])


def dialog_lambda(self):
    """As a method of the dialog writes it."""
    return lambda text: self.show_result(text)


def test_a_window_takes_its_finished_work_with_it(qtbot):
    window = QWidget()
    tasks = TaskRunner(lambda error: None, window)

    def short():
        yield Progress(0, 1)

    job = tasks.start(short())
    qtbot.waitUntil(lambda: tasks.is_idle)
    tasks.close()
    window.deleteLater()
    QApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)
    assert not isValid(job)
    assert not isValid(tasks)


class Shower(QWidget):
    """Shows two things that it reads."""

    def __init__(self):
        super().__init__()
        self.figures, self.lines = [], []

    def show_figures(self, figure):
        self.figures.append(figure)

    def show_lines(self, line):
        self.lines.append(line)


@pytest.mark.parametrize(
    "way",
    [
        lambda shower: shower.show_figures,
        lambda shower: partial(shower.show_figures),
        lambda shower: shower_lambda(shower),
    ],
    ids=["method", "partial", "lambda"],
)
def test_the_answer_to_the_last_question_comes_last(qtbot, tasks, way):
    """Two readers: one that began before a write must not end up as what the page shows."""
    gate, shower = threading.Event(), Shower()
    qtbot.addWidget(shower)
    tasks.read(lambda: gate.wait(5) and "before the write", way(shower))
    tasks.read(lambda: "after it", way(shower))
    tasks.read(lambda: "at once", shower.show_lines)
    qtbot.waitUntil(lambda: shower.lines == ["at once"])  # what is shown elsewhere is not held up
    assert shower.figures == []
    gate.set()
    qtbot.waitUntil(lambda: tasks.is_idle)
    assert shower.figures == ["before the write", "after it"]


def shower_lambda(self):
    return lambda figure: self.show_figures(figure)


def test_a_question_that_fails_holds_nobody_up(qtbot, tasks):
    gate, shower = threading.Event(), Shower()
    qtbot.addWidget(shower)

    def refuse():
        gate.wait(5)
        raise UserError("读不了")

    tasks.read(refuse, shower.show_figures)
    tasks.read(lambda: "after it", shower.show_figures)
    qtbot.wait(20)
    gate.set()
    qtbot.waitUntil(lambda: shower.figures == ["after it"])
    assert [str(error) for error in tasks.shown] == ["读不了"]


def test_an_answer_may_ask_again(qtbot, tasks):
    shower = Shower()
    qtbot.addWidget(shower)

    def show(figure):
        shower.show_figures(figure)
        if figure < 3:
            tasks.read(lambda: figure + 1, show)

    tasks.read(lambda: 1, show)
    qtbot.waitUntil(lambda: shower.figures == [1, 2, 3])


def making(made, count=8, seconds=0.004):
    """So many things, each of which takes a while to make."""
    for n in range(count):
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            pass
        made.append(n)
        yield


def test_what_takes_long_to_make_is_made_in_several_turns_of_the_event_loop(qtbot, tasks):
    made, made_at_turns, done = [], [], []
    owner = QObject()
    timer = QTimer(interval=0)
    timer.timeout.connect(lambda: made_at_turns.append(len(made)))
    timer.start()
    tasks.build(owner, making(made), lambda: done.append(len(made)))
    assert made == []
    assert not tasks.is_idle
    with qtbot.waitSignal(tasks.idle_reached):
        pass
    assert done == [8]
    assert tasks.is_idle
    assert len(set(made_at_turns)) > 2


def test_what_belongs_to_something_deleted_is_not_made(qtbot, tasks):
    made, done, owner = [], [], QObject()
    tasks.build(owner, making(made), lambda: done.append("of the deleted"))
    tasks.build(tasks, iter(()), lambda: done.append("next"))
    delete(owner)
    qtbot.waitUntil(lambda: tasks.is_idle)
    assert (made, done) == ([], ["next"])


def test_a_failure_while_something_is_made_does_not_hold_up_the_next(qtbot, tasks):
    def failing():
        raise ZeroDivisionError
        yield

    done = []
    with qtbot.captureExceptions() as told:
        tasks.build(tasks, failing(), lambda: done.append("failed"))
        tasks.build(tasks, iter(()), lambda: done.append("next"))
        qtbot.waitUntil(lambda: tasks.is_idle)
    assert [error[0] for error in told] == [ZeroDivisionError]
    assert done == ["next"]
