"""The files of the exchange on the sticks that are plugged in, and what each of them is for us."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from app.exchange.found import Found
from ui.exchange.sticks import Stick
from ui.tables.row_table import Column, Row, RowTable

KINDS = {"package": "数据包", "card": "名片", "receipt": "回执"}
_COLUMNS = (
    Column("file", "文件", width=34),
    Column("kind", "种类", width=7),
    Column("sender", "谁的", width=20),
    Column("made", "什么时候", width=17),
    Column("changes", "修改", align="right", width=8),
    Column("told", "", width=0),
)
_LOOKS = {"new": "", "refused": "bad", "known": "quiet", "own": "quiet", "others": "quiet"}


class StickCard(QFrame):
    """Enter opens one file, Ctrl+Enter all that bring something, one after the other.

    Signals:
        wanted: a tuple of paths, to be opened in this order
        left: back to the page
    """

    wanted = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("stickCard")
        self.setProperty("card", True)
        self._found: dict[str, Found] = {}
        heading = QLabel("U盘上的文件")
        heading.setProperty("heading", True)
        self.why = QLabel()
        self.why.setObjectName("stickWhy")
        self.why.setTextFormat(Qt.TextFormat.PlainText)
        self.why.setWordWrap(True)
        self.why.setMinimumHeight(2 * self.why.fontMetrics().height())
        self.table = RowTable("stickFiles", "U盘上的文件")
        self.table.set_columns(_COLUMNS)
        self.table.hint = "U盘上没有数据包和名片。软件看U盘里和下一层文件夹里的文件。"
        self.table.opened.connect(self._open)
        self.table.pointed.connect(self._tell)
        self.all = self._button("openAll", "依次查看全部（Ctrl+回车）", ("Ctrl+Return", "Ctrl+Enter"))
        self.all.setProperty("primary", True)
        self.all.clicked.connect(lambda: self.wanted.emit(self._worth()))
        leave = self._button("leaveStick", "返回（Esc）", ("Esc",))
        leave.clicked.connect(self.left)
        buttons = QHBoxLayout()
        buttons.addWidget(self.why, 1)
        buttons.addWidget(leave)
        buttons.addWidget(self.all)
        side = QVBoxLayout(self)
        side.setContentsMargins(16, 8, 16, 14)
        side.addWidget(heading)
        side.addWidget(self.table, 1)
        side.addLayout(buttons)

    def _button(self, name: str, label: str, keys: tuple[str, ...]) -> QPushButton:
        button = QPushButton(label)
        button.setObjectName(name)
        for key in keys:
            action = QAction(label, self)
            action.setShortcut(key)
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(button.click)
            self.addAction(action)
        return button

    def show_sticks(self, sticks: tuple[Stick, ...]) -> None:
        """What lies on them now."""
        self._found = {str(one.path): one for stick in sticks for one in stick.found}
        self.table.set_rows(_row(path, one) for path, one in self._found.items())
        self.all.setEnabled(bool(self._worth()))
        self._tell(self.table.current())

    def _worth(self) -> tuple[Path, ...]:
        return tuple(one.path for one in self._found.values() if one.state == "new")

    def _tell(self, path: str) -> None:
        one = self._found.get(path)
        self.why.setText("" if one is None else f"{one.path.name}：{one.sentence}")

    def _open(self, path: str) -> None:
        self.wanted.emit((Path(path),))


def _row(path: str, one: Found) -> Row:
    cells = {
        "file": one.path.name,
        "kind": KINDS[one.kind],
        "sender": one.sender,
        "made": one.made_at[:16],
        "changes": one.changes or None,
        "told": one.sentence,
    }
    return Row(path, cells, _LOOKS[one.state])
