"""Work off the window's thread. No other module starts threads.

There are three queues: one thread writes, so that writers wait for each other instead of meeting a locked file; a few
threads read; and one does in the background what nobody waits for, and rests while keys wait. Short work is a plain
callable; long work is a generator that yields its progress (app/progress.py).
"""

import logging
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from functools import partial
from inspect import isfunction
from threading import Event
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

import shiboken6
from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from app.errors import UserError
from app.progress import Progress, Task, resting
from app.workbook.change_source import changes_from
from resources.overlay import current_overlay, used_overlay
from ui.shell.background_rest import Attention, Rest
from ui.shell.garbage_collector import GarbageCollector
from ui.shell.old_objects import look_again
from ui.shell.portions import Portions

if TYPE_CHECKING:
    from app.workbook.workbook import Workbook

log = logging.getLogger(__name__)
QueueName = Literal["write", "read", "background"]
Result = TypeVar("Result")
Work: TypeAlias = Callable[[], Any] | Task[Any]
THREADS: dict[QueueName, int] = {"write": 1, "read": 2, "background": 1}
BUG_MESSAGE = "程序出错了，这一步没有保存，已保存的都在。请把日志发给技术人员。"


def query(workbook: "Workbook", function: Callable[..., Result], *args: Any, **kwargs: Any) -> Result:
    """`function(session, *args, **kwargs)` on one consistent state of the workbook.

    What it returns is shown by a page, so it must be plain values and not rows of the session.
    """
    with workbook.reading() as session:
        return function(session, *args, **kwargs)


class RunningTask(QObject):
    """One piece of work on its way; its signals arrive on the window's thread."""

    progressed = Signal(object)  # Progress
    done = Signal(object)  # what the work returned
    failed = Signal(object)  # UserError
    cancelled = Signal()

    def __init__(self, title: str, queue: QueueName, attention: Attention, parent: QObject) -> None:
        super().__init__(parent)
        self.title, self.queue = title, queue
        self.cancel_requested = Event()
        self.worker_finished = Event()  # its worker will not touch it any more
        self.rest = Rest(attention, self.cancel_requested) if queue == "background" else None

    def may_go_on(self) -> bool:
        """Asked before each step, on its own thread: False once it is cancelled. In the background it rests first."""
        if self.rest is not None:
            self.rest()
        return not self.cancel_requested.is_set()

    @property
    def rested_seconds(self) -> float:
        """How long it has rested for the officer's sake."""
        return self.rest.seconds if self.rest is not None else 0.0

    def cancel(self) -> None:
        """Stop at the next step; the work's own `with` blocks roll back."""
        self.cancel_requested.set()


def while_alive(callback: Callable[..., object]) -> Callable[..., object]:
    """The callback, silent from the moment Qt has deleted the object it belongs to.

    A result may arrive after its dialog or window has gone. Qt drops what is connected to a method of a deleted object,
    but not a lambda or a `partial` that calls one: to touch it would raise "Internal C++ object already deleted".
    """
    receiver = _receiver(callback)
    if receiver is None:
        return callback

    def call(*arguments: object) -> None:
        if shiboken6.isValid(receiver):
            callback(*arguments)

    return call


def _receiver(callback: Callable[..., object]) -> QObject | None:
    """The Qt object whose method this is: bound, wrapped in `partial`, or a function written in a method."""
    if isinstance(callback, partial):
        return _receiver(callback.func)
    owner = getattr(callback, "__self__", None)
    if owner is None and isfunction(callback):
        cell = dict(zip(callback.__code__.co_freevars, callback.__closure__ or (), strict=True)).get("self")
        owner = cell.cell_contents if cell is not None else None
    return owner if isinstance(owner, QObject) else None


def _callback_key(callback: Callable[..., object]) -> Hashable:
    """What two callbacks have in common that show the same thing: the code they run, and the object it belongs to."""
    while isinstance(callback, partial):
        callback = callback.func
    function = getattr(callback, "__func__", callback)
    owner = _receiver(callback) or getattr(callback, "__self__", None)
    return getattr(function, "__code__", function), id(owner)


