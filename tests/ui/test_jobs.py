"""Work off the window's thread."""

import gc
import threading
import weakref

import pytest
from PySide6.QtWidgets import QWidget

from app.errors import OfficeError
from app.progress import Progress
from db.schema.household import Household
from tests.builders import household, workbook
from ui.jobs import BUG, Job, Jobs


@pytest.fixture
def jobs(qapp):
    shown = []
    jobs = Jobs(shown.append)
    jobs.shown = shown
    yield jobs
    jobs.close()


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


def kept(book):
    with book.reading() as session:
        return session.query(Household).count()


def test_results_arrive_on_the_windows_thread(qtbot, jobs, book):
    seen, steps = [], []
    here = threading.current_thread()
    jobs.start(fill(book, 5), lambda n: seen.append((n, threading.current_thread() is here)), steps.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [(5, True)]
    assert [step.done for step in steps] == [1, 2, 3, 4, 5]
    assert kept(book) == 5


def test_cancelling_leaves_nothing_behind(qtbot, jobs, book):
    gate, steps = threading.Event(), []
    job = jobs.start(fill(book, 1000, gate), pytest.fail, steps.append)
    qtbot.waitUntil(lambda: bool(steps))
    with qtbot.waitSignal(job.cancelled, timeout=5000):
        job.cancel()
        gate.set()
    assert kept(book) == 0


def test_a_refusal_is_shown_and_nothing_is_kept(qtbot, jobs, book):
    def refused():
        yield from fill(book, 1)
        raise OfficeError("第 3 行：证件号码少一位")

    jobs.start(refused(), pytest.fail)
    qtbot.waitUntil(lambda: bool(jobs.shown))
    assert [str(error) for error in jobs.shown] == ["第 3 行：证件号码少一位"]


def test_a_bug_is_a_sentence_and_a_line_in_the_log(qtbot, jobs, caplog):
    def broken():
        yield Progress(0, 1)
        raise ZeroDivisionError

    jobs.start(broken(), pytest.fail)
    qtbot.waitUntil(lambda: bool(jobs.shown))
    assert str(jobs.shown[0]) == BUG
    assert "bug in a job" in caplog.text


def test_writers_queue_and_readers_do_not_wait_for_them(qtbot, jobs):
    gate, order = threading.Event(), []

    def waiting(name):
        yield Progress(0, 1)
        gate.wait(5)
        order.append(name)

    def looking():
        yield Progress(0, 1)
        order.append("reader")

    jobs.start(waiting("first"))
    jobs.start(waiting("second"))
    jobs.start(looking(), lane="read")
    qtbot.waitUntil(lambda: order == ["reader"])
    gate.set()
    qtbot.waitUntil(lambda: jobs.idle)
    assert order == ["reader", "first", "second"]


def test_closing_cancels_long_work_and_lets_a_cell_be_saved(qapp, book):
    jobs, gate, steps = Jobs(lambda error: None), threading.Event(), []
    jobs.start(fill(book, 100000, gate), None, steps.append, title="导入")
    jobs.start(fill(book, 1))
    assert jobs.long_ones == ["导入"]
    gate.set()
    jobs.close()
    assert kept(book) == 1


def test_a_job_that_ended_leaves_memory(qtbot, jobs):
    def short():
        yield Progress(0, 1)

    before = len(jobs.findChildren(Job))
    for _ in range(50):
        jobs.start(short(), lambda _: None, lane="read")
    qtbot.waitUntil(lambda: jobs.idle)
    qtbot.waitUntil(lambda: len(jobs.findChildren(Job)) == before)


def test_a_window_is_never_taken_apart_on_another_thread(qtbot, jobs):
    ended_on, stop = [], threading.Event()

    def making_garbage():
        while not stop.is_set():
            circle = [object() for _ in range(1000)]
            circle.append(circle)
            yield Progress(0, 0)

    jobs.start(making_garbage(), lane="read")
    for _ in range(20):
        dialog = QWidget()
        dialog.itself = dialog
        weakref.finalize(dialog, lambda: ended_on.append(threading.current_thread()))
        del dialog
    qtbot.waitUntil(lambda: len(ended_on) == 20, timeout=20000)
    stop.set()
    qtbot.waitUntil(lambda: jobs.idle)
    assert set(ended_on) == {threading.current_thread()}
    qtbot.waitUntil(gc.isenabled)


def test_after_the_end_nothing_begins(qtbot, qapp):
    jobs, done = Jobs(lambda error: None), []

    def short():
        yield Progress(0, 1)

    jobs.end()
    jobs.start(short(), done.append)
    qtbot.wait(30)
    assert done == []
    assert jobs.idle
