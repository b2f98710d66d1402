"""What only the window's thread can make, and takes too long at once: controls, a few in each turn of its loop."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal

PORTION_MS = 10  # after so long the event loop has its turn: keys, the mouse, what is to be drawn


@dataclass(slots=True, eq=False)
class _Building:
    """Something being made, and for whom."""

    owner: QObject
    steps: Iterator[object]
    done: Callable[[], object] | None
    is_made: bool = False


class Portions(QObject):
    """One thing after another, step by step.

    A timer brings the turns and not `singleShot(0)`: what that posts is worked off in the same turn in which it comes.

    Signals:
        ended: nothing is left to be made
    """

    ended = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: deque[_Building] = deque()
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._make_portion)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be made."""
        return not self._waiting

    def add(self, owner: QObject, steps: Iterator[object], done: Callable[[], object]) -> None:
        """Make this behind what is waiting already, then call `done`; neither once Qt has deleted the owner.

        `done` has a turn of its own.
        """
        self._waiting.append(_Building(owner, steps, done))
        self._timer.start()

    def clear(self) -> None:
        """Make nothing more: the window goes."""
        self._waiting.clear()
        self._timer.stop()

    def _make_portion(self) -> None:
        building = self._waiting[0]
        if building.is_made or not shiboken6.isValid(building.owner):
            self._end(building)
            return
        until = perf_counter() + PORTION_MS / 1000
        try:
            while perf_counter() < until:
                next(building.steps)
        except StopIteration:
            building.is_made = True
        except Exception:
            building.done = None
            self._end(building)
            raise  # told like any other bug

    def _end(self, building: _Building) -> None:
        self._waiting.remove(building)
        if not self._waiting:
            self._timer.stop()
        if building.done is not None and shiboken6.isValid(building.owner):
            building.done()
        if not self._waiting:
            self.ended.emit()
