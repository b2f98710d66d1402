"""Workbooks opened lately: remembered per user, shown with their folder and when they were last written."""

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSettings, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.style import ACCENT, QUIET

MOST_RECENT = 8
_PATH, _UNDER = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


def recent() -> list[Path]:
    """Workbooks opened lately, newest first, those that are still there."""
    kept = QSettings("hudang", "hudang").value("recent") or []
    paths = [kept] if isinstance(kept, str) else list(kept)
    return [Path(path) for path in paths if Path(path).is_file()]


def remember(path: Path) -> None:
    """Put a workbook first among the recent ones."""
    paths = [str(path.resolve()), *(str(other) for other in recent() if other != path.resolve())]
    QSettings("hudang", "hudang").setValue("recent", paths[:MOST_RECENT])


class RecentList(QListWidget):
    """The recent workbooks, two lines each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recent")
        self.setAccessibleName("最近的工作簿")
        self.setItemDelegate(_TwoLines(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_recent(self) -> None:
        """Read the list anew and point at its first."""
        self.clear()
        for path in recent():
            item = QListWidgetItem(path.stem)
            item.setToolTip(str(path))
            item.setData(_PATH, str(path))
            written = datetime.fromtimestamp(path.stat().st_mtime)
            item.setData(_UNDER, f"{written:%Y-%m-%d %H:%M}　{path.parent}")
            self.addItem(item)
        if self.count():
            self.setCurrentRow(0)

    def path(self) -> Path | None:
        """The workbook that is pointed at."""
        item = self.currentItem()
        return Path(item.data(_PATH)) if item is not None else None


class _TwoLines(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, 54)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        inside: QRect = option.rect.adjusted(10, 7, -10, -7)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor("#D9EBE2"))
            painter.drawRoundedRect(option.rect.adjusted(2, 1, -2, -1), 5, 5)
        name, under = QFont(option.font), QFont(option.font)
        name.setBold(True)
        under.setPixelSize(12)
        painter.setFont(name)
        painter.setPen(QColor(ACCENT))
        painter.drawText(inside, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), str(index.data()))
        painter.setFont(under)
        painter.setPen(QColor(QUIET))
        line = QFontMetrics(under).elidedText(str(index.data(_UNDER)), Qt.TextElideMode.ElideMiddle, inside.width())
        painter.drawText(inside, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom), line)
        painter.restore()
