"""How long nobody has touched keyboard or mouse."""

import time

import shiboken6
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication, QWindow

_INPUT = frozenset(
    # a key comes as ShortcutOverride first, and as KeyPress only where no shortcut takes it
    {
        QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
    }
)  # fmt: skip


class IdleClock(QObject):
    """Watches the window that has the keyboard, whichever of the program's windows and dialogs that is.

    Input comes to a window before its widgets. A filter of the whole application would be asked, in Python, about each
    of the thousands of events by which widgets are laid out and painted.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._last_input = time.monotonic()
        self._window: QWindow | None = None
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.focusWindowChanged.connect(self._watch)
        self._watch(QGuiApplication.focusWindow())

    @property
    def seconds(self) -> float:
        """Since the last input."""
        return time.monotonic() - self._last_input

    def _watch(self, window: QWindow | None) -> None:
        if self._window is not None and shiboken6.isValid(self._window):
            self._window.removeEventFilter(self)
        self._window = window
        if window is not None:
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _INPUT:
            self._last_input = time.monotonic()
        return False
