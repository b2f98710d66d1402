"""Workbooks opened lately: remembered per user, shown with their folder and when they were last written."""

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSettings, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.desktop.sample_file import is_sample
from ui.shell.theme import tokens

MAX_RECENT = 8
_PATH_ROLE, _SUBTITLE_ROLE = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


def recent_paths() -> list[Path]:
    """Workbooks opened lately, newest first, those that are still there; never the sample village, which has a button
    of its own and no passphrase to ask for."""
    stored = QSettings("hudang", "hudang").value("recent") or []
    paths = [stored] if isinstance(stored, str) else list(stored)
    return [Path(path) for path in paths if Path(path).is_file() and not is_sample(Path(path))]


def add_recent(path: Path) -> None:
    """Put a workbook first among the recent ones."""
    if is_sample(path):
        return
    paths = [str(path.resolve()), *(str(other) for other in recent_paths() if other != path.resolve())]
    QSettings("hudang", "hudang").setValue("recent", paths[:MAX_RECENT])


class RecentList(QListWidget):
    """The recent workbooks, two lines each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recent")
        self.setAccessibleName("最近的工作簿")
        self.setItemDelegate(_TwoLineDelegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def reload(self) -> None:
        """Read the list anew and point at its first."""
        self.clear()
        for path in recent_paths():
            item = QListWidgetItem(path.stem)
            item.setToolTip(str(path))
            item.setData(_PATH_ROLE, str(path))
            modified = datetime.fromtimestamp(path.stat().st_mtime)
            item.setData(_SUBTITLE_ROLE, f"{modified:%Y-%m-%d %H:%M}　{path.parent}")
            self.addItem(item)
        if self.count():
            self.setCurrentRow(0)

    def current_path(self) -> Path | None:
        """The workbook that is pointed at."""
        item = self.currentItem()
        return Path(item.data(_PATH_ROLE)) if item is not None else None


class _TwoLineDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, 54)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        text_rect: QRect = option.rect.adjusted(10, 7, -10, -7)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens().selection))
            painter.drawRoundedRect(option.rect.adjusted(2, 1, -2, -1), 5, 5)
        title_font, subtitle_font = QFont(option.font), QFont(option.font)
        title_font.setBold(True)
        subtitle_font.setPixelSize(12)
        painter.setFont(title_font)
        painter.setPen(QColor(tokens().ink))
        painter.drawText(text_rect, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), str(index.data()))
        painter.setFont(subtitle_font)
        painter.setPen(QColor(tokens().ink if selected else tokens().quiet))
        subtitle = QFontMetrics(subtitle_font).elidedText(
            str(index.data(_SUBTITLE_ROLE)), Qt.TextElideMode.ElideMiddle, text_rect.width()
        )
        painter.drawText(text_rect, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom), subtitle)
        painter.restore()
