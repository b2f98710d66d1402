"""换密钥: a workbook that is closed gets a new file key, after an operator was removed; then its new recovery code."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from app.errors import UserError
from ui.dialogs import opening_tasks
from ui.dialogs.message_label import MessageLabel
from ui.dialogs.recovery_code_page import RecoveryCodePage
from ui.shell.tasks import TaskRunner
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog

if TYPE_CHECKING:
    from app.workbook.key_renewal import KeyRenewal
    from app.workbook.workbook import Workbook


class RenewKeyDialog(Dialog):
    """Two pages: the passphrase of who stays, and the new recovery code.

    Signals:
        renewed: the open workbook, after the officer has confirmed that the code is kept, and what there is to say
    """

    renewed = Signal(object, str)  # Workbook

    def __init__(self, workbook_path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("renewKeyDialog")
        self.setWindowTitle("换密钥")
        self.resize(560, 420)
        self.tasks = TaskRunner(self._show_error, self)
        self._path = workbook_path
        self._workbook: Workbook | None = None
        self._note = ""
        self.passphrase_edit = QLineEdit()
        self._message = MessageLabel("renewRefusal")
        self._buttons = ButtonRow(self, "换密钥", "renewNow", on_accept=self._renew)
        self.code_page = RecoveryCodePage(self.tasks)
        self.code_page.finished.connect(self.accept)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._build_form())
        self._pages.addWidget(self.code_page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.addWidget(self._pages)
        self.passphrase_edit.setFocus()

    def _build_form(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        for text in (
            f"“{self._path.stem}”将先备份，再整个重新加密。换好以后，删除过的操作员用以前的口令和拷走的密钥，打不开新的文件。",
            "您的口令不变；恢复码换新的；其他操作员要到设置里重新添加。以前的备份和拷走的旧文件，用旧口令仍能打开，请收回或删除。",
        ):
            label = QLabel(text)
            label.setProperty("quiet", True)
            label.setWordWrap(True)
            layout.addWidget(label)
        self.passphrase_edit.setObjectName("renewPassphrase")
        self.passphrase_edit.setAccessibleName("您的口令（负责人）")
        self.passphrase_edit.setEchoMode(QLineEdit.EchoMode.Password)
        form = QFormLayout()
        form.addRow("您的口令（负责人）", self.passphrase_edit)
        layout.addLayout(form)
        layout.addWidget(self._message)
        layout.addStretch()
        layout.addWidget(self._buttons)
        return page

    def _renew(self) -> None:
        if not self.passphrase_edit.text():
            self._show_error(UserError("请输入您的口令。"))
            self.passphrase_edit.setFocus()
            return
        self._buttons.accept_button.setEnabled(False)
        work = opening_tasks.renew_key(self._path, self.passphrase_edit.text())
        self.tasks.start(work, self._show_code, lambda progress: self._message.show_step(progress.message))

    def _show_code(self, result: "tuple[Workbook, KeyRenewal]") -> None:
        self._workbook, renewal = result
        self._note = renewal.message_without_code
        self._pages.setCurrentIndex(1)
        self.code_page.show_code(self._workbook, renewal.recovery, self._note)

    def _show_error(self, error: UserError) -> None:
        self._buttons.accept_button.setEnabled(True)
        self._say(str(error))

    def _say(self, text: str) -> None:
        """On the page that is shown."""
        if self._workbook is None:
            self._message.warn(text)
        else:
            self.code_page.say(text)

    def is_filled(self) -> bool:
        """The page of the recovery code keeps nothing that was typed, and nothing is lost in the middle of it: both say
        by themselves why they stay."""
        return self._workbook is None and self.tasks.is_idle and super().is_filled()

    def accept(self) -> None:
        """The workbook is handed on."""
        workbook, self._workbook = self._workbook, None
        super().accept()
        if workbook is not None:
            self.renewed.emit(workbook, self._note)

    def reject(self) -> None:
        """Neither in the middle of it nor before the code was seen: it is shown this once."""
        if not self.tasks.is_idle:
            if self._workbook is None:
                self._message.keep_beside_steps("做完之前不能关。换好后请先保管新的恢复码。")
            else:
                self.code_page.say("正在处理，请稍候，做完之前不能关。")
            return
        if self._workbook is not None and not self.code_page.is_confirmed and self.code_page.warn_once():
            return
        if self._workbook is not None:
            self.accept()
            return
        super().reject()
