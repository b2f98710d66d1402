"""What the list of differences is narrowed by: words, result, decided or not."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from app.comparison.decision import StoredLine
from app.comparison.line import QUIET, RESULTS, result_value
from app.records.field import field_label

OPEN, DECIDED = "open", "decided"


class LineFilter(QWidget):
    """Says which lines pass; at first those that wait.

    Signals:
        changed: another text or choice
        search_submitted: Enter in the search box
    """

    changed = Signal()
    search_submitted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.search = QLineEdit()
        self.search.setObjectName("search")
        self.search.setAccessibleName("查找比对差异")
        self.search.setPlaceholderText("户、姓名、号码或说明里的字（Ctrl+F）")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _: self.changed.emit())
        self.search.returnPressed.connect(self.search_submitted)
        results = [(label, label) for one in RESULTS if one not in QUIET for label in [result_value(one)]]
        self.result = self._combo_box("result", field_label("comparison_line", "result"), [("全部结果", ""), *results])
        self.state = self._combo_box("state", "是否处理", [("待处理", OPEN), ("已处理", DECIDED), ("全部", "")])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.search, 1)
        row.addWidget(self.result)
        row.addWidget(self.state)

    def _combo_box(self, name: str, label: str, entries: list[tuple[str, str]]) -> QComboBox:
        box = QComboBox()
        box.setObjectName(f"filter_{name}")
        box.setAccessibleName(label)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for text, value in entries:
            box.addItem(text, value)
        box.currentIndexChanged.connect(lambda _: self.changed.emit())
        return box

    def clear(self) -> None:
        """All lines that wait."""
        for box in (self.result, self.state):
            box.setCurrentIndex(0)
        self.search.clear()

    def focus_search(self) -> None:
        """The cursor into the search box, its text selected."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def predicate(self) -> Callable[[StoredLine, str], bool]:
        """Whether a line passes, told by itself and by its words in small letters."""
        terms = self.search.text().casefold().split()
        result, state = self.result.currentData(), self.state.currentData()

        def matches(line: StoredLine, search_text: str) -> bool:
            return (
                (not result or line.result == result)
                and (not state or line.is_decided == (state == DECIDED))
                and all(term in search_text for term in terms)
            )

        return matches
