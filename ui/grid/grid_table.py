"""The sheet itself: cells are chosen, typed into, copied, pasted, filled down and emptied."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QEvent, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication

from ui.grid.cell_delegate import CellDelegate, line_of
from ui.grid.grid_model import GridModel
from ui.grid.grid_rows import NEW_ROW
from ui.widgets.column_fit import widen_to_headings
from ui.widgets.paged_table import PagedTable
from ui.widgets.row_table import Column, Row

_NUMBER = re.compile(r"-?[\d,]+(\.\d+)?")
_WHOSE_CHARS = 6  # width of the heading of rows
_SORT_MARK = 14  # pixels beside a heading


@dataclass(frozen=True, slots=True)
class CellArea:
    """A rectangle of cells: ids of its rows and keys of its visible columns, both in their order."""

    ids: Sequence[str]
    columns: Sequence[str]


class GridTable(PagedTable):
    """Arrows move, Enter goes down, Tab goes right, F2 or any letter opens a cell, Delete empties what is chosen.

    Signals:
        emptied: the cells that are chosen shall be empty
        escaped: Esc, with no cell open
        closed: the cell that was open is closed
        copied: the cells that are chosen shall go to the clipboard
        row_finished: the empty row below the list was left, or Enter was pressed in it
    """

    emptied = Signal()
    escaped = Signal()
    closed = Signal()
    copied = Signal()
    row_finished = Signal()

    def __init__(
        self, name: str, label: str, model: GridModel | None = None, delegate: type[CellDelegate] = CellDelegate
    ) -> None:
        """`delegate`: how cells are drawn and opened."""
        self.cells = model or GridModel()
        self._column = 0  # that the cursor was in before the rows came anew
        super().__init__(name, label, model=self.cells)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setShowGrid(True)
        self.verticalHeader().show()
        self.verticalHeader().setFixedWidth(_WHOSE_CHARS * self.fontMetrics().horizontalAdvance("字"))
        self.doubleClicked.disconnect()  # a double click opens the cell
        self._delegate = delegate(self.cells, self)
        self._delegate.left_with.connect(self._go_on)
        self._delegate.closeEditor.connect(lambda *_: self.closed.emit())
        self.setItemDelegate(self._delegate)

    @property
    def is_editing(self) -> bool:
        """Whether a cell is open just now."""
        return self.state() == QAbstractItemView.State.EditingState

    def take_over(self) -> None:
        """Take what stands in a cell that is open, and close it."""
        editor = self.indexWidget(self.currentIndex())
        if self.is_editing and editor is not None:
            self._delegate.leave(editor, (0, 0))

    def area(self) -> CellArea:
        """The cells that are chosen; the current one at the least."""
        chosen = self.selectionModel().selection().toList()
        if not chosen:
            index = self.currentIndex()
            return CellArea([self.cells.id_at(index.row())], [self._key(index.column())]) if index.isValid() else _NONE
        top, bottom = min(one.top() for one in chosen), max(one.bottom() for one in chosen)
        left, right = min(one.left() for one in chosen), max(one.right() for one in chosen)
        return CellArea(_stored(self.cells.ids()[top : bottom + 1]) or [NEW_ROW], self._keys(left, right))

    def rest(self) -> CellArea:
        """All cells from the first that is chosen on, to the end of the list."""
        chosen = self.selectionModel().selection().toList()
        index = self.currentIndex()
        if not index.isValid():
            return _NONE
        top = min((one.top() for one in chosen), default=index.row())
        left = min((one.left() for one in chosen), default=index.column())
        return CellArea(_stored(self.cells.ids()[top:]), self._keys(left, len(self.cells.columns) - 1))

    def columns_onward(self) -> Sequence[str]:
        """Keys of the visible columns from the current one on."""
        return self._keys(max(0, self.currentIndex().column()), len(self.cells.columns) - 1)

    def _keys(self, left: int, right: int) -> list[str]:
        """Keys of the visible columns between two, as they are seen."""
        header = self.horizontalHeader()
        seen = sorted((header.visualIndex(n), n) for n in range(left, right + 1) if not self.isColumnHidden(n))
        return [self._key(n) for _, n in seen]

    def _key(self, column: int) -> str:
        return self.cells.columns[column].key

    def block(self, area: CellArea) -> list[list[str]]:
        """What these cells show, of rows that have been read."""
        columns = {one.key: one for one in self.cells.columns}
        rows = [self.cells.position_of(id) for id in area.ids]
        return [[self.cells.text(row, columns[key]) for key in area.columns] for row in rows]

    def sum_text(self, area: CellArea) -> str:
        """Sum and mean of the numbers in these cells, "" where they have none."""
        numeric = [
            key for key in area.columns if (one := self.cells.grid.fields.get(key)) is not None and one.is_number
        ]
        texts = [text for row in self.block(CellArea(area.ids, numeric)) for text in row if text]
        numbers = [Decimal(text.replace(",", "")) for text in texts if _NUMBER.fullmatch(text)]
        if not numbers:
            return ""
        total = sum(numbers, Decimal(0))
        return f"　合计 {total:,f}，平均 {total / len(numbers):,.2f}"

    @property
    def record_rows(self) -> list[str]:
        """Ids of all rows but the empty one below them."""
        return _stored(self.cells.ids())

    @property
    def is_in_new_row(self) -> bool:
        """Whether the cursor is in the empty row below the list."""
        index = self.currentIndex()
        return index.isValid() and self.cells.id_at(index.row()) == NEW_ROW

    def go_to_new_row(self) -> None:
        """Put the cursor into the first cell of the empty row."""
        row = self.cells.position_of(NEW_ROW)
        if row >= 0:
            self._go_to(row, self._first_visible())

    def set_current_cell(self, record_id: str, key: str) -> bool:
        """Go to a cell; False if it is not shown."""
        row = self.cells.position_of(record_id)
        column = next((n for n, one in enumerate(self.cells.columns) if one.key == key), -1)
        if row < 0 or column < 0 or self.isColumnHidden(column):
            return False
        self._go_to(row, column)
        return True

    def move_by(self, rows: int, columns: int) -> None:
        """Go on by so many rows and visible columns, as far as there are any."""
        index = self.currentIndex()
        header = self.horizontalHeader()
        seen = sorted((header.visualIndex(n), n) for n in range(len(self.cells.columns)) if not self.isColumnHidden(n))
        order = [n for _, n in seen]
        if index.isValid() and order:
            place = order.index(index.column()) if index.column() in order else 0
            if rows > 0 and self.is_in_new_row:
                self.row_finished.emit()
                return
            row = min(max(0, index.row() + rows), self.cells.rowCount() - 1)
            self._go_to(row, order[min(max(0, place + columns), len(order) - 1)])

    def _go_on(self, rows: int, columns: int) -> None:
        """From a cell that was open: in the empty row Enter goes on to the right, and only then sends the row."""
        if rows > 0 and self.is_in_new_row:
            rows, columns = 0, 1
        self.move_by(rows, columns)

    def _go_to(self, row: int, column: int) -> None:
        self.selectionModel().setCurrentIndex(
            self.cells.index(row, column), QItemSelectionModel.SelectionFlag.ClearAndSelect
        )

    def set_ids(self, ids: Sequence[str], rows: Iterable[Row], headings: Sequence[Row] = ()) -> None:
        """The list comes anew: the cursor stays in its column."""
        self._column = max(0, self.currentIndex().column())
        super().set_ids(ids, rows, headings)

    def set_columns(self, columns: Sequence[Column], *, of_view: bool = False) -> None:
        self._column = 0
        super().set_columns(columns, of_view=of_view)

    def show_whole_headings(self) -> None:
        """With their marks, whatever room there is: the sheet rolls sideways anyway."""
        super().show_whole_headings()
        widen_to_headings(self.horizontalHeader(), range(len(self.cells.columns)), _SORT_MARK)

    def _set_current_position(self, position: int) -> None:
        is_seen = self._column < len(self.cells.columns) and not self.isColumnHidden(self._column)
        self._go_to(position, self._column if is_seen else self._first_visible())

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent):
            is_override = event.type() == QEvent.Type.ShortcutOverride
            if is_override and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Escape):
                event.accept()
                return True
            is_press = event.type() == QEvent.Type.KeyPress
            if is_press and event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):  # else Qt would leave the sheet
                goes_back = event.key() == Qt.Key.Key_Backtab or event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                self.move_by(0, -1 if goes_back else 1)
                return True
        return super().event(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """What a Chinese input method brings opens the cell, as a letter does, and is not lost on the way."""
        index, brings = self.currentIndex(), bool(event.commitString() or event.preeditString())
        if brings and not self.is_editing and index.isValid() and index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.edit(index)
            line = line_of(QApplication.focusWidget())
            if line is not None:
                line.selectAll()
                QApplication.sendEvent(line, event)
        else:
            super().inputMethodEvent(event)

    def _copy(self) -> None:
        """Cells, not whole rows as in a list that is only read."""
        self.copied.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.is_editing:
            return  # an open editor has the keys; what it leaves over is not for the list
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.move_by(-1 if back else 1, 0)
        elif event.key() == Qt.Key.Key_Delete and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.emptied.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)


_NONE = CellArea((), ())


def _stored(ids: Sequence[str]) -> list[str]:
    return [id for id in ids if id != NEW_ROW]
