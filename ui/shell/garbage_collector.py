"""While work is under way, garbage is collected on the window's thread alone."""

import gc
from collections.abc import Callable
from functools import partial
from typing import ClassVar

from PySide6.QtCore import QObject, QTimer

COLLECT_MS = 250
MOST_NEW = 50_000  # objects that are looked through at once while work is under way
MOST_FROZEN = 500_000  # new objects that may lie unseen until there is rest


class GarbageCollector(QObject):
    """Collects garbage on the window's thread, and nowhere else, while work is under way.

    Python's collector runs on whichever thread happens to allocate. A dialog that a worker's turn took apart was
    deleted a second time by Qt, and the program was gone (measured, PySide6 6.12).
    """

    _active: ClassVar[set[int]] = set()  # those whose task runner has work, by id()
    _frozen: ClassVar[int] = 0  # new objects that lie unseen

    def __init__(self, has_work: Callable[[], bool], runner: QObject) -> None:
        """`has_work`: whether the task runner has; asked now and then after `start`, until it has none."""
        super().__init__(runner)
        self._has_work = has_work
        self._timer = QTimer(self)
        self._timer.setInterval(COLLECT_MS)
        self._timer.timeout.connect(self._collect)
        # a window may be deleted in the middle of its work
        self.destroyed.connect(partial(GarbageCollector._release, id(self)))

    def start(self) -> None:
        self._active.add(id(self))
        gc.disable()
        if not self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        self._timer.stop()
        self._release(id(self))

    @classmethod
    def _release(cls, collector_id: int, *_: object) -> None:
        """Hand collecting back to Python once no task runner has work."""
        cls._active.discard(collector_id)
        if not cls._active:
            gc.enable()

    def _collect(self) -> None:
        new = gc.get_count()[0]
        if new > MOST_NEW:
            self._freeze(new)
        elif new > gc.get_threshold()[0]:
            # the old generation waits until there is rest: looking through it takes 100 ms once fonts are loaded
            gc.collect(1)
        if not self._has_work():
            self.stop()

    @classmethod
    def _freeze(cls, new: int) -> None:
        """What a worker has read lies in the way: looking through 200,000 rows takes 100 ms. Garbage among it must not
        fill the memory, though, so that a worker that never stops making it costs a pause now and then."""
        cls._frozen += new
        if cls._frozen > MOST_FROZEN:
            cls._frozen = 0
            gc.unfreeze()
            gc.collect()
        else:
            gc.freeze()
