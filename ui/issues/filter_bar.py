"""What the list of issues is narrowed by: words, how grave they are, settled or not, and one household."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QToolButton, QWidget

from app.issues.issues import SEVERITIES, Issue

OPEN, DISMISSED = "open", "settled"


class IssueFilterBar(QWidget):
    """Says which issues pass.

    Signals:
        changed: another text, another choice, another household
        search_submitted: Enter in the search box
    """

    changed = Signal()
    search_submitted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.household_id = ""
        self.search = QLineEdit()
        self.search.setObjectName("search")
        self.search.setAccessibleName("查找疑点")
        self.search.setPlaceholderText("户主、姓名、村组、规则或说明里的字（Ctrl+F）")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _: self.changed.emit())
        self.search.returnPressed.connect(self.search_submitted)
        self.severity = self._combo_box(
            "severity", "轻重", [("全部轻重", ""), *((severity, severity) for severity in SEVERITIES)]
        )
        self.state = self._combo_box("state", "是否核实", [("待核实", OPEN), ("已核实无误", DISMISSED), ("全部", "")])
        self.household_button = QToolButton()
        self.household_button.setObjectName("only_household")
        self.household_button.setToolTip("看全部户的疑点")
        self.household_button.clicked.connect(lambda: self.show_household("", ""))
        self.household_button.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.search, 1)
        for widget in (self.severity, self.state, self.household_button):
            row.addWidget(widget)

    def _combo_box(self, name: str, label: str, entries: list[tuple[str, str]]) -> QComboBox:
        box = QComboBox()
        box.setObjectName(f"filter_{name}")
        box.setAccessibleName(label)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for text, value in entries:
            box.addItem(text, value)
        box.currentIndexChanged.connect(lambda _: self.changed.emit())
        return box

    def show_household(self, household_id: str, name: str) -> None:
        """Only this household's issues, "" for all."""
        self.household_id = household_id
        self.household_button.setText(f"只看{name}户 ×")
        self.household_button.setAccessibleName(f"只看{name}户，按下看全部")
        self.household_button.setVisible(bool(household_id))
        self.changed.emit()

    def show_dismissed(self) -> None:
        """Also what was checked and found right."""
        self.state.setCurrentIndex(self.state.findData(""))

    def clear(self) -> None:
        """All issues that are open."""
        for box in (self.severity, self.state):
            box.setCurrentIndex(0)
        self.search.clear()
        self.show_household("", "")

    def focus_search(self) -> None:
        """The cursor into the search box, its text selected."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def predicate(self) -> Callable[[Issue, str], bool]:
        """Whether an issue passes, told by itself and by its words in small letters."""
        terms = self.search.text().casefold().split()
        severity, state, household_id = self.severity.currentData(), self.state.currentData(), self.household_id

        def matches(issue: Issue, search_text: str) -> bool:
            return (
                (not household_id or issue.household_id == household_id)
                and (not severity or issue.severity == severity)
                and (not state or (issue.dismissal is not None) == (state == DISMISSED))
                and all(term in search_text for term in terms)
            )

        return matches
