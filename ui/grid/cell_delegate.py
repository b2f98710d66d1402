"""The editors of a sheet's cells: a line, or a list that is filtered by any part of a label or its initials."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.records.field import Field
from ui.grid.grid_model import GridModel
from ui.widgets.search_combo import SearchCombo

Index = QModelIndex | QPersistentModelIndex
_STEPS = {Qt.Key.Key_Return: (1, 0), Qt.Key.Key_Enter: (1, 0), Qt.Key.Key_Tab: (0, 1), Qt.Key.Key_Backtab: (0, -1)}
_LEFT = "left"  # property of an editor whose cell has been taken
_MASKED_HINT = "输入新的号码；不改就按 Esc"


class CellDelegate(QStyledItemDelegate):
    """Enter takes what was typed and goes down, Tab goes right, Esc gives back.

    Signals:
        left_with: rows and columns that the cursor goes on by
    """

    left_with = Signal(int, int)

    def __init__(self, model: GridModel, parent: QTableView) -> None:
        super().__init__(parent)
        self._model = model

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        one = self._model.field_at(index)
        assert one is not None  # no other cell is opened
        if labels := self._model.option_labels(index):
            return self._combo(one, labels, parent)
        line = QLineEdit(parent)
        line.setAccessibleName(one.label)
        line.setFrame(False)
        if one.spec.mask:
            line.setPlaceholderText(_MASKED_HINT)
        return line

    def _combo(self, one: Field, labels: Sequence[str], parent: QWidget) -> SearchCombo:
        combo = SearchCombo("cell_choice", one.label, [(label, label) for label in labels], parent)
        line = combo.lineEdit()
        assert line is not None
        line.returnPressed.connect(lambda: self.leave(combo, (1, 0)))  # what is offered below it has the keys
        combo.activated.connect(lambda _: self.leave(combo, (1, 0)))
        return combo

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        line = line_of(editor)
        if line is not None and not line.isModified():  # other cells may arrive while one is typed into
            line.setText(str(index.data(Qt.ItemDataRole.EditRole) or ""))
            line.setModified(False)
            line.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Nothing happens where nothing was typed: a cell that is only looked at is no edit."""
        line = line_of(editor)
        if line is None:
            return
        text = (editor.key or line.text()) if isinstance(editor, SearchCombo) else line.text()
        if text.strip() != str(index.data(Qt.ItemDataRole.EditRole) or "") or line.isModified():
            model.setData(index, text.strip())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """Never narrower than what has to be read in it."""
        rect = option.rect
        editor.setGeometry(rect.x(), rect.y(), max(rect.width(), editor.minimumSizeHint().width()), rect.height())

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(editor, QWidget):
            step = _STEPS.get(Qt.Key(event.key()))
            if step is not None:
                goes_back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                self.leave(editor, (-abs(step[0]), -abs(step[1])) if goes_back else step)
                return True
        return super().eventFilter(editor, event)

    def leave(self, editor: QWidget, step: tuple[int, int]) -> None:
        """Take what stands in the editor, close it, and go on by so many rows and columns."""
        if editor.property(_LEFT):
            return  # Enter chooses in the list and takes the cell: two signals
        editor.setProperty(_LEFT, True)
        if isinstance(editor, SearchCombo):
            completer = editor.completer()
            popup = completer.popup() if completer is not None else None
            chosen = popup.currentIndex() if popup is not None and popup.isVisible() else QModelIndex()
            if chosen.isValid():
                editor.setEditText(str(chosen.data() or ""))
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)
        if isinstance(editor, SearchCombo) and popup is not None:
            popup.hide()  # afterwards: the focus that goes with it would take the cell a second time
        self.left_with.emit(*step)


def line_of(editor: QWidget | None) -> QLineEdit | None:
    """Where one types in an editor of a cell."""
    if isinstance(editor, SearchCombo):
        return editor.lineEdit()
    return editor if isinstance(editor, QLineEdit) else None
