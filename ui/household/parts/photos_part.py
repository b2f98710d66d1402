"""照片: the household's pictures and attachments, adding some, and what each one shows."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from app.records.attachment_owner import AttachmentOwner
from app.records.draft import withdraw_all
from app.records.field import field
from app.records.household import HouseholdDetails
from app.records.photo_pair import toggle_pair
from ui.household.household_part import HouseholdPart
from ui.household.page_viewer import PageViewer
from ui.household.paper_reader import PaperReader
from ui.household.photo_tasks import PAPERS, TAKEN, add_files, is_pdf, thumbnails
from ui.household.photo_wall import PhotoWall
from ui.shell.page import AppContext
from ui.widgets.file_choice import open_file_names
from ui.widgets.list_with_detail import ListWithDetail
from ui.widgets.picture_filter import PICTURE_FILTER
from ui.widgets.record_editor import RecordEditor


class PhotosPart(HouseholdPart):
    """A wall of small pictures; Enter shows one large."""

    TITLE = "照片"
    GROUP = "检查与档案"
    ORDER = 110
    KEY = "9"
    TABLE = "photo"
    ADDS: ClassVar[Mapping[str, str]] = {"Alt+A": "照片", "Alt+L": "附件"}

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._card: HouseholdDetails | None = None
        self._reader = PaperReader(context, self)
        self.setAcceptDrops(True)
        self.photo_list = PhotoWall()
        self.photo_list.photo_activated.connect(self._open_photo)
        self.hint_label = QLabel("还没有照片和附件。按 Alt+A 添加照片，按 Alt+L 添加 PDF 或扫描件，或把文件拖进来。")
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
        self._attach_button = self.add_button("add_attachment", "添加附件", "Alt+L", self._choose_papers)
        self._pair_button = self.add_button("pair_photos", "配成整治前后", "Alt+B", self._toggle_pair)
        self._print_button = self.add_button("print_attachment", "打印附件", "Alt+Y", self._print)
        self._withdraw_button = self.add_button("withdraw_photo", "撤回", "Alt+D", self._withdraw_photo)
        self._build_layout()

    def _build_layout(self) -> None:
        wall_panel = QWidget()
        wall_layout = QVBoxLayout(wall_panel)
        wall_layout.setContentsMargins(0, 0, 0, 0)
        wall_layout.addWidget(self.hint_label, 1)
        wall_layout.addWidget(self.photo_list, 1)
        buttons = (
            QLabel("类别"), self.kind_box, self._add_button, self._attach_button, self._pair_button, self._print_button,
            self._withdraw_button,
        )  # fmt: skip
        self.records = ListWithDetail(
            self.photo_list, self.editor, (760, 380), buttons=buttons, list_widget=wall_panel, parent=self
        )
        self.records.record_opened.connect(self._on_opened)
        self.photo_list.itemSelectionChanged.connect(self._enable)
        self._enable()
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
            self.context.read(self.photo_list.show_thumbnails, thumbnails, missing)
        self._enable()

    def focus_field(self, record_id: str, column: str) -> None:
        if self.photo_list.set_current_id(record_id):
            self.editor.focus_field(column)

    def can_leave(self) -> bool:
        return self.editor.can_leave()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(Path(url.toLocalFile()).suffix.lower() in TAKEN for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.add_photos([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])

    def add_photos(self, files: Sequence[Path], *, attach: bool = False) -> None:
        """Take picture files in, of the kind that is chosen; PDFs, and with `attach` all of them, as attachments."""
        if self._card is not None and files:
            owner = AttachmentOwner.household(self._card.id)
            task = add_files(self.context.workbook, owner, files, self.kind_box.currentData(), attach)
            is_long = len(files) > 2 or any(is_pdf(path) for path in files)
            title = ("添加附件" if attach else "添加照片") if is_long else ""
            self.context.tasks.start(task, self.context.status_bar.saved, title=title)

    def _choose_files(self) -> None:
        names = open_file_names(self, "添加照片", "", PICTURE_FILTER)
        self.add_photos([Path(name) for name in names])

    def _choose_papers(self) -> None:
        names = open_file_names(self, "添加附件", "", f"PDF 和扫描件 ({PAPERS})")
        self.add_photos([Path(name) for name in names], attach=True)

    @property
    def viewer(self) -> PageViewer | None:
        """The dialog with the large picture, while it is open."""
        return self._reader.viewer

    def _open_photo(self, photo_id: str) -> None:
        row = next((row for row in self._card.photos if row.id == photo_id), None) if self._card else None
        title = (row.caption or row.kind or "照片") if row else "照片"
        self._reader.open(photo_id, title, is_scan=bool(row and row.pages))

    def _print(self) -> None:
        self._reader.print(self.photo_list.current_id())

    def _toggle_pair(self) -> None:
        work = partial(toggle_pair, self.context.workbook, self.photo_list.chosen_ids())
        self.context.tasks.start(work, self.context.status_bar.saved)

    def _withdraw_photo(self) -> None:
        """All that are selected, as one operation; where none is, the current one."""
        chosen = self.photo_list.chosen_ids() or [self.photo_list.current_id()]
        if any(chosen):
            self.editor.open("")
            work = partial(withdraw_all, self.context.workbook, "photo", chosen)
            self.context.tasks.start(work, self.context.status_bar.saved)

    def _on_opened(self, photo_id: str) -> None:
        self._withdraw_button.setEnabled(bool(photo_id))
        self._enable()

    def _enable(self) -> None:
        """A pair is two photographs; what is printed by itself is a scan."""
        scans = {row.id for row in self._card.photos if row.pages} if self._card else set()
        chosen = self.photo_list.chosen_ids()
        self._pair_button.setEnabled(len(chosen) == 2 and scans.isdisjoint(chosen))
        self._print_button.setEnabled(self.photo_list.current_id() in scans)
