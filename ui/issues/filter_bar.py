"""What the list of issues is narrowed by: words, how grave they are, settled or not, and one household."""

from collections.abc import Mapping

from PySide6.QtWidgets import QToolButton

from app.issues.issues import SEVERITIES
from app.viewed_lists.issue_source import DISMISSED, OPEN
from ui.widgets.filter_line import FilterLine

_ANY = "any"  # value of "state" that leaves nothing out


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
        self.household_id = self._household_name = ""
        self.search.setAccessibleName("查找疑点")
        self.severity, self.state = self.boxes["severity"], self.boxes["state"]
        self.household_button = QToolButton()
        self.household_button.setObjectName("only_household")
        self.household_button.setToolTip("看全部户的疑点")
        self.household_button.clicked.connect(lambda: self.show_household("", ""))
        self.household_button.hide()
        self.line.add(self.household_button)

    def show_household(self, household_id: str, name: str) -> None:
        """Only this household's issues, "" for all."""
        self.household_id, self._household_name = household_id, name
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

    def quick_state(self) -> dict[str, str]:
        """What is set, as a view keeps it and `passes` reads it."""
        state = {
            "text": self.search.text().strip(),
            "severity": self.value("severity"),
            "state": self.value("state") or _ANY,
            "household": self.household_id,
            "household_name": self._household_name,
        }
        return {name: value for name, value in state.items() if value}

    def restore(self, state: Mapping[str, str]) -> None:
        """Set what a view keeps."""
        self.blockSignals(True)
        self.search.setText(state.get("text", ""))
        self.severity.setCurrentIndex(self.severity.findData(state.get("severity", "")))
        self.state.setCurrentIndex(self.state.findData(state.get("state", OPEN).removeprefix(_ANY)))
        self.show_household(state.get("household", ""), state.get("household_name", ""))
        self.blockSignals(False)
