"""The files of a workbook: what SQLite leaves beside it, free names, and removal of temporary files."""

import contextlib
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, count
from pathlib import Path

from app.workbook.temporary_files import noted

PRIVATE_MODE = 0o600
SQLITE_SUFFIXES = ("-wal", "-shm", "-journal")


def wal_path(path: Path) -> Path:
    """Where SQLite keeps what is committed but not in the file yet. It goes when the last connection closes, so it is
    there only while the file is open, and after a crash."""
    return path.with_name(path.name + "-wal")


def remove_with_sidecars(path: Path) -> None:
    """Remove a temporary workbook with all that lies beside it: a `-wal` left there would be replayed into the next
    file of this name."""
    for suffix in ("", *SQLITE_SUFFIXES, "-keys", "-keys.part"):
        with contextlib.suppress(OSError):
            path.with_name(path.name + suffix).unlink(missing_ok=True)


def create_private(path: Path, like: Path | None = None) -> None:
    """An empty file in the place of what a kill left, that nobody but its owner may read; with `like`, whoever may use
    that file if it is there.

    Raises:
        OSError: the folder cannot be written
    """
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_MODE))
    if like is not None and like.is_file():
        with contextlib.suppress(OSError):  # a file system without modes
            path.chmod(stat.S_IMODE(like.stat().st_mode) | stat.S_IWUSR)


def available_path(path: Path) -> Path:
    """This path, or, where something lies there, the first of "… 2", "… 3" that is free: a wrong clock gives one name
    twice, and what was kept is never overwritten."""
    candidates = (path.with_name(f"{path.stem} {n}{path.suffix}") for n in count(2))
    return next(name for name in chain((path,), candidates) if not name.exists())


def quarantine_leftovers(path: Path) -> None:
    """What a crash left of a file that was at this path before another took its place. SQLite would play the `-wal`
    into the one that is here now."""
    for suffix in ("-wal", "-keys"):
        leftover = path.with_name(path.name + suffix)
        if leftover.exists():
            os.replace(leftover, available_path(path.with_name(f"{path.name}{suffix}.旧")))
    path.with_name(path.name + "-shm").unlink(missing_ok=True)


def break_hardlink(path: Path) -> None:
    """Before it is written: a file of two names (`link_or_copy`, and a crash after it) becomes one of its own."""
    if path.stat().st_nlink > 1:
        with atomic_write(path) as temporary:
            shutil.copyfile(path, temporary)


def link_or_copy(path: Path, other: Path) -> None:
    """The same content under another name as well, whole or not at all; a USB drive that knows no links gets a copy."""
    try:
        os.link(path, other)
    except OSError:
        with atomic_write(other) as temporary:
            shutil.copyfile(path, temporary)


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """Write a file under the temporary name that is yielded; it gets its own name when it is completely on the disk.

    It is its owner's alone, unless a file of this name is there that others may use.
    """
    temporary = path.with_name(path.name + ".part")
    with noted(temporary):
        yield from _written(path, temporary)


def _written(path: Path, temporary: Path) -> Iterator[Path]:
    remove_with_sidecars(temporary)
    try:
        create_private(temporary, path)
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        remove_with_sidecars(temporary)
