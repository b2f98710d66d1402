"""Actions of the page as buttons beside what they act on, each with its key."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QActionEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton

from ui.keys import said


class ActionButton(QToolButton):
    """An action's name and key; it is enabled, shown and named as the action is."""

    def __init__(self, action: QAction) -> None:
        super().__init__()
        self.setDefaultAction(action)
        self.setObjectName(f"{action.objectName()}Here")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._name()

    def actionEvent(self, event: QActionEvent) -> None:
        super().actionEvent(event)
        if event.type() == QEvent.Type.ActionChanged:
            self._name()

    def _name(self) -> None:
        action = self.defaultAction()
        self.setText(f"{action.text()}（{said(action.shortcut())}）".replace("…（", "（"))
        self.setVisible(action.isVisible())


def action_row(actions: Iterable[QAction]) -> QHBoxLayout:
    """A line of them, from the left."""
    line = QHBoxLayout()
    line.setSpacing(8)
    for action in actions:
        line.addWidget(ActionButton(action))
    line.addStretch()
    return line
