"""The table of a form: one line a person, a quarter, an indicator; each cell is saved when it is left."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from app.errors import FieldRefused
from app.forms.definition import CELL, Question
from app.forms.entries import Entry, new_line
from app.records.field import Field, Value

Index = QModelIndex | QPersistentModelIndex
_MOST = 14  # lines that are seen at once


class _Choice(QStyledItemDelegate):
    """A list to choose from in columns that have one."""

    def __init__(self, columns: Sequence[Question], parent: QWidget) -> None:
        super().__init__(parent)
        self._columns = columns

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        field = self._columns[index.column()].field
        if field.kind not in ("choice", "yes_no"):
            return super().createEditor(parent, option, index)
        made = QComboBox(parent)
        made.setAccessibleName(field.label)
        made.addItem("")
        made.addItems([one.label for one in field.options] or ["是", "否"])
        return made

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(max(0, editor.findText(str(index.data() or ""))))
        else:
            super().setEditorData(editor, index)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentText())
        else:
            super().setModelData(editor, model, index)


class RowsGrid(QTableWidget):
    """Lines of one question. Below open-ended ones stands an empty line for the next.

    Signals:
        changed: name of the cell (key/line/column) and its value
        refused: the sentence that refuses what was typed; the cell is as it was
    """

    changed = Signal(str, object)
    refused = Signal(str)

    def __init__(self, question: Question) -> None:
        super().__init__(0, len(question.columns))
        self.question = question
        self._lines: list[str] = []
        self._showing = False
        self.setObjectName(question.key)
        self.setAccessibleName(question.label)
        self.setHorizontalHeaderLabels([one.label for one in question.columns])
        self.setItemDelegate(_Choice(question.columns, self))
        self.setTabKeyNavigation(False)  # Tab goes on to what comes after the table
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.verticalHeader().hide()
        self._row = max(30, self.fontMetrics().height() + 12)  # pixels
        self.verticalHeader().setDefaultSectionSize(self._row)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        whole = sum(one.width for one in question.columns)
        for n, one in enumerate(question.columns):
            heading = header.sectionSizeFromContents(n).width()  # never cut
            self.setColumnWidth(n, max(int(640 * one.width / whole), heading))
        header.setSectionResizeMode(len(question.columns) - 1, QHeaderView.ResizeMode.Stretch)
        self.itemChanged.connect(self._written)

    def show_entry(self, entry: Entry) -> None:
        """The lines as they are kept; the current cell stays."""
        if self.state() == QAbstractItemView.State.EditingState:
            return
        key, place = self.question.key, (self.currentRow(), self.currentColumn())
        self._lines = entry.lines(key)
        if not self.question.lines and not self.question.households:
            self._lines.append(new_line(self._lines))
        self._showing = True
        self.setRowCount(len(self._lines))
        given = {line.key: line.given for line in self.question.lines}
        for row, line in enumerate(self._lines):
            for column, one in enumerate(self.question.columns):
                self._show_cell(row, column, one.field, entry.cell(key, line, one.key), one.key in given.get(line, {}))
        self._showing = False
        self.setFixedHeight(
            self.horizontalHeader().sizeHint().height() + self._row * min(_MOST, max(1, len(self._lines))) + 4
        )
        if 0 <= place[0] < self.rowCount():
            self.setCurrentCell(*place)

    def _show_cell(self, row: int, column: int, field: Field, value: Value, given: bool) -> None:
        item = QTableWidgetItem(field.text(value))
        item.setData(Qt.ItemDataRole.UserRole, value)
        if field.kind in ("decimal", "money"):
            item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if given:
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            item.setForeground(QColor("#66706B"))
            item.setToolTip(field.text(value))
        self.setItem(row, column, item)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            row = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            columns = range(self.columnCount()) if row else (self.currentColumn(),)
            for column in columns:
                item = self.item(self.currentRow(), column)
                if item is not None and item.flags() & Qt.ItemFlag.ItemIsEditable:
                    item.setText("")
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # the key comes here from an open editor too, which commits by itself a moment later
            if self.state() != QAbstractItemView.State.EditingState:
                self._down()
        else:
            super().keyPressEvent(event)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Enter goes on to the line below."""
        entered = editor is QApplication.focusWidget() and hint == QAbstractItemDelegate.EndEditHint.NoHint
        super().closeEditor(editor, hint)
        if entered:
            self._down()

    def _down(self) -> None:
        self.setCurrentCell(min(self.currentRow() + 1, self.rowCount() - 1), self.currentColumn())

    def _written(self, item: QTableWidgetItem) -> None:
        if self._showing:
            return
        column, place = self.question.columns[item.column()], (item.row(), item.column())
        kept = item.data(Qt.ItemDataRole.UserRole)
        try:
            value = column.field.taken(item.text())
        except FieldRefused as refused:
            self._write_later(place, column.field, kept)
            self.refused.emit(f"{refused}这一格没有存。")
            return
        self._write_later(place, column.field, value)
        if value != kept:
            self.changed.emit(CELL.join((self.question.key, self._lines[item.row()], column.key)), value)

    def _write_later(self, place: tuple[int, int], field: Field, value: Value) -> None:
        """The cell as it is kept, once its editor is gone: it must not be written to while that commits."""

        def write() -> None:
            item = self.item(*place)
            if item is not None:
                self._showing = True
                item.setText(field.text(value))
                item.setData(Qt.ItemDataRole.UserRole, value)
                self._showing = False

        QTimer.singleShot(0, self, write)
