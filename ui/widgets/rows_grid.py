"""The table of a form: one line a person, a quarter, an indicator; each cell is saved when it is left."""

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QHeaderView,
    QTableWidgetItem,
)

from app.errors import ValidationError
from app.forms.definition import CELL_SEPARATOR, Question
from app.forms.entries import FormEntryDraft, new_line_key
from app.records.field import Field, Value
from ui.shell.theme import tokens
from ui.widgets.cell_texts import ALIGN_RIGHT
from ui.widgets.column_fit import widen_to_headings
from ui.widgets.editable_grid import ChoiceDelegate, EditableGrid, field_choices

Index = QModelIndex | QPersistentModelIndex
_MAX_VISIBLE_ROWS = 14  # lines that are seen at once


class RowsGrid(EditableGrid):
    """Lines of one question. Below open-ended ones stands an empty line for the next.

    Signals:
        cell_changed: name of the cell (key/line/column) and its value
        rejected: why what was typed is refused; the cell is as it was
    """

    cell_changed = Signal(str, object)

    def __init__(self, question: Question) -> None:
        super().__init__(question.key, question.label, [column.label for column in question.columns])
        self.question = question
        self._row_keys: list[str] = []
        self.setItemDelegate(ChoiceDelegate(lambda column: field_choices(question.columns[column].field), self))
        total_width = sum(column.width for column in question.columns)
        for n, column in enumerate(question.columns):
            self.setColumnWidth(n, int(640 * column.width / total_width))
        widen_to_headings(self.horizontalHeader(), range(self.columnCount()))
        self.horizontalHeader().setSectionResizeMode(len(question.columns) - 1, QHeaderView.ResizeMode.Stretch)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:  # put into the window: only now the style of headings is known
            widen_to_headings(self.horizontalHeader(), range(self.columnCount()))

    def show_entry(self, entry: FormEntryDraft) -> None:
        """The lines as they are stored; the current cell stays."""
        if self.is_editing:
            return
        key, current_cell = self.question.key, (self.currentRow(), self.currentColumn())
        self._row_keys = entry.line_keys(key)
        if not self.question.lines and not self.question.households:
            self._row_keys.append(new_line_key(self._row_keys))
        with self.populating():
            self.setRowCount(len(self._row_keys))
            preset_cells = {line.key: line.texts for line in self.question.lines}
            for row, line in enumerate(self._row_keys):
                for column, question_column in enumerate(self.question.columns):
                    self._show_cell(
                        row,
                        column,
                        question_column.field,
                        entry.cell(key, line, question_column.key),
                        question_column.key in preset_cells.get(line, {}),
                    )
        self.setFixedHeight(
            self.horizontalHeader().sizeHint().height()
            + self.row_height * min(_MAX_VISIBLE_ROWS, max(1, len(self._row_keys)))
            + 4
        )
        if 0 <= current_cell[0] < self.rowCount():
            self.setCurrentCell(*current_cell)

    def _show_cell(self, row: int, column: int, field: Field, value: Value, preset: bool) -> None:
        item = QTableWidgetItem(field.text(value))
        item.setData(Qt.ItemDataRole.UserRole, value)
        if field.is_number:
            item.setTextAlignment(ALIGN_RIGHT)
        if preset:
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            item.setForeground(QColor(tokens().quiet))
            item.setToolTip(field.text(value))
        self.setItem(row, column, item)

    def on_cell_edited(self, item: QTableWidgetItem) -> None:
        column, cell_position = self.question.columns[item.column()], (item.row(), item.column())
        old_value = item.data(Qt.ItemDataRole.UserRole)
        try:
            value = column.field.parse_and_validate(item.text())
        except ValidationError as error:
            self._set_cell_later(cell_position, column.field, old_value)
            self.rejected.emit(f"{error}这一项没有保存。")
            return
        self._set_cell_later(cell_position, column.field, value)
        if value != old_value:
            self.cell_changed.emit(
                CELL_SEPARATOR.join((self.question.key, self._row_keys[item.row()], column.key)), value
            )

    def _set_cell_later(self, cell_position: tuple[int, int], field: Field, value: Value) -> None:
        """The cell as it is kept, once its editor is gone: it must not be written to while that commits."""

        def write() -> None:
            item = self.item(*cell_position)
            if item is not None:
                with self.populating():
                    item.setText(field.text(value))
                    item.setData(Qt.ItemDataRole.UserRole, value)

        QTimer.singleShot(0, self, write)
