"""A new helper: name, unit, rank and telephone; the rest is filled in afterwards."""

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from app.records.field import Value, field
from app.workbook.workbook import VillageName
from ui.forms.record_form import RecordForm
from ui.household.village_choice import VillageChoice

_NAMES = ("name", "unit", "post", "rank", "phone")


class HelperDialog(QDialog):
    """新建 is refused in place while the name is missing."""

    def __init__(self, villages: Sequence[VillageName], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("新建帮扶联系人")
        self.setObjectName("helper_dialog")
        self.setMinimumWidth(460)
        self._village = VillageChoice(villages)
        self.form = RecordForm([field("helper", name) for name in _NAMES], 1)
        self.form.load({})
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setObjectName("ok")
        ok.setText("新建")
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText("取消")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        whole = QVBoxLayout(self)
        for part in (self._village, self.form, buttons):
            whole.addWidget(part)
        self.form.focus("name")

    @property
    def village(self) -> str:
        return self._village.code

    def values(self) -> Mapping[str, Value]:
        return self.form.values()

    def accept(self) -> None:
        if not self.form.show_faults():
            super().accept()
