"""The window's commands of help: manual, keys, quick card, today's list, report, about."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence

if TYPE_CHECKING:
    from ui.shell.main_window import MainWindow


class HelpActions:
    """Each loads what it shows when it is asked for."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self.actions = [
            self._make_action(*described)
            for described in (
                ("manual", "使用手册", "F1", self.show_manual),
                ("shortcuts", "快捷键", "Ctrl+F1", self.show_shortcuts),
                ("card", "打印快捷卡…", "", self._print_card),
                ("said_today", "今日操作与提示", "Ctrl+F9", self._show_today),
                ("report", "技术报告…", "", self._save_report),
                ("about", "关于", "", self._show_about),
            )
        ]

    def _make_action(self, name: str, label: str, shortcut: str, callback: Callable[[], object]) -> QAction:
        action = QAction(label, self._window)
        action.setObjectName(name)
        if shortcut:
            action.setShortcut(QKeySequence(shortcut))
        action.triggered.connect(lambda: callback())
        self._window.addAction(action)
        return action

    def show_manual(self) -> None:
        """The manual at the chapter of the page that is shown."""
        from ui.help.manual_window import show_manual

        show_manual(self._window.page(self._window.current).CHAPTER, self._window)

    def show_shortcuts(self) -> None:
        """All shortcuts that work now, on one sheet."""
        from ui.dialogs.shortcuts_dialog import ShortcutsDialog

        page = self._window.page(self._window.current)
        ShortcutsDialog(self._window.actions(), page.actions(), page.TITLE, self._window).exec()

    def _print_card(self) -> None:
        from ui.help.card_output import print_card

        print_card(self._window, self._window.status_bar.info)

    def _show_today(self) -> None:
        self._window.open("operations", today=True)

    def _save_report(self) -> None:
        from ui.help.report_saving import start_report

        start_report(self._window, self._window.workbook, self._window.tasks, self._window.status_bar.info)

    def _show_about(self) -> None:
        from ui.help.about_dialog import AboutDialog

        AboutDialog(self._window.workbook, self._window).open()
