"""A new household: where it is and who is its head; the rest is filled in on its page."""

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from app.records.field import Value, field
from app.workbook.workbook import VillageName
from ui.forms.record_form import RecordForm
from ui.household.village_choice import VillageChoice

_HOUSEHOLD = ("household_no", "group_name", "hamlet", "address", "phone", "household_kind", "household_attribute")
_HEAD = ("name", "id_no", "sex", "birth")


class NewHouseholdDialog(QDialog):
    """Two small forms; 新建 is refused in place while the head's name is missing."""

    def __init__(self, villages: Sequence[VillageName], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("新建户")
        self.setObjectName("new_household_dialog")
        self.setMinimumWidth(640)
        whole = QVBoxLayout(self)
        self._village = VillageChoice(villages)
        self._head = RecordForm([field("member", name) for name in _HEAD], 2, (("户主", _HEAD),))
        self._home = RecordForm([field("household", name) for name in _HOUSEHOLD], 2, (("户", _HOUSEHOLD),))
        self._head.load({})
        self._home.load({})
        hint = QLabel("户编号没有可以先空着。填了户主的证件号码，性别和出生日期会自动带出。")
        hint.setProperty("quiet", True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setObjectName("ok")
        ok.setText("新建")
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText("取消")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        for part in (self._village, self._head, self._home, hint, buttons):
            whole.addWidget(part)
        self._head.focus("name")

    @property
    def village(self) -> str:
        return self._village.code

    def household(self) -> Mapping[str, Value]:
        return self._home.values()

    def head(self) -> Mapping[str, Value]:
        return self._head.values()

    def accept(self) -> None:
        if not self._head.show_faults() and not self._home.show_faults():
            super().accept()
