"""The log of what went wrong, for technicians: kinds and places of errors, never values."""

import faulthandler
import logging
import os
import traceback
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

LOG_NAME, CRASH_NAME = "hudang.log", "crash.log"
_crash_files: list[int] = []  # faulthandler writes to the number: it stays open to the end of the process


def log_dir() -> Path:
    """Where the log lies; HUDANG_STATE names another folder."""
    from platformdirs import user_log_path

    folder = os.environ.get("HUDANG_STATE")
    return Path(folder) if folder else user_log_path("hudang", appauthor=False)


def configure_logging() -> None:
    """A small rotating log of what went wrong: kinds and places, never values (the database hides its parameters)."""
    try:
        log_dir().mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(log_dir() / LOG_NAME, maxBytes=500_000, backupCount=3, encoding="utf-8")
    except OSError:
        return
    handler.setFormatter(_RedactingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for noisy_logger in ("alembic", "fontTools", "PIL"):
        logging.getLogger(noisy_logger).setLevel(logging.WARNING)


def watch_crashes() -> bool:
    """Let a crash of the process leave its place in a file; returns whether the last run left one.

    What was left is appended to the log, so that a report has it, and is not told of again.
    """
    path = log_dir() / CRASH_NAME
    left = ""
    with suppress(OSError, UnicodeDecodeError):
        left = path.read_text(encoding="utf-8").strip()
    if left:
        logging.getLogger(__name__).error("the last run ended in a crash\n%s", _shortened(left))
    with suppress(OSError):
        _crash_files.append(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        faulthandler.enable(_crash_files[-1])
        for former in _crash_files[:-1]:
            os.close(former)
        del _crash_files[:-1]
    return bool(left)


def _shortened(crash: str) -> str:
    """Places of a crash without the folders of this machine, which may name a person."""
    lines = []
    for line in crash.splitlines():
        head, quote, rest = line.partition('File "')
        path, end, place = rest.partition('"')
        lines.append(f"{head}{quote}{'/'.join(Path(path).parts[-3:])}{end}{place}" if quote else line)
    return "\n".join(lines)


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
