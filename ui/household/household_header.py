"""The head of the household page: who this is, at a glance."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.issues.issues import ERROR, WARNING, Severity
from app.records.household import HouseholdDetails
from app.records.masking import mask_text
from resources.option_roles import value_of

_STATES = ("exit_status", "registration_state")  # the dictionaries are called like the fields


class HouseholdHeader(QWidget):
    """Head, number, group, kind and attribute, size, helper, and the telephone hidden until it is asked for.

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
        for label in (self.name_label, self.place_label):
            first_row.addWidget(label)
        first_row.addSpacing(8)
        first_row.addLayout(self._chip_row)
        first_row.addStretch()
        first_row.addWidget(self.position_label)
        for widget in (
            self.people_label,
            self.phone_label,
            self.show_phone_button,
            self.issues_button,
            self.warning_label,
        ):
            second_row.addWidget(widget)
        second_row.addStretch()
        first_row.setSpacing(10)
        second_row.setSpacing(10)
        layout.setContentsMargins(16, 10, 16, 6)
        layout.setSpacing(4)
        layout.addLayout(first_row)
        layout.addLayout(second_row)

    def show_card(self, card: HouseholdDetails, position: str) -> None:
        """`where`: which one of how many in the list, "" where there is none."""
        values = card.values
        if card.id != self._id:
            self._id = card.id
            self.issues_button.hide()
        self.name_label.setText(card.head.name if card.head else "（户主未填）")
        group = values["group_name"] or values["hamlet"] or ""
        self.place_label.setText(f"{group}　{values['household_no'] or '户编号未填'}")
        helpers = "、".join(item.helper for item in card.helpers) or "未安排"
        full, half = card.labour.full, card.labour.half
        self.people_label.setText(f"{card.size} 人　劳动力 {full + half} 人　帮扶：{helpers}　电话")
        self._phone = str(values["phone"] or "")
        self.phone_label.setText(mask_text(self._phone, "phone") if self._phone else "未填")
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
