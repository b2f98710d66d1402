"""What a window says of something that was not done; of a damaged workbook also what can be done about it."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QWidget

from app.errors import DamagedWorkbook
from ui.widgets.question import ask

if TYPE_CHECKING:
    from ui.shell.main_window import MainWindow

RESCUE, RESTORE, RENEW_KEY = "rescue", "restore", "renewKey"  # names of actions of the start window


def report_error(window: "MainWindow", reason: object) -> None:
    """Show the sentence in the status bar; where pages of the workbook are damaged, offer to close and repair it."""
    window.status_bar.error(reason)
    if isinstance(reason, DamagedWorkbook):
        window.workbook.damaged = True
        offer_repair(window, window.close_to, str(reason))


def offer_repair(window: QWidget, close_to: Callable[[str], object], message: str) -> None:
    """Ask, once at a time, whether a backup shall take the place of the workbook or what is readable be rescued.

    Args:
        close_to: closes the workbook for an action of the start window
    """
    if any(dialog.isVisible() for dialog in window.findChildren(QDialog, "askRepair")):
        return
    details = (
        "先从备份恢复；备份太旧的，抢救：把读得出的放进一个新的工作簿，并写明缺什么、哪位同事那里有。"
        "两样都要先关闭工作簿，现在的文件都保留。"
    )
    choices = (
        ("关闭并从备份恢复…", partial(close_to, RESTORE)),
        ("关闭并抢救…", partial(close_to, RESCUE)),
    )
    ask(window, "askRepair", "工作簿已损坏", message, details, choices=choices, cancel="暂不处理")
