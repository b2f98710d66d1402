"""The list of options of a form's field, which is typed into."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFocusEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QWidget

from app.records.field import Option, Value
from ui.widgets.completion import SEARCH_ROLE, LabelCompleter, searched_text

_NARROWEST = 6  # letters


class OptionBox(QComboBox):
    """A list that is typed into. A form has dozens, so what none needs before it is come to is made then: what looks
    through the options, and the list itself, a window with a view in it that Qt makes with the first current option."""

    def __init__(self, options: Sequence[Option], parent: QWidget) -> None:
        super().__init__(parent)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(16)
        self.setPlaceholderText(" ")  # without one Qt makes the first option current at once; the line hides it
        self.addItem("", None)
        for option in options:
            self.addItem(option.label, option.value)

    def show_option(self, value: Value, label: str) -> None:
        """Show this option, or what is no option any more by its label."""
        if self.currentIndex() >= 0:
            self.setCurrentIndex(max(0, self.findData(value)))
        self.setEditText(label)

    def _make_list(self) -> None:
        if self.currentIndex() < 0:
            text = self.currentText()
            self.setCurrentIndex(max(0, self.findText(text, Qt.MatchFlag.MatchExactly)))
            self.setEditText(text)
        if self.completer() is None:
            for n in range(1, self.count()):
                self.setItemData(n, searched_text(self.itemText(n)), SEARCH_ROLE)
            self.setCompleter(LabelCompleter(self.model(), self))

    def showPopup(self) -> None:
        self._make_list()
        super().showPopup()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._make_list()
        super().focusInEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # a wheel that scrolls the page must not change what it passes over

    def sizeHint(self) -> QSize:
        """As wide as there is room, not as the longest option: that one is shown by the list, and asking makes it."""
        metrics, option = self.fontMetrics(), QStyleOptionComboBox()
        self.initStyleOption(option)
        text = QSize(metrics.horizontalAdvance("X") * _NARROWEST, metrics.height() + 2)
        return self.style().sizeFromContents(QStyle.ContentsType.CT_ComboBox, option, text, self)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()
