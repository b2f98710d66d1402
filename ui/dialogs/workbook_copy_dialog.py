"""What restoring a backup and rescuing a damaged workbook share: a file, a place for the workbook, and its secret."""

from pathlib import Path

from PySide6.QtWidgets import QLineEdit, QWidget

from app.desktop.program import refuse_program_folder
from app.errors import UserError
from ui.dialogs.message_label import MessageLabel
from ui.shell.tasks import TaskRunner
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog


class WorkbookCopyDialog(Dialog):
    """Says what is missing before anything is done, and is not left in the middle of it.

    Attributes:
        passphrase_edit: for the passphrase, or the recovery code
    """

    def __init__(self, name: str, title: str, accept_label: str, parent: QWidget | None = None) -> None:
        """`name`: begins the objectNames."""
        super().__init__(parent)
        self.setObjectName(f"{name}Dialog")
        self.setWindowTitle(title)
        self.tasks = TaskRunner(self._show_error, self)
        self.passphrase_edit = QLineEdit()
        self.passphrase_edit.setObjectName(f"{name}Passphrase")
        self.passphrase_edit.setAccessibleName("口令或恢复码")
        self.passphrase_edit.setEchoMode(QLineEdit.EchoMode.Password)
        self._message = MessageLabel(f"{name}Refusal")
        self._buttons = ButtonRow(self, accept_label, f"{name}Now", on_accept=self._go_on)

    def _go_on(self) -> None:
        raise NotImplementedError

    def _answers(self, file: Path | None, target: Path | None, what: str, whose: str) -> tuple[Path, Path, str] | None:
        """The file, the place and the secret; None, with a sentence shown, where one is missing or refused.

        Args:
            what: what the file is
            whose: which passphrase is asked for
        """
        secret = self.passphrase_edit.text()
        if file is None or target is None:
            self._show_error(UserError(f"请选择{what}。"))
            return None
        if not secret:
            self._show_error(UserError(f"请输入{whose}的口令，或恢复码。"))
            self.passphrase_edit.setFocus()
            return None
        try:
            refuse_program_folder(target)
        except UserError as error:
            self._show_error(error)
            return None
        return file, target, secret

    def _show_error(self, error: UserError) -> None:
        self._buttons.accept_button.setEnabled(True)
        self._message.warn(str(error))

    def reject(self) -> None:
        """Not in the middle of it: it would go on unseen."""
        if self.tasks.is_idle:
            super().reject()
        else:
            self._message.keep_beside_steps("做完之前不能关。")

    def is_filled(self) -> bool:
        """Nothing is lost in the middle of it: leaving is refused then."""
        return self.tasks.is_idle and super().is_filled()
