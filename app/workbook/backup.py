"""Copies of the workbook that are kept, and how one comes back.

A copy is a whole workbook with its keys; any operator's passphrase or the recovery code opens it. A restored workbook
goes on as a new replica (app/workbook/replicas.py), so that it never uses a number again that its lost future used.
"""

import contextlib
import os
import shutil
from datetime import datetime
from pathlib import Path

from app.errors import OfficeError
from app.progress import Progress, Work
from app.workbook import access, files, keyring, replicas
from app.workbook.workbook import Workbook

KEPT = 10


def folder(path: Path) -> Path:
    """Where a workbook's own backups lie."""
    return path.with_name(f"{path.stem}-备份")


def copies(path: Path) -> list[Path]:
    """The backups of a workbook, newest first."""
    return sorted(folder(path).glob("*.hdb"), key=lambda copy: copy.name, reverse=True)


def backup(workbook: Workbook, out: Path) -> Work[Path]:
    """Write a copy of the workbook as it is now, whole or not at all.

    Raises:
        OfficeError: the file exists or cannot be written
    """
    if out.exists():
        raise OfficeError(f"“{out.name}”已经存在，备份不会覆盖它。请换一个文件名。")
    yield Progress(0, 2, "备份")
    try:
        with files.whole(out) as part:
            workbook.copy_to(part)
            yield Progress(1, 2, "备份")
            with part.open("ab") as file:
                file.write(keyring.beside(workbook.path).read_bytes())
    except OSError as error:
        raise OfficeError(f"备份没有写成：“{out.parent}”不存在、已满或不能写入。工作簿没有改动。") from error
    yield Progress(2, 2, "备份")
    return out


def before(workbook: Workbook, why: str) -> Work[Path]:
    """A copy in the workbook's own backup folder, named by time and reason; only the newest `KEPT` stay."""
    own = folder(workbook.path)
    try:
        own.mkdir(exist_ok=True)
    except OSError as error:
        raise OfficeError(f"备份没有写成：不能建立文件夹“{own}”。工作簿没有改动。") from error
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S-%f")[:-3]
    made = yield from backup(workbook, own / f"{stamp} {why}.hdb")
    # with a clock that went back the newest copy has the oldest name
    for old in [copy for copy in copies(workbook.path) if copy != made][KEPT - 1 :]:
        with contextlib.suppress(OSError):
            old.unlink(missing_ok=True)
    return made


def restore(copy: Path, path: Path, passphrase: str) -> Work[Path]:
    """Put a backup in the place of a workbook (or where there is none). The file that was there is kept beside it.

    Raises:
        WrongKey, UnknownFile, Damaged: the backup cannot be opened; nothing was touched
        OfficeError: the workbook is open, or the disk is full
    """
    yield Progress(0, 3, "检查备份")
    place = path.with_name(f".{path.name}.restoring")
    part = place / copy.name
    try:
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        shutil.copyfile(copy, part)
        yield Progress(1, 3, "检查备份")
        access.unlock(part, passphrase).close()
        if keyring.at_end(part) is None:
            raise OSError(f"{part.name}: the keys could not be written")
        yield Progress(2, 3, "恢复")
        with access.locked(path):
            _set_aside(path)
            os.replace(part, path)
            for tail in ("-keys", "-wal", "-shm"):
                path.with_name(path.name + tail).unlink(missing_ok=True)
    except OSError as error:
        raise OfficeError(f"没有恢复：“{path.parent}”已满或不能写入。原来的文件没有改动。") from error
    finally:
        shutil.rmtree(place, ignore_errors=True)
    # whatever this machine remembers of either path belongs to files that are not there any more
    replicas.forget(path)
    replicas.forget(part)
    yield Progress(3, 3, "恢复")
    return path


def _set_aside(path: Path) -> None:
    """Keep what lies at `path`, with whatever a crash left beside it, under another name.

    At any instant it is whole at `path` or aside. What a crash left at `path` is taken away after the backup is there;
    till then keyring.take_off knows that a `-wal` is not that of a file with keys at its end.
    """
    aside = files.free_name(path.with_name(f"{path.stem} 恢复前 {datetime.now():%Y%m%d-%H%M%S}{path.suffix}"))
    try:
        for tail in ("-keys", "-wal"):
            left = path.with_name(path.name + tail)
            if left.exists():
                shutil.copyfile(left, aside.with_name(aside.name + tail))
        if path.exists():
            files.second_name(path, aside)
    except OSError:
        files.discard(aside)
        raise
