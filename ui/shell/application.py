"""Start, style, and the one place that catches what nobody else did."""

import logging
import os
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QProcess, QTimer
from PySide6.QtWidgets import QApplication

from app.desktop.log_files import configure_logging, watch_crashes
from app.errors import UserError
from app.workbook import temporary_files
from ui.shell.heap import share_one_heap
from ui.shell.old_objects import watch_collections
from ui.shell.repair_offer import report_error
from ui.shell.single_instance import SingleInstance, hand_over
from ui.shell.theme import apply_theme
from ui.shell.translations import install_translations
from ui.shell.window_sequence import WindowSequence
from ui.widgets.file_choice import documents_folder
from ui.widgets.icons import icon

log = logging.getLogger(__name__)
_SETTLED_MS = 1500  # after the first window: what is not needed for it
# How long a reader's thread keeps the interpreter while the window asks for it. A list that is painted asks dozens of
# times, and Python's own 5 ms are many. What nobody waits for rests meanwhile (ui/shell/background_rest.py).
SWITCH_SECONDS = 0.001


def main(arguments: list[str]) -> int:
    """Open the window, with the files that were named if any; returns the exit status."""
    configure_logging()
    sys.setswitchinterval(SWITCH_SECONDS)
    share_one_heap()
    watch_collections()
    paths = [Path(argument).absolute() for argument in arguments]
    instance = SingleInstance()
    if not instance.acquire():
        if hand_over(paths):
            return 0
        # it ended meanwhile, or it hangs: then the workbook's own lock keeps the two apart
        instance.acquire()
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("hudang")
    application.setApplicationDisplayName("驻村户档")
    application.setDesktopFileName("hudang")
    application.setQuitOnLastWindowClosed(True)
    install_translations(application)
    apply_theme(application)
    application.setWindowIcon(icon("app", "accent"))
    hook = sys.excepthook = _ExceptionHook()
    has_crashed = watch_crashes()
    temporary_files.remove_leftovers()
    windows = hook.windows = WindowSequence(application)
    instance.started_again.connect(windows.open_files)
    windows.show_start()
    windows.open_files(paths)
    QTimer.singleShot(0, instance.listen)
    QTimer.singleShot(_SETTLED_MS, partial(windows.settle, has_crashed))
    _enter_documents_folder()
    try:
        return application.exec()
    finally:
        instance.release()
        if windows.successor is not None:
            QProcess.startDetached(*windows.successor)  # it finds the lock free


def _enter_documents_folder() -> None:
    """Qt's file dialogs begin in the current folder: the officer's own documents, not where the program lies."""
    with suppress(OSError):
        os.chdir(documents_folder())


class _ExceptionHook:
    """Nothing that went wrong shows a traceback: the officer reads a sentence, the log has the place."""

    def __init__(self) -> None:
        self.windows: WindowSequence | None = None
        self._dialog_open = False

    def __call__(self, kind: type[BaseException], error: BaseException, exc_traceback: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, exc_traceback)
            return
        if isinstance(error, UserError) and self.windows is not None and self.windows.window is not None:
            # what the window itself read or wrote, outside a task
            log.info("refused: %s", kind.__name__, exc_info=error.__cause__)
            report_error(self.windows.window, error)
            return
        log.error("unexpected %s", kind.__name__, exc_info=(kind, error, exc_traceback))
        # what fails while it is painted would fail again under the box, and again
        if not self._dialog_open:
            from ui.help.fault_dialog import FaultDialog

            self._dialog_open = True
            FaultDialog(QApplication.activeWindow()).exec()
            self._dialog_open = False
