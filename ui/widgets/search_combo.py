"""A list from which one entry is chosen by any part of its label or by its pinyin initials."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QComboBox, QWidget

from ui.widgets.completion import SEARCH_ROLE, LabelCompleter, searched_text
from ui.widgets.pinyin import initials


class SearchCombo(QComboBox):
    """Entries are (label, key).

    Signals:
        chosen: key of another entry that was chosen or typed, "" for none
    """

    chosen = Signal(str)

    def __init__(
        self, name: str, label: str, entries: Sequence[tuple[str, str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(16)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._key = ""
        for n, (text, key) in enumerate(entries):
            self.addItem(text, key)
            self.setItemData(n, searched_text(text), SEARCH_ROLE)
        self.setCurrentIndex(-1)
        self.setCompleter(LabelCompleter(self.model(), self))
        line_edit = self.lineEdit()
        assert line_edit is not None
        line_edit.setAccessibleName(label)
        line_edit.returnPressed.connect(self.settle)  # also while the list of what fits has the keyboard
        self.activated.connect(lambda _: self.settle())
        self.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A wheel that scrolls the page must not change what it passes over, nor what was filled in last."""
        if watched is self and event.type() == QEvent.Type.Wheel:
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    @property
    def key(self) -> str:
        """Of what is chosen or typed now, "" where nothing fits."""
        return self._typed_key()

    def set_key(self, key: str) -> None:
        """Choose an entry, without a signal."""
        self._key = key
        self.setCurrentIndex(self.findData(key))

    def _typed_key(self) -> str:
        text, current = self.currentText().strip(), self.currentIndex()
        if current >= 0 and self.itemText(current) == text:
            return str(self.itemData(current))
        exact = self.findText(text, Qt.MatchFlag.MatchFixedString)
        if exact >= 0 or not text:
            return str(self.itemData(exact)) if exact >= 0 else ""
        labels = [(n, searched_text(self.itemText(n)).casefold()) for n in range(self.count())]
        fitting = [n for n, searched in labels if text.casefold() in searched]
        whole = [n for n in fitting if initials(self.itemText(n)) == text.casefold()]
        return str(self.itemData((whole or fitting)[0])) if whole or len(fitting) == 1 else ""

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:  # what is offered while one types
            self.settle()

    def settle(self) -> None:
        """Take what is typed for the entry that it means."""
        key = self._typed_key()
        if key:
            self.setCurrentIndex(self.findData(key))
        if key != self._key:
            self._key = key
            self.chosen.emit(key)
