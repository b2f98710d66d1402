"""Several words in one line with 、 between them; each can be completed from a list by a part or by its initials."""

import re
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from ui.widgets.completion import SEARCH_ROLE, LabelCompleter, searched_text
from ui.widgets.pinyin import initials

SEPARATOR = "、"
_OTHER_SEPARATORS = ",，;；"


class _LastWordCompleter(LabelCompleter):
    """Completes what stands behind the last separator, or with `whole` the whole line."""

    def __init__(self, words: Sequence[str], parent: QWidget, whole: bool) -> None:
        model = QStandardItemModel()
        for word in words:
            item = QStandardItem(word)
            item.setData(searched_text(word), SEARCH_ROLE)
            model.appendRow(item)
        super().__init__(model, parent)
        model.setParent(self)
        self._whole = whole
        self.setMaxVisibleItems(12)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes on with what is typed where nothing of what is offered was chosen; Qt only closes the offer."""
        popup = self.popup()
        if watched is popup and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if is_enter and popup.isVisible() and not popup.currentIndex().isValid():
                popup.hide()
                return QApplication.sendEvent(self.widget(), event.clone())
        return super().eventFilter(watched, event)

    def splitPath(self, path: str) -> list[str]:
        [typed] = super().splitPath(path)
        return [typed if self._whole else typed[_last_separator(typed) + 1 :].strip()]

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        before = "" if self._whole else self._typed()
        return f"{before[: _last_separator(before) + 1]}{index.data() or ''}"

    def _typed(self) -> str:
        widget = self.widget()
        return widget.text() if isinstance(widget, QLineEdit) else ""


def _last_separator(text: str) -> int:
    return max(text.rfind(mark) for mark in (SEPARATOR, *_OTHER_SEPARATORS))


def _word_meant(typed: str, words: Sequence[str]) -> str:
    """The only word with these initials; what was typed where there are several, or where a word has it in it."""
    if not (typed.isascii() and typed.isalpha()) or any(typed.casefold() in word.casefold() for word in words):
        return typed
    fitting = [word for word in words if typed.casefold() in initials(word)]
    whole = [word for word in fitting if initials(word) == typed.casefold()]
    meant = whole or fitting
    return meant[0] if len(meant) == 1 else typed


class TokenEdit(QLineEdit):
    """`many`: several words; otherwise the whole line is one.

    Initials that only one of the words has are that word once the line is left, or Enter is pressed in it.
    """

    def __init__(self, name: str, label: str, *, many: bool) -> None:
        super().__init__()
        self._many = many
        self._words: Sequence[str] = ()
        self.editingFinished.connect(self._take_initials)
        self.setObjectName(name)
        self.setAccessibleName(label)
        if many:
            self.setPlaceholderText("多个用“、”隔开")

    def set_words(self, words: Sequence[str]) -> None:
        """What is offered while one types."""
        self._words = words
        self.setCompleter(_LastWordCompleter(words, self, not self._many))

    @property
    def meant(self) -> str:
        """The text, with the words that initials stand for."""
        typed = re.split(f"([{SEPARATOR}{_OTHER_SEPARATORS}])", self.text()) if self._many else [self.text()]
        return "".join(_word_meant(part.strip(), self._words) for part in typed)

    def _take_initials(self) -> None:
        if self.meant != self.text():
            self.setText(self.meant)
