"""The sheet of shortcuts (F1), made from the actions themselves."""

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ui.shell.shortcut_text import display_text
from ui.widgets.dialog import Dialog

COLUMNS = 2
_FOOT = 60  # pixels of the button and what is around it
_MOST_OF_SCREEN = 0.85


class ShortcutsDialog(Dialog):
    """What can be done by keyboard: everywhere, and on the page that is shown."""

    def __init__(
        self, window_actions: Iterable[QAction], page_actions: Iterable[QAction], title: str, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("shortcutSheet")
        self.setWindowTitle("快捷键")
        self._content = QWidget()
        layout = QVBoxLayout(self._content)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(10)
        for heading, actions in ((f"“{title}”页", page_actions), ("任何时候", window_actions)):
            with_shortcut = [action for action in actions if not action.shortcut().isEmpty()]
            if with_shortcut:
                name = QLabel(heading)
                name.setProperty("heading", True)
                layout.addWidget(name)
                layout.addLayout(_build_grid(with_shortcut))
        hint = QLabel("表格里：回车打开，Ctrl+C 复制，标题上按右键选列。表单里：Tab 到下一项，离开即保存。")
        hint.setWordWrap(True)
        hint.setProperty("quiet", True)
        layout.addWidget(hint)
        self.area = QScrollArea()
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        close = QPushButton("关闭")
        close.setObjectName("close")
        close.clicked.connect(self.accept)
        sheet = QVBoxLayout(self)
        sheet.setContentsMargins(0, 0, 0, 12)
        sheet.addWidget(self.area, 1)
        self.area.setWidget(self._content)  # in its place: what is large asks for its style only once
        sheet.addWidget(close, 0, Qt.AlignmentFlag.AlignHCenter)
        self.area.setFocus()  # the arrow keys and PgDown roll it

    def sizeHint(self) -> QSize:
        """The whole sheet, as far as the screen has room for it."""
        content = self._content.sizeHint()
        width = content.width() + self.area.verticalScrollBar().sizeHint().width()
        return QSize(
            width, min(content.height() + _FOOT, int(self.screen().availableSize().height() * _MOST_OF_SCREEN))
        )


def _build_grid(actions: list[QAction]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(18)
    grid.setVerticalSpacing(6)
    for n in range(COLUMNS):
        grid.setColumnStretch(2 * n + 1, 1)
    for n, action in enumerate(actions):
        key = QLabel(display_text(action.shortcut()))
        key.setProperty("chip", True)
        grid.addWidget(key, n // COLUMNS, n % COLUMNS * 2, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(QLabel(action.text()), n // COLUMNS, n % COLUMNS * 2 + 1)
    return grid
