"""Keeps the counts beside the pages up to date, in the background and never at the price of the officer's work."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from app.dashboard.waiting import WaitingCount, waiting_counts
from app.workbook.workbook import Workbook, WorkbookChanges
from ui.shell.tasks import RunningTask, TaskRunner

# after the window came (what pages need has been loaded by then), and after the last of several changes
FIRST_MS, SETTLED_MS = 800, 1500
LARGEST_SHARE = 0.1  # of the time that counting may take while changes go on


class WaitingCounter(QObject):
    """Counts when the window opens and after changes. A count that took long is not repeated soon."""

    def __init__(
        self,
        workbook: Workbook,
        tasks: TaskRunner,
        show: Callable[[tuple[WaitingCount, ...]], object],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._workbook, self._tasks, self._show = workbook, tasks, show
        self._running: RunningTask | None = None
        self._stale = self._stopped = False
        self._started, self._seconds = 0.0, 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._count)
        self._timer.start(FIRST_MS)

    def refresh(self, changes: WorkbookChanges) -> None:
        """Something was written."""
        if self._stopped or not changes.tables:
            return
        if self._running is not None:
            self._stale = True  # counted anew when this count has come to its end
        else:
            self._timer.start(self._delay_ms())

    def stop(self) -> None:
        """The window goes: a count under way is given up, none begins."""
        self._stopped = True
        self._timer.stop()
        if self._running is not None:
            self._running.cancel()

    def _delay_ms(self) -> int:
        return max(SETTLED_MS, int(self._seconds / LARGEST_SHARE * 1000))

    def _count(self) -> None:
        self._stale, self._started = False, time.monotonic()
        counting = waiting_counts(self._workbook)
        task = self._tasks.start(counting, self._on_counted, failed=self._on_failed, queue="background")
        self._running = task
        task.cancelled.connect(self._on_ended)

    def _on_counted(self, counts: tuple[WaitingCount, ...]) -> None:
        rested = self._running.rested_seconds if self._running is not None else 0.0
        self._seconds = time.monotonic() - self._started - rested
        self._show(counts)
        self._on_ended()

    def _on_failed(self, error: object) -> None:
        """No numbers are better than old ones; whatever the reason is, a page that is opened will say it."""
        self._show(())
        self._on_ended()

    def _on_ended(self) -> None:
        self._running = None
        if self._stale and not self._stopped:
            self._timer.start(self._delay_ms())
