"""从备份恢复: which backup, where to, with which passphrase, what it would change; the workbook is handed on open."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.errors import UserError
from ui.dialogs.opening_tasks import preview_restore, restore_backup
from ui.dialogs.workbook_copy_dialog import WorkbookCopyDialog
from ui.widgets.file_choice import WORKBOOK_FILTER, open_file_name, workbook_to_write

if TYPE_CHECKING:
    from app.workbook.restore_preview import RestorePreview

_BACKUP_FOLDER_END = "-备份"


class RestoreDialog(WorkbookCopyDialog):
    """A backup takes the place of a workbook.

    Signals:
        restored: the open workbook, and what there is to say about it
    """

    restored = Signal(object, str)  # Workbook

    def __init__(self, workbook_path: Path | None, parent: QWidget | None = None) -> None:
        """`workbook_path`: whose backups are offered."""
        super().__init__("restore", "从备份恢复", "恢复", parent)
        self.resize(600, 320)
        self._target = workbook_path
        self._backup_box = QComboBox()
        self._backup_box.setObjectName("backup")
        self._backup_box.setAccessibleName("备份文件")
        self._target_label = QLabel()
        self._target_label.setObjectName("restoreTarget")
        self._target_label.setWordWrap(True)
        self._changes = QPlainTextEdit()
        self._changes.setObjectName("restoreChanges")
        self._changes.setAccessibleName("恢复会改变什么")
        self._changes.setReadOnly(True)
        self._changes.hide()
        self._is_shown = False  # what would change
        self._build()
        self._fill_backups()
        self._show_target()
        self._backup_box.currentIndexChanged.connect(self._on_backup_chosen)

    def _build(self) -> None:
        choose, change = QPushButton("选择其他备份…"), QPushButton("更改…")
        choose.setObjectName("chooseBackup")
        choose.clicked.connect(self._choose_backup)
        change.setObjectName("changeTarget")
        change.setAccessibleName("更改恢复到的位置")
        change.clicked.connect(self._choose_target)
        for button in (choose, change):
            button.setAutoDefault(False)  # Enter restores
        form = QFormLayout()
        form.setVerticalSpacing(10)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
        backup_row, target_row = QHBoxLayout(), QHBoxLayout()
        backup_row.addWidget(self._backup_box, 1)
        backup_row.addWidget(choose)
        target_row.addWidget(self._target_label, 1)
        target_row.addWidget(change)
        form.addRow("备份文件", backup_row)
        form.addRow("恢复到", target_row)
        form.addRow("口令或恢复码", self.passphrase_edit)
        hint = QLabel("使用备份时的口令。该位置已有文件的，将改名保留在原文件夹，不会删除。")
        hint.setProperty("quiet", True)
        hint.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        layout.addLayout(form)
        layout.addWidget(hint)
        layout.addWidget(self._message)
        layout.addWidget(self._changes, 1)
        layout.addStretch()
        layout.addWidget(self._buttons)

    def _fill_backups(self) -> None:
        """The newest first; without a workbook, or a backup of it, one is to be chosen."""
        if self._target is not None:
            from app.workbook.backup import list_backups

            for path in list_backups(self._target):
                self._add_backup(path)
        self._backup_box.setPlaceholderText("请选择备份文件")

    def _add_backup(self, path: Path) -> None:
        modified = datetime.fromtimestamp(path.stat().st_mtime)
        self._backup_box.addItem(f"{path.stem}（{modified:%Y-%m-%d %H:%M}）", str(path))

    def _choose_backup(self) -> None:
        start = str(self._target.with_name(f"{self._target.stem}{_BACKUP_FOLDER_END}")) if self._target else ""
        if name := open_file_name(self, "选择备份文件", start, WORKBOOK_FILTER):
            self.set_backup(Path(name))

    def set_backup(self, path: Path) -> None:
        """Take this file as the backup."""
        self._add_backup(path)
        self._backup_box.setCurrentIndex(self._backup_box.count() - 1)
        self._on_backup_chosen()

    def _on_backup_chosen(self) -> None:
        backup = self._backup_path()
        if self._target is None and backup is not None:
            documents = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
            is_automatic = backup.parent.name.endswith(_BACKUP_FOLDER_END)
            name = backup.parent.name.removesuffix(_BACKUP_FOLDER_END) if is_automatic else backup.stem
            self._target = documents / f"{name}.hdb"
        self._forget_changes()
        self._show_target()
        self.passphrase_edit.setFocus()

    def _choose_target(self) -> None:
        suggested = str(self._target or "工作簿.hdb")
        if path := workbook_to_write(self, "恢复到", suggested):
            self._target = path
            self._forget_changes()
            self._show_target()

    def _show_target(self) -> None:
        self._target_label.setText(str(self._target) if self._target else "（选择备份后确定）")

    def _backup_path(self) -> Path | None:
        chosen = self._backup_box.currentData()
        return Path(chosen) if chosen else None

    def _forget_changes(self) -> None:
        """Another backup, or another place: what was shown is of no use."""
        self._message.clear()
        self._changes.hide()
        self._is_shown = False
        self._buttons.accept_button.setText("恢复")

    def _go_on(self) -> None:
        """Show what would change; the second time, restore."""
        answers = self._answers(self._backup_path(), self._target, "备份文件", "备份时")
        if answers is None:
            return
        self._buttons.accept_button.setEnabled(False)
        if self._is_shown:
            self._message.say("正在恢复…")
            self.tasks.start(restore_backup(*answers), self._on_restored)
        else:
            self._message.say("正在和现在的内容比较…")
            self.tasks.start(preview_restore(*answers), self._show_changes)

    def _show_changes(self, preview: "RestorePreview") -> None:
        self._is_shown = True
        self._buttons.accept_button.setEnabled(True)
        if preview.changes_nothing:
            self._go_on()
            return
        self._message.warn(preview.message)
        self._changes.setPlainText("\n".join(preview.lost))
        self._changes.setVisible(bool(preview.lost))
        self._buttons.accept_button.setText("确定恢复")
        self._buttons.accept_button.setFocus()

    def _on_restored(self, result: "tuple[object, str]") -> None:
        self.accept()
        self.restored.emit(*result)

    def _show_error(self, error: UserError) -> None:
        self._forget_changes()
        super()._show_error(error)