@dataclass(slots=True)
class _Answer:
    """What a question will bring; `deliver` is set once it has come."""

    deliver: Callable[[], object] | None = None


class _TaskRunnable(QRunnable):
    def __init__(self, running_task: RunningTask, work: Work, source: object | None) -> None:
        super().__init__()
        self._running_task, self._work, self._source = running_task, work, source
        self._overlay = current_overlay()  # of the workbook that the window shows

    def run(self) -> None:
        running_task, work, source, overlay = self._running_task, self._work, self._source, self._overlay
        vars(self).clear()  # now and then PySide does not let go of a runnable that has ended (measured, 6.12)
        with changes_from(source), used_overlay(overlay), resting(running_task.rest):
            self._report(running_task, work)
        running_task.worker_finished.set()

    def _report(self, running_task: RunningTask, work: Work) -> None:
        """Do the work and tell how it ended, whatever happens."""
        try:
            if not callable(work):
                self._run_steps(running_task, work)
            elif running_task.cancel_requested.is_set():
                running_task.cancelled.emit()
            else:
                running_task.done.emit(work())
        except UserError as error:
            log.info("refused: %s", type(error).__name__, exc_info=error.__cause__)
            running_task.failed.emit(error)
        except Exception:
            log.exception("bug in a task")
            running_task.failed.emit(UserError(BUG_MESSAGE))

    def _run_steps(self, running_task: RunningTask, task: Task[Any]) -> None:
        """Step by step, so that it can be cancelled between two steps."""
        try:
            while running_task.may_go_on():
                running_task.progressed.emit(next(task))
        except StopIteration as end:
            running_task.done.emit(end.value)
        else:
            task.close()
            running_task.cancelled.emit()


