"""When a window locks by itself: nobody has touched it for a while, or the machine slept."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from app.workbook import preferences
from app.workbook.workbook import Workbook
from ui.shell.idle_clock import IdleClock

_CHECK_MS = 2000
_SLEPT_SECONDS = 30.0  # late by more than this: no work on the window's thread takes as long
_SHORTEST_SECONDS = 60


def clock() -> float:
    """Seconds that go on while the machine sleeps; no setting of the clock moves them."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()  # on Windows it counts them too


class AutoLock(QObject):
    """Looks every two seconds. What is being written is never broken off: it locks when that has ended.

    Signals:
        due: the window shall lock
    """

    due = Signal()

    def __init__(self, workbook: Workbook, idle_clock: IdleClock, is_idle: Callable[[], bool], parent: QObject) -> None:
        """`is_idle`: whether no task runs."""
        super().__init__(parent)
        self.idle_clock = idle_clock
        self._workbook, self._is_idle = workbook, is_idle
        self._last_check = clock()
        self._has_slept = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.check)
        self._timer.start(_CHECK_MS)

    def stop(self) -> None:
        """The window goes."""
        self._timer.stop()

    def check(self) -> None:
        """Ask for a lock if it is time."""
        now = clock()
        self._has_slept = self._has_slept or now - self._last_check > _CHECK_MS / 1000 + _SLEPT_SECONDS
        self._last_check = now
        if self._is_idle() and (self._has_slept or self._is_left_alone()):
            self._has_slept = False
            self.due.emit()

    def _is_left_alone(self) -> bool:
        seconds = self.idle_clock.seconds
        if seconds <= _SHORTEST_SECONDS:
            return False
        minutes = int(preferences.get(self._workbook, "idle_minutes"))
        return bool(minutes) and seconds > minutes * 60
