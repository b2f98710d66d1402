"""Cells that were changed in Excel and in the workbook: three values each, and which one counts."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from app.sheets.register_preview import BothChanged

_HEADINGS = ("用表里的", "谁", "栏目", "导出时", "本工作簿现在", "表里", "位置")
_WHO = 1  # the column that takes the room that is left
_WIDEST = 140  # pixels of a column of values; longer ones go on in the next line
_BLANK = 20  # pixels beside, and above and below, the letters of a cell
_MOST_SHOWN = 6  # rows without scrolling
_MOST_MEASURED = 200  # rows whose height follows what stands in them: each takes time


class ConflictTable(QTableWidget):
    """A line a cell; ticked (with the space bar) it takes what the sheet says, else the workbook stays as it is."""

    def __init__(self, conflicts: Sequence[BothChanged]) -> None:
        super().__init__(len(conflicts), len(_HEADINGS))
        self._conflicts = tuple(conflicts)
        self.setObjectName("conflicts")
        self.setAccessibleName("两边都改了的格")
        self.setHorizontalHeaderLabels(list(_HEADINGS))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setWordWrap(True)
        self.verticalHeader().hide()
        self._ticks = [_item("", is_choice=True) for _ in self._conflicts]
        for row, one in enumerate(self._conflicts):
            place = f"“{one.sheet}”{one.cell}"
            values = (value or "（空）" for value in (one.left, one.here, one.there))
            self.setItem(row, 0, self._ticks[row])
            for column, text in enumerate((one.title, one.label, *values, place), start=1):
                self.setItem(row, column, _item(text))
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setMaximumSectionSize(_WIDEST)
        header.setSectionResizeMode(_WHO, QHeaderView.ResizeMode.Stretch)  # the values are what has to be read
        self._fit_rows()
        shown = min(len(self._conflicts), _MOST_SHOWN)
        height = header.sizeHint().height() + sum(self.rowHeight(row) for row in range(shown)) + 2 * self.frameWidth()
        self.setMinimumHeight(min(height, 240))
        self.setMaximumHeight(max(height, 240))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_rows()

    def _fit_rows(self) -> None:
        """As high as what stands in it; Qt's own measure forgets the blank that the theme leaves beside the letters."""
        if len(self._conflicts) <= _MOST_MEASURED:
            for row in range(self.rowCount()):
                heights = (self._text_height(row, column) for column in range(_WHO, self.columnCount()))
                self.setRowHeight(row, max(heights) + _BLANK)

    def _text_height(self, row: int, column: int) -> int:
        item, width = self.item(row, column), self.columnWidth(column) - _BLANK
        text = item.text() if item is not None else ""
        return self.fontMetrics().boundingRect(0, 0, width, 0, Qt.TextFlag.TextWordWrap, text).height()

    def take_all(self, taken: bool) -> None:
        """Tick all or none."""
        for tick in self._ticks:
            tick.setCheckState(Qt.CheckState.Checked if taken else Qt.CheckState.Unchecked)

    def taken(self) -> list[BothChanged]:
        """The cells that take what the sheet says."""
        ticked = [tick.checkState() == Qt.CheckState.Checked for tick in self._ticks]
        return [one for one, is_ticked in zip(self._conflicts, ticked, strict=True) if is_ticked]


def _item(text: str, *, is_choice: bool = False) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
    if is_choice:
        item.setCheckState(Qt.CheckState.Unchecked)
        flags |= Qt.ItemFlag.ItemIsUserCheckable
    item.setFlags(flags)
    return item
