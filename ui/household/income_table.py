"""The lines of a year's account as a sheet: every item of the tree, typed into where it stands."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFont, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidgetItem,
)

from app.errors import ValidationError
from app.records.field import Value, field, field_label
from app.records.income import IncomeEntry, IncomeItem, entry_amount, group_totals, income_items
from ui.shell.theme import tokens
from ui.widgets.cell_texts import ALIGN_LEFT, ALIGN_RIGHT
from ui.widgets.editable_grid import EditableGrid

_COLUMNS = ("", "what", "quantity", "unit_price", "amount", "evidence")
_EDITABLE = _COLUMNS[2:]
_NUMERIC = ("quantity", "unit_price", "amount")
_AMOUNT_COLUMN = _COLUMNS.index("amount")


class IncomeTable(EditableGrid):
    """One row an item (and kind of produce); the rows of the groups show their sums while one types.

    Signals:
        line_entered: item, what, all typed cells by column, as soon as the row has an amount
        line_cleared: id of a line whose amount was deleted
        sums_changed: lines were typed, so the sums are different now
    """

    line_entered = Signal(str, str, object)
    line_cleared = Signal(str)
    sums_changed = Signal()

    def __init__(self) -> None:
        labels = [field_label("income_line", "item"), *(field("income_line", name).label for name in _COLUMNS[1:])]
        super().__init__("income_lines", "收入明细", labels)
        self._rows: list[tuple[IncomeItem, str]] = []
        self._line_ids: dict[tuple[str, str], str] = {}
        self._stored: dict[tuple[IncomeItem, str], IncomeEntry] = {}
        for column, name in enumerate(_COLUMNS):
            heading = self.horizontalHeaderItem(column)
            if heading is not None:
                heading.setTextAlignment(ALIGN_RIGHT if name in _NUMERIC else ALIGN_LEFT)
        for column, width in enumerate((190, 110, 80, 90, 120)):
            self.setColumnWidth(column, width)
        self.horizontalHeader().setSectionResizeMode(len(_COLUMNS) - 1, QHeaderView.ResizeMode.Stretch)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)

    @property
    def current_income_item(self) -> IncomeItem | None:
        """The item of the current row, None on a group's row."""
        row = self.currentRow()
        return self._rows[row][0] if 0 <= row < len(self._rows) and not self._rows[row][0].is_subtotal else None

    @property
    def current_line(self) -> tuple[str, str] | None:
        """Item and wording of the current row, None where it has no amount."""
        row = self.currentRow()
        if not 0 <= row < len(self._rows) or self._parse_row(row)["amount"] is None:
            return None
        item, what = self._rows[row]
        return item.value, what

    def set_lines(self, lines: Sequence[IncomeEntry]) -> None:
        """Show the account, unless it is what stands here already (with cells that wait for an amount)."""
        self._line_ids = {(entry.item.value, entry.what): entry.id for entry in lines}
        self._stored = {(entry.item, entry.what): entry for entry in lines}
        if self._rows and [_comparable(income_line) for income_line in lines] == [
            _comparable(income_line) for income_line in self.lines()
        ]:
            return
        current_cell = (self.currentRow(), self.currentColumn())
        unsaved_texts = {self._rows[row]: self._cell_texts(row) for row in self._unsaved_rows()}
        self.clear_lines()
        with self.populating():
            for item in income_items():
                item_lines = [income_line for income_line in lines if income_line.item == item]
                for entry in item_lines:
                    self._add_row(self.rowCount(), item, entry.what, entry)
                if not item_lines:
                    self._add_row(self.rowCount(), item, "", None)
            for (item, kind), texts in unsaved_texts.items():
                self._restore_texts(item, kind, texts)
        self._show_sums()
        self.setCurrentCell(*(current_cell if current_cell[0] >= 0 else (1, _AMOUNT_COLUMN)))

    def clear_lines(self) -> None:
        """Nothing, before another year is shown."""
        with self.populating():
            self._rows = []
            self.setRowCount(0)

    def first_unsaved_item(self) -> str:
        """The item of a row that waits for its amount, "" for none; the cursor goes there."""
        for row in (row for row in self._unsaved_rows() if not self._has_refused(row)):
            self.setCurrentCell(row, _AMOUNT_COLUMN)
            return self._rows[row][0].label
        return ""

    def give_back(self) -> list[str]:
        """Show what is stored in rows in which something stands that could not be saved; returns their items."""
        rows = self._unsaved_rows()
        for row in rows:
            self._give_back_row(row)
        return [self._rows[row][0].label for row in rows]

    def _give_back_row(self, row: int) -> None:
        entry = self._stored.get(self._rows[row])
        with self.populating():
            for column, name in enumerate(_COLUMNS):
                cell = self.item(row, column)
                if name in _EDITABLE and cell is not None:
                    cell.setText(field("income_line", name).text(getattr(entry, name)) if entry else "")
                    cell.setForeground(QBrush())
        self._show_sums()
        self.sums_changed.emit()

    def _has_refused(self, row: int) -> bool:
        """Whether a cell says what is no value."""
        texts, cells = self._cell_texts(row), self._parse_row(row)
        return any(texts[name] and cells[name] is None for name in _NUMERIC)

    def _unsaved_rows(self) -> list[int]:
        """Rows without an amount in which something was typed, and rows with a cell that was refused."""
        unsaved_rows = []
        for row, (item, _) in enumerate(self._rows):
            lacks_amount = self._parse_row(row)["amount"] is None and any(self._cell_texts(row).values())
            if self._has_refused(row) or (not item.is_subtotal and lacks_amount):
                unsaved_rows.append(row)
        return unsaved_rows

    def event(self, event: QEvent) -> bool:
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if is_escape and event.type() == QEvent.Type.ShortcutOverride and self.currentRow() in self._unsaved_rows():
            event.accept()  # Esc is about this row, not about the form beside it
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.is_editing and self.currentRow() in self._unsaved_rows():
            self._give_back_row(self.currentRow())
        else:
            super().keyPressEvent(event)

    def _cell_texts(self, row: int) -> dict[str, str]:
        cells = {name: self.item(row, column) for column, name in enumerate(_COLUMNS) if name in _EDITABLE}
        return {name: cell.text() if cell else "" for name, cell in cells.items()}

    def _restore_texts(self, item: IncomeItem, kind: str, texts: Mapping[str, str]) -> None:
        """What was typed and could not be saved stands again where it stood."""
        if (item, kind) not in self._rows:
            self._add_row(
                max(n for n, (row_item, _) in enumerate(self._rows) if row_item == item) + 1, item, kind, None
            )
        row = self._rows.index((item, kind))
        for name, text in texts.items():
            cell = self.item(row, _COLUMNS.index(name))
            if cell is not None and text:
                cell.setText(text)

    def add_kind(self, kind: str) -> None:
        """Another row of the current item, for a kind of produce or payment, and the cursor in it."""
        item = self.current_income_item
        if item is None or (item, kind) in self._rows:
            return
        position = max(n for n, (row_item, _) in enumerate(self._rows) if row_item == item) + 1
        with self.populating():
            self._add_row(position, item, kind, None)
        self.setCurrentCell(position, _AMOUNT_COLUMN)

    def lines(self) -> list[IncomeEntry]:
        """What stands in the rows, saved or not; a cell that is refused counts as empty."""
        lines = []
        for row, (item, kind) in enumerate(self._rows):
            cells = self._parse_row(row)
            if isinstance(cells["amount"], Decimal) and (not item.is_subtotal or self._is_total(row)):
                quantity, price = cells["quantity"], cells["unit_price"]
                lines.append(
                    IncomeEntry(
                        self._line_ids.get((item.value, kind), ""),
                        item,
                        kind,
                        quantity if isinstance(quantity, Decimal) else None,
                        price if isinstance(price, Decimal) else None,
                        cells["amount"],
                        str(cells["evidence"] or ""),
                        "",
                    )
                )
        return lines

    def _is_total(self, row: int) -> bool:
        """Whether the amount of a group's row was typed or brought in, and is not the sum of its items."""
        cell = self.item(row, _AMOUNT_COLUMN)
        return cell is not None and bool(cell.flags() & Qt.ItemFlag.ItemIsEditable)

    def _add_row(self, position: int, item: IncomeItem, kind: str, line: IncomeEntry | None) -> None:
        self.insertRow(position)
        self._rows.insert(position, (item, kind))
        numbers: dict[str, Value] = (
            {"quantity": line.quantity, "unit_price": line.unit_price, "amount": line.amount} if line else {}
        )
        texts = {
            "": f"{item.code}　{item.label}" if item.is_subtotal else f"　　{item.label}",
            "what": kind,
            "evidence": line.evidence if line else "",
        } | {name: field("income_line", name).text(value) for name, value in numbers.items()}
        for column, name in enumerate(_COLUMNS):
            cell = QTableWidgetItem(texts.get(name, ""))
            if name in _NUMERIC:
                cell.setTextAlignment(ALIGN_RIGHT)
            if name not in _EDITABLE or (item.is_subtotal and name != "amount"):
                cell.setFlags(cell.flags() & ~Qt.ItemFlag.ItemIsEditable)
            if item.is_subtotal:
                font = QFont(self.font())
                font.setBold(True)
                cell.setFont(font)
                cell.setBackground(QBrush(QColor(tokens().accent_soft)))
            self.setItem(position, column, cell)

    def _parse_row(self, row: int) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for column, name in enumerate(_COLUMNS):
            if name in _EDITABLE:
                cell = self.item(row, column)
                try:
                    values[name] = field("income_line", name).parse(cell.text() if cell else "")
                except ValidationError:
                    values[name] = None
        return values

    def on_cell_edited(self, cell: QTableWidgetItem) -> None:
        row, name = cell.row(), _COLUMNS[cell.column()]
        column_field = field("income_line", name)
        try:
            value = column_field.parse(cell.text())
            message = column_field.check(value) if value is not None else ""
        except ValidationError as error:
            value, message = None, str(error)
        self._set_cell(cell, column_field.text(value) if not message else cell.text(), bool(message))
        if message:
            self.rejected.emit(message)
            return
        self._update_amount(row, name)
        self._emit_change(row, name, value)

    def _update_amount(self, row: int, name: str) -> None:
        """Quantity times price is the amount."""
        cells = self._parse_row(row)
        quantity, price = cells["quantity"], cells["unit_price"]
        if name in ("quantity", "unit_price") and isinstance(quantity, Decimal) and isinstance(price, Decimal):
            amount = self.item(row, _AMOUNT_COLUMN)
            assert amount is not None
            self._set_cell(amount, field("income_line", "amount").text(entry_amount(None, quantity, price)), False)

    def _emit_change(self, row: int, name: str, value: Value) -> None:
        item, kind = self._rows[row]
        cells = self._parse_row(row)
        line = self._line_ids.get((item.value, kind), "")
        if cells["amount"] is not None:
            here = (entry for entry in self.lines() if (entry.item, entry.what) == (item, kind))
            self._stored |= {(entry.item, entry.what): entry for entry in here}
            self.line_entered.emit(item.value, kind, cells if not item.is_subtotal else {"amount": cells["amount"]})
        elif name == "amount" and value is None and line:
            del self._line_ids[item.value, kind]
            self._stored.pop((item, kind), None)
            self.line_cleared.emit(line)
        self._show_sums()
        self.sums_changed.emit()

    def _show_sums(self) -> None:
        """The groups' rows: the sum of their items, or the amount that was brought in as a total."""
        sums = {group_sum.item.group: group_sum for group_sum in group_totals(self.lines())}
        groups_with_items = {
            item.group
            for row, (item, _) in enumerate(self._rows)
            if not item.is_subtotal and self._parse_row(row)["amount"]
        }
        with self.populating():
            for row, (item, _) in enumerate(self._rows):
                cell = self.item(row, _AMOUNT_COLUMN)
                if item.is_subtotal and cell is not None:
                    is_summed = item.group in groups_with_items
                    flags = cell.flags()
                    cell.setFlags(
                        flags & ~Qt.ItemFlag.ItemIsEditable if is_summed else flags | Qt.ItemFlag.ItemIsEditable
                    )
                    if is_summed:
                        cell.setText(field("income_line", "amount").text(sums[item.group].amount))
                    elif not sums[item.group].is_lump_sum:
                        cell.setText("")

    def set_line_id(self, item: str, kind: str, line_id: str) -> None:
        """The row is a line of the workbook now."""
        self._line_ids[item, kind] = line_id

    def _set_cell(self, cell: QTableWidgetItem, text: str, invalid: bool) -> None:
        with self.populating():
            cell.setText(text)
            cell.setForeground(QBrush(QColor(tokens().bad)) if invalid else QBrush())


def _comparable(line: IncomeEntry) -> tuple[Any, ...]:
    return (line.item.value, line.what, line.quantity, line.unit_price, line.amount, line.evidence)
