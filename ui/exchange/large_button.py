"""One of the two things that a page is for: a large button that says what it does."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from ui.icons import icon

_ICON = 36


class LargeButton(QPushButton):
    """A drawing, a title, and a line that explains it."""

    def __init__(self, name: str, title: str, drawing: str, hint: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setToolTip(hint)
        self._title, told, drawn = QLabel(), QLabel(hint), QLabel()
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setProperty("title", True)
        told.setProperty("quiet", True)
        drawn.setPixmap(icon(drawing).pixmap(_ICON, _ICON))
        drawn.setFixedSize(_ICON, _ICON)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(told)
        line = QHBoxLayout(self)
        line.setContentsMargins(18, 8, 18, 8)
        line.setSpacing(14)
        line.addWidget(drawn)
        line.addLayout(words, 1)
        for label in (self._title, told, drawn):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setMinimumHeight(72)
        self.say(title)

    def say(self, title: str) -> None:
        """Another title; one that is too long is cut."""
        self.setAccessibleName(title)
        room = max(self.width() - _ICON - 60, 240)
        self._title.setText(QFontMetrics(self._title.font()).elidedText(title, Qt.TextElideMode.ElideRight, room))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 72)
