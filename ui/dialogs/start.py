"""The first window: which workbook, and its passphrase. Loads nothing that is not needed to ask that."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.errors import OfficeError
from app.progress import Progress, Work
from ui.icons import ACCENT, icon
from ui.jobs import Jobs

if TYPE_CHECKING:
    from app.workbook.workbook import Workbook

MOST_RECENT = 8


def recent() -> list[Path]:
    """Workbooks opened lately, newest first, those that are still there."""
    kept = QSettings("hudang", "hudang").value("recent") or []
    paths = [kept] if isinstance(kept, str) else list(kept)
    return [Path(path) for path in paths if Path(path).is_file()]


def remember(path: Path) -> None:
    """Put a workbook first among the recent ones."""
    paths = [str(path.resolve()), *(str(other) for other in recent() if other != path.resolve())]
    QSettings("hudang", "hudang").setValue("recent", paths[:MOST_RECENT])


def _unlocking(path: Path, secret: str) -> "Work[Workbook]":
    yield Progress(0, 0, "正在打开")
    from app.workbook.access import unlock

    return unlock(path, secret)


def _opening_sample(folder: Path) -> "Work[Workbook]":
    yield Progress(0, 0, "正在准备示例村")
    from app import sample
    from app.workbook.access import unlock

    path = folder / "示例村.hdb"
    if path.is_file():
        return unlock(path, sample.PASSPHRASE)
    folder.mkdir(parents=True, exist_ok=True)
    return (yield from sample.make(path, sample.PASSPHRASE))


class StartWindow(QWidget):
    """Open, make, or try the sample village.

    Signals:
        opened: the open workbook
    """

    opened = Signal(object)  # Workbook

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("start")
        self.setWindowTitle("驻村户档")
        self.resize(760, 460)
        self.jobs = Jobs(self._refused)
        self._path: Path | None = None
        whole = QHBoxLayout(self)
        whole.setContentsMargins(36, 32, 36, 32)
        whole.setSpacing(32)
        whole.addLayout(self._recent_side(), 1)
        whole.addWidget(self._unlock_side(), 1)
        self._list_recent()

    def _recent_side(self) -> QVBoxLayout:
        side = QVBoxLayout()
        side.setSpacing(10)
        title = QLabel("驻村户档")
        title.setProperty("title", True)
        side.addWidget(title)
        under = QLabel("一村一册，一户一档。数据加密存在这台电脑上，不联网。")
        under.setProperty("quiet", True)
        under.setWordWrap(True)
        side.addWidget(under)
        side.addSpacing(12)
        label = QLabel("最近的工作簿(&R)")
        side.addWidget(label)
        self._recent = QListWidget()
        self._recent.setObjectName("recent")
        self._recent.setAccessibleName("最近的工作簿")
        self._recent.currentItemChanged.connect(self._pointed)
        self._recent.itemActivated.connect(lambda _: self._secret.setFocus())
        label.setBuddy(self._recent)
        side.addWidget(self._recent, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for name, text, shortcut, run, drawn in (
            ("openFile", "打开…", "Ctrl+O", self._ask_file, "open"),
            ("newWorkbook", "新建…", "Ctrl+N", self._ask_new, "add"),
            ("openSample", "打开示例村", "Ctrl+E", self.open_sample, "today"),
        ):
            buttons.addWidget(self._button(name, text, shortcut, run, drawn))
        side.addLayout(buttons)
        return side

    def _button(self, name: str, text: str, shortcut: str, run: Callable[[], object], drawn: str) -> QPushButton:
        button = QPushButton(icon(drawn), text)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.setShortcut(shortcut)
        button.setToolTip(f"{text}（{shortcut}）")
        button.clicked.connect(lambda: run())
        return button

    def _unlock_side(self) -> QFrame:
        card = QFrame()
        card.setProperty("card", True)
        side = QVBoxLayout(card)
        side.setContentsMargins(24, 24, 24, 24)
        picture = QLabel()
        picture.setPixmap(icon("lock", ACCENT).pixmap(40, 40))
        side.addWidget(picture, 0, Qt.AlignmentFlag.AlignHCenter)
        self._name = QLabel()
        self._name.setObjectName("chosenName")
        self._name.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._name.setWordWrap(True)
        self._name.setProperty("heading", True)
        side.addWidget(self._name)
        label = QLabel("口令或恢复码(&P)")
        side.addWidget(label)
        self._secret = QLineEdit()
        self._secret.setObjectName("passphrase")
        self._secret.setAccessibleName("口令或恢复码")
        self._secret.setEchoMode(QLineEdit.EchoMode.Password)
        self._secret.returnPressed.connect(self.unlock)
        label.setBuddy(self._secret)
        side.addWidget(self._secret)
        self._unlock = QPushButton("打开")
        self._unlock.setObjectName("unlock")
        self._unlock.setAccessibleName("打开工作簿")
        self._unlock.setProperty("primary", True)
        self._unlock.clicked.connect(self.unlock)
        side.addWidget(self._unlock)
        self._said = QLabel()
        self._said.setObjectName("refusal")
        self._said.setWordWrap(True)
        self._said.setProperty("fault", True)
        side.addWidget(self._said)
        side.addStretch()
        return card

    def _list_recent(self) -> None:
        self._recent.clear()
        for path in recent():
            item = QListWidgetItem(path.stem)
            item.setToolTip(str(path))
            item.setData(Qt.ItemDataRole.UserRole, str(path))
            self._recent.addItem(item)
        if self._recent.count():
            self._recent.setCurrentRow(0)
            self._secret.setFocus()
        else:
            self._choose(None)

    def _pointed(self, item: QListWidgetItem | None) -> None:
        self._choose(Path(item.data(Qt.ItemDataRole.UserRole)) if item else None)

    def choose(self, path: Path) -> None:
        """Make this workbook the one to open."""
        if path.is_file():
            remember(path)
            self._list_recent()
        self._choose(path)

    def _choose(self, path: Path | None) -> None:
        self._path = path
        self._name.setText(path.stem if path else "还没有工作簿：请新建一个，或先打开示例村看看。")
        self._secret.setEnabled(path is not None)
        self._unlock.setEnabled(path is not None)
        self._said.clear()

    def unlock(self) -> None:
        """Open the chosen workbook with what was typed."""
        if self._path is not None and self._unlock.isEnabled():
            self._start(_unlocking(self._path, self._secret.text()))

    def open_sample(self) -> None:
        """Open the fictional village, made on first use in this user's own folder."""
        from platformdirs import user_data_path

        self._start(_opening_sample(user_data_path("hudang", appauthor=False)))

    def _start(self, work: "Work[Any]") -> None:
        self._busy(True)
        self._said.setText("")
        self.jobs.start(work, self._opened, lambda progress: self._unlock.setText(f"{progress.doing}…"))

    def _busy(self, on: bool) -> None:
        for widget in (self._unlock, self._secret, self._recent):
            widget.setEnabled(not on)
        if not on:
            self._unlock.setText("打开")

    def _opened(self, workbook: "Workbook") -> None:
        self._secret.clear()
        self._busy(False)
        remember(workbook.path)
        self._list_recent()
        self.opened.emit(workbook)

    def _refused(self, error: OfficeError) -> None:
        self._busy(False)
        self._said.setText(str(error))
        self._secret.selectAll()
        self._secret.setFocus()

    def _ask_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "打开工作簿", "", "驻村户档工作簿 (*.hdb);;所有文件 (*)")
        if name:
            self.choose(Path(name))
            self._secret.setFocus()

    def _ask_new(self) -> None:
        from ui.dialogs.new_workbook import NewWorkbook

        dialog = NewWorkbook(self)
        dialog.made.connect(self._opened)
        dialog.open()
