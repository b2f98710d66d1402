"""Widgets beside each other: one that takes the room, and others of their own width, on as many lines as it needs."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget


class WrappingLine(QWidget):
    """One line where there is room; what does not fit goes on in the next ones."""

    def __init__(self, first: QWidget, others: Sequence[QWidget], gap: int = 8) -> None:
        """
        Args:
            gap: pixels between two of them
        """
        super().__init__()
        self._widgets, self._gap = (first, *others), gap
        self._lines: list[list[QWidget]] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        self._arrange([list(self._widgets)])

    def add(self, widget: QWidget) -> None:
        """One more, after the others; while it is hidden it takes no room."""
        self._widgets = (*self._widgets, widget)
        self._arrange(self._wrap(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(self._wrap(event.size().width()))

    def event(self, event: QEvent) -> bool:
        """A box whose entries are renewed may need more or less room than before."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange(self._wrap(self.width()))
        return super().event(event)

    def minimumSizeHint(self) -> QSize:
        return QSize(max(map(_least_width, self._widgets)), super().minimumSizeHint().height())

    def _wrap(self, width: int) -> list[list[QWidget]]:
        """The widgets of each line, when each is as narrow as it can be."""
        lines: list[list[QWidget]] = [[]]
        room = width
        for widget in self._widgets:
            if lines[-1] and _least_width(widget) > room:
                lines.append([])
                room = width
            lines[-1].append(widget)
            room -= _least_width(widget) + self._gap
        return lines

    def _arrange(self, lines: list[list[QWidget]]) -> None:
        if lines == self._lines:
            return
        self._lines = lines
        while self._layout.count():
            self._layout.takeAt(0)
        for widgets in lines:
            line = QHBoxLayout()
            line.setSpacing(self._gap)
            for widget in widgets:
                line.addWidget(widget, int(widget is self._widgets[0]))
            if self._widgets[0] not in widgets:
                line.addStretch(1)
            self._layout.addLayout(line)


def _least_width(widget: QWidget) -> int:
    return 0 if widget.isHidden() else max(widget.minimumWidth(), widget.minimumSizeHint().width())
