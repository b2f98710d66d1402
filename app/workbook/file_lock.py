"""The lock that keeps a workbook to one window or command, whoever starts it on whichever machine.

The operating system holds it, on an empty file beside the workbook (`…-lock`): it ends with the process that took it,
so that what a crash leaves locks nobody out. docs/decisions/0018-trust.md.
"""

import contextlib
import os
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout

from app.errors import WorkbookLocked

_PATIENCE = 0.3  # seconds: another opening or closing may hold it for an instant
_NEW_FILE_MODE = 0o600


class WorkbookLock:
    """A lock that is held; its file goes with it."""

    def __init__(self, lock: FileLock) -> None:
        self._lock = lock

    def release(self) -> None:
        """Let others open the workbook. Releasing twice is harmless."""
        if not self._lock.is_locked:
            return
        # While it is still held: whoever opened the file before it went sees that it has no name and tries again.
        # Windows removes no file that is open; filelock does it there after closing.
        with contextlib.suppress(OSError):
            os.unlink(self._lock.lock_file)
        self._lock.release()

    def __enter__(self) -> "WorkbookLock":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.release()


def lock_path(path: Path) -> Path:
    """Where the lock of a workbook lies, the same under each of its names."""
    resolved = path.resolve()
    return resolved.with_name(resolved.name + "-lock")


def acquire_lock(path: Path) -> WorkbookLock:
    """Take the lock of the workbook at a path, where there may be none yet.

    Raises:
        WorkbookLocked: another window or command has it, of this user or another, here or on another machine
        OSError: the folder cannot be written, or its file system knows no locks
    """
    # whoever may write the workbook may take its lock
    mode = (path.stat().st_mode & 0o666) | _NEW_FILE_MODE if path.exists() else _NEW_FILE_MODE
    # opened on a worker's thread, closed on the window's: the lock belongs to the program, not to a thread
    lock = FileLock(
        lock_path(path), timeout=_PATIENCE, mode=mode, thread_local=False, poll_interval=0.05, fallback_to_soft=False
    )
    try:
        lock.acquire()
    except Timeout:
        raise WorkbookLocked(
            f"“{path.name}”正在另一个窗口里打开。请先关闭那个窗口。"
            "没有找到的，可能是本机另一位用户或另一台电脑正在使用，请稍后再试。"
        ) from None
    return WorkbookLock(lock)
