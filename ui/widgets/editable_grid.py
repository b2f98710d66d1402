"""What the grids share whose cells are typed into: the income account, the tables of a form."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from app.records.field import Field

Index = QModelIndex | QPersistentModelIndex


class ChoiceDelegate(QStyledItemDelegate):
    """A list to choose from in columns that have one."""

    def __init__(self, choices: Callable[[int], tuple[str, Sequence[str] | None]], parent: QWidget) -> None:
        """`choices`: accessible name of a column, and what can be chosen in it; None where it is typed into."""
        super().__init__(parent)
        self._choices = choices

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        label, choices = self._choices(index.column())
        if choices is None:
            return super().createEditor(parent, option, index)
        combo = QComboBox(parent)
        combo.setAccessibleName(label)
        combo.addItems(list(choices))
        return combo

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


def field_choices(field: Field) -> tuple[str, Sequence[str] | None]:
    """What can be chosen in the column of a field."""
    if field.kind not in ("choice", "yes_no"):
        return field.label, None
    return field.label, ["", *([one.label for one in field.options] or [field.text(True), field.text(False)])]


class EditableGrid(QTableWidget):
    """Any key begins to type, Enter goes on to the cell below, Delete empties a cell and Ctrl+Delete a row, Tab leaves
    the grid. Subclasses take what was typed in `on_cell_edited`.

    Signals:
        rejected: why what was typed cannot be taken, a sentence
    """

    rejected = Signal(str)

    def __init__(self, name: str, label: str, headings: Sequence[str]) -> None:
        """`name`: objectName; `label`: accessible name."""
        super().__init__(0, len(headings))
        self._populating = False
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setHorizontalHeaderLabels(list(headings))
        self.horizontalHeader().setHighlightSections(False)
        self.verticalHeader().hide()
        self.row_height = max(30, self.fontMetrics().height() + 12)  # pixels
        self.verticalHeader().setDefaultSectionSize(self.row_height)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.itemChanged.connect(self._on_item_changed)

    @property
    def is_editing(self) -> bool:
        """Whether a cell is open just now."""
        return self.state() == QAbstractItemView.State.EditingState

    def take_over(self) -> None:
        """Take what stands in a cell that is open, and close it."""
        editor = self.indexWidget(self.currentIndex())
        if self.is_editing and editor is not None:
            self.commitData(editor)
            self.closeEditor(editor, QAbstractItemDelegate.EndEditHint.SubmitModelCache)

    def on_cell_edited(self, cell: QTableWidgetItem) -> None:
        """Another text stands in a cell, and the officer put it there."""
        raise NotImplementedError

    @contextmanager
    def populating(self) -> Iterator[None]:
        """Within the block the program fills cells, so that nothing is taken for typed."""
        before, self._populating = self._populating, True
        try:
            yield
        finally:
            self._populating = before

    def _on_item_changed(self, cell: QTableWidgetItem) -> None:
        if not self._populating:
            self.on_cell_edited(cell)

    def event(self, event: QEvent) -> bool:
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Delete:
            event.accept()  # Ctrl+Delete is about the row here, not about the record that it belongs to
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.remove_row()
        elif event.key() == Qt.Key.Key_Delete:
            self._empty_cell(self.currentColumn())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # the key comes here from an open editor too, which commits by itself a moment later
            if not self.is_editing:
                self._move_down()
        else:
            super().keyPressEvent(event)

    def remove_row(self) -> None:
        """Empty the row that the cursor is in."""
        for column in reversed(range(self.columnCount())):  # a row goes with its amount, which stands further right
            self._empty_cell(column)

    def _empty_cell(self, column: int) -> None:
        cell = self.item(self.currentRow(), column)
        if cell is not None and cell.flags() & Qt.ItemFlag.ItemIsEditable:
            cell.setText("")

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Enter goes on to the row below."""
        entered = editor is QApplication.focusWidget() and hint == QAbstractItemDelegate.EndEditHint.NoHint
        super().closeEditor(editor, hint)
        if entered:
            self._move_down()

    def _move_down(self) -> None:
        self.setCurrentCell(min(self.currentRow() + 1, self.rowCount() - 1), self.currentColumn())
