"""What the list of doubts is narrowed by: words, how grave they are, settled or not, and one household."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QToolButton, QWidget

from app.quality.doubts import SEVERITIES, Doubt

OPEN, SETTLED = "open", "settled"


class FilterLine(QWidget):
    """Says which doubts pass.

    Signals:
        changed: another text, another choice, another household
        entered: Enter in the search box
    """

    changed = Signal()
    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.household_id = ""
        self.search = QLineEdit()
        self.search.setObjectName("search")
        self.search.setAccessibleName("查找疑点")
        self.search.setPlaceholderText("户主、姓名、村组、规则或说明里的字（Ctrl+F）")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _: self.changed.emit())
        self.search.returnPressed.connect(self.entered)
        self.severity = self._choice("severity", "轻重", [("全部轻重", ""), *((one, one) for one in SEVERITIES)])
        self.state = self._choice("state", "是否核实", [("待核实", OPEN), ("已核实无误", SETTLED), ("全部", "")])
        self.only = QToolButton()
        self.only.setObjectName("only_household")
        self.only.setToolTip("看全部户的疑点")
        self.only.clicked.connect(lambda: self.show_household("", ""))
        self.only.hide()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.search, 1)
        for part in (self.severity, self.state, self.only):
            line.addWidget(part)

    def _choice(self, name: str, label: str, entries: list[tuple[str, str]]) -> QComboBox:
        made = QComboBox()
        made.setObjectName(f"filter_{name}")
        made.setAccessibleName(label)
        made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for text, value in entries:
            made.addItem(text, value)
        made.currentIndexChanged.connect(lambda _: self.changed.emit())
        return made

    def show_household(self, household_id: str, name: str) -> None:
        """Only this household's doubts, "" for all."""
        self.household_id = household_id
        self.only.setText(f"只看{name}户 ×")
        self.only.setAccessibleName(f"只看{name}户，按下看全部")
        self.only.setVisible(bool(household_id))
        self.changed.emit()

    def clear(self) -> None:
        """All doubts that are open."""
        for choice in (self.severity, self.state):
            choice.setCurrentIndex(0)
        self.search.clear()
        self.show_household("", "")

    def to_search(self) -> None:
        """The cursor into the search box, its text selected."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def passes(self) -> Callable[[Doubt, str], bool]:
        """Whether a doubt passes, told by itself and by its words in small letters."""
        words = self.search.text().casefold().split()
        severity, state, home = self.severity.currentData(), self.state.currentData(), self.household_id

        def passes(one: Doubt, said: str) -> bool:
            return (
                (not home or one.household_id == home)
                and (not severity or one.severity == severity)
                and (not state or (one.settled is not None) == (state == SETTLED))
                and all(word in said for word in words)
            )

        return passes
