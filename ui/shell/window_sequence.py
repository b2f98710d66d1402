"""Which window is shown: the start window or that of a workbook, and what becomes of files that are handed over."""

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from app.desktop import program
from app.desktop.file_kinds import WORKBOOK, kind_of
from ui.dialogs.start_window import StartWindow
from ui.shell.message_log import MessageLog
from ui.shell.theme import add_rare_fonts
from ui.widgets.dialog import show_on_screen
from ui.widgets.icons import icon
from ui.widgets.question import ask

if TYPE_CHECKING:
    from app.workbook.workbook import Workbook
    from ui.shell.main_window import MainWindow
    from ui.shell.page import Location

_NOT_BACKED_UP = "工作簿有损坏的地方，这次没有自动备份，以前的备份都留着。请从备份恢复，或抢救读得出的内容。"
_RETRY_MS = 500  # until a dialog is closed that keeps the window from opening a file


class WindowSequence:
    """The start window or the window of a workbook: whichever comes takes the place of the other, which is deleted."""

    def __init__(self, application: QApplication) -> None:
        self._application = application
        self.start: StartWindow | None = None
        self.window: MainWindow | None = None
        self.successor: tuple[str, list[str]] | None = None  # program and arguments; started when this one has ended
        self.messages = MessageLog()
        # after a lock the officer goes on where the work was
        self._last_path = Path()
        self._last_location: Location | None = None
        self._waiting_files: list[Path] = []  # to be opened in the window of the next workbook
        self._waiting_workbook: Path | None = None  # to be asked about in the window, once no dialog is open there
        self._next_workbook: Path | None = None
        self._retry = QTimer(interval=_RETRY_MS, singleShot=True)
        self._retry.timeout.connect(self._open_waiting)

    def show_start(self, path: Path | None = None) -> None:
        """Ask which workbook, with this one already chosen."""
        start = self.start = StartWindow()
        start.workbook_opened.connect(self.show_workbook)
        start.successor_chosen.connect(self._set_successor)
        start.show()
        start.activateWindow()
        if path is not None:
            start.select(path)

    def _set_successor(self, executable: str, arguments: list[str]) -> None:
        self.successor = (executable, arguments)

    def show_workbook(self, workbook: "Workbook", restored_from: str = "") -> None:
        """The window of an open workbook takes the place of the start window.

        Args:
            restored_from: the backup that it was restored from just now; the page of before may not be there any more
        """
        # the pages and all that stands behind them are loaded only now, so that the start window comes at once
        from ui.shell.main_window import MainWindow

        location = self._last_location if workbook.path == self._last_path and not restored_from else None
        window = self.window = MainWindow(workbook, self.messages, location)
        window.setWindowIcon(icon("app", "accent"))
        window.closed.connect(lambda: self._on_workbook_closed(workbook.path))
        show_on_screen(window)
        start, self.start = self.start, None
        if start is not None:
            start.close()
            start.deleteLater()
        if restored_from:
            window.status_bar.info(restored_from)
        QTimer.singleShot(0, lambda: add_rare_fonts(self._application))
        if self._waiting_files:
            QTimer.singleShot(0, self._open_waiting)

    def _on_workbook_closed(self, path: Path) -> None:
        window, self.window = self.window, None
        chosen, self._next_workbook = self._next_workbook or self._waiting_workbook, None
        self._waiting_workbook = None
        self.show_start(chosen or path)
        if window is None or self.start is None:
            return
        self._last_path, self._last_location = path, window.location
        if window.is_locked:
            self.start.show_locked(path)
        if window.after_close:
            self.start.show_note(str(window.close_error or ""))
            self.start.begin(window.after_close)
        elif window.close_error is not None:
            self.start.show_error(window.close_error)
        elif window.workbook.damaged:
            self.start.show_note(_NOT_BACKED_UP)
        elif window.workbook.first_operation:
            self.start.back_up(path)
        window.deleteLater()

    # --- files that were handed over ---------------------------------------------------------------------------------

    def open_files(self, paths: Sequence[Path]) -> None:
        """Come to the front; a workbook is chosen, what colleagues sent is opened on its page of the window."""
        _raise(self.window or self.start)
        workbooks = [path for path in paths if kind_of(path) is WORKBOOK]
        self._waiting_files += [path for path in paths if kind_of(path) not in (WORKBOOK, None)]
        if self.window is not None:
            self._waiting_workbook = workbooks[0] if workbooks else self._waiting_workbook
            self._open_waiting()
        elif self.start is not None:
            if workbooks:
                self.start.select(workbooks[0])
            elif self._waiting_files:
                names = "、".join(path.name for path in self._waiting_files)
                self.start.show_note(f"打开工作簿后将处理：{names}。")

    def _open_waiting(self) -> None:
        """What waits, as soon as no dialog is open; the officer who works in one is not disturbed meanwhile."""
        if self.window is None or not (self._waiting_files or self._waiting_workbook):
            return
        if QApplication.activeModalWidget() is not None:
            self._retry.start()
            return
        if self._waiting_files:
            paths, self._waiting_files = self._waiting_files, []
            self.window.open_files(paths)
            self._open_waiting()
        elif self._waiting_workbook is not None:
            workbook, self._waiting_workbook = self._waiting_workbook, None
            self._open_other_workbook(self.window, workbook)

    def _open_other_workbook(self, window: "MainWindow", path: Path) -> None:
        if path.resolve() == window.workbook.path.resolve():
            return
        message = f"现在打开的是“{window.workbook.path.stem}”。关闭后打开“{path.stem}”吗？"
        choices = (("关闭并打开", partial(self._change_workbook, window, path)),)
        ask(window, "askOtherWorkbook", "打开另一本工作簿", message, choices=choices)

    def _change_workbook(self, window: "MainWindow", path: Path) -> None:
        self._next_workbook = path
        if not window.close():
            self._next_workbook = None

    # --- after the first window --------------------------------------------------------------------------------------

    def settle(self, has_crashed: bool) -> None:
        """What the first window did not wait for: file types, a newer version beside, word of a crash."""
        if self.start is None:
            return
        if has_crashed:
            self.start.show_note("软件上次异常退出，已保存的内容都在。需要技术人员查看的，请在“关于”中生成技术报告。")
        if program.is_built():
            self.start.look_for_newer()
            if not program.is_installed():
                self.start.register_file_types(Path(sys.executable))


def _raise(window: QWidget | None) -> None:
    """In front of other programs' windows, if the desktop allows it."""
    if window is not None:
        window.setWindowState((window.windowState() & ~Qt.WindowState.WindowMinimized) | Qt.WindowState.WindowActive)
        window.show()
        window.raise_()
        window.activateWindow()
