"""照片: the household's pictures, adding some, and what each one shows."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from app.photo_intake.scanning import SUFFIXES
from app.progress import Progress, Task
from app.records.draft import withdraw
from app.records.field import field
from app.records.household import HouseholdDetails
from app.records.photo import add_photo, load_photo, thumbnail
from app.workbook.workbook import Workbook
from ui.household.household_part import HouseholdPart
from ui.household.photo_wall import THUMBNAIL_SIZE, PhotoWall
from ui.shell.page import AppContext
from ui.widgets.dialog import Dialog
from ui.widgets.file_choice import open_file_names
from ui.widgets.list_with_detail import ListWithDetail
from ui.widgets.record_editor import RecordEditor


class PhotosPart(HouseholdPart):
    """A wall of small pictures; Enter shows one large."""

    TITLE = "照片"
    GROUP = "检查与档案"
    ORDER = 110
    KEY = "9"
    TABLE = "photo"
    ADDS: ClassVar[Mapping[str, str]] = {"Alt+A": "照片"}

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._card: HouseholdDetails | None = None
        self.setAcceptDrops(True)
        self.photo_list = PhotoWall()
        self.photo_list.photo_activated.connect(self._open_photo)
        self.hint_label = QLabel("还没有照片。按 Alt+A 添加，或把照片文件拖进来。")
        self.hint_label.setProperty("quiet", True)
        self.hint_label.setWordWrap(True)
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
        wall_panel = QWidget()
        wall_layout = QVBoxLayout(wall_panel)
        wall_layout.setContentsMargins(0, 0, 0, 0)
        wall_layout.addWidget(self.hint_label, 1)
        wall_layout.addWidget(self.photo_list, 1)
        buttons = (QLabel("类别"), self.kind_box, self._add_button, self._withdraw_button)
        self.records = ListWithDetail(self.photo_list, self.editor, (760, 380), buttons=buttons, list_widget=wall_panel)
        self.records.record_opened.connect(lambda photo_id: self._withdraw_button.setEnabled(bool(photo_id)))
        layout = QVBoxLayout(self)
        layout.addWidget(self.records)

    def show_card(self, card: HouseholdDetails) -> None:
        if self._card is None or self._card.id != card.id:
            self.photo_list.forget_thumbnails()
            self.editor.open("")
        self._card = card
        self.photo_list.show_photos(card.photos)
        self.hint_label.setVisible(not card.photos)
        self.photo_list.setVisible(bool(card.photos))
        self.records.sync()
        missing = self.photo_list.missing_thumbnails()
        if missing:
            self.context.read(self.photo_list.show_thumbnails, _thumbnails, missing)

    def focus_field(self, record_id: str, column: str) -> None:
        if self.photo_list.set_current_id(record_id):
            self.editor.focus_field(column)

    def can_leave(self) -> bool:
        return self.editor.can_leave()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(Path(url.toLocalFile()).suffix.lower() in SUFFIXES for url in event.mimeData().urls()):
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
        pattern = " ".join(f"*{suffix}" for suffix in SUFFIXES)
        names = open_file_names(self, "添加照片", "", f"照片 ({pattern})")
        self.add_photos([Path(name) for name in names])

    def _open_photo(self, photo_id: str) -> None:
        self.context.read(self._show_large, load_photo, photo_id)

    def _show_large(self, jpeg: bytes) -> None:
        pixmap = QPixmap()
        if not jpeg or not pixmap.loadFromData(jpeg):
            self.context.status_bar.info("这张照片还没有收到，请同事再发一次数据包。")
            return
        dialog = Dialog(self)
        dialog.setWindowTitle(f"照片（{self._card.called if self._card else ''}），按 Esc 返回")
        photo_label = QLabel()
        max_size = self.window().size() * 0.9
        photo_label.setPixmap(
            pixmap.scaled(max_size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        )
        QVBoxLayout(dialog).addWidget(photo_label)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _withdraw_photo(self) -> None:
        photo_id, workbook = self.photo_list.current_id(), self.context.workbook
        if not photo_id:
            return
        self.editor.open("")
        self.context.write(partial(withdraw, workbook, "photo", photo_id), message="已撤回这张照片")


def _thumbnails(session: Any, ids: Sequence[str]) -> dict[str, bytes]:
    return {photo_id: thumbnail(session, photo_id, THUMBNAIL_SIZE) for photo_id in ids}


def _add_photos(workbook: Workbook, household_id: str, files: Sequence[Path], kind: str | None) -> Task[int]:
    """Each is saved by itself: what was taken in before a picture that is refused stays."""
    for done, path in enumerate(files):
        yield Progress(done, len(files), path.name)
        add_photo(workbook, household_id, path, kind)
    return len(files)
