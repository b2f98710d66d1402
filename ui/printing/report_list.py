"""What is printed: the archive, a pack of papers, or one of the reports, group by group."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox

if TYPE_CHECKING:
    from app.reports.era import Terms

ARCHIVE = "archive"
_ARCHIVE_HEADING, _ARCHIVE_LABEL = "一户一档", "一户一档（全卷）"
_PACK, _PACK_HEADING = "pack:", "成套材料"  # before the name of a pack


class ReportList(QComboBox):
    """Headings that cannot be chosen, and under each what can be printed.

    Signals:
        report_changed: the name of what is chosen now, `ARCHIVE` for the archive
    """

    report_changed = Signal(str)

    def __init__(self) -> None:
        from app.reports.packs import all_packs
        from app.reports.village import all_reports

        super().__init__()
        self.setObjectName("what")
        self.setAccessibleName("印什么")
        self.setMaxVisibleItems(36)
        self._items = QStandardItemModel(self)
        self._add_heading(_ARCHIVE_HEADING)
        self._add_item(ARCHIVE, _ARCHIVE_LABEL)
        self._add_heading(_PACK_HEADING)
        for pack in all_packs():
            self._add_item(f"{_PACK}{pack.name}", pack.title)
        heading = ""
        for report in all_reports():
            if report.group != heading:
                heading = report.group
                self._add_heading(heading)
            self._add_item(report.name, report.title)
        self.setModel(self._items)
        self.select(ARCHIVE)
        self.currentIndexChanged.connect(lambda _: self.report_changed.emit(self.selected()))

    def selected(self) -> str:
        """The name of a report, or `ARCHIVE`."""
        return str(self.currentData(Qt.ItemDataRole.UserRole) or ARCHIVE)

    def selected_pack(self) -> str:
        """The name of the pack that is chosen, "" for anything else."""
        name = self.selected()
        return name.removeprefix(_PACK) if name.startswith(_PACK) else ""

    def select(self, name: str) -> None:
        """Choose by name; nothing happens where there is no such paper."""
        index = max(self.findData(one, Qt.ItemDataRole.UserRole) for one in (name, f"{_PACK}{name}"))
        if index >= 0:
            self.setCurrentIndex(index)

    def rename(self, words: "Terms") -> None:
        """Call each paper as it is called in the village's era."""
        from app.reports.village import all_reports

        for report in all_reports():
            index = self.findData(report.name, Qt.ItemDataRole.UserRole)
            self._name_item(self._items.item(index), report.called(words))

    def _add_heading(self, text: str) -> None:
        item = QStandardItem(text)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        font = item.font()
        font.setBold(True)
        item.setFont(font)
        self._items.appendRow(item)

    def _add_item(self, name: str, text: str) -> None:
        item = QStandardItem()
        item.setData(name, Qt.ItemDataRole.UserRole)
        self._name_item(item, text)
        self._items.appendRow(item)

    def _name_item(self, item: QStandardItem, text: str) -> None:
        item.setText(f"　{text}")
        item.setData(text, Qt.ItemDataRole.AccessibleTextRole)
