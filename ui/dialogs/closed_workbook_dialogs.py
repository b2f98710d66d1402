"""The dialogs about a workbook that is not open: a new one, restoring, rescuing, renewing its key."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from ui.widgets.question import ask

if TYPE_CHECKING:
    from app.workbook.workbook import Workbook


class ClosedWorkbookDialogs:
    """Opens them over a window, each loaded when it is first asked for; the workbook that comes of one is handed on."""

    def __init__(self, window: QWidget, opened: "Callable[[Workbook, str], object]") -> None:
        """`opened`: takes the open workbook, and what there is to say about it."""
        self._window, self._opened = window, opened

    def create(self) -> None:
        """A new workbook."""
        from ui.dialogs.new_workbook_dialog import NewWorkbookDialog

        dialog = NewWorkbookDialog(self._window)
        dialog.created.connect(lambda workbook: self._opened(workbook, ""))
        dialog.open()

    def restore(self, path: Path | None) -> None:
        """A backup in the place of a workbook."""
        from ui.dialogs.restore_dialog import RestoreDialog

        dialog = RestoreDialog(path, self._window)
        dialog.restored.connect(self._opened)
        dialog.open()

    def rescue(self, path: Path | None, secret: str) -> None:
        """What is readable of a damaged workbook. `secret`: the passphrase that was typed already."""
        from ui.dialogs.rescue_dialog import RescueDialog

        dialog = RescueDialog(path, self._window)
        dialog.passphrase_edit.setText(secret)
        dialog.rescued.connect(self._opened)
        dialog.open()

    def renew_key(self, path: Path | None) -> None:
        """A new file key; nothing where no workbook is chosen."""
        from ui.dialogs.renew_key_dialog import RenewKeyDialog

        if path is not None:
            dialog = RenewKeyDialog(path, self._window)
            dialog.renewed.connect(self._opened)
            dialog.open()

    def offer_repair(self, path: Path | None, secret: str, reason: str) -> None:
        """A damaged workbook: the latest backup, or what can be read of it."""
        details = "先从备份恢复；备份太旧的，抢救：把读得出的放进一个新的工作簿，并写明缺什么、哪位同事那里有。"
        choices = (("从备份恢复…", lambda: self.restore(path)), ("抢救…", lambda: self.rescue(path, secret)))
        ask(self._window, "askRepair", "工作簿已损坏", reason, details, choices=choices)
