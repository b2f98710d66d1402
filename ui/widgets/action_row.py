"""Actions of the page as buttons beside what they act on, each with its key where there is room."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QActionEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from ui.shell.shortcut_text import display_text

_BUTTON_PADDING = 30  # pixels of a button beside its text
_SPACING = 8


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
        self._update_text()

    def width_for(self, *, with_key: bool) -> int:
        """Pixels it takes."""
        return self.fontMetrics().horizontalAdvance(self._label(with_key)) + _BUTTON_PADDING

    def set_key_visible(self, visible: bool) -> None:
        """With the key or without."""
        if visible != self._with_key:
            self._with_key = visible
            self._update_text()

    def minimumSizeHint(self) -> QSize:
        return QSize(self.width_for(with_key=False), super().minimumSizeHint().height())

    def actionEvent(self, event: QActionEvent) -> None:
        super().actionEvent(event)
        if event.type() == QEvent.Type.ActionChanged:
            self._update_text()

    def _label(self, with_key: bool) -> str:
        action = self.defaultAction()
        name = action.text().removesuffix("…")
        return f"{name}（{display_text(action.shortcut())}）" if with_key else name

    def _update_text(self) -> None:
        self.setText(self._label(self._with_key))


class ActionRow(QWidget):
    """A line of them, from the left; keys are shown if all fit with them."""

    def __init__(self, actions: Iterable[QAction]) -> None:
        super().__init__()
        self._buttons = [ActionButton(action) for action in actions]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_SPACING)
        for button in self._buttons:
            row.addWidget(button)
        row.addStretch()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        full_width = sum(button.width_for(with_key=True) + _SPACING for button in self._buttons)
        for button in self._buttons:
            button.set_key_visible(full_width <= self.width())
