"""The buttons at the foot of a dialog: go on with what is chosen (Enter), then leave (Esc)."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QWidget


class _DialogButton(QPushButton):
    """Enter presses the button that has the focus. Qt does so only for buttons that may become the default, and takes
    one of these as the default when the real one is disabled for a moment."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class ChoiceRow(QWidget):
    """Any number of ways to go on, none of which Enter takes, and at the right the button that leaves."""

    def __init__(self, dialog: QDialog, cancel_label: str = "取消", cancel_name: str = "cancel") -> None:
        """`cancel_name`: the button's objectName."""
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addStretch(1)
        self.cancel_button = _DialogButton()
        self._set_up(self.cancel_button, cancel_label, cancel_name, dialog.reject)
        self._row.addWidget(self.cancel_button)

    def set_start(self, widget: QWidget) -> None:
        """Show a widget at the left, in the room that the buttons leave."""
        self._row.takeAt(0)
        self._row.insertWidget(0, widget, 1)

    def add_button(self, label: str, name: str, callback: Callable[[], object] | None = None) -> QPushButton:
        """Another way to go on, after those that are there; without a `callback` its owner connects it."""
        button = _DialogButton()
        self._set_up(button, label, name, callback)
        self._row.insertWidget(self._row.count() - 1, button)
        QWidget.setTabOrder(button, self.cancel_button)  # which was there first, and leaves last
        return button

    def _set_up(self, button: QPushButton, label: str, name: str, callback: Callable[[], object] | None) -> None:
        button.setText(label)
        button.setObjectName(name)
        button.setAccessibleName(label)
        button.setAutoDefault(False)
        if callback is not None:
            button.clicked.connect(lambda: callback())


class ButtonRow(ChoiceRow):
    """One way to go on, and the button that leaves."""

    def __init__(
        self,
        dialog: QDialog,
        accept_label: str,
        accept_name: str = "ok",
        cancel_label: str = "取消",
        cancel_name: str = "cancel",
        *,
        on_accept: Callable[[], object] | None = None,
        default: bool = True,
    ) -> None:
        """
        Args:
            accept_name, cancel_name: the buttons' objectNames
            on_accept: what going on does where it is not `dialog.accept`
            default: whether Enter anywhere in the dialog goes on
        """
        super().__init__(dialog, cancel_label, cancel_name)
        self.accept_button = self.add_button(accept_label, accept_name, on_accept or dialog.accept)
        self.accept_button.setProperty("primary", True)
        self.accept_button.setAutoDefault(default)
        self.accept_button.setDefault(default)
