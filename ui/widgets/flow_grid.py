"""Widgets beside each other, as many as there is room for: check boxes of a form, buttons below a list."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget


class FlowGrid(QWidget):
    """Rows of at most `most` widgets; narrow, it has fewer in a row and more rows."""

    def __init__(
        self, widgets: Sequence[QWidget], most: int, gap: int, *, even: bool = False, parent: QWidget | None = None
    ) -> None:
        """
        Args:
            gap: pixels between two of them
            even: all columns equally wide, else as wide as what is in them, with the rest of the room at the right
        """
        super().__init__(parent)
        self._widgets, self._most, self._gap, self._even = widgets, most, gap, even
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(gap)
        self._grid.setVerticalSpacing(4)
        self._arrange(most)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = (event.size().width() + self._gap) // (self._widest() + self._gap)
        self._arrange(max(1, min(self._most, room)))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._widest(), super().minimumSizeHint().height())

    def _widest(self) -> int:
        return max((widget.sizeHint().width() for widget in self._widgets), default=1)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for n in range(self._most + 1):
            self._grid.setColumnStretch(n, int(n < columns if self._even else n == self._most))
        for n, widget in enumerate(self._widgets):
            self._grid.addWidget(widget, n // columns, n % columns)  # takes it from where it was
