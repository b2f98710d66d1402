"""What is printed: the archive, or one of the papers, group by group."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox

ARCHIVE = "archive"
_ARCHIVE_GROUP, _ARCHIVE_LABEL = "一户一档", "一户一档（全卷）"


class What(QComboBox):
    """Headings that cannot be chosen, and under each what can be printed.

    Signals:
        asked: the name of what is chosen now, `ARCHIVE` for the archive
    """

    asked = Signal(str)

    def __init__(self) -> None:
        from app.archive.papers import papers

        super().__init__()
        self.setObjectName("what")
        self.setAccessibleName("印什么")
        self.setMaxVisibleItems(36)
        self._lines = QStandardItemModel(self)
        self._heading(_ARCHIVE_GROUP)
        self._line(ARCHIVE, _ARCHIVE_LABEL)
        group = ""
        for one in papers():
            if one.group != group:
                group = one.group
                self._heading(group)
            self._line(one.name, one.title)
        self.setModel(self._lines)
        self.choose(ARCHIVE)
        self.currentIndexChanged.connect(lambda _: self.asked.emit(self.chosen()))

    def chosen(self) -> str:
        """The name of a paper, or `ARCHIVE`."""
        return str(self.currentData(Qt.ItemDataRole.UserRole) or ARCHIVE)

    def choose(self, name: str) -> None:
        """Choose by name; nothing happens where there is no such paper."""
        place = self.findData(name, Qt.ItemDataRole.UserRole)
        if place >= 0:
            self.setCurrentIndex(place)

    def _heading(self, text: str) -> None:
        item = QStandardItem(text)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        font = item.font()
        font.setBold(True)
        item.setFont(font)
        self._lines.appendRow(item)

    def _line(self, name: str, text: str) -> None:
        item = QStandardItem(f"　{text}")
        item.setData(name, Qt.ItemDataRole.UserRole)
        item.setData(text, Qt.ItemDataRole.AccessibleTextRole)
        self._lines.appendRow(item)
