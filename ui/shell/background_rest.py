"""When work in the background rests: while the officer is at work, so that keys never wait for it.

Threads of Python take turns at one interpreter. While another one computes, the window gets it back only after a
moment, and a page that is opened asks for it dozens of times. docs/decisions/0045-work-that-rests.md
"""

from math import inf
from threading import Event
from time import monotonic

from PySide6.QtCore import QObject

from ui.shell.idle_clock import IdleClock

LINGERING = 0.15  # seconds after a key, or after an answer has come: what it brings is being shown
MOST_RESTS = 10  # times as long as it has just worked; then it goes on, whoever types: else it might never end
_LOOK_SECONDS = 0.02


class Attention(QObject):
    """Whether the officer is at work: touches keyboard or mouse, or waits for a short answer.

    `is_claimed` is asked from other threads: it looks at plain values, of which Python changes each at once. Long work
    with a bar claims nothing: while it runs, the background may work too.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.idle_clock = IdleClock(self)
        self._awaited: set[object] = set()
        self._last_answer = 0.0

    @property
    def is_claimed(self) -> bool:
        """Whether work in the background should rest now."""
        return bool(self._awaited) or self.idle_clock.seconds < LINGERING or monotonic() - self._last_answer < LINGERING

    def wait_for(self, answer: object) -> None:
        """Somebody waits for this from now on."""
        self._awaited.add(answer)

    def settle(self, answer: object) -> None:
        """It has come, or will not come. It may not have been waited for: long work has come to its end."""
        self._awaited.discard(answer)
        self._last_answer = monotonic()


class Rest:
    """The rests of one piece of work, on its own thread. Called wherever it may rest: between two steps, before a
    statement to the database.

    Attributes:
        seconds: how long it has rested in all
    """

    def __init__(self, attention: Attention, cancelled: Event) -> None:
        self._attention, self._cancelled = attention, cancelled
        self._resumed = inf  # it has not begun
        self.seconds = 0.0

    def __call__(self) -> None:
        """Rest while the officer is at work, not longer than is fair, and not at all once the work is cancelled."""
        began = now = monotonic()
        until = began + MOST_RESTS * (began - self._resumed)
        while now < until and self._attention.is_claimed:
            if self._cancelled.wait(min(until - now, _LOOK_SECONDS)):
                break
            now = monotonic()
        self._resumed = monotonic()
        self.seconds += self._resumed - began
