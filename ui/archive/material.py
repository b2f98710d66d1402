"""Which parts of an archive are printed: the table of contents, to tick."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from app.archive.catalogue import Part

_ON_REQUEST = Qt.ItemDataRole.UserRole + 1


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
            item.setData(_ON_REQUEST, part.on_request)
            item.setCheckState(Qt.CheckState.Unchecked if part.on_request else Qt.CheckState.Checked)
            self.parts.addItem(item)
        self.parts.blockSignals(False)

    def sections(self) -> list[str] | None:
        """Names of the parts that are ticked, None for all that come without being asked for."""
        asked = [item for item in self._items() if item.checkState() == Qt.CheckState.Checked]
        plain = self._whole() and not any(item.data(_ON_REQUEST) for item in asked)
        return None if plain else [str(item.data(Qt.ItemDataRole.UserRole)) for item in asked]

    def _items(self) -> list[QListWidgetItem]:
        return [self.parts.item(n) for n in range(self.parts.count())]

    def _whole(self) -> bool:
        """Whether all is ticked but what is only printed on request."""
        return all(item.data(_ON_REQUEST) or item.checkState() == Qt.CheckState.Checked for item in self._items())

    def _every_toggled(self, on: bool) -> None:
        self.parts.blockSignals(True)
        for item in self._items():
            ticked = on and not item.data(_ON_REQUEST)
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        self.parts.blockSignals(False)
        self.changed.emit()

    def _one_toggled(self) -> None:
        self.every.blockSignals(True)
        self.every.setChecked(self._whole())
        self.every.blockSignals(False)
        self.changed.emit()
