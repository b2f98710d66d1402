"""The rows of one entry, typed into like a sheet."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QTableWidgetItem

from app.county.sheet import NEW_KEY, TICKED, CountySheet, EntryColumn, EntryRow
from ui.shell.theme import tokens
from ui.widgets.cell_texts import ALIGN_RIGHT
from ui.widgets.editable_grid import ChoiceDelegate, EditableGrid

_FIXED = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class SheetGrid(EditableGrid):
    """Space ticks, Ctrl+Delete takes a row out, Alt+Up and Alt+Down move it; nothing is kept until it is saved.

    Signals:
        edited: something was typed, ticked, moved, added or taken out
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__("countyRows", "规定的内容", [])
        self._sheet: CountySheet | None = None
        self._columns: tuple[EntryColumn, ...] = ()
        self._rows: list[EntryRow] = []
        self._numbers = count(1)
        self.read_only = False  # of whoever may look only; what is typed is refused below as well
        self.setWordWrap(False)

    @property
    def rows(self) -> tuple[EntryRow, ...]:
        """The rows as they stand there."""
        return tuple(self._rows)

    def show_sheet(self, sheet: CountySheet) -> None:
        """Another sheet, or the same anew."""
        self._sheet, self._columns, self._rows = sheet, sheet.columns, list(sheet.rows)
        with self.populating():
            self.setColumnCount(len(self._columns))
            self.setHorizontalHeaderLabels([column.label for column in self._columns])
            self.setItemDelegate(ChoiceDelegate(self._choices, self))
            letter = self.fontMetrics().horizontalAdvance("字")
            for n, column in enumerate(self._columns):
                least = self.horizontalHeader().sectionSizeFromContents(n).width()
                self.setColumnWidth(n, max(least, letter * column.width))
            self.horizontalHeader().setStretchLastSection(True)
        self._fill()
        self.setCurrentCell(0 if self._rows else -1, self._first_typed_column(0))

    def _choices(self, column: int) -> tuple[str, Sequence[str] | None]:
        entry = self._columns[column]
        return entry.label, [label for _, label in entry.choices] if entry.kind == "choice" else None

    def add_row(self, level: str) -> None:
        """An empty row below the current one, with the cursor in it."""
        assert self._sheet is not None
        below = self._sheet.ordered and not self._sheet.new_last and self.currentRow() >= 0
        at = self.currentRow() + 1 if below else len(self._rows)
        if not self._sheet.ordered and self._sheet.levels and not self._sheet.columns[0].read_only:
            at = 0 if self._sheet.columns[0].only_new else len(self._rows)  # years stand with the newest first
        row = EntryRow(f"{NEW_KEY}{next(self._numbers)}", {"level": level}, level=level, removable=True)
        self._rows.insert(at, row)
        self._fill()
        self.setCurrentCell(at, self._first_typed_column(at))
        self.setFocus()
        self.edited.emit()

    def remove_row(self) -> None:
        """Take the current row out of the sheet; the program's own options stay."""
        at = self.currentRow()
        if self.read_only or not 0 <= at < len(self._rows):
            return
        row = self._rows[at]
        if not (row.removable or row.is_new):
            name = next((text for text in row.cells.values() if text), row.key)
            hides = any(column.key == "hidden" for column in self._columns)
            self.rejected.emit(
                f"“{name}”是程序自带的，不能删除。"
                + ("不再使用的，请勾选“停用”。" if hides else "可以修改右边的内容。")
            )
            return
        below = f"{row.key}/"
        self._rows = [one for one in self._rows if one is not row and not one.key.startswith(below)]
        self._after_change(min(at, len(self._rows) - 1))

    def move_row(self, by: int) -> None:
        """Move the current row up (-1) or down (1), where order means something."""
        at = self.currentRow()
        if self._sheet is None or self.read_only or not self._sheet.ordered or not 0 <= at < len(self._rows):
            return
        if not 0 <= at + by < len(self._rows):
            return
        self._rows[at], self._rows[at + by] = self._rows[at + by], self._rows[at]
        self._after_change(at + by)

    def on_cell_edited(self, cell: QTableWidgetItem) -> None:
        column, row = self._columns[cell.column()], self._rows[cell.row()]
        if column.kind == "tick":
            value = TICKED if cell.checkState() == Qt.CheckState.Checked else ""
        elif column.kind == "choice":
            value = next((choice for choice, label in column.choices if label == cell.text()), "")
        else:
            value = cell.text().strip()
        if row.cells.get(column.key, "") != value:
            self._rows[cell.row()] = replace(row, cells={**row.cells, column.key: value})
            self.edited.emit()

    def _after_change(self, at: int) -> None:
        column = self.currentColumn()
        self._fill()
        self.setCurrentCell(at, column)
        self.edited.emit()

    def _fill(self) -> None:
        assert self._sheet is not None
        with self.populating():
            self.setRowCount(len(self._rows))
            for n, row in enumerate(self._rows):
                for m, column in enumerate(self._columns):
                    self.setItem(n, m, self._cell(self._sheet, column, row))

    def _cell(self, sheet: CountySheet, column: EntryColumn, row: EntryRow) -> QTableWidgetItem:
        value, typed = row.cells.get(column.key, ""), not self.read_only and sheet.is_typed(column, row)
        if column.kind == "tick":
            item = QTableWidgetItem()
            if typed:
                item.setCheckState(Qt.CheckState.Checked if value == TICKED else Qt.CheckState.Unchecked)
            item.setFlags(_FIXED | Qt.ItemFlag.ItemIsUserCheckable if typed else _FIXED)
            return item
        text = next((label for choice, label in column.choices if choice == value), value)
        item = QTableWidgetItem(text)
        item.setToolTip(text)
        if column.kind == "number":
            item.setTextAlignment(ALIGN_RIGHT)
        if not typed:
            item.setFlags(_FIXED)
        if column.key in row.defaults:
            item.setToolTip("程序默认值，请与县文件核对")
        if not typed or column.key in row.defaults:
            item.setForeground(QColor(tokens().quiet))
        return item

    def _first_typed_column(self, at: int) -> int:
        if self._sheet is None or not 0 <= at < len(self._rows):
            return 0
        row, columns = self._rows[at], enumerate(self._columns)
        return next((n for n, column in columns if self._sheet.is_typed(column, row) and column.kind != "tick"), 0)
