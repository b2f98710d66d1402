"""Two parts of a page beside each other, with a handle between them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget


def two_sides(left: QWidget, right: QWidget, sizes: tuple[int, int]) -> QSplitter:
    """A splitter that no side can be closed in; what the window gains goes to the right.

    Args:
        sizes: of both sides, in pixels, to begin with
    """
    splitter = QSplitter(Qt.Orientation.Horizontal)
    splitter.setObjectName("sides")
    splitter.setChildrenCollapsible(False)
    splitter.addWidget(left)
    splitter.addWidget(right)
    splitter.setStretchFactor(1, 1)
    splitter.setSizes(sizes)
    return splitter
