"""Actions of the page as buttons beside what they act on, each with its key where there is room."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QActionEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from ui.keys import said

_AROUND = 30  # pixels of a button beside its text
_BETWEEN = 8


class ActionButton(QToolButton):
    """An action's name and key; it is enabled and named as the action is."""

    def __init__(self, action: QAction) -> None:
        super().__init__()
        self._with_key = True
        self.setDefaultAction(action)
        self.setObjectName(f"{action.objectName()}Here")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._name()

    def width_of(self, *, with_key: bool) -> int:
        """Pixels it takes."""
        return self.fontMetrics().horizontalAdvance(self._said(with_key)) + _AROUND

    def show_key(self, on: bool) -> None:
        """With the key or without."""
        if on != self._with_key:
            self._with_key = on
            self._name()

    def minimumSizeHint(self) -> QSize:
        return QSize(self.width_of(with_key=False), super().minimumSizeHint().height())

    def actionEvent(self, event: QActionEvent) -> None:
        super().actionEvent(event)
        if event.type() == QEvent.Type.ActionChanged:
            self._name()

    def _said(self, with_key: bool) -> str:
        action = self.defaultAction()
        name = action.text().removesuffix("…")
        return f"{name}（{said(action.shortcut())}）" if with_key else name

    def _name(self) -> None:
        self.setText(self._said(self._with_key))


class ActionRow(QWidget):
    """A line of them, from the left; keys are shown if all fit with them."""

    def __init__(self, actions: Iterable[QAction]) -> None:
        super().__init__()
        self._buttons = [ActionButton(action) for action in actions]
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(_BETWEEN)
        for button in self._buttons:
            line.addWidget(button)
        line.addStretch()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = sum(button.width_of(with_key=True) + _BETWEEN for button in self._buttons)
        for button in self._buttons:
            button.show_key(wide <= self.width())
