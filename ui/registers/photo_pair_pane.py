"""The photographs of a problem before and after it was put right, beside each other below its form."""

from functools import partial
from pathlib import Path

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from app.records.field import field_label
from app.rectifications.problem_photos import COLUMNS, ProblemPictures, Side, add_problem_photo, problem_pictures
from app.registers.rectification import REGISTER
from ui.registers.register_editor import RegisterEditor
from ui.shell.page import AppContext
from ui.shell.role_limits import limit_widget
from ui.widgets.file_choice import open_file_name
from ui.widgets.picture_filter import PICTURE_FILTER
from ui.widgets.picture_panes import LargePicture

_PIXELS = 320  # of the longer side of a picture that is read
_WIDTH, _HEIGHT = 150, 112  # pixels that a picture has at the least
_NONE = "没有照片"


class PhotoPairPane(QWidget):
    """Two pictures, and below each a button that takes another file."""

    def __init__(self, context: AppContext, editor: RegisterEditor) -> None:
        super().__init__()
        self.setObjectName("photo_pair")
        self._context, self._editor = context, editor
        self.pictures: dict[Side, LargePicture] = {}
        self.buttons: dict[Side, QPushButton] = {}
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for n, (side, column) in enumerate(COLUMNS.items()):
            label = field_label(REGISTER.key, column)
            picture = self.pictures[side] = LargePicture(_WIDTH, _HEIGHT)
            picture.setObjectName(f"{side}_picture")
            picture.setAccessibleName(label)
            picture.setProperty("card", True)
            button = self.buttons[side] = QPushButton(f"{label}…")
            button.setObjectName(f"{side}_photo")
            button.clicked.connect(partial(self.choose, side))
            limit_widget(button, context.workbook)
            layout.addWidget(picture, 0, n)
            layout.addWidget(button, 1, n)
        editor.below.addWidget(self)
        editor.record_opened.connect(self.load)

    def choose(self, side: Side) -> None:
        """Ask for the file, and take it in."""
        if self._editor.draft is None or self._editor.draft.new:
            self._context.status_bar.info("请先选一个问题；新建的先填好存下。")
        elif name := open_file_name(self, self.pictures[side].accessibleName(), "", PICTURE_FILTER):
            self.add(side, Path(name))

    def add(self, side: Side, path: Path) -> None:
        """Take this file in as the photograph of a side."""
        if self._editor.draft is not None:
            work = partial(add_problem_photo, self._context.workbook, self._editor.draft.id, path, side)
            self._context.write(work, lambda _: self.load(), message=f"已添加{self.pictures[side].accessibleName()}")

    def load(self) -> None:
        """Show those of the problem in the form."""
        for picture in self.pictures.values():
            picture.setText(_NONE)
        draft = self._editor.draft
        if draft is not None and not draft.new:
            self._context.read(self._show, problem_pictures, draft.id, _PIXELS)

    def _show(self, found: ProblemPictures) -> None:
        draft = self._editor.draft
        if draft is None or draft.id != found.problem_id:
            return
        for picture, jpeg in zip(self.pictures.values(), (found.before, found.after), strict=True):
            pixmap = QPixmap()
            if jpeg and pixmap.loadFromData(jpeg):
                picture.show_picture(pixmap)
            else:
                picture.setText(_NONE)
