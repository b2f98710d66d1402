"""The files of a workbook: what SQLite leaves beside it, names that are free, and temporary ones swept away whole."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, count
from pathlib import Path

LEAVINGS = ("-wal", "-shm", "-journal")


def wal(path: Path) -> Path:
    """Where SQLite keeps what is committed but not in the file yet. It goes when the last connection closes, so it is
    there only while the file is open, and after a crash."""
    return path.with_name(path.name + "-wal")


def discard(path: Path) -> None:
    """Remove a temporary workbook with all that lies beside it: a `-wal` left there would be played into the next file
    of this name."""
    for tail in ("", *LEAVINGS, "-keys", "-keys.part"):
        with contextlib.suppress(OSError):
            path.with_name(path.name + tail).unlink(missing_ok=True)


def free_name(path: Path) -> Path:
    """This path, or, where something lies there, the first of "… 2", "… 3" that is free: a wrong clock gives one name
    twice, and what was kept is never overwritten."""
    others = (path.with_name(f"{path.stem} {n}{path.suffix}") for n in count(2))
    return next(name for name in chain((path,), others) if not name.exists())


def set_strays_aside(path: Path) -> None:
    """What a crash left of a file that was at this path before another took its place. SQLite would play the `-wal`
    into the one that is here now."""
    for tail in ("-wal", "-keys"):
        left = path.with_name(path.name + tail)
        if left.exists():
            os.replace(left, free_name(path.with_name(f"{path.name}{tail}.旧")))
    path.with_name(path.name + "-shm").unlink(missing_ok=True)


def unshare(path: Path) -> None:
    """Before it is written: a file of two names (`second_name`, and a crash after it) becomes one of its own."""
    if path.stat().st_nlink > 1:
        with whole(path) as part:
            shutil.copyfile(path, part)


def second_name(path: Path, other: Path) -> None:
    """The same content under another name as well, whole or not at all; a USB stick that knows no links gets a copy."""
    try:
        os.link(path, other)
    except OSError:
        with whole(other) as part:
            shutil.copyfile(path, part)


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Write a file under the name that is given here; it takes its own when it is on the disk to the last byte."""
    part = path.with_name(path.name + ".part")
    discard(part)
    try:
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        os.replace(part, path)
    finally:
        discard(part)