class TaskRunner(QObject):
    """The queues. `show_error` is told of every failure that the caller of `start` does not handle itself.
    With a `parent`, Qt deletes the runner with it.

    Signals:
        task_started: work was queued, for the bar that shows progress
        idle_reached: nothing is under way any more, but perhaps in the background
    """

    task_started = Signal(object)  # RunningTask
    idle_reached = Signal()

    def __init__(self, show_error: Callable[[UserError], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pools = {queue: QThreadPool(self) for queue in THREADS}
        for queue, pool in self._pools.items():
            pool.setMaxThreadCount(THREADS[queue])
        self.attention = Attention(self)
        self._running: set[RunningTask] = set()
        self._finished: list[RunningTask] = []
        self._unanswered: dict[Hashable, deque[_Answer]] = {}
        self._shut_down = False
        self._portions = Portions(self)
        self._portions.ended.connect(self._on_built)
        self._show_error = show_error
        self._collector = GarbageCollector(self._has_work, self)

    def start(
        self,
        work: Work,
        done: Callable[[Any], object] | None = None,
        progressed: Callable[[Progress], object] | None = None,
        failed: Callable[[UserError], object] | None = None,
        *,
        queue: QueueName = "write",
        title: str = "",
        source: object | None = None,
    ) -> RunningTask:
        """Queue work. Everything is connected before it begins: a signal sent to nobody is lost. After `shutdown()`
        nothing begins any more. Nobody is called back whose dialog or window was deleted meanwhile.

        Args:
            work: a function of no arguments that does it all at once, or a generator that says how far it is
            queue: "background" for what nobody waits for, and what only reads; it rests while the officer is at work
                (`Rest`), and is given up when the window closes
            title: what the officer reads beside the progress bar; "" for work that is too short for a bar
            source: on whose behalf it writes; pages need not say (`PageTasks`)
        """
        running_task = RunningTask(title, queue, self.attention, self)
        if self._shut_down:
            return running_task
        if done is not None:
            running_task.done.connect(while_alive(done))
        if progressed is not None:
            running_task.progressed.connect(while_alive(progressed))
        running_task.failed.connect(while_alive(failed or self._show_error))
        for finished_signal in (running_task.done, running_task.failed, running_task.cancelled):
            finished_signal.connect(partial(self._on_finished, running_task))
        self._running.add(running_task)
        if queue != "background" and not title:
            self.attention.wait_for(running_task)
        self._collector.start()
        self.task_started.emit(running_task)
        self._pools[queue].start(_TaskRunnable(running_task, work, source))
        return running_task

    def read(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], object],
        failed: Callable[[UserError], object] | None = None,
        *,
        source: object | None = None,
    ) -> None:
        """Queue a short look at the workbook that `done` shows.

        Several questions of one `done` are answered in the order in which they were asked: there are two readers, and
        the one that began before a write may end after the one that began behind it. The page would go on showing what
        was there before.
        """
        if self._shut_down:
            return
        key, answer = _callback_key(done), _Answer()
        self._unanswered.setdefault(key, deque()).append(answer)
        self.start(
            work,
            partial(self._settle, key, answer, while_alive(done)),
            failed=partial(self._settle, key, answer, while_alive(failed or self._show_error)),
            queue="read",
            source=source,
        )

    def build(self, owner: QObject, steps: Iterator[object], done: Callable[[], object]) -> None:
        """Make something on the window's thread that takes too long for one turn of its event loop (`Portions`).

        Until it is done the runner is not idle. What an owner has begun comes to its end unless it is deleted.
        """
        if not self._shut_down:
            self.attention.wait_for(self._portions)
            self._portions.add(owner, steps, done)

    def _settle(self, key: Hashable, answer: _Answer, callback: Callable[[Any], object], result: object) -> None:
        """An answer has come: hand on what no earlier question holds up any more."""
        answer.deliver = partial(callback, result)
        waiting = self._unanswered[key]
        while waiting and (deliver := waiting[0].deliver) is not None:
            waiting.popleft()
            deliver()
        if not waiting and self._unanswered.get(key) is waiting:
            del self._unanswered[key]

    def _on_finished(self, running_task: RunningTask, *_: object) -> None:
        self._running.discard(running_task)
        if running_task.queue != "background":
            self.attention.settle(running_task)
        self._finished.append(running_task)
        self._tell_idle()

    def _on_built(self) -> None:
        self.attention.settle(self._portions)
        self._tell_idle()

    def _tell_idle(self) -> None:
        if self._portions.is_empty and all(running_task.queue == "background" for running_task in self._running):
            self.idle_reached.emit()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._running and self._portions.is_empty

    def _has_work(self) -> bool:
        """Let go of tasks that ended, and return whether any is left, or anything is under way.

        Their connections keep them and they keep their connections: without this every saved cell would stay in memory.
        One whose worker may still be telling others of the end is left for the next time.
        """
        for running_task in [running_task for running_task in self._finished if running_task.worker_finished.is_set()]:
            self._finished.remove(running_task)
            running_task.deleteLater()
        return bool(self._finished) or not self.is_idle

    @property
    def running_titles(self) -> list[str]:
        """Titles of the long work under way."""
        return [running_task.title for running_task in self._running if running_task.title]

    def shutdown(self) -> None:
        """Close, for good: a page's clock that strikes after the window has gone starts nothing."""
        self._shut_down = True
        self.close()
        look_again()

    def close(self) -> None:
        """Before the window goes: long work and what is in the background is cancelled, short work (a cell that was
        just left) comes to its end.

        Results arrive with the next events. A pool that is destroyed with work in it would block until the work ends.
        """
        for running_task in list(self._running):
            if running_task.title or running_task.queue == "background":
                running_task.cancel()
        for pool in self._pools.values():
            pool.waitForDone()
        self._portions.clear()
        self._collector.stop()


class PageTasks:
    """One page's way to the task runner: whatever it starts writes on behalf of that page, which can thus tell its own
    changes from others' (`WorkbookChanges.source`)."""

    def __init__(self, runner: TaskRunner, page: object) -> None:
        self.start = partial(runner.start, source=page)
        self.read = partial(runner.read, source=page)
        self.build = runner.build
