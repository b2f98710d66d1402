"""Work off the window's thread. No other module knows threads.

Two lanes: one thread that writes, so that writers queue instead of meeting a locked file, and a few that read.
"""

import gc
import logging
from collections.abc import Callable
from functools import partial
from threading import Event
from typing import Any, ClassVar, Literal

from PySide6.QtCore import QObject, QRunnable, QThreadPool, QTimer, Signal

from app.errors import OfficeError
from app.progress import Progress, Work

log = logging.getLogger(__name__)
Lane = Literal["write", "read"]
READERS = 2
TIDY_MS = 250
BUG = "程序出错了，这一步没有保存，已保存的都在。请把日志发给技术人员。"


class Job(QObject):
    """One piece of work on its way; its signals arrive on the window's thread."""

    progressed = Signal(object)  # Progress
    done = Signal(object)  # what the work returned
    failed = Signal(object)  # OfficeError
    cancelled = Signal()

    def __init__(self, title: str, lane: Lane, parent: QObject) -> None:
        super().__init__(parent)
        self.title, self.lane = title, lane
        self.stop = Event()
        self.ended = Event()  # its worker will not touch it any more

    def cancel(self) -> None:
        """Stop at the next step; the work's own `with` blocks roll back."""
        self.stop.set()


class _Run(QRunnable):
    def __init__(self, job: Job, work: Work[Any]) -> None:
        super().__init__()
        self._job, self._work = job, work

    def run(self) -> None:
        self._take_steps(self._job)
        self._job.ended.set()

    def _take_steps(self, job: Job) -> None:
        try:
            while not job.stop.is_set():
                job.progressed.emit(next(self._work))
            self._work.close()
            job.cancelled.emit()
        except StopIteration as end:
            job.done.emit(end.value)
        except OfficeError as error:
            log.info("refused: %s", type(error).__name__, exc_info=error.__cause__)
            job.failed.emit(error)
        except Exception:
            log.exception("bug in a job")
            job.failed.emit(OfficeError(BUG))


class _Tidying(QObject):
    """Collects garbage on the window's thread, and nowhere else, while work is under way.

    Python's collector runs on whichever thread happens to allocate. A dialog that a worker's turn took apart was
    deleted a second time by Qt, and the program was gone (measured, PySide6 6.12).
    """

    _working: ClassVar[set[int]] = set()  # which Jobs have work, by id()

    def __init__(self, jobs: "Jobs") -> None:
        super().__init__(jobs)
        self._jobs = jobs
        self._timer = QTimer(self)
        self._timer.setInterval(TIDY_MS)
        self._timer.timeout.connect(self._tidy)

    def begin(self) -> None:
        self._working.add(id(self._jobs))
        gc.disable()
        if not self._timer.isActive():
            self._timer.start()

    def end(self) -> None:
        self._timer.stop()
        self._working.discard(id(self._jobs))
        if not self._working:
            gc.enable()

    def _tidy(self) -> None:
        due = [generation for generation, limit in enumerate(gc.get_threshold()) if gc.get_count()[generation] > limit]
        if due:
            # the old generation waits until there is rest: looking through it takes 100 ms once fonts are loaded
            gc.collect(min(1, max(due)))
        if not self._jobs.sweep() and self._jobs.idle:
            self.end()


class Jobs(QObject):
    """The lanes. `show_error` is told of every failure that the starter does not take itself.

    Signals:
        started: a job began, for the bar that shows progress
        rested: nothing is under way any more
    """

    started = Signal(object)  # Job
    rested = Signal()

    def __init__(self, show_error: Callable[[OfficeError], None]) -> None:
        super().__init__()
        self._lanes = {"write": QThreadPool(self), "read": QThreadPool(self)}
        self._lanes["write"].setMaxThreadCount(1)
        self._lanes["read"].setMaxThreadCount(READERS)
        self._running: set[Job] = set()
        self._spent: list[Job] = []
        self._over = False
        self._show_error = show_error
        self._tidying = _Tidying(self)

    def start(
        self,
        work: Work[Any],
        done: Callable[[Any], object] | None = None,
        progressed: Callable[[Progress], object] | None = None,
        failed: Callable[[OfficeError], object] | None = None,
        *,
        lane: Lane = "write",
        title: str = "",
    ) -> Job:
        """Run work. Everything is connected before it begins: a signal sent to nobody is lost. After `end()` nothing
        begins any more.

        Args:
            title: what the officer reads beside the progress bar; "" for work that is too short for a bar
        """
        job = Job(title, lane, self)
        if self._over:
            return job
        if done is not None:
            job.done.connect(done)
        if progressed is not None:
            job.progressed.connect(progressed)
        job.failed.connect(failed or self._show_error)
        for ended in (job.done, job.failed, job.cancelled):
            ended.connect(partial(self._ended, job))
        self._running.add(job)
        self._tidying.begin()
        self.started.emit(job)
        self._lanes[lane].start(_Run(job, work))
        return job

    def _ended(self, job: Job, *_: object) -> None:
        self._running.discard(job)
        self._spent.append(job)
        if not self._running:
            self.rested.emit()

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._running

    def sweep(self) -> bool:
        """Let go of jobs that ended; whether any is left. Their connections keep them and they keep their connections:
        without this every saved cell would stay in memory. A worker may still be telling others of the end."""
        for job in [job for job in self._spent if job.ended.is_set()]:
            self._spent.remove(job)
            job.deleteLater()
        return bool(self._spent)

    @property
    def long_ones(self) -> list[str]:
        """Titles of the long work under way."""
        return [job.title for job in self._running if job.title]

    def end(self) -> None:
        """Close, for good: a page's clock that strikes after the window has gone starts nothing."""
        self._over = True
        self.close()

    def close(self) -> None:
        """Before the window goes: long work is cancelled, short work (a cell that was just left) comes to its end.

        Results arrive with the next events. A pool that is destroyed with work in it would block until the work ends.
        """
        for job in list(self._running):
            if job.title:
                job.cancel()
        for lane in self._lanes.values():
            lane.waitForDone()
        self._tidying.end()
