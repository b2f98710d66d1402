"""Two parts of a page beside each other, with a handle between them."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget


class _TwoSides(QSplitter):
    """Until the handle is moved: what is more than the sizes goes to the right, what is less is borne by both."""

    def __init__(self, left: QWidget, right: QWidget, sizes: tuple[int, int], parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setObjectName("sides")
        self.setChildrenCollapsible(False)
        self.addWidget(left)
        self.addWidget(right)
        self.setStretchFactor(1, 1)
        self.setSizes(sizes)
        self._sizes, self._was_moved = sizes, False
        self.splitterMoved.connect(self._keep)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._was_moved:
            width, wanted = event.size().width(), sum(self._sizes)
            left = self._sizes[0] * min(width, wanted) // wanted
            self.setSizes((left, width - left))

    def _keep(self) -> None:
        self._was_moved = True


def two_sides(left: QWidget, right: QWidget, sizes: tuple[int, int], parent: QWidget) -> QSplitter:
    """A splitter that no side can be closed in; what the window gains goes to the right.

    Args:
        sizes: of both sides, in pixels, to begin with; on a narrower page both shrink alike
        parent: what it is laid out in: without an owner it is a window of its own until then, and a splitter styles
            both sides at once, and put elsewhere once more
    """
    return _TwoSides(left, right, sizes, parent)
