"""The cells of a list as they are typed into: what was typed stands there until it is stored or given up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor

from app.cell_edits.cell_edit import RefusedCell
from app.records.field import Field
from ui.grid.grid_rows import NEW_ROW, GridColumns
from ui.shell.theme import tokens
from ui.widgets.paged_table import PagedModel
from ui.widgets.row_table import Column, Index, Row

_WHOSE = ("name", "head", "title")
_EMPTY = GridColumns((), {}, {}, {})
_NEW_HEADING = "新增"


@dataclass(frozen=True, slots=True)
class TypedCell:
    """What stands in a cell and not in the workbook. `reason`: why it was refused, "" while it is on its way."""

    text: str
    reason: str = ""


class GridModel(PagedModel):
    """Signals:
    typed: id of the record, key of the column and the text that an officer put into a cell
    """

    typed = Signal(str, str, str)

    def __init__(self) -> None:
        super().__init__()
        self.grid = _EMPTY
        self.takes_new = True  # whether an empty row stands below the list
        self._typed: dict[tuple[str, str], TypedCell] = {}

    def set_grid(self, grid: GridColumns) -> None:
        """The columns of another list."""
        self.grid, self._typed = grid, {}

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Beside each row stands whose it is, which stays in sight when the columns roll."""
        if orientation == Qt.Orientation.Vertical and role == Qt.ItemDataRole.DisplayRole:
            if 0 <= section < self.rowCount() and self.id_at(section) == NEW_ROW:
                return _NEW_HEADING
            row = self._read.get(self.id_at(section)) if 0 <= section < self.rowCount() else None
            cells = row.cells if row is not None else {}
            return next((str(cells[key]) for key in _WHOSE if cells.get(key)), str(section + 1))
        return super().headerData(section, orientation, role)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if index.isValid() and self.field_at(index) is not None:
            return flags | Qt.ItemFlag.ItemIsEditable
        return flags

    def text(self, position: int, column: Column) -> str:
        typed = self._typed.get((self.id_at(position), column.key))
        return super().text(position, column) if typed is None else typed.text

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = self.columns[index.column()]
        if role == Qt.ItemDataRole.EditRole:
            return self.text_to_edit(index.row(), column)
        if role == Qt.ItemDataRole.ForegroundRole:
            typed = self._typed.get((self.id_at(index.row()), column.key))
            if typed is not None and typed.reason:
                return QColor(tokens().bad)
            return None if self.field_at(index) is not None else QColor(tokens().quiet)
        if role == Qt.ItemDataRole.BackgroundRole and self.refusal_at(index):
            return QColor(tokens().bad_soft)
        return super().data(index, role)

    def text_to_edit(self, position: int, column: Column) -> str:
        """What an editor begins with: a masked number cannot be changed, only written anew."""
        text, one = self.text(position, column), self.grid.field_of(self.id_at(position), column.key)
        return "" if one is not None and one.spec.mask and "*" in text else text

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or not self.flags(index) & Qt.ItemFlag.ItemIsEditable:
            return False
        id, key = self.id_at(index.row()), self.columns[index.column()].key
        self.show_typed([(id, key, str(value))])
        self.typed.emit(id, key, str(value))
        return True

    def show_typed(self, cells: Iterable[tuple[str, str, str]]) -> None:
        """Texts that are on their way into the workbook: (id, key of the column, text)."""
        self._typed |= {(id, key): TypedCell(text) for id, key, text in cells}
        self._repaint()

    def settle(self, cells: Iterable[tuple[str, str]], refused: Sequence[RefusedCell]) -> None:
        """What was on its way arrived, or was refused and stays as it was typed."""
        for cell in cells:
            self._typed.pop(cell, None)
        for one in refused:
            self._typed[one.edit.record_id, one.edit.column] = TypedCell(one.edit.text, one.reason)
        self._repaint()

    def give_back(self, cells: Iterable[tuple[str, str]]) -> bool:
        """Show again what is stored in these cells; whether one of them was refused."""
        found = [cell for cell in cells if cell in self._typed]
        for cell in found:
            del self._typed[cell]
        self._repaint()
        return bool(found)

    def field_at(self, index: Index) -> Field | None:
        """What may be typed into a cell, None where nothing may."""
        return self.grid.field_of(self.id_at(index.row()), self.columns[index.column()].key)

    def option_labels(self, index: Index) -> list[str]:
        """What is offered in a cell; none where it is typed."""
        one = self.field_at(index)
        if one is None or one.kind not in ("choice", "choices", "yes_no"):
            return []
        return [choice.label for choice in one.options] or [one.text(True), one.text(False)]

    def new_cells(self) -> dict[str, TypedCell]:
        """What was typed into the empty row so far: key of the column → cell."""
        return {key: typed for (id, key), typed in self._typed.items() if id == NEW_ROW and typed.text.strip()}

    def new_texts(self) -> dict[str, str]:
        """The texts of the empty row so far: key of the column → text."""
        return {key: typed.text for key, typed in self.new_cells().items()}

    def put_new(self, cells: Mapping[str, TypedCell]) -> None:
        """Show in the empty row what was typed there before another list was shown."""
        self._typed |= {(NEW_ROW, key): typed for key, typed in cells.items()}
        self._repaint()

    def clear_new(self, sent: Mapping[str, TypedCell]) -> None:
        """These cells became a record; what was typed while they were on their way is of the next one and stays."""
        self.give_back([(NEW_ROW, key) for key, typed in sent.items() if self._typed.get((NEW_ROW, key)) is typed])

    def refuse_new(self, key: str, reason: str) -> None:
        """Say why the row below the list was not taken, at the cell that is at fault or the first that was typed."""
        texts = self.new_texts()
        at = key if key in texts else next(iter(texts), key)
        self._typed[NEW_ROW, at] = TypedCell(texts.get(at, ""), reason)
        self._repaint()

    def cell_at(self, index: Index) -> tuple[str, str]:
        """Id of the record and key of the column of a cell."""
        return self.id_at(index.row()), self.columns[index.column()].key

    def refusal_at(self, index: Index) -> str:
        """Why what stands in a cell was refused, "" where it was not."""
        typed = self._typed.get(self.cell_at(index)) if index.isValid() else None
        return typed.reason if typed else ""

    def row(self, position: int) -> Row:
        return Row(NEW_ROW, {}) if self.id_at(position) == NEW_ROW else super().row(position)

    def set_ids(self, ids: Sequence[str], rows: Iterable[Row], headings: Iterable[Row] = ()) -> None:
        """A refused text goes with the row that it was typed into."""
        here = frozenset((*ids, NEW_ROW))
        self._typed = {cell: typed for cell, typed in self._typed.items() if cell[0] in here}
        if self.grid.new_fields and self.takes_new:
            ids, rows = [*ids, NEW_ROW], [*rows, Row(NEW_ROW, {})]
        super().set_ids(ids, rows, headings)

    def _repaint(self) -> None:
        if self.rowCount() and self.columns:
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, len(self.columns) - 1))
