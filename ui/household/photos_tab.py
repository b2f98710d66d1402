"""照片: the household's pictures, adding some, and what each one shows."""

from collections.abc import Sequence
from functools import partial
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

from app.progress import Progress, Task
from app.records.draft import withdraw
from app.records.field import field
from app.records.household import HouseholdDetails, PhotoRow
from app.records.photo import add_photo, load_photo, thumbnail
from app.workbook.workbook import Workbook
from ui.household.household_tab import HouseholdTab
from ui.shell.page import AppContext
from ui.widgets.record_editor import RecordEditor

_THUMBNAIL_SIZE = 150
_SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".webp")
_ID_ROLE = Qt.ItemDataRole.UserRole


class PhotosTab(HouseholdTab):
    """A wall of small pictures; Enter shows one large."""

    TITLE = "照片"

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._card: HouseholdDetails | None = None
        self._icons: dict[str, QIcon] = {}
        self.setAcceptDrops(True)
        self.photo_list = QListWidget()
        self.photo_list.setObjectName("photos")
        self.photo_list.setAccessibleName("照片")
        self.photo_list.setViewMode(QListView.ViewMode.IconMode)
        self.photo_list.setIconSize(QSize(_THUMBNAIL_SIZE, _THUMBNAIL_SIZE))
        self.photo_list.setGridSize(QSize(_THUMBNAIL_SIZE + 24, _THUMBNAIL_SIZE + 48))
        self.photo_list.setResizeMode(QListView.ResizeMode.Adjust)
        self.photo_list.setMovement(QListView.Movement.Static)
        self.photo_list.setWordWrap(True)
        self.photo_list.currentItemChanged.connect(lambda current, _: self._on_current_changed(current))
        self.photo_list.itemActivated.connect(lambda item: self._open_photo(item.data(_ID_ROLE)))
        self.hint_label = QLabel("还没有照片。按 Alt+A 添加，或把照片文件拖进来。")
        self.hint_label.setProperty("quiet", True)
        self.hint_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.editor = RecordEditor(context, "photo", 1, hint="选一张照片，在这里写说明。")
        self.kind_box = QComboBox()
        self.kind_box.setObjectName("new_kind")
        self.kind_box.setAccessibleName("新照片的类别")
        for option in field("photo", "kind").options:
            self.kind_box.addItem(option.label, option.value)
        self._add_button = self.add_button("add_photo", "添加照片", "Alt+A", self._choose_files)
        self._withdraw_button = self.add_button("withdraw_photo", "撤回", "Alt+D", self._withdraw_photo)
        self._build_layout()

    def _build_layout(self) -> None:
        buttons = QHBoxLayout()
        for widget in (QLabel("类别"), self.kind_box, self._add_button, self._withdraw_button):
            buttons.addWidget(widget)
        buttons.addStretch()
        list_panel = QWidget()
        left_layout = QVBoxLayout(list_panel)
        left_layout.setContentsMargins(0, 0, 0, 0)
        left_layout.addWidget(self.hint_label, 1)
        left_layout.addWidget(self.photo_list, 1)
        left_layout.addLayout(buttons)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(list_panel)
        splitter.addWidget(self.editor)
        splitter.setSizes([760, 380])
        splitter.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.addWidget(splitter)

    def show_card(self, card: HouseholdDetails) -> None:
        if self._card is None or self._card.id != card.id:
            self._icons.clear()
            self.editor.open("")
        current_id = self._current_id()
        self._card = card
        self.photo_list.blockSignals(True)
        self.photo_list.clear()
        for row in card.photos:
            item = QListWidgetItem(self._icons.get(row.id, QIcon()), _photo_text(row))
            item.setData(_ID_ROLE, row.id)
            item.setToolTip(f"{row.caption} {row.taken_at} {row.place}".strip())
            self.photo_list.addItem(item)
            if row.id == current_id:
                self.photo_list.setCurrentItem(item)
        self.photo_list.blockSignals(False)
        self.hint_label.setVisible(not card.photos)
        self.photo_list.setVisible(bool(card.photos))
        if card.photos and self.photo_list.currentItem() is None:
            self.photo_list.setCurrentRow(0)
        else:
            self._on_current_changed(self.photo_list.currentItem())
        missing = [row.id for row in card.photos if row.id not in self._icons]
        if missing:
            self.context.read(self._show_thumbnails, _thumbnails, missing)

    def can_leave(self) -> bool:
        return self.editor.can_leave()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(Path(url.toLocalFile()).suffix.lower() in _SUFFIXES for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.add_photos([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])

    def add_photos(self, files: Sequence[Path]) -> None:
        """Take picture files in, of the kind that is chosen."""
        if self._card is not None and files:
            task = _add_photos(self.context.workbook, self._card.id, files, self.kind_box.currentData())
            self.context.tasks.start(
                task,
                lambda count: self.context.status_bar.saved(f"已添加 {count} 张照片"),
                title="添加照片" if len(files) > 2 else "",
            )

    def _choose_files(self) -> None:
        pattern = " ".join(f"*{suffix}" for suffix in _SUFFIXES)
        names, _ = QFileDialog.getOpenFileNames(self, "添加照片", "", f"照片 ({pattern})")
        self.add_photos([Path(name) for name in names])

    def _current_id(self) -> str:
        item = self.photo_list.currentItem()
        return str(item.data(_ID_ROLE)) if item else ""

    def _on_current_changed(self, item: QListWidgetItem | None) -> None:
        self._withdraw_button.setEnabled(item is not None)
        self.editor.open(str(item.data(_ID_ROLE)) if item else "")

    def _show_thumbnails(self, thumbnails: dict[str, bytes]) -> None:
        for photo_id, jpeg in thumbnails.items():
            pixmap = QPixmap()
            if jpeg and pixmap.loadFromData(jpeg):
                self._icons[photo_id] = QIcon(pixmap)
        for n in range(self.photo_list.count()):
            item = self.photo_list.item(n)
            if item.data(_ID_ROLE) in thumbnails:
                item.setIcon(self._icons.get(item.data(_ID_ROLE), QIcon()))
                if item.data(_ID_ROLE) not in self._icons:
                    item.setText("照片还没有收到\n请同事再发一次数据包")

    def _open_photo(self, photo_id: str) -> None:
        self.context.read(self._show_large, load_photo, photo_id)

    def _show_large(self, jpeg: bytes) -> None:
        pixmap = QPixmap()
        if not jpeg or not pixmap.loadFromData(jpeg):
            self.context.status_bar.info("这张照片还没有收到，请同事再发一次数据包。")
            return
        dialog = QDialog(self)
        dialog.setWindowTitle("照片（按 Esc 返回）")
        photo_label = QLabel()
        max_size = self.window().size() * 0.9
        photo_label.setPixmap(
            pixmap.scaled(max_size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        )
        QVBoxLayout(dialog).addWidget(photo_label)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _withdraw_photo(self) -> None:
        photo_id, workbook = self._current_id(), self.context.workbook
        if not photo_id:
            return
        self.editor.open("")
        self.context.write(partial(withdraw, workbook, "photo", photo_id), message="已撤回这张照片")


def _photo_text(row: PhotoRow) -> str:
    return "\n".join(part for part in (row.caption or row.kind or "未分类", row.taken_at[:10]) if part)


def _thumbnails(session: Any, ids: Sequence[str]) -> dict[str, bytes]:
    return {photo_id: thumbnail(session, photo_id, _THUMBNAIL_SIZE) for photo_id in ids}


def _add_photos(workbook: Workbook, household_id: str, files: Sequence[Path], kind: str | None) -> Task[int]:
    """Each is saved by itself: what was taken in before a picture that is refused stays."""
    for done, path in enumerate(files):
        yield Progress(done, len(files), path.name)
        add_photo(workbook, household_id, path, kind)
    return len(files)
