"""Start, style, log, and the one place that catches what nobody else did."""

import logging
import os
import sys
import traceback
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QStandardPaths, QTimer
from PySide6.QtWidgets import QApplication

from app.workbook import temporary_files
from ui.dialogs.start_window import StartWindow
from ui.shell.heap import share_one_heap
from ui.shell.tasks import BUG_MESSAGE
from ui.shell.theme import add_rare_fonts, apply_theme
from ui.shell.translations import install_translations
from ui.widgets.icons import icon
from ui.widgets.question import QuestionDialog

if TYPE_CHECKING:
    from app.workbook.workbook import Workbook
    from ui.shell.main_window import MainWindow

log = logging.getLogger(__name__)


class Hudang:
    """The start window or the window of a workbook: whichever comes takes the place of the other, which is deleted."""

    def __init__(self, application: QApplication) -> None:
        self._application = application
        self.start: StartWindow | None = None
        self.window: MainWindow | None = None
        # after a lock the officer goes on where the work was
        self._last_location: tuple[Path, str, dict[str, Any]] = (Path(), "", {})

    def show_start(self, path: Path | None = None) -> None:
        """Ask which workbook, with this one already chosen."""
        start = self.start = StartWindow()
        start.workbook_opened.connect(self.show_workbook)
        if path is not None:
            start.select(path)
        start.show()
        start.activateWindow()

    def show_workbook(self, workbook: "Workbook") -> None:
        """The window of an open workbook takes the place of the start window."""
        # the pages and all that stands behind them are loaded only now, so that the start window comes at once
        from ui.shell.main_window import MainWindow

        window = self.window = MainWindow(workbook)
        window.setWindowIcon(icon("app", "accent"))
        window.closed.connect(lambda: self._on_workbook_closed(workbook.path))
        if workbook.path == self._last_location[0]:
            window.open(self._last_location[1], **self._last_location[2])
        window.show()
        start, self.start = self.start, None
        if start is not None:
            start.close()
            start.deleteLater()
        QTimer.singleShot(0, lambda: add_rare_fonts(self._application))

    def _on_workbook_closed(self, path: Path) -> None:
        window, self.window = self.window, None
        self.show_start(path)
        if window is None or self.start is None:
            return
        self._last_location = (path, *window.location)
        if window.close_error is not None:
            self.start.show_error(window.close_error)
        elif window.workbook.first_operation:
            self.start.back_up(path)
        window.deleteLater()


def main(arguments: list[str]) -> int:
    """Open the window, with the workbook that was named if any; returns the exit status."""
    configure_logging()
    share_one_heap()
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("hudang")
    application.setApplicationDisplayName("驻村户档")
    application.setQuitOnLastWindowClosed(True)
    install_translations(application)
    apply_theme(application)
    application.setWindowIcon(icon("app", "accent"))
    sys.excepthook = _ExceptionHook()
    temporary_files.remove_leftovers()
    hudang = Hudang(application)
    hudang.show_start(Path(arguments[0]).absolute() if arguments else None)
    _enter_documents_folder()
    return application.exec()


def log_dir() -> Path:
    """Where the log lies; HUDANG_STATE names another folder."""
    from platformdirs import user_log_path

    folder = os.environ.get("HUDANG_STATE")
    return Path(folder) if folder else user_log_path("hudang", appauthor=False)


def configure_logging() -> None:
    """A small rotating log of what went wrong: kinds and places, never values (the database hides its parameters)."""
    try:
        log_dir().mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(log_dir() / "hudang.log", maxBytes=500_000, backupCount=3, encoding="utf-8")
    except OSError:
        return
    handler.setFormatter(_RedactingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for noisy_logger in ("alembic", "fontTools", "PIL"):
        logging.getLogger(noisy_logger).setLevel(logging.WARNING)


class _RedactingFormatter(logging.Formatter):
    """Tracebacks as places and kinds of error: an error's own text may hold what an officer typed about a person."""

    def format(self, record: logging.LogRecord) -> str:
        # another handler may have left its own wording of the traceback in the record
        exc_text, record.exc_text = record.exc_text, None
        try:
            return super().format(record)
        finally:
            record.exc_text = exc_text

    def formatException(self, ei: Any) -> str:
        lines: list[str] = []
        error: BaseException | None = ei[1]
        visited: set[int] = set()
        while error is not None and id(error) not in visited:
            visited.add(id(error))
            errno_text = f" errno {error.errno}" if isinstance(error, OSError) else ""
            lines.append(f"{type(error).__module__}.{type(error).__name__}{errno_text}")
            lines += [
                f"  {'/'.join(Path(frame.filename).parts[-3:])}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__)
            ]
            error = error.__cause__ or error.__context__
        return "\n".join(lines)


def _enter_documents_folder() -> None:
    """Qt's file dialogs begin in the current folder: the officer's own documents, not where the program lies."""
    with suppress(OSError):
        os.chdir(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))


class _ExceptionHook:
    """Nothing that went wrong shows a traceback: the officer reads a sentence, the log has the place."""

    def __init__(self) -> None:
        self._dialog_open = False

    def __call__(self, kind: type[BaseException], error: BaseException, exc_traceback: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, exc_traceback)
            return
        log.error("unexpected %s", kind.__name__, exc_info=(kind, error, exc_traceback))
        # what fails while it is painted would fail again under the box, and again
        if not self._dialog_open:
            self._dialog_open = True
            where = f"日志：{log_dir() / 'hudang.log'}"
            QuestionDialog(QApplication.activeWindow(), "unexpected", "驻村户档", BUG_MESSAGE, where).exec()
            self._dialog_open = False
