"""The sheet of shortcuts (F1), made from the actions themselves."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.keys import said

ACROSS = 2


class Shortcuts(QDialog):
    """What can be done by keyboard: everywhere, and on the page that is shown."""

    def __init__(self, window: Iterable[QAction], page: Iterable[QAction], title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("shortcutSheet")
        self.setWindowTitle("快捷键")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 16, 24, 16)
        whole.setSpacing(10)
        for heading, actions in ((f"“{title}”页", page), ("任何时候", window)):
            listed = [action for action in actions if not action.shortcut().isEmpty()]
            if listed:
                name = QLabel(heading)
                name.setProperty("heading", True)
                whole.addWidget(name)
                whole.addLayout(_grid(listed))
        hint = QLabel(
            "表格里：回车打开，Ctrl+C 复制，标题上按右键选列。表单里：Tab 到下一格，离开即保存，Ctrl+Z 撤销。"
        )
        hint.setWordWrap(True)
        hint.setProperty("quiet", True)
        whole.addWidget(hint)
        close = QPushButton("关闭")
        close.setObjectName("close")
        close.clicked.connect(self.accept)
        whole.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)


def _grid(actions: list[QAction]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(18)
    grid.setVerticalSpacing(6)
    for n in range(ACROSS):
        grid.setColumnStretch(2 * n + 1, 1)
    for n, action in enumerate(actions):
        key = QLabel(said(action.shortcut()))
        key.setProperty("chip", True)
        grid.addWidget(key, n // ACROSS, n % ACROSS * 2, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(QLabel(action.text()), n // ACROSS, n % ACROSS * 2 + 1)
    return grid
