"""Which village a new record belongs to; asked only where a workbook has several."""

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox

from app.records.field import label_of
from app.workbook.workbook import VillageName


class VillageChoice(QComboBox):
    """`code` is the village that stands there, chosen or the only one."""

    def __init__(self, villages: Sequence[VillageName]) -> None:
        super().__init__()
        self.setObjectName("village")
        self.setAccessibleName(label_of("village", "name"))
        for one in villages:
            self.addItem(one.name, one.code)
        if len(villages) < 2:
            self.hide()  # showing is left to the dialog: a box without a parent would be a window of its own

    @property
    def code(self) -> str:
        return str(self.currentData())
