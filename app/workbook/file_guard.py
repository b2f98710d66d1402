"""Notices that the file of an open workbook is not the one that was opened: replaced, cut, or overwritten.

While a workbook is open nobody else may write its file. A synchronising program, a careless paste or a repair tool
does, and SQLite would lay the next pages into a file that they do not belong to.
"""

import os
from hashlib import blake2b
from pathlib import Path
from typing import Literal, NamedTuple

PAGE_SIZE = 4096
FileChange = Literal["", "replaced", "overwritten"]


class _Fingerprint(NamedTuple):
    """`first_page`: digest of the first page, which SQLCipher encrypts anew each time that it is written."""

    size: int
    first_page: bytes


class FileGuard:
    """Watches one file through a handle of its own.

    The handle stays open as long as SQLite has the file open: on POSIX, closing any handle of a file drops the locks
    that SQLite holds on it for this process.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        self._known = self._fingerprint()

    def _fingerprint(self) -> _Fingerprint:
        os.lseek(self._handle, 0, os.SEEK_SET)
        page = os.read(self._handle, PAGE_SIZE)
        return _Fingerprint(os.fstat(self._handle).st_size, blake2b(page, digest_size=16).digest())

    def remember(self) -> None:
        """The file was changed by this program: as it is now it is right."""
        self._known = self._fingerprint()

    def change(self) -> FileChange:
        """What somebody else has done to the file since the last `remember`, "" if nothing.

        "replaced": another file, or none, is at the path, and the one that was opened is whole behind its handles;
        "overwritten": the file itself was cut or written.
        """
        if self._fingerprint() != self._known:
            return "overwritten"
        try:
            at_path = os.stat(self._path)
        except FileNotFoundError:
            return "replaced"
        opened = os.fstat(self._handle)
        return "" if (at_path.st_dev, at_path.st_ino) == (opened.st_dev, opened.st_ino) else "replaced"

    def close(self) -> None:
        """Only after SQLite has closed the file. Closing twice is harmless."""
        handle, self._handle = self._handle, -1
        if handle >= 0:
            os.close(handle)
