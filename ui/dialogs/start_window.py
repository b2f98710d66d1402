"""The first window: which workbook, and its passphrase. Loads nothing that is not needed to ask that."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.errors import LocalCopyNeeded, UserError
from app.progress import Progress, Task
from ui.dialogs.recent_workbooks import RecentList, add_recent
from ui.shell.field_keys import FieldKeys
from ui.shell.tasks import TaskRunner
from ui.widgets.icons import icon
from ui.widgets.question import QuestionDialog, ask

if TYPE_CHECKING:
    from app.workbook.workbook import Workbook


def _unlock_workbook(path: Path, secret: str) -> "Task[Workbook]":
    yield Progress(0, 0, "正在打开")
    from app.workbook.access import unlock

    workbook = unlock(path, secret)
    _load_pages()
    return workbook


def _load_pages() -> None:
    """The pages and all that stands behind them, while this window still answers."""
    import_module("ui.shell.main_window")
    import_module("ui.pages").page_classes()


def _restore_backup(backup_path: Path, path: Path, secret: str) -> "Task[Workbook]":
    yield Progress(0, 0, "正在恢复")
    from app.workbook import backup
    from app.workbook.access import unlock

    yield from backup.restore(backup_path, path, secret)
    return unlock(path, secret)


def _open_local_copy(path: Path, folder: Path, secret: str) -> "Task[Workbook]":
    from app.workbook.local_copy import open_local_copy

    workbook = yield from open_local_copy(path, folder, secret)
    _load_pages()
    return workbook


def _open_sample_workbook(folder: Path) -> "Task[Workbook]":
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
        workbook_opened: the open workbook
    """

    workbook_opened = Signal(object)  # Workbook

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("start")
        self.setWindowTitle("驻村户档")
        self.resize(820, 500)
        self.tasks = TaskRunner(self.show_error, self)
        self._path: Path | None = None
        self._closed = False
        self._field_keys = FieldKeys(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(36, 32, 36, 32)
        layout.setSpacing(32)
        layout.addLayout(self._build_recent_panel(), 1)
        layout.addWidget(self._build_unlock_panel(), 1)
        self._reload_recent()

    def _build_recent_panel(self) -> QVBoxLayout:
        layout = QVBoxLayout()
        layout.setSpacing(10)
        title = QLabel("驻村户档")
        title.setProperty("title", True)
        layout.addWidget(title)
        subtitle = QLabel("一村一册，一户一档。\n数据加密存在这台电脑上，不联网。")
        subtitle.setProperty("quiet", True)
        subtitle.setWordWrap(True)
        layout.addWidget(subtitle)
        layout.addSpacing(12)
        label = QLabel("最近的工作簿(&R)")
        layout.addWidget(label)
        self._recent_list = RecentList()
        self._recent_list.currentItemChanged.connect(lambda *_: self._set_path(self._recent_list.current_path()))
        self._recent_list.itemActivated.connect(lambda _: self._passphrase_edit.setFocus())
        label.setBuddy(self._recent_list)
        layout.addWidget(self._recent_list, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for name, text, shortcut, callback, icon_name in (
            ("openFile", "打开…", "Ctrl+O", self._choose_file, "open"),
            ("newWorkbook", "新建…", "Ctrl+N", self._show_new_workbook_dialog, "add"),
            ("openSample", "打开示例村", "Ctrl+E", self.open_sample, "today"),
        ):
            buttons.addWidget(self._make_button(name, text, shortcut, callback, icon_name))
        layout.addLayout(buttons)
        return layout

    def _make_button(
        self, name: str, text: str, shortcut: str, callback: Callable[[], object], icon_name: str
    ) -> QPushButton:
        button = QPushButton(icon(icon_name), text)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.setShortcut(shortcut)
        button.setToolTip(f"{text}（{shortcut}）")
        button.clicked.connect(lambda: callback())
        return button

    def _build_unlock_panel(self) -> QFrame:
        card = QFrame()
        card.setProperty("card", True)
        layout = QVBoxLayout(card)
        layout.setContentsMargins(28, 32, 28, 16)
        layout.setSpacing(10)
        lock_icon = QLabel()
        lock_icon.setPixmap(icon("lock", "accent").pixmap(40, 40))
        layout.addWidget(lock_icon, 0, Qt.AlignmentFlag.AlignHCenter)
        self._name_label = QLabel()
        self._name_label.setObjectName("chosenName")
        self._name_label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._name_label.setWordWrap(True)
        self._name_label.setProperty("heading", True)
        layout.addWidget(self._name_label)
        label = QLabel("口令或恢复码(&P)")
        layout.addWidget(label)
        self._passphrase_edit = QLineEdit()
        self._passphrase_edit.setObjectName("passphrase")
        self._passphrase_edit.setAccessibleName("口令或恢复码")
        self._passphrase_edit.setEchoMode(QLineEdit.EchoMode.Password)
        self._passphrase_edit.returnPressed.connect(self.unlock)
        label.setBuddy(self._passphrase_edit)
        layout.addWidget(self._passphrase_edit)
        self._unlock_button = QPushButton("打开")
        self._unlock_button.setObjectName("unlock")
        self._unlock_button.setAccessibleName("打开工作簿")
        self._unlock_button.setProperty("primary", True)
        self._unlock_button.clicked.connect(self.unlock)
        layout.addWidget(self._unlock_button)
        self._error_label = QLabel()
        self._error_label.setObjectName("refusal")
        self._error_label.setWordWrap(True)
        self._error_label.setProperty("fault", True)
        layout.addWidget(self._error_label)
        layout.addStretch()
        restore_button = self._make_button("restore", "从备份恢复…", "Ctrl+R", self._choose_backup, "undo")
        restore_button.setProperty("flat", True)
        layout.addWidget(restore_button, 0, Qt.AlignmentFlag.AlignHCenter)
        return card

    def _reload_recent(self) -> None:
        self._recent_list.reload()
        self._set_path(self._recent_list.current_path())
        if self._path is not None:
            self._passphrase_edit.setFocus()

    def select(self, path: Path) -> None:
        """Make this workbook the one to open."""
        if path.is_file():
            add_recent(path)
            self._reload_recent()
        self._set_path(path)

    def _set_path(self, path: Path | None) -> None:
        self._path = path
        self._name_label.setText(path.stem if path else "还没有工作簿：请新建一个，或先打开示例村看看。")
        self._passphrase_edit.setEnabled(path is not None)
        self._unlock_button.setEnabled(path is not None)
        self._error_label.clear()

    def unlock(self) -> None:
        """Open the chosen workbook with what was typed."""
        if self._path is not None and self._unlock_button.isEnabled():
            self._run_task(_unlock_workbook(self._path, self._passphrase_edit.text()))

    def open_sample(self) -> None:
        """Open the fictional village, made on first use in this user's own folder."""
        from platformdirs import user_data_path

        self._run_task(_open_sample_workbook(user_data_path("hudang", appauthor=False)))

    def _choose_backup(self) -> None:
        if not self._passphrase_edit.text():
            self.show_error(UserError("请先在上面输入口令或恢复码，再选要恢复的备份。"))
            return
        backup_folder = self._path.with_name(f"{self._path.stem}-备份") if self._path else Path()
        name, _ = QFileDialog.getOpenFileName(self, "用哪一份备份恢复", str(backup_folder), "驻村户档工作簿 (*.hdb)")
        target = str(self._path or "")
        if name and not target:
            target, _ = QFileDialog.getSaveFileName(self, "恢复到", Path(name).name, "驻村户档工作簿 (*.hdb)")
        if name and target and self._confirm_restore(Path(name), Path(target)):
            self.restore(Path(name), Path(target))

    def _confirm_restore(self, backup_path: Path, path: Path) -> bool:
        note = "现在的文件会改名留在旁边，不会删除。" if path.exists() else ""
        message = f"用“{backup_path.stem}”恢复“{path.stem}”吗？"
        question = QuestionDialog(self, "askRestore", "从备份恢复", message, note, choices=(("恢复", bool),))
        return question.exec() == QuestionDialog.DialogCode.Accepted

    def restore(self, backup_path: Path, path: Path) -> None:
        """Put a backup in the place of a workbook, and open it with what was typed."""
        self._run_task(_restore_backup(backup_path, path, self._passphrase_edit.text()))

    def back_up(self, path: Path) -> None:
        """A backup of the workbook that was just closed. In one piece: a program that is closed now ends it first."""
        from app.workbook.backup import back_up_closed

        self.tasks.start(lambda: back_up_closed(path), failed=lambda error: self._error_label.setText(str(error)))

    def closeEvent(self, event: QCloseEvent) -> None:
        self._closed = True
        self.tasks.close()
        super().closeEvent(event)

    def _run_task(self, task: "Task[Any]") -> None:
        self._set_busy(True)
        self._error_label.setText("")
        self.tasks.start(task, self._on_opened, lambda progress: self._unlock_button.setText(f"{progress.message}…"))

    def _set_busy(self, on: bool) -> None:
        for widget in (self._unlock_button, self._passphrase_edit, self._recent_list):
            widget.setEnabled(not on)
        if not on:
            self._unlock_button.setText("打开")

    def _on_opened(self, workbook: "Workbook") -> None:
        if self._closed:  # the officer went while it was being opened
            workbook.close()
            return
        self._passphrase_edit.clear()
        self._set_busy(False)
        add_recent(workbook.path)
        self._reload_recent()
        self.workbook_opened.emit(workbook)

    def _offer_local_copy(self, path: Path, reason: str) -> None:
        """A workbook on a share or a write-protected stick: a copy among the officer's own documents can be opened."""
        folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        details = f"现在复制到“{folder}”并打开吗？以后请在这台电脑上打开复制的文件；它与原文件的内容通过数据包交换。"
        secret = self._passphrase_edit.text()
        choices = (("复制并打开", lambda: self._run_task(_open_local_copy(path, folder, secret))),)
        ask(self, "askLocalCopy", "复制到本机", reason, details, choices=choices)

    def show_error(self, error: UserError) -> None:
        """What went wrong with the workbook that was to be opened, or that was closed last."""
        if isinstance(error, LocalCopyNeeded) and self._path is not None:
            self._offer_local_copy(self._path, str(error))
        self._set_busy(False)
        self._error_label.setText(str(error))
        self._passphrase_edit.selectAll()
        self._passphrase_edit.setFocus()

    def _choose_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "打开工作簿", "", "驻村户档工作簿 (*.hdb);;所有文件 (*)")
        if name:
            self.select(Path(name))
            self._passphrase_edit.setFocus()

    def _show_new_workbook_dialog(self) -> None:
        from ui.dialogs.new_workbook_dialog import NewWorkbookDialog

        dialog = NewWorkbookDialog(self)
        dialog.created.connect(self._on_opened)
        dialog.open()
