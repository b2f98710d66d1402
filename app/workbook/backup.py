"""Copies of the workbook that are kept, and how one comes back.

A copy is a whole workbook with its keys; any operator's passphrase or the recovery code opens it. A restored workbook
goes on as a new replica (app/workbook/replicas.py), so that it never uses a number again that its lost future used.
"""

import os
import shutil
from datetime import datetime
from pathlib import Path

from app.errors import OfficeError
from app.progress import Progress, Work
from app.workbook import access, keyring, replicas
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
    part = out.with_name(out.name + ".part")
    yield Progress(0, 2, "备份")
    try:
        part.unlink(missing_ok=True)
        workbook.copy_to(part)
        yield Progress(1, 2, "备份")
        with part.open("ab") as file:
            file.write(keyring.beside(workbook.path).read_bytes())
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, out)
    except OSError as error:
        raise OfficeError(f"备份没有写成：“{out.parent}”不存在、已满或不能写入。工作簿没有改动。") from error
    finally:
        for leftover in (part, part.with_name(part.name + "-wal"), part.with_name(part.name + "-shm")):
            leftover.unlink(missing_ok=True)
    yield Progress(2, 2, "备份")
    return out


def before(workbook: Workbook, why: str) -> Work[Path]:
    """A copy in the workbook's own backup folder, named by time and reason; only the newest `KEPT` stay."""
    own = folder(workbook.path)
    own.mkdir(exist_ok=True)
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S-%f")[:-3]
    made = yield from backup(workbook, own / f"{stamp} {why}.hdb")
    for old in copies(workbook.path)[KEPT:]:
        old.unlink(missing_ok=True)
    return made


def restore(copy: Path, path: Path, passphrase: str) -> Work[Path]:
    """Put a backup in the place of a workbook (or where there is none). The file that was there is kept beside it.

    Raises:
        WrongKey, UnknownFile, Damaged: the backup cannot be opened; nothing was touched
        OfficeError: the workbook is open, or the disk is full
    """
    yield Progress(0, 3, "检查备份")
    keyring.find(copy).unwrap(passphrase)
    part = path.with_name(path.name + ".restoring")
    try:
        shutil.copyfile(copy, part)
        yield Progress(1, 3, "检查备份")
        access.unlock(part, passphrase).close()
        yield Progress(2, 3, "恢复")
        with access.locked(path):
            _set_aside(path)
            os.replace(part, path)
    except OSError as error:
        raise OfficeError(f"没有恢复：“{path.parent}”已满或不能写入。原来的文件没有改动。") from error
    finally:
        for leftover in (part, keyring.beside(part)):
            leftover.unlink(missing_ok=True)
    # whatever this machine remembers of the path belongs to the file that was there
    replicas.forget(path)
    yield Progress(3, 3, "恢复")
    return path


def _set_aside(path: Path) -> None:
    """Keep what lies at `path`, with whatever a crash left beside it: a `-wal` must never meet another file."""
    aside = path.with_name(f"{path.stem} 恢复前 {datetime.now():%Y%m%d-%H%M%S}{path.suffix}")
    for tail in ("", "-wal", "-shm", "-keys"):
        left = path.with_name(path.name + tail)
        if left.exists():
            os.replace(left, aside.with_name(aside.name + tail))
