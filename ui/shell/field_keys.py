"""Shortcuts that work while a text field has the focus."""

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

_FIELDS = (QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QAbstractSpinBox)
_EDITING_KEYS = frozenset(
    QKeySequence(keys)
    for keys in [
        "Ctrl+A",
        "Ctrl+C",
        "Ctrl+V",
        "Ctrl+X",
        "Ctrl+Z",
        "Ctrl+Y",
        "Ctrl+Insert",
        "Ctrl+Left",
        "Ctrl+Right",
        "Ctrl+Home",
        "Ctrl+End",
        "Ctrl+Shift+Left",
        "Ctrl+Shift+Right",
        "Ctrl+Shift+Home",
        "Ctrl+Shift+End",
    ]
)
_DELETE_WORD = QKeySequence("Ctrl+Delete")
_EMACS_KEYS = frozenset(QKeySequence(keys) for keys in ("Ctrl+D", "Ctrl+E", "Ctrl+K", "Ctrl+U", "Ctrl+Shift+A"))


class FieldKeys(QObject):
    """Leaves the keys of actions to the actions while the focus is in a text field.

    A field claims the keys that edit text on this platform before any shortcut sees them. Under X11 those are also
    Ctrl+E, Ctrl+K, Ctrl+U and Ctrl+D: "导出" did nothing there, and "采用建议" erased the line. A field keeps what
    officers know as editing (clipboard, undoing, moving by words); an editor in a grid also keeps Ctrl+Delete.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._field: QWidget | None = None
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus_changed)
        self._on_focus_changed(None, QApplication.focusWidget())

    def _on_focus_changed(self, _: QWidget | None, focused: QWidget | None) -> None:
        """Only the field with the focus is watched: a filter of the whole application would cost at every event."""
        if self._field is not None and shiboken6.isValid(self._field):
            self._field.removeEventFilter(self)
        self._field = focused if isinstance(focused, _FIELDS) else None
        if self._field is not None:
            self._field.installEventFilter(self)

    def eventFilter(self, field: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or not isinstance(field, QWidget):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            if _is_in_grid(field) and _keys(event) == _DELETE_WORD:
                event.accept()  # the action behind this key is about the record that the grid belongs to
                return True
            declined = _belongs_to_actions(event)
        else:  # where no action has such a key it does nothing, on every platform
            declined = event.type() == QEvent.Type.KeyPress and _keys(event) in _EMACS_KEYS
        if declined:
            event.ignore()
        return declined


def _keys(event: QKeyEvent) -> QKeySequence:
    return QKeySequence(event.keyCombination())


def _belongs_to_actions(event: QKeyEvent) -> bool:
    modifiers = event.modifiers()
    if not modifiers & Qt.KeyboardModifier.ControlModifier or modifiers & Qt.KeyboardModifier.AltModifier:
        return False  # Ctrl and Alt together are AltGr, which types
    return _keys(event) not in _EDITING_KEYS


def _is_in_grid(field: QWidget) -> bool:
    ancestor = field.parentWidget()
    while ancestor is not None and not isinstance(ancestor, QAbstractItemView):
        ancestor = ancestor.parentWidget()
    return ancestor is not None
