"""The head of the household page: who this is, at a glance."""

from collections.abc import Iterator, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.issues.issues import ERROR, WARNING, Severity
from app.records.household import HouseholdDetails
from app.workbook.masking import mask_text
from resources.option_roles import value_of

_STATES = ("exit_status", "registration_state")  # the dictionaries are called like the fields


class HouseholdHeader(QWidget):
    """Head, group, number and states; below them a line of facts, what is wrong, and the telephone hidden until it is
    asked for.

    Signals:
        phone_requested: the officer wants to see the telephone; the page writes that down
        issues_requested: the officer wants to see the issues
    """

    phone_requested = Signal()
    issues_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._id = self._phone = ""
        self.name_label, self.place_label, self.people_label = QLabel(), QLabel(), QLabel()
        self.name_label.setProperty("title", True)
        self.name_label.setObjectName("head_name")
        self.place_label.setObjectName("place")
        self.place_label.setProperty("quiet", True)
        self.people_label.setObjectName("people")
        self.phone_label = QLabel()
        self.phone_label.setObjectName("phone")
        self.show_phone_button = QToolButton()
        self.show_phone_button.setText("显示")
        self.show_phone_button.setObjectName("show_phone")
        self.show_phone_button.setAccessibleName("显示联系电话")
        self.show_phone_button.setToolTip("显示联系电话（Alt+P，会记入日志）")
        self.show_phone_button.clicked.connect(self.phone_requested)
        self.position_label = QLabel()
        self.position_label.setObjectName("where")
        self.position_label.setProperty("quiet", True)
        self._chip_row = QHBoxLayout()
        self._chip_row.setSpacing(6)
        self._chip_labels: list[QLabel] = []
        self.issues_button = QToolButton()
        self.issues_button.setObjectName("show_doubts")
        self.issues_button.setToolTip("查看疑点（Alt+Q）")
        self.issues_button.clicked.connect(self.issues_requested)
        self.issues_button.hide()
        self.warning_label = QLabel()
        self.warning_label.setObjectName("mismatch")
        self.warning_label.setProperty("fault", True)
        self._build_layout()

    def _build_layout(self) -> None:
        first_row, second_row, layout = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        first_row.addWidget(self.name_label)
        first_row.addWidget(self.place_label)
        first_row.addLayout(self._chip_row)
        first_row.addStretch()
        self.people_label.setWordWrap(True)
        second_row.addWidget(self.people_label, 1)
        for widget in (
            self.warning_label,
            self.issues_button,
            self.phone_label,
            self.show_phone_button,
            self.position_label,
        ):
            second_row.addWidget(widget)
        first_row.setSpacing(10)
        second_row.setSpacing(8)
        layout.setContentsMargins(4, 8, 4, 6)
        layout.setSpacing(2)
        layout.addLayout(first_row)
        layout.addLayout(second_row)

    def show_card(self, card: HouseholdDetails, position: str) -> None:
        """`position`: which one of how many in the list, "" where there is none."""
        values = card.values
        if card.id != self._id:
            self._id = card.id
            self.issues_button.hide()
        self.name_label.setText(card.head.name if card.head else "（户主未填）")
        place = (values["group_name"] or values["hamlet"], values["household_no"] or "户编号未填")
        self.place_label.setText(" · ".join(str(part) for part in place if part))
        self.people_label.setText(" · ".join(_facts(card)))
        self._phone = str(values["phone"] or "")
        self.phone_label.setText(mask_text(self._phone, "phone") if self._phone else "电话未填")
        self.show_phone_button.setVisible(bool(self._phone))
        self.warning_label.setText(card.size_mismatch)
        self.position_label.setText(position)
        for old_label in self._chip_labels:
            self._chip_row.removeWidget(old_label)
            old_label.deleteLater()
        self._chip_labels = []
        state_values = [values[name] for name in ("household_attribute", *_STATES)]
        status_values = (values["household_kind"], card.monitored, *state_values)
        alarming = {value_of("registration_state", "closed"), *(value_of(name, "returned") for name in _STATES)}
        for text in dict.fromkeys(str(item) for item in status_values if item):
            chip = QLabel(text)
            chip.setProperty("chip", "bad" if text in alarming else True)
            self._chip_row.addWidget(chip)
            self._chip_labels.append(chip)

    def show_issues(self, counts: Mapping[Severity, int]) -> None:
        """How many errors and issues are open; nothing where there are none."""
        text = "　".join(f"{severity} {counts[severity]}" for severity in (ERROR, WARNING) if counts[severity])
        self.issues_button.setText(text)
        self.issues_button.setAccessibleName(f"查看疑点：{text}")
        self.issues_button.setVisible(bool(text))

    def reveal_phone(self) -> None:
        """The whole number, until another household is shown."""
        self.phone_label.setText(self._phone)
        self.show_phone_button.hide()


def _facts(card: HouseholdDetails) -> Iterator[str]:
    """What is asked first, each in a few words."""
    yield f"{card.size} 人"
    yield f"劳动力 {card.labour.full + card.labour.half}"
    income = next((income for income in card.incomes if income.per_capita is not None), None)
    if income is not None:
        yield f"人均纯收入 {income.per_capita:,.2f} 元（{income.year}）"
    yield f"联系人 {'、'.join(assignment.helper for assignment in card.helpers) or '未安排'}"
    last_visit = next((visit.visited_on for visit in card.visits if visit.visited_on), None)
    yield f"最近走访 {last_visit.isoformat()}" if last_visit else "未走访"
