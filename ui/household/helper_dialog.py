"""A new helper: name, unit, rank and telephone; the rest is filled in afterwards."""

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.records.field import Value, field
from app.workbook.workbook import VillageInfo
from ui.household.village_choice import VillageChoice
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog
from ui.widgets.record_form import RecordForm

_NAMES = ("name", "unit", "post", "rank", "phone")


class HelperDialog(Dialog):
    """新建 is refused in place while the name is missing."""

    def __init__(self, villages: Sequence[VillageInfo], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("新建帮扶联系人")
        self.setObjectName("helper_dialog")
        self.setMinimumWidth(460)
        self._village_choice = VillageChoice(villages)
        self.form = RecordForm([field("helper", name) for name in _NAMES], 1)
        self.form.load({})
        buttons = ButtonRow(self, "新建")
        layout = QVBoxLayout(self)
        for widget in (self._village_choice, self.form, buttons):
            layout.addWidget(widget)
        self.form.focus_field("name")

    @property
    def village(self) -> str:
        return self._village_choice.code

    def values(self) -> Mapping[str, Value]:
        return self.form.values()

    def accept(self) -> None:
        if not self.form.show_errors():
            super().accept()
