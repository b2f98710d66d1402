"""The head of the household page: who this is, at a glance."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.quality.doubts import DOUBT, ERROR, Severity
from app.records.household import HouseholdCard
from app.records.masking import masked


class Header(QWidget):
    """Head, number, group, kind and attribute, size, helper, and the telephone hidden until it is asked for.

    Signals:
        asked: the officer wants to see the telephone; the page writes that down
        doubted: the officer wants to see the doubts
    """

    asked = Signal()
    doubted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._id = self._phone = ""
        self.name, self.place, self.people = QLabel(), QLabel(), QLabel()
        self.name.setProperty("title", True)
        self.name.setObjectName("head_name")
        self.place.setObjectName("place")
        self.place.setProperty("quiet", True)
        self.people.setObjectName("people")
        self.phone = QLabel()
        self.phone.setObjectName("phone")
        self.show_phone = QToolButton()
        self.show_phone.setText("显示")
        self.show_phone.setObjectName("show_phone")
        self.show_phone.setAccessibleName("显示联系电话")
        self.show_phone.setToolTip("显示联系电话（Alt+P，会记入日志）")
        self.show_phone.clicked.connect(self.asked)
        self.where = QLabel()
        self.where.setObjectName("where")
        self.where.setProperty("quiet", True)
        self._chips = QHBoxLayout()
        self._chips.setSpacing(6)
        self._shown: list[QLabel] = []
        self.doubts = QToolButton()
        self.doubts.setObjectName("show_doubts")
        self.doubts.setToolTip("查看疑点（Alt+Q）")
        self.doubts.clicked.connect(self.doubted)
        self.doubts.hide()
        self.warning = QLabel()
        self.warning.setObjectName("mismatch")
        self.warning.setProperty("fault", True)
        self._lay_out()

    def _lay_out(self) -> None:
        first, second, whole = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        for part in (self.name, self.place):
            first.addWidget(part)
        first.addSpacing(8)
        first.addLayout(self._chips)
        first.addStretch()
        first.addWidget(self.where)
        for widget in (self.people, self.phone, self.show_phone, self.doubts, self.warning):
            second.addWidget(widget)
        second.addStretch()
        first.setSpacing(10)
        second.setSpacing(10)
        whole.setContentsMargins(16, 10, 16, 6)
        whole.setSpacing(4)
        whole.addLayout(first)
        whole.addLayout(second)

    def show_card(self, card: HouseholdCard, where: str) -> None:
        """`where`: which one of how many in the list, "" where there is none."""
        values = card.values
        if card.id != self._id:
            self._id = card.id
            self.doubts.hide()
        self.name.setText(card.head.name if card.head else "（户主未填）")
        group = values["group_name"] or values["hamlet"] or ""
        self.place.setText(f"{group}　{values['household_no'] or '户编号未填'}")
        helpers = "、".join(one.helper for one in card.helpers) or "未安排"
        full, half = card.labour.full, card.labour.half
        self.people.setText(f"{card.size} 人　劳动力 {full + half} 人　帮扶：{helpers}　电话")
        self._phone = str(values["phone"] or "")
        self.phone.setText(masked(self._phone, "phone") if self._phone else "未填")
        self.show_phone.setVisible(bool(self._phone))
        self.warning.setText(card.mismatch)
        self.where.setText(where)
        for old in self._shown:
            self._chips.removeWidget(old)
            old.deleteLater()
        self._shown = []
        said = (values[name] for name in ("household_kind", "household_attribute", "exit_status", "registration_state"))
        for text in dict.fromkeys(str(one) for one in said if one):
            chip = QLabel(text)
            chip.setProperty("chip", "bad" if text in ("注销", "返贫") else True)
            self._chips.addWidget(chip)
            self._shown.append(chip)

    def show_doubts(self, counted: Mapping[Severity, int]) -> None:
        """How many errors and doubts are open; nothing where there are none."""
        text = "　".join(f"{severity} {counted[severity]}" for severity in (ERROR, DOUBT) if counted[severity])
        self.doubts.setText(text)
        self.doubts.setAccessibleName(f"查看疑点：{text}")
        self.doubts.setVisible(bool(text))

    def reveal(self) -> None:
        """The whole number, until another household is shown."""
        self.phone.setText(self._phone)
        self.show_phone.hide()
