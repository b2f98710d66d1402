"""Lines and boxes of text that know when the officer is done with them, and whose Ctrl+Z is whose."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QTextDocument
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from app.workbook.masking import mask_text

_REDO = QKeySequence("Ctrl+Y")


def _defers_undo(event: QEvent, control: QLineEdit | QTextDocument) -> bool:
    """Ctrl+Z and Ctrl+Y belong to a control only while it holds typing that is not saved; then to the window.

    By the class first, which costs less than the type: a control is told of dozens of events until it is seen.
    """
    if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.ShortcutOverride:
        return False
    unsaved = control.isModified()
    is_undo = event.matches(QKeySequence.StandardKey.Undo) and not (unsaved and control.isUndoAvailable())
    is_redo = QKeySequence(event.keyCombination()) == _REDO and not (unsaved and control.isRedoAvailable())
    if not is_undo and not is_redo:
        return False
    event.ignore()
    return True


class SingleLineEdit(QLineEdit):
    """A line that says when the officer is done with it.

    With a `mask` (a way of app.workbook.masking) it shows its text masked until it has the focus, so that neither a
    glance nor a picture of the screen shows a whole personal number; what is refused stays to be read and mended.
    """

    editing_done = Signal()

    def __init__(self, mask: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mask = mask
        self._unmasked: str | None = None  # the text behind the one shown masked
        if mask:
            self.textChanged.connect(self._clear_unmasked)

    def full_text(self) -> str:
        """The text that stands here, whether masked or not."""
        return self.text() if self._unmasked is None else self._unmasked

    def set_text(self, text: str) -> None:
        """Show another text."""
        self._clear_unmasked()
        self.setText(text)
        if not self.hasFocus():
            self._apply_mask()

    def _clear_unmasked(self) -> None:
        self._unmasked = None

    def _apply_mask(self) -> None:
        if self._mask and self._unmasked is None and self.text().strip():
            unmasked = self.text()
            self.setText(mask_text(unmasked, self._mask))
            self._unmasked = unmasked

    def _remove_mask(self) -> None:
        if self._unmasked is not None:
            unmasked = self._unmasked
            all_selected = self.hasSelectedText() and len(self.selectedText()) == len(self.text())
            self.setText(unmasked)
            if all_selected:
                self.selectAll()

    def event(self, event: QEvent) -> bool:
        return False if _defers_undo(event, self) else super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._remove_mask()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._finish_editing()
            if not self.property("refused"):
                self._apply_mask()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._remove_mask()
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._finish_editing()

    def _finish_editing(self) -> None:
        self.editing_done.emit()
        if not self.property("refused"):
            self.setModified(False)


class MultiLineEdit(QPlainTextEdit):
    editing_done = Signal()

    def event(self, event: QEvent) -> bool:
        return False if _defers_undo(event, self.document()) else super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.editing_done.emit()
            if not self.property("refused"):
                self.document().setModified(False)
