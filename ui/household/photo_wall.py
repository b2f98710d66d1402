"""A wall of small pictures with a line or two of text below each."""

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem

from app.records.household import PhotoRow

THUMBNAIL_SIZE = 150  # pixels of the longer side
_ID_ROLE = Qt.ItemDataRole.UserRole


class PhotoWall(QListWidget):
    """Photographs, one of them current.

    Signals:
        current_row_changed: id of the current photograph, "" for none
        photo_activated: id of the one to be shown large
    """

    current_row_changed = Signal(str)
    photo_activated = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("photos")
        self.setAccessibleName("照片")
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setIconSize(QSize(THUMBNAIL_SIZE, THUMBNAIL_SIZE))
        self.setGridSize(QSize(THUMBNAIL_SIZE + 24, THUMBNAIL_SIZE + 60))
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setWordWrap(True)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self._icons: dict[str, QIcon] = {}
        self.currentItemChanged.connect(lambda *_: self.current_row_changed.emit(self.current_id()))
        self.itemActivated.connect(lambda item: self.photo_activated.emit(item.data(_ID_ROLE)))

    def current_id(self) -> str:
        """Id of the current photograph, "" for none."""
        item = self.currentItem()
        return str(item.data(_ID_ROLE)) if item else ""

    def chosen_ids(self) -> list[str]:
        """Ids of the photographs that are selected, in the order of the wall."""
        return [str(item.data(_ID_ROLE)) for item in self._items() if item.isSelected()]

    def set_current_id(self, photo_id: str) -> bool:
        """Make a photograph current; False if it is not on the wall."""
        item = next((item for item in self._items() if item.data(_ID_ROLE) == photo_id), None)
        if item is not None:
            self.setCurrentItem(item)
        return item is not None

    def show_photos(self, rows: Sequence[PhotoRow]) -> None:
        """Hang these; the current one stays current if it is still among them, else the first becomes it."""
        current_id = self.current_id()
        self.blockSignals(True)
        self.clear()
        paired = {row.before_id for row in rows if row.before_id}
        for row in rows:
            item = QListWidgetItem(self._icons.get(row.id, QIcon()), _photo_text(row, paired))
            item.setData(_ID_ROLE, row.id)
            item.setSizeHint(QSize(THUMBNAIL_SIZE + 16, THUMBNAIL_SIZE + 56))  # two lines, however narrow the picture
            item.setToolTip(f"{row.caption} {row.taken_at} {row.place}".strip())
            self.addItem(item)
        if rows and not self.set_current_id(current_id):
            self.setCurrentRow(0)
        self.blockSignals(False)

    def forget_thumbnails(self) -> None:
        """Another household's pictures are not needed any more."""
        self._icons.clear()

    def missing_thumbnails(self) -> list[str]:
        """Ids of photographs whose small picture is not here yet."""
        return [str(item.data(_ID_ROLE)) for item in self._items() if item.data(_ID_ROLE) not in self._icons]

    def show_thumbnails(self, thumbnails: Mapping[str, bytes]) -> None:
        """Small pictures as JPEG by id; empty ones are said to be missing."""
        for photo_id, jpeg in thumbnails.items():
            pixmap = QPixmap()
            if jpeg and pixmap.loadFromData(jpeg):
                self._icons[photo_id] = QIcon(pixmap)
        for item in self._items():
            if item.data(_ID_ROLE) in thumbnails:
                item.setIcon(self._icons.get(item.data(_ID_ROLE), QIcon()))
                if item.data(_ID_ROLE) not in self._icons:
                    item.setText("照片还没有收到\n请同事再发一次数据包")

    def _items(self) -> list[QListWidgetItem]:
        return [self.item(n) for n in range(self.count())]


def _photo_text(row: PhotoRow, paired: Collection[str]) -> str:
    """What it is; of a scan how many pages, of a pair which side, else the day; or that no paper has it, and why."""
    side = "整治后，成对" if row.before_id else "整治前，成对" if row.id in paired else ""
    more = f"附件，{row.pages} 页" if row.pages else "　".join(text for text in (row.taken_at[:10], side) if text)
    more = more if row.with_its_owner else "所属记录已撤回，不印"
    return "\n".join(text for text in (row.caption or row.kind or "未分类", more) if text)
