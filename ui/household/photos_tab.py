"""照片: the household's pictures, adding some, and what each one shows."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QIcon, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.progress import Progress, Work
from app.records.draft import restore, withdraw
from app.records.field import field
from app.records.household import HouseholdCard, PhotoRow
from app.records.photo import add_photo, photo, thumbnail
from app.workbook.workbook import Workbook
from ui.household.desk import Desk, Tab
from ui.household.editor import Editor

_SIDE = 150
_SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".webp")
_ID = Qt.ItemDataRole.UserRole


class PhotosTab(Tab):
    """A wall of small pictures; Enter shows one large."""

    TITLE = "照片"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._card: HouseholdCard | None = None
        self._icons: dict[str, QIcon] = {}
        self.setAcceptDrops(True)
        self.wall = QListWidget()
        self.wall.setObjectName("photos")
        self.wall.setAccessibleName("照片")
        self.wall.setViewMode(QListView.ViewMode.IconMode)
        self.wall.setIconSize(QSize(_SIDE, _SIDE))
        self.wall.setGridSize(QSize(_SIDE + 24, _SIDE + 48))
        self.wall.setResizeMode(QListView.ResizeMode.Adjust)
        self.wall.setMovement(QListView.Movement.Static)
        self.wall.setWordWrap(True)
        self.wall.currentItemChanged.connect(lambda now, _: self._pointed(now))
        self.wall.itemActivated.connect(lambda one: self._enlarge(one.data(_ID)))
        self.hint = QLabel("还没有照片。按 Alt+A 添加，或把照片文件拖进来。")
        self.hint.setProperty("quiet", True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.editor = Editor(desk, "photo", 1, hint="选一张照片，在这里写说明。")
        self.kind = QComboBox()
        self.kind.setObjectName("new_kind")
        self.kind.setAccessibleName("新照片的类别")
        for option in field("photo", "kind").options:
            self.kind.addItem(option.label, option.value)
        self._add = self.button("add_photo", "添加照片", "Alt+A", self._ask)
        self._take = self.button("withdraw_photo", "撤回", "Alt+D", self._take_away)
        self._lay_out()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        for part in (QLabel("类别"), self.kind, self._add, self._take):
            buttons.addWidget(part)
        buttons.addStretch()
        left = QWidget()
        stacked = QVBoxLayout(left)
        stacked.setContentsMargins(0, 0, 0, 0)
        stacked.addWidget(self.hint, 1)
        stacked.addWidget(self.wall, 1)
        stacked.addLayout(buttons)
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.addWidget(left)
        parts.addWidget(self.editor)
        parts.setSizes([760, 380])
        parts.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.addWidget(parts)

    def show_card(self, card: HouseholdCard) -> None:
        if self._card is None or self._card.id != card.id:
            self._icons.clear()
            self.editor.open("")
        before = self._current()
        self._card = card
        self.wall.blockSignals(True)
        self.wall.clear()
        for row in card.photos:
            one = QListWidgetItem(self._icons.get(row.id, QIcon()), _told(row))
            one.setData(_ID, row.id)
            one.setToolTip(f"{row.caption} {row.taken_at} {row.place}".strip())
            self.wall.addItem(one)
            if row.id == before:
                self.wall.setCurrentItem(one)
        self.wall.blockSignals(False)
        self.hint.setVisible(not card.photos)
        self.wall.setVisible(bool(card.photos))
        if card.photos and self.wall.currentItem() is None:
            self.wall.setCurrentRow(0)
        else:
            self._pointed(self.wall.currentItem())
        missing = [row.id for row in card.photos if row.id not in self._icons]
        if missing:
            self.desk.read(self._drawn, _thumbnails, missing)

    def may_leave(self) -> bool:
        return self.editor.may_leave()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(Path(url.toLocalFile()).suffix.lower() in _SUFFIXES for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.add([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])

    def add(self, files: Sequence[Path]) -> None:
        """Take picture files in, of the kind that is chosen."""
        if self._card is not None and files:
            work = _add_all(self.desk.office.workbook, self._card.id, files, self.kind.currentData())
            self.desk.office.jobs.start(
                work,
                lambda count: self.desk.office.notices.saved(f"已添加 {count} 张照片"),
                title="添加照片" if len(files) > 2 else "",
            )

    def _ask(self) -> None:
        pattern = " ".join(f"*{one}" for one in _SUFFIXES)
        names, _ = QFileDialog.getOpenFileNames(self, "添加照片", "", f"照片 ({pattern})")
        self.add([Path(name) for name in names])

    def _current(self) -> str:
        one = self.wall.currentItem()
        return str(one.data(_ID)) if one else ""

    def _pointed(self, one: QListWidgetItem | None) -> None:
        self._take.setEnabled(one is not None)
        self.editor.open(str(one.data(_ID)) if one else "")

    def _drawn(self, pictures: dict[str, bytes]) -> None:
        for id, jpeg in pictures.items():
            pixmap = QPixmap()
            if jpeg and pixmap.loadFromData(jpeg):
                self._icons[id] = QIcon(pixmap)
        for n in range(self.wall.count()):
            one = self.wall.item(n)
            if one.data(_ID) in pictures:
                one.setIcon(self._icons.get(one.data(_ID), QIcon()))
                if one.data(_ID) not in self._icons:
                    one.setText("照片还没有收到\n请同事再发一次数据包")

    def _enlarge(self, photo_id: str) -> None:
        self.desk.read(self._show_large, photo, photo_id)

    def _show_large(self, jpeg: bytes) -> None:
        pixmap = QPixmap()
        if not jpeg or not pixmap.loadFromData(jpeg):
            self.desk.office.notices.tell("这张照片还没有收到，请同事再发一次数据包。")
            return
        dialog = QDialog(self)
        dialog.setWindowTitle("照片（按 Esc 返回）")
        shown = QLabel()
        room = self.window().size() * 0.9
        shown.setPixmap(
            pixmap.scaled(room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        )
        QVBoxLayout(dialog).addWidget(shown)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _take_away(self) -> None:
        id, book = self._current(), self.desk.office.workbook
        if not id:
            return
        self.editor.open("")
        self.desk.office.jobs.start(
            withdraw(book, "photo", id),
            lambda _: self.desk.office.notices.offer_undo(
                "已撤回这张照片", lambda: self.desk.write(restore(book, "photo", id), said="已恢复")
            ),
        )


def _told(row: PhotoRow) -> str:
    return "\n".join(part for part in (row.caption or row.kind or "未分类", row.taken_at[:10]) if part)


def _thumbnails(session: Any, ids: Sequence[str]) -> dict[str, bytes]:
    return {id: thumbnail(session, id, _SIDE) for id in ids}


def _add_all(workbook: Workbook, household_id: str, files: Sequence[Path], kind: str | None) -> Work[int]:
    """Each is saved by itself: what was taken in before a picture that is refused stays."""
    for done, path in enumerate(files):
        yield Progress(done, len(files), path.name)
        yield from add_photo(workbook, household_id, path, kind)
    return len(files)
