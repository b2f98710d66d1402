"""Lines and boxes of text that know when the officer is done with them, and whose Ctrl+Z is whose."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from app.records.masking import masked


def _gives_undo_away(event: QEvent, own: bool) -> bool:
    """Ctrl+Z belongs to a control only while it has something of its own to undo; then to what was saved last."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent) or own:
        return False
    if not event.matches(QKeySequence.StandardKey.Undo):
        return False
    event.ignore()
    return True


class Line(QLineEdit):
    """A line that says when the officer is done with it.

    With a `mask` (a way of app.records.masking) it shows its text masked until it has the focus, so that neither a
    glance nor a picture of the screen shows a whole personal number; what is refused stays to be read and mended.
    """

    finished = Signal()

    def __init__(self, mask: str = "") -> None:
        super().__init__()
        self._mask = mask
        self._whole: str | None = None  # the text behind the one shown masked
        self.textChanged.connect(self._forget_whole)

    def whole(self) -> str:
        """The text that stands here, whether masked or not."""
        return self.text() if self._whole is None else self._whole

    def put(self, text: str) -> None:
        """Show another text."""
        self._forget_whole()
        self.setText(text)
        if not self.hasFocus():
            self._hide_whole()

    def _forget_whole(self) -> None:
        self._whole = None

    def _hide_whole(self) -> None:
        if self._mask and self._whole is None and self.text().strip():
            whole = self.text()
            self.setText(masked(whole, self._mask))
            self._whole = whole

    def _show_whole(self) -> None:
        if self._whole is not None:
            whole = self._whole
            everything = self.hasSelectedText() and len(self.selectedText()) == len(self.text())
            self.setText(whole)
            if everything:
                self.selectAll()

    def event(self, event: QEvent) -> bool:
        return False if _gives_undo_away(event, self.isUndoAvailable()) else super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._show_whole()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.finished.emit()
            if not self.property("refused"):
                self._hide_whole()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._show_whole()
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.finished.emit()


class Long(QPlainTextEdit):
    finished = Signal()

    def event(self, event: QEvent) -> bool:
        return False if _gives_undo_away(event, self.document().isUndoAvailable()) else super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.finished.emit()
