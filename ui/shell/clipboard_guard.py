"""Takes ID numbers, bank cards and telephone numbers out of the clipboard again, from where any program reads them."""

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication

from app.workbook.masking import mask_numbers

KEPT_MS = 60_000  # long enough to paste a number into another system


class ClipboardGuard(QObject):
    """Watches what this program copies. What another program has copied since is left alone."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._clipboard: QClipboard = QGuiApplication.clipboard()
        self._copied = ""  # here, with whole numbers in it
        self._timer = QTimer(self, singleShot=True, interval=KEPT_MS)
        self._timer.timeout.connect(self.clear)
        self._clipboard.dataChanged.connect(self._on_changed)

    def _on_changed(self) -> None:
        self._timer.stop()
        text = self._clipboard.text() if self._is_ours() else ""
        self._copied = text if mask_numbers(text) != text else ""
        if self._copied:
            self._timer.start()

    def _is_ours(self) -> bool:
        """Whether this program copied what has just come: some platforms say so, and where a window of ours has the
        keyboard nobody else copies."""
        return self._clipboard.ownsClipboard() or QGuiApplication.focusWindow() is not None

    def clear(self) -> None:
        """Empty the clipboard if whole numbers of ours are still in it."""
        self._timer.stop()
        copied, self._copied = self._copied, ""
        if copied and self._clipboard.text() == copied:
            self._clipboard.clear()
