"""The lines of a year's account as a sheet: every item of the tree, typed into where it stands."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFont
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from app.errors import FieldRefused
from app.records.field import Value, field, label_of
from app.records.income import Item, Line, amount_of, group_sums, items

_COLUMNS = ("", "what", "quantity", "unit_price", "amount", "evidence")
_TYPED = _COLUMNS[2:]
_NUMBERS = ("quantity", "unit_price", "amount")
_AMOUNT = _COLUMNS.index("amount")
_BAD = QColor("#B3261E")


class ItemTable(QTableWidget):
    """One row an item (and kind of produce); the rows of the groups show their sums while one types.

    Signals:
        entered: item, what, all typed cells by column, as soon as the row has an amount
        emptied: id of a line whose amount was deleted
        refused: the sentence for what cannot be taken; it stays in its cell
        moved: lines were typed, so the sums are other ones
    """

    entered = Signal(str, str, object)
    emptied = Signal(str)
    refused = Signal(str)
    moved = Signal()

    def __init__(self) -> None:
        super().__init__(0, len(_COLUMNS))
        self.setObjectName("income_lines")
        self.setAccessibleName("收入明细")
        self._rows: list[tuple[Item, str]] = []
        self._ids: dict[tuple[str, str], str] = {}
        self._filling = False
        labels = [label_of("income_line", "item"), *(field("income_line", name).label for name in _COLUMNS[1:])]
        self.setHorizontalHeaderLabels(labels)
        for place, name in enumerate(_COLUMNS):
            side = Qt.AlignmentFlag.AlignRight if name in _NUMBERS else Qt.AlignmentFlag.AlignLeft
            heading = self.horizontalHeaderItem(place)
            if heading is not None:
                heading.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(max(28, self.fontMetrics().height() + 10))
        for place, width in enumerate((190, 110, 80, 90, 120)):
            self.setColumnWidth(place, width)
        self.horizontalHeader().setSectionResizeMode(len(_COLUMNS) - 1, QHeaderView.ResizeMode.Stretch)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.itemChanged.connect(self._changed)

    @property
    def editing(self) -> bool:
        """Whether a cell is open just now."""
        return self.state() == QAbstractItemView.State.EditingState

    @property
    def item_now(self) -> Item | None:
        """The item of the current row, None on a group's row."""
        row = self.currentRow()
        return self._rows[row][0] if 0 <= row < len(self._rows) and not self._rows[row][0].sums else None

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show the account, unless it is what stands here already (with cells that wait for an amount)."""
        self._ids = {(line.item.value, line.what): line.id for line in lines}
        if self._rows and [_bare(one) for one in lines] == [_bare(one) for one in self.lines()]:
            return
        place = (self.currentRow(), self.currentColumn())
        waiting = {self._rows[row]: self._told(row) for row in self._unsaved_rows()}
        self.clear_lines()
        self._filling = True
        for item in items():
            written = [one for one in lines if one.item == item]
            for line in written:
                self._add_row(self.rowCount(), item, line.what, line)
            if not written:
                self._add_row(self.rowCount(), item, "", None)
        for (item, what), told in waiting.items():
            self._put_back(item, what, told)
        self._filling = False
        self._show_sums()
        self.setCurrentCell(*(place if place[0] >= 0 else (1, _AMOUNT)))

    def clear_lines(self) -> None:
        """Nothing, before another year is shown."""
        self._filling = True
        self._rows = []
        self.setRowCount(0)
        self._filling = False

    def unsaved(self) -> str:
        """The item of a row in which something stands that could not be saved, "" for none; the cursor goes there."""
        for row in self._unsaved_rows():
            self.setCurrentCell(row, _AMOUNT)
            return self._rows[row][0].label
        return ""

    def _unsaved_rows(self) -> list[int]:
        """Rows without an amount in which something was typed, and rows with a cell that was refused."""
        found = []
        for row, (item, _) in enumerate(self._rows):
            told, cells = self._told(row), self._cells(row)
            refused = any(told[name] and cells[name] is None for name in _NUMBERS)
            if refused or (not item.sums and cells["amount"] is None and any(told.values())):
                found.append(row)
        return found

    def _told(self, row: int) -> dict[str, str]:
        cells = {name: self.item(row, column) for column, name in enumerate(_COLUMNS) if name in _TYPED}
        return {name: cell.text() if cell else "" for name, cell in cells.items()}

    def _put_back(self, item: Item, what: str, told: Mapping[str, str]) -> None:
        """What was typed and could not be saved stands again where it stood."""
        if (item, what) not in self._rows:
            self._add_row(max(n for n, (one, _) in enumerate(self._rows) if one == item) + 1, item, what, None)
        row = self._rows.index((item, what))
        for name, text in told.items():
            cell = self.item(row, _COLUMNS.index(name))
            if cell is not None and text:
                cell.setText(text)

    def add_kind(self, what: str) -> None:
        """Another row of the current item, for a kind of produce or payment, and the cursor in it."""
        item = self.item_now
        if item is None or (item, what) in self._rows:
            return
        place = max(n for n, (one, _) in enumerate(self._rows) if one == item) + 1
        self._filling = True
        self._add_row(place, item, what, None)
        self._filling = False
        self.setCurrentCell(place, _AMOUNT)

    def lines(self) -> list[Line]:
        """What stands in the rows, saved or not; a cell that is refused counts as empty."""
        found = []
        for row, (item, what) in enumerate(self._rows):
            cells = self._cells(row)
            if isinstance(cells["amount"], Decimal) and (not item.sums or self._is_total(row)):
                quantity, price = cells["quantity"], cells["unit_price"]
                found.append(
                    Line(
                        self._ids.get((item.value, what), ""),
                        item,
                        what,
                        quantity if isinstance(quantity, Decimal) else None,
                        price if isinstance(price, Decimal) else None,
                        cells["amount"],
                        str(cells["evidence"] or ""),
                        "",
                    )
                )
        return found

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Enter goes on to the row below."""
        entered = editor is QApplication.focusWidget() and hint == QAbstractItemDelegate.EndEditHint.NoHint
        super().closeEditor(editor, hint)
        if entered and self.currentRow() + 1 < self.rowCount():
            self.setCurrentCell(self.currentRow() + 1, self.currentColumn())

    def _is_total(self, row: int) -> bool:
        """Whether the amount of a group's row was typed or brought in, and is not the sum of its items."""
        cell = self.item(row, _AMOUNT)
        return cell is not None and bool(cell.flags() & Qt.ItemFlag.ItemIsEditable)

    def _add_row(self, place: int, item: Item, what: str, line: Line | None) -> None:
        self.insertRow(place)
        self._rows.insert(place, (item, what))
        numbers: dict[str, Value] = (
            {"quantity": line.quantity, "unit_price": line.unit_price, "amount": line.amount} if line else {}
        )
        told = {
            "": f"{item.code}　{item.label}" if item.sums else f"　　{item.label}",
            "what": what,
            "evidence": line.evidence if line else "",
        } | {name: field("income_line", name).text(value) for name, value in numbers.items()}
        for column, name in enumerate(_COLUMNS):
            cell = QTableWidgetItem(told.get(name, ""))
            if name in _NUMBERS:
                cell.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            if name not in _TYPED or (item.sums and name != "amount"):
                cell.setFlags(cell.flags() & ~Qt.ItemFlag.ItemIsEditable)
            if item.sums:
                font = QFont(self.font())
                font.setBold(True)
                cell.setFont(font)
                cell.setBackground(QBrush(QColor("#EDF5F1")))
            self.setItem(place, column, cell)

    def _cells(self, row: int) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for column, name in enumerate(_COLUMNS):
            if name in _TYPED:
                cell = self.item(row, column)
                try:
                    found[name] = field("income_line", name).parse(cell.text() if cell else "")
                except FieldRefused:
                    found[name] = None
        return found

    def _changed(self, cell: QTableWidgetItem) -> None:
        if self._filling:
            return
        row, name = cell.row(), _COLUMNS[cell.column()]
        one = field("income_line", name)
        try:
            value = one.parse(cell.text())
            sentence = one.check(value) if value is not None else ""
        except FieldRefused as error:
            value, sentence = None, str(error)
        self._paint(cell, one.text(value) if not sentence else cell.text(), bool(sentence))
        if sentence:
            self.refused.emit(sentence)
            return
        self._follow(row, name)
        self._tell(row, name, value)

    def _follow(self, row: int, name: str) -> None:
        """Quantity times price is the amount."""
        cells = self._cells(row)
        quantity, price = cells["quantity"], cells["unit_price"]
        if name in ("quantity", "unit_price") and isinstance(quantity, Decimal) and isinstance(price, Decimal):
            amount = self.item(row, _AMOUNT)
            assert amount is not None
            self._paint(amount, field("income_line", "amount").text(amount_of(None, quantity, price)), False)

    def _tell(self, row: int, name: str, value: Value) -> None:
        item, what = self._rows[row]
        cells = self._cells(row)
        line = self._ids.get((item.value, what), "")
        if cells["amount"] is not None:
            self.entered.emit(item.value, what, cells if not item.sums else {"amount": cells["amount"]})
        elif name == "amount" and value is None and line:
            del self._ids[item.value, what]
            self.emptied.emit(line)
        self._show_sums()
        self.moved.emit()

    def _show_sums(self) -> None:
        """The groups' rows: the sum of their items, or the amount that was brought in as a total."""
        sums = {one.item.group: one for one in group_sums(self.lines())}
        filled = {
            item.group for row, (item, _) in enumerate(self._rows) if not item.sums and self._cells(row)["amount"]
        }
        self._filling = True
        for row, (item, _) in enumerate(self._rows):
            cell = self.item(row, _AMOUNT)
            if item.sums and cell is not None:
                summed = item.group in filled
                flags = cell.flags()
                cell.setFlags(flags & ~Qt.ItemFlag.ItemIsEditable if summed else flags | Qt.ItemFlag.ItemIsEditable)
                if summed:
                    cell.setText(field("income_line", "amount").text(sums[item.group].amount))
                elif not sums[item.group].as_total:
                    cell.setText("")
        self._filling = False

    def stored(self, item: str, what: str, line_id: str) -> None:
        """The row is a line of the workbook now."""
        self._ids[item, what] = line_id

    def _paint(self, cell: QTableWidgetItem, text: str, bad: bool) -> None:
        self._filling = True
        cell.setText(text)
        cell.setForeground(QBrush(_BAD) if bad else QBrush())
        self._filling = False


def _bare(line: Line) -> tuple[Any, ...]:
    return (line.item.value, line.what, line.quantity, line.unit_price, line.amount, line.evidence)
