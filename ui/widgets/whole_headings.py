"""Headings of columns that are never cut."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QHeaderView, QTableView


def widen_to_headings(header: QHeaderView, columns: Iterable[int], more: int = 0) -> None:
    """Widen these columns, as far as they are shown, to their headings and `more` pixels."""
    for column in columns:
        if not header.isSectionHidden(column):
            needed = header.sectionSizeFromContents(column).width() + more
            header.resizeSection(column, max(header.sectionSize(column), needed))


class WholeHeadings(QTableView):
    """A table that looks at its headings again when it is put into a window: only there their look is known."""

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.show_whole_headings()

    def show_whole_headings(self) -> None:
        """Widen columns that would cut their headings; those that share what is left have their own measure."""
        header = self.horizontalHeader()
        own_width = QHeaderView.ResizeMode.Interactive
        widen_to_headings(header, (n for n in range(header.count()) if header.sectionResizeMode(n) == own_width))
