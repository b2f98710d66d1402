"""Which parts of an archive are printed: the table of contents, to tick."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from app.reports.catalogue import Part
    from app.reports.era import Terms

_ON_REQUEST_ROLE = Qt.ItemDataRole.UserRole + 1


class SectionList(QWidget):
    """All parts, or ticked ones."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.all_box = QCheckBox("全部材料")
        self.all_box.setObjectName("every")
        self.all_box.setChecked(True)
        self._wanted: frozenset[str] | None = None  # what is to be ticked once the parts are known
        self.list_widget = QListWidget()
        self.list_widget.setObjectName("parts")
        self.list_widget.setAccessibleName("要打印的材料")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.all_box)
        layout.addWidget(self.list_widget, 1)
        self.all_box.toggled.connect(self._on_all_toggled)
        self.list_widget.itemChanged.connect(lambda _: self._on_item_toggled())

    def show_sections(self, sections: "Sequence[Part]", words: "Terms") -> None:
        """The table of contents in the words of an era; what was ticked before is kept."""
        self.list_widget.blockSignals(True)
        titles = {section.name: f"{section.code}　{section.called(words)}".strip() for section in sections}
        for item in self._items():
            item.setText(titles[item.data(Qt.ItemDataRole.UserRole)])
        for section in sections if not self.list_widget.count() else ():
            item = QListWidgetItem(titles[section.name])
            item.setData(Qt.ItemDataRole.UserRole, section.name)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setData(_ON_REQUEST_ROLE, section.on_request)
            item.setCheckState(Qt.CheckState.Unchecked if section.on_request else Qt.CheckState.Checked)
            self.list_widget.addItem(item)
        self.list_widget.blockSignals(False)
        self._tick_wanted()

    def choose(self, names: Collection[str]) -> None:
        """Tick just these, once the parts are known; all that come without being asked for where none is named."""
        self._wanted = frozenset(names)
        if self.list_widget.count():
            self._tick_wanted()

    def _tick_wanted(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is None:
            return
        self.list_widget.blockSignals(True)
        for item in self._items():
            is_wanted = item.data(Qt.ItemDataRole.UserRole) in wanted if wanted else not item.data(_ON_REQUEST_ROLE)
            item.setCheckState(Qt.CheckState.Checked if is_wanted else Qt.CheckState.Unchecked)
        self.list_widget.blockSignals(False)
        self._on_item_toggled()

    def selected_sections(self) -> list[str] | None:
        """Names of the parts that are ticked, None for all that come without being asked for."""
        checked = [item for item in self._items() if item.checkState() == Qt.CheckState.Checked]
        is_default = self._is_default() and not any(item.data(_ON_REQUEST_ROLE) for item in checked)
        return None if is_default else [str(item.data(Qt.ItemDataRole.UserRole)) for item in checked]

    def _items(self) -> list[QListWidgetItem]:
        return [self.list_widget.item(n) for n in range(self.list_widget.count())]

    def _is_default(self) -> bool:
        """Whether all is ticked but what is only printed on request."""
        return all(item.data(_ON_REQUEST_ROLE) or item.checkState() == Qt.CheckState.Checked for item in self._items())

    def _on_all_toggled(self, checked: bool) -> None:
        self.list_widget.blockSignals(True)
        for item in self._items():
            item_checked = checked and not item.data(_ON_REQUEST_ROLE)
            item.setCheckState(Qt.CheckState.Checked if item_checked else Qt.CheckState.Unchecked)
        self.list_widget.blockSignals(False)
        self.changed.emit()

    def _on_item_toggled(self) -> None:
        self.all_box.blockSignals(True)
        self.all_box.setChecked(self._is_default())
        self.all_box.blockSignals(False)
        self.changed.emit()
