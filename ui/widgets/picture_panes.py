"""What pages of pictures from a folder share: the current picture large, and what stands there before any was read."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel


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


class EmptyHint(QLabel):
    """Stands in the place of a list that has nothing yet, and takes the keyboard, so that the keys of its page work."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setObjectName("hint")
        self.setProperty("quiet", True)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
