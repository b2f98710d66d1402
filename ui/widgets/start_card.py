"""What stands on a page that begins with files before there are any: how it begins, and the button that does."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout

from ui.shell.shortcut_text import display_text
from ui.widgets.icons import icon

_ICON_SIZE = 56


class StartCard(QFrame):
    """Takes the keyboard, so that the keys of its page work. The button does what an action of the page does."""

    def __init__(self, icon_name: str, title: str, sentences: str, action: QAction | None = None) -> None:
        """`action`: None where the page cannot begin on this machine."""
        super().__init__()
        self.setProperty("card", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(title)
        layout = QVBoxLayout(self)
        layout.setSpacing(14)
        layout.addStretch(2)
        picture, heading = QLabel(), QLabel(title)
        picture.setPixmap(icon(icon_name, "accent").pixmap(_ICON_SIZE, _ICON_SIZE))
        heading.setProperty("title", True)
        for label in (picture, heading):
            layout.addWidget(label, alignment=Qt.AlignmentFlag.AlignHCenter)
        self.sentences = QLabel(sentences)
        self.sentences.setObjectName("hint")
        self.sentences.setProperty("quiet", True)
        self.sentences.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.sentences.setWordWrap(True)
        layout.addWidget(self.sentences)  # as wide as the page, so that it wraps where that is narrow
        if action is not None:
            button = QPushButton(action.text())
            button.setObjectName("bigChoose")
            button.setToolTip(f"{action.text().rstrip('…')}（{display_text(action.shortcut())}）")
            button.setProperty("primary", True)
            button.clicked.connect(action.trigger)
            layout.addWidget(button, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
