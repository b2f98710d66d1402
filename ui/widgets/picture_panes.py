"""What pages of pictures from a folder share: the small pictures, the current one large, and what stands there before
any was read."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QBrush, QColor, QIcon, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.photo_intake.scanning import THUMBNAIL_SIDE
from ui.widgets.current_stack import CurrentStack
from ui.widgets.start_card import StartCard

_ICON_SIZE = QSize(THUMBNAIL_SIDE * 2 // 3, THUMBNAIL_SIDE // 2)


class _PictureItem(QListWidgetItem):
    """A line whose picture is decoded when it is first seen: a folder has hundreds, a window shows eight."""

    def __init__(self, jpeg: bytes) -> None:
        super().__init__()
        self._jpeg, self._icon = jpeg, QIcon()
        self.setSizeHint(QSize(0, _ICON_SIZE.height() + 8))

    def data(self, role: int) -> Any:
        return self._decoded() if role == Qt.ItemDataRole.DecorationRole else super().data(role)

    def _decoded(self) -> QIcon:
        pixmap = QPixmap()
        if self._jpeg and pixmap.loadFromData(self._jpeg):
            self._icon.addPixmap(pixmap)
            self._icon.addPixmap(pixmap, QIcon.Mode.Selected)  # its own colours, whatever is selected
        self._jpeg = b""
        return self._icon


class ThumbnailList(QListWidget):
    """Pictures of a folder, small, each with what there is to say about it. Arrows move from one to the next."""

    def __init__(self, name: str, label: str, mode: QAbstractItemView.SelectionMode) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setIconSize(_ICON_SIZE)
        self.setSelectionMode(mode)
        self.setUniformItemSizes(True)
        self.setSpacing(2)
        self.setWordWrap(True)

    def show_pictures(self, thumbnails: Sequence[bytes], tell: Callable[[int], None], current: int = 0) -> None:
        """Other pictures.

        Args:
            thumbnails: as JPEG
            tell: says what there is to say about the line of this number
            current: the line that becomes current
        """
        self.blockSignals(True)
        self.clear()
        for thumbnail in thumbnails:
            self.addItem(_PictureItem(thumbnail))
        self.blockSignals(False)
        for n in range(len(thumbnails)):
            tell(n)
        if thumbnails:
            self.setCurrentRow(current)

    def tell_line(self, n: int, lines: Iterable[str], color: str) -> None:
        """What stands beside a picture, empty lines left out."""
        item = self.item(n)
        item.setText("\n".join(line for line in lines if line))
        item.setForeground(QBrush(QColor(color)))

    def focus(self) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)


class LargePicture(QLabel):
    """One picture, as large as there is room for it."""

    def __init__(self, width: int, height: int) -> None:
        """`width`, `height`: pixels that it has at the least."""
        super().__init__()
        self.setObjectName("preview")
        self.setAccessibleName("大图")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setMinimumSize(width, height)

    def show_picture(self, picture: QPixmap) -> None:
        mode = Qt.TransformationMode.SmoothTransformation
        self.setPixmap(picture.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio, mode))


class PicturesBeside(CurrentStack):
    """While there is nothing the card that says how it begins, else the pictures and, right of them, what is told of
    the current one.

    Attributes:
        right: where the page puts that
    """

    def __init__(self, start: StartCard, pictures: ThumbnailList, widths: tuple[int, int]) -> None:
        """`widths`: pixels of both sides at first."""
        super().__init__()
        self._start, self._pictures = start, pictures
        left, beside = QWidget(), QWidget()
        left_layout = QVBoxLayout(left)
        left_layout.setContentsMargins(0, 0, 8, 0)
        left_layout.addWidget(pictures, 1)
        self.right = QVBoxLayout(beside)
        self.right.setContentsMargins(8, 0, 0, 0)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(beside)
        splitter.setSizes(list(widths))
        self.addWidget(start)
        self.addWidget(splitter)

    def show_pictures(self, there_are_any: bool) -> None:
        self.setCurrentIndex(int(there_are_any))

    def focus(self) -> None:
        """The pictures; the card in their place where there are none, so that the keys of the page work."""
        if self.currentIndex():
            self._pictures.focus()
        else:
            self._start.setFocus(Qt.FocusReason.OtherFocusReason)
