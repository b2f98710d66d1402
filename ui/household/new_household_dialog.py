"""A new household: where it is and who is its head; the rest is filled in on its page."""

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.records.field import Value, field
from app.workbook.workbook import VillageInfo
from ui.household.village_choice import VillageChoice
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog
from ui.widgets.record_form import RecordForm

_HOUSEHOLD_FIELDS = (
    "household_no",
    "group_name",
    "hamlet",
    "address",
    "phone",
    "household_kind",
    "household_attribute",
)
_HEAD_FIELDS = ("name", "id_no", "sex", "birth")


class NewHouseholdDialog(Dialog):
    """Two small forms; 新建 is refused in place while the head's name is missing."""

    def __init__(self, villages: Sequence[VillageInfo], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("新建户")
        self.setObjectName("new_household_dialog")
        self.setMinimumWidth(640)
        layout = QVBoxLayout(self)
        self._village_choice = VillageChoice(villages)
        self._head_form = RecordForm([field("member", name) for name in _HEAD_FIELDS], 2, (("户主", _HEAD_FIELDS),))
        self._household_form = RecordForm(
            [field("household", name) for name in _HOUSEHOLD_FIELDS], 2, (("户", _HOUSEHOLD_FIELDS),)
        )
        self._head_form.load({})
        self._household_form.load({})
        hint = QLabel("暂无户编号可先不填。填了户主的证件号码，性别和出生日期会自动带出。")
        hint.setProperty("quiet", True)
        buttons = ButtonRow(self, "新建")
        for widget in (self._village_choice, self._head_form, self._household_form, hint, buttons):
            layout.addWidget(widget)
        self._head_form.focus_field("name")

    @property
    def village(self) -> str:
        return self._village_choice.code

    def household_values(self) -> Mapping[str, Value]:
        return self._household_form.values()

    def head_values(self) -> Mapping[str, Value]:
        return self._head_form.values()

    def accept(self) -> None:
        if not self._head_form.show_errors() and not self._household_form.show_errors():
            super().accept()
