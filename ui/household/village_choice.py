"""Which village a new record belongs to; asked only where a workbook has several."""

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox

from app.records.field import field_label
from app.workbook.workbook import VillageInfo


class VillageChoice(QComboBox):
    """`code` is the village that stands there, chosen or the only one."""

    def __init__(self, villages: Sequence[VillageInfo]) -> None:
        super().__init__()
        self.setObjectName("village")
        self.setAccessibleName(field_label("village", "name"))
        for village in villages:
            self.addItem(village.name, village.code)
        if len(villages) < 2:
            self.hide()  # showing is left to the dialog: a box without a parent would be a window of its own

    @property
    def code(self) -> str:
        return str(self.currentData())
