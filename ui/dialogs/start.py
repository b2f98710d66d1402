"""The first window: which workbook, and its passphrase. Loads nothing that is not needed to ask that."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.errors import OfficeError
from app.progress import Progress, Work
from ui.dialogs.recent import RecentList, remember
from ui.icons import ACCENT, icon
from ui.jobs import Jobs

if TYPE_CHECKING:
    from app.workbook.workbook import Workbook


def _unlocking(path: Path, secret: str) -> "Work[Workbook]":
    yield Progress(0, 0, "正在打开")
    from app.workbook.access import unlock

    workbook = unlock(path, secret)
    _load_pages()
    return workbook


def _load_pages() -> None:
    """The pages and all that stands behind them, while this window still answers."""
    import_module("ui.main_window")
    import_module("ui.pages").pages()


def _restoring(copy: Path, path: Path, secret: str) -> "Work[Workbook]":
    yield Progress(0, 0, "正在恢复")
    from app.workbook import backup
    from app.workbook.access import unlock

    yield from backup.restore(copy, path, secret)
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
        self.resize(820, 500)
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
        under = QLabel("一村一册，一户一档。\n数据加密存在这台电脑上，不联网。")
        under.setProperty("quiet", True)
        under.setWordWrap(True)
        side.addWidget(under)
        side.addSpacing(12)
        label = QLabel("最近的工作簿(&R)")
        side.addWidget(label)
        self._recent = RecentList()
        self._recent.currentItemChanged.connect(lambda *_: self._choose(self._recent.path()))
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
        side.setContentsMargins(28, 32, 28, 16)
        side.setSpacing(10)
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
        restore = self._button("restore", "从备份恢复…", "Ctrl+R", self._ask_backup, "undo")
        restore.setProperty("flat", True)
        side.addWidget(restore, 0, Qt.AlignmentFlag.AlignHCenter)
        return card

    def _list_recent(self) -> None:
        self._recent.show_recent()
        self._choose(self._recent.path())
        if self._path is not None:
            self._secret.setFocus()

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

    def _ask_backup(self) -> None:
        if not self._secret.text():
            self._refused(OfficeError("请先在上面输入口令或恢复码，再选要恢复的备份。"))
            return
        beside = self._path.with_name(f"{self._path.stem}-备份") if self._path else Path()
        name, _ = QFileDialog.getOpenFileName(self, "用哪一份备份恢复", str(beside), "驻村户档工作簿 (*.hdb)")
        target = str(self._path or "")
        if name and not target:
            target, _ = QFileDialog.getSaveFileName(self, "恢复到", Path(name).name, "驻村户档工作簿 (*.hdb)")
        if name and target and self._sure(Path(name), Path(target)):
            self.restore(Path(name), Path(target))

    def _sure(self, copy: Path, path: Path) -> bool:
        kept = "现在的文件会改名留在旁边，不会删除。" if path.exists() else ""
        ask = QMessageBox.question(self, "从备份恢复", f"用“{copy.stem}”恢复“{path.stem}”吗？\n{kept}")
        return ask == QMessageBox.StandardButton.Yes

    def restore(self, copy: Path, path: Path) -> None:
        """Put a backup in the place of a workbook, and open it with what was typed."""
        self._start(_restoring(copy, path, self._secret.text()))

    def closeEvent(self, event: QCloseEvent) -> None:
        self.jobs.close()
        super().closeEvent(event)

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
