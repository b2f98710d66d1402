"""The line above a list that is wholly in memory: words, and a few choices."""

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from ui.widgets.search_line import SearchLine
from ui.widgets.wrapping_line import WrappingLine

Choices = Mapping[str, tuple[str, Sequence[tuple[str, str]]]]  # name → label, (text, value) of each choice
_LEAST_SEARCH = 12  # characters that are seen of what is typed into the search box


class FilterLine(QWidget):
    """Says which rows pass.

    Attributes:
        boxes: the choices by name
        line: to which a page may add a button; narrow, it goes on in a second line

    Signals:
        changed: another text or another choice; once where several are chosen at one time
    """

    changed = Signal()

    def __init__(self, hint: str, choices: Choices) -> None:
        super().__init__()
        self.search = SearchLine("search", "查找", hint)
        self.search.textChanged.connect(lambda _: self.changed.emit())
        self.search.setMinimumWidth(self.fontMetrics().horizontalAdvance("字" * _LEAST_SEARCH))
        self._awaited: dict[str, str] = {}  # restored into boxes that do not offer them yet
        self.boxes: dict[str, QComboBox] = {}
        for name, (label, entries) in choices.items():
            self.boxes[name] = self._combo_box(name, label, entries)
        self.line = WrappingLine(self.search, tuple(self.boxes.values()))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.line)

    def _combo_box(self, name: str, label: str, entries: Sequence[tuple[str, str]]) -> QComboBox:
        box = QComboBox()
        box.setObjectName(f"filter_{name}")
        box.setAccessibleName(label)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for text, value in entries:
            box.addItem(text, value)
        box.currentIndexChanged.connect(partial(self._on_chosen, name))
        return box

    def _on_chosen(self, name: str, _: int) -> None:
        self._awaited.pop(name, None)
        self.changed.emit()

    def value(self, name: str) -> str:
        """What is chosen in one of the boxes."""
        return str(self.boxes[name].currentData())

    def choose(self, **values: str) -> None:
        """Choose a value, which must be one of its box, in each of the boxes that are named."""
        self._set(self.search.text(), {name: self.boxes[name].findData(value) for name, value in values.items()})

    def offer(self, name: str, entries: Sequence[tuple[str, str]], wanted: str = "") -> None:
        """Other (text, value) in one of the boxes, of which the wanted value is chosen; without one that which was
        restored before it was offered, or the value that is chosen, and where it is gone the first. Nobody is told."""
        box, value = self.boxes[name], wanted or self._awaited.pop(name, "") or self.value(name)
        box.blockSignals(True)
        box.clear()
        for text, one in entries:
            box.addItem(text, one)
        box.setCurrentIndex(max(0, box.findData(value)))
        box.blockSignals(False)

    def clear(self) -> None:
        """The first choice of each box, and no words."""
        self._set("", dict.fromkeys(self.boxes, 0))

    def _set(self, words: str, indexes: Mapping[str, int]) -> None:
        is_changed = words != self.search.text()
        self.blockSignals(True)  # `changed` tells of all of them at once
        for name, index in indexes.items():
            is_changed |= index != self.boxes[name].currentIndex()
            self.boxes[name].setCurrentIndex(index)
        self.search.setText(words)
        self.blockSignals(False)
        if is_changed:
            self.changed.emit()

    def describe(self) -> str:
        """Words and choices as they stand on the screen; "" where all pass. The first choice of a box says nothing."""
        words = self.search.text().strip()
        chosen = [box.currentText() for box in self.boxes.values() if box.currentIndex() > 0]
        return "，".join([f"查找“{words}”", *chosen] if words else chosen)

    def quick_state(self) -> dict[str, str]:
        """Words and choices, to be restored."""
        return {"text": self.search.text().strip(), **{name: self.value(name) for name in self.boxes}}

    def restore(self, state: Mapping[str, str]) -> None:
        """Set words and choices; the first choice of each box that is not named.

        What a box does not offer yet is chosen when it does, unless something else is chosen before.
        """
        indexes = {name: box.findData(state[name]) if name in state else 0 for name, box in self.boxes.items()}
        awaited = {name: state[name] for name, index in indexes.items() if index < 0}
        self._awaited = {}
        self._set(state.get("text", ""), {name: max(0, index) for name, index in indexes.items()})
        self._awaited = awaited

    def focus_search(self) -> None:
        """The cursor into the search box, its text selected."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def has_words(self, search_text: str) -> bool:
        """Whether all words that were typed are in a text in small letters."""
        return all(term in search_text for term in self.terms())

    def terms(self) -> list[str]:
        """The words that were typed, in small letters."""
        return self.search.text().casefold().split()
