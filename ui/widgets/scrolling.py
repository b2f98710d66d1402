"""What is larger than its place rolls in it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


def scrolling(content: QWidget) -> QScrollArea:
    """A frameless area for a widget, as wide as there is room; Tab passes it over.

    The area asks at once how large its content wants to be. That styles all that is in it, and styles it anew whenever
    it is put into something else, so what is large is cheaper to make in its place: the empty content first, then this.
    """
    area = scroll_area()
    area.setWidget(content)
    return area


def scroll_area(parent: QWidget | None = None) -> QScrollArea:
    """The same before it has its content, to be put into its place first."""
    area = QScrollArea(parent)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidgetResizable(True)
    return area
