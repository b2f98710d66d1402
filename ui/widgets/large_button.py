"""One of the two things that a page is for: a large button that says what it does."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from ui.widgets.icons import icon

_ICON_SIZE = 36


class LargeButton(QPushButton):
    """A drawing, a title, and a line that explains it."""

    def __init__(self, name: str, title: str, icon_name: str, hint: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setToolTip(hint)
        self.setAutoDefault(True)  # Enter presses it, not only the space bar
        self.setProperty("large", True)
        self._title, hint_label, icon_label = QLabel(), QLabel(hint), QLabel()
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setProperty("title", True)
        hint_label.setProperty("quiet", True)
        icon_label.setPixmap(icon(icon_name).pixmap(_ICON_SIZE, _ICON_SIZE))
        icon_label.setFixedSize(_ICON_SIZE, _ICON_SIZE)
        text_column = QVBoxLayout()
        text_column.setSpacing(2)
        text_column.addWidget(self._title)
        text_column.addWidget(hint_label)
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 8, 18, 8)
        row.setSpacing(14)
        row.addWidget(icon_label)
        row.addLayout(text_column, 1)
        for label in (self._title, hint_label, icon_label):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setMinimumHeight(72)
        self.set_title(title)

    def set_title(self, title: str) -> None:
        """Another title; one that is too long is cut."""
        self.setAccessibleName(title)
        available_width = max(self.width() - _ICON_SIZE - 60, 240)
        self._title.setText(
            QFontMetrics(self._title.font()).elidedText(title, Qt.TextElideMode.ElideRight, available_width)
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 72)
