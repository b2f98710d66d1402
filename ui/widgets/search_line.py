"""A box for words that are looked for, in the workbook or in a list."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

_PAUSE_MS = 250


class SearchLine(QLineEdit):
    """Says when typing has paused, so that not every letter is a search; the arrow down goes on into what was found.

    Signals:
        paused: another text stands there, and nothing was typed for a moment
    """

    paused = Signal()

    def __init__(self, name: str, label: str, hint: str) -> None:
        """`name`: objectName; `label`: accessible name; `hint`: what stands in the empty box."""
        super().__init__()
        self._list: QWidget | None = None
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setPlaceholderText(hint)
        self.setClearButtonEnabled(True)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self.paused)
        self.textChanged.connect(lambda _: self._timer.start())

    def lead_to(self, found: QWidget, *, by_enter: bool = False) -> None:
        """Say which list the arrow down goes to, and Enter where it has nothing else to do."""
        self._list = found
        if by_enter:
            self.returnPressed.connect(found.setFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and self._list is not None:
            self._list.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)
