"""A box for words that are looked for in the workbook."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit

_PAUSE_MS = 250


class SearchLine(QLineEdit):
    """Says when typing has paused, so that not every letter is a search.

    Signals:
        paused: another text stands there, and nothing was typed for a moment
    """

    paused = Signal()

    def __init__(self, name: str, label: str, hint: str) -> None:
        """`name`: objectName; `label`: accessible name; `hint`: what stands in the empty box."""
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setPlaceholderText(hint)
        self.setClearButtonEnabled(True)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self.paused)
        self.textChanged.connect(lambda _: self._timer.start())
