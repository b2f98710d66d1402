"""The files of the exchange on the USB drives that are plugged in, and what each of them is for us."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from app.sync.usb_scan import ScannedFile
from ui.sync.usb_watcher import UsbDrive
from ui.widgets.row_table import Column, Row, RowTable

KIND_LABELS = {"package": "数据包", "card": "名片", "receipt": "回执"}
_COLUMNS = (
    Column("file", "文件", width=34),
    Column("kind", "种类", width=7),
    Column("sender", "谁的", width=20),
    Column("made", "什么时候", width=17),
    Column("changes", "修改", align="right", width=8),
    Column("told", "", width=0),
)
_ROW_EMPHASIS = {"new": "", "refused": "bad", "known": "quiet", "own": "quiet", "others": "quiet"}


class UsbCard(QFrame):
    """Enter opens one file, Ctrl+Enter all that bring something, one after the other.

    Signals:
        open_requested: a tuple of paths, to be opened in this order
        closed: back to the page
    """

    open_requested = Signal(object)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("stickCard")
        self.setProperty("card", True)
        self._files: dict[str, ScannedFile] = {}
        heading = QLabel("U 盘上的文件")
        heading.setProperty("heading", True)
        self.detail_label = QLabel()
        self.detail_label.setObjectName("stickWhy")
        self.detail_label.setTextFormat(Qt.TextFormat.PlainText)
        self.detail_label.setWordWrap(True)
        self.detail_label.setMinimumHeight(2 * self.detail_label.fontMetrics().height())
        self.table = RowTable("stickFiles", "U 盘上的文件")
        self.table.set_columns(_COLUMNS)
        self.table.placeholder = "U 盘上没有数据包和名片。软件看 U 盘里和下一层文件夹里的文件。"
        self.table.row_activated.connect(self._open)
        self.table.current_row_changed.connect(self._show_detail)
        self.open_all_button = self._button("openAll", "依次查看全部（Ctrl+回车）", ("Ctrl+Return", "Ctrl+Enter"))
        self.open_all_button.setProperty("primary", True)
        self.open_all_button.clicked.connect(lambda: self.open_requested.emit(self._new_files()))
        back_button = self._button("leaveStick", "返回（Esc）", ("Esc",))
        back_button.clicked.connect(self.closed)
        buttons = QHBoxLayout()
        buttons.addWidget(self.detail_label, 1)
        buttons.addWidget(back_button)
        buttons.addWidget(self.open_all_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 14)
        layout.addWidget(heading)
        layout.addWidget(self.table, 1)
        layout.addLayout(buttons)

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

    def show_drives(self, drives: tuple[UsbDrive, ...]) -> None:
        """What lies on them now."""
        self._files = {str(file.path): file for drive in drives for file in drive.files}
        self.table.set_rows(_row(path, file) for path, file in self._files.items())
        self.open_all_button.setEnabled(bool(self._new_files()))
        self._show_detail(self.table.current_id())

    def _new_files(self) -> tuple[Path, ...]:
        return tuple(file.path for file in self._files.values() if file.state == "new")

    def _show_detail(self, path: str) -> None:
        file = self._files.get(path)
        self.detail_label.setText("" if file is None else f"{file.path.name}：{file.message}")

    def _open(self, path: str) -> None:
        self.open_requested.emit((Path(path),))


def _row(path: str, file: ScannedFile) -> Row:
    cells = {
        "file": file.path.name,
        "kind": KIND_LABELS[file.kind],
        "sender": file.sender,
        "made": file.made_at[:16],
        "changes": file.changes or None,
        "told": file.message,
    }
    return Row(path, cells, _ROW_EMPHASIS[file.state])
