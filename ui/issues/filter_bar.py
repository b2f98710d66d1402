"""What the list of issues is narrowed by: words, how grave they are, settled or not, and one household."""

from collections.abc import Callable

from PySide6.QtWidgets import QToolButton

from app.issues.issues import SEVERITIES, Issue
from ui.widgets.filter_line import FilterLine

OPEN, DISMISSED = "open", "settled"


class IssueFilterBar(FilterLine):
    """Says which issues pass; its signal `changed` tells of another household too."""

    def __init__(self) -> None:
        super().__init__(
            "户主、姓名、村组、规则或说明里的字（Ctrl+F）",
            {
                "severity": ("轻重", [("全部轻重", ""), *((severity, severity) for severity in SEVERITIES)]),
                "state": ("是否核实", [("待核实", OPEN), ("已核实无误", DISMISSED), ("全部", "")]),
            },
        )
        self.household_id = ""
        self.search.setAccessibleName("查找疑点")
        self.severity, self.state = self.boxes["severity"], self.boxes["state"]
        self.household_button = QToolButton()
        self.household_button.setObjectName("only_household")
        self.household_button.setToolTip("看全部户的疑点")
        self.household_button.clicked.connect(lambda: self.show_household("", ""))
        self.household_button.hide()
        self.row.addWidget(self.household_button)

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
        super().clear()
        self.show_household("", "")

    def predicate(self) -> Callable[[Issue, str], bool]:
        """Whether an issue passes, told by itself and by its words in small letters."""
        terms = self.terms()
        severity, state, household_id = self.value("severity"), self.value("state"), self.household_id

        def matches(issue: Issue, search_text: str) -> bool:
            return (
                (not household_id or issue.household_id == household_id)
                and (not severity or issue.severity == severity)
                and (not state or (issue.dismissal is not None) == (state == DISMISSED))
                and all(term in search_text for term in terms)
            )

        return matches
