"""Which parts of an archive are printed: the table of contents, to tick."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from app.archive.catalogue import Part


class Material(QWidget):
    """All parts, or ticked ones."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.every = QCheckBox("全部材料")
        self.every.setObjectName("every")
        self.every.setChecked(True)
        self.parts = QListWidget()
        self.parts.setObjectName("parts")
        self.parts.setAccessibleName("要打印的材料")
        side = QVBoxLayout(self)
        side.setContentsMargins(0, 0, 0, 0)
        side.addWidget(self.every)
        side.addWidget(self.parts, 1)
        self.every.toggled.connect(self._every_toggled)
        self.parts.itemChanged.connect(lambda _: self._one_toggled())

    def show_parts(self, parts: "Sequence[Part]") -> None:
        """The table of contents; what was ticked before is kept."""
        if self.parts.count():
            return
        self.parts.blockSignals(True)
        for part in parts:
            item = QListWidgetItem(f"{part.code}　{part.title}" if part.code else part.title)
            item.setData(Qt.ItemDataRole.UserRole, part.name)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
            self.parts.addItem(item)
        self.parts.blockSignals(False)

    def sections(self) -> list[str] | None:
        """Names of the parts that are ticked, None for all of them."""
        items = [self.parts.item(n) for n in range(self.parts.count())]
        ticked = [
            str(item.data(Qt.ItemDataRole.UserRole)) for item in items if item.checkState() == Qt.CheckState.Checked
        ]
        return None if len(ticked) == len(items) else ticked

    def _every_toggled(self, on: bool) -> None:
        self.parts.blockSignals(True)
        for n in range(self.parts.count()):
            self.parts.item(n).setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        self.parts.blockSignals(False)
        self.changed.emit()

    def _one_toggled(self) -> None:
        self.every.blockSignals(True)
        self.every.setChecked(self.sections() is None)
        self.every.blockSignals(False)
        self.changed.emit()
