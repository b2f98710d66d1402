"""Work off the window's thread. No other module knows threads.

Two lanes: one thread that writes, so that writers queue instead of meeting a locked file, and a few that read.
"""

import logging
from collections.abc import Callable
from threading import Event
from typing import Any, Literal

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from app.errors import OfficeError
from app.progress import Progress, Work

log = logging.getLogger(__name__)
Lane = Literal["write", "read"]
READERS = 2
BUG = "程序出错了，这一步没有保存，已保存的都在。请把日志发给技术人员。"


class Job(QObject):
    """One piece of work on its way; its signals arrive on the window's thread."""

    progressed = Signal(object)  # Progress
    done = Signal(object)  # what the work returned
    failed = Signal(object)  # OfficeError
    cancelled = Signal()

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = title
        self.stop = Event()

    def cancel(self) -> None:
        """Stop at the next step; the work's own `with` blocks roll back."""
        self.stop.set()


class _Run(QRunnable):
    def __init__(self, job: Job, work: Work[Any]) -> None:
        super().__init__()
        self._job, self._work = job, work

    def run(self) -> None:
        job = self._job
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


class Jobs(QObject):
    """The lanes. `show_error` is told of every failure that the starter does not take itself.

    Signals:
        started: a job began, for the bar that shows progress
    """

    started = Signal(object)  # Job

    def __init__(self, show_error: Callable[[OfficeError], None]) -> None:
        super().__init__()
        self._lanes = {"write": QThreadPool(self), "read": QThreadPool(self)}
        self._lanes["write"].setMaxThreadCount(1)
        self._lanes["read"].setMaxThreadCount(READERS)
        self._running: set[Job] = set()
        self._show_error = show_error

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
        """Run work. Everything is connected before it begins: a signal sent to nobody is lost.

        Args:
            title: what the officer reads beside the progress bar; "" for work that is too short for a bar
        """
        job = Job(title)
        if done is not None:
            job.done.connect(done)
        if progressed is not None:
            job.progressed.connect(progressed)
        job.failed.connect(failed or self._show_error)
        for ended in (job.done, job.failed, job.cancelled):
            ended.connect(lambda *_: self._running.discard(job))
        self._running.add(job)
        if title:
            self.started.emit(job)
        self._lanes[lane].start(_Run(job, work))
        return job

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._running

    def wait(self) -> None:
        """Let everything under way come to its end (locking, closing); results arrive with the next events."""
        for lane in self._lanes.values():
            lane.waitForDone()

    def close(self) -> None:
        """Before the window goes: a pool that is destroyed with work in it blocks until the work ends."""
        for job in list(self._running):
            job.cancel()
        self.wait()
