"""The sheet of shortcuts (F1), made from the actions themselves."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.shell.shortcut_text import display_text

COLUMNS = 2


class ShortcutsDialog(QDialog):
    """What can be done by keyboard: everywhere, and on the page that is shown."""

    def __init__(
        self, window_actions: Iterable[QAction], page_actions: Iterable[QAction], title: str, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("shortcutSheet")
        self.setWindowTitle("快捷键")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(10)
        for heading, actions in ((f"“{title}”页", page_actions), ("任何时候", window_actions)):
            with_shortcut = [action for action in actions if not action.shortcut().isEmpty()]
            if with_shortcut:
                name = QLabel(heading)
                name.setProperty("heading", True)
                layout.addWidget(name)
                layout.addLayout(_build_grid(with_shortcut))
        hint = QLabel("表格里：回车打开，Ctrl+C 复制，标题上按右键选列。表单里：Tab 到下一格，离开即保存。")
        hint.setWordWrap(True)
        hint.setProperty("quiet", True)
        layout.addWidget(hint)
        close = QPushButton("关闭")
        close.setObjectName("close")
        close.clicked.connect(self.accept)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)


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
