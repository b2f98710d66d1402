"""Backups of the workbook, and restoring one.

A copy is a whole workbook with its keys; any operator's passphrase or the recovery code opens it. A restored workbook
continues as a new replica (app/workbook/replicas.py), so that it never reuses a number of its lost future.
"""

import contextlib
import os
import shutil
from datetime import datetime
from pathlib import Path

from app.errors import UserError
from app.progress import Progress, Task
from app.workbook import access, files, keyring, replicas
from app.workbook.file_lock import acquire_lock
from app.workbook.workbook import Workbook

MAX_BACKUPS = 10


def backup_folder(path: Path) -> Path:
    """The folder of a workbook's own backups."""
    return path.with_name(f"{path.stem}-备份")


def list_backups(path: Path) -> list[Path]:
    """The backups of a workbook, newest first."""
    return sorted(backup_folder(path).glob("*.hdb"), key=lambda copy: copy.name, reverse=True)


def backup(workbook: Workbook, target: Path) -> Task[Path]:
    """Write a copy of the workbook as it is now, whole or not at all.

    Raises:
        UserError: the file exists or cannot be written
    """
    if target.exists():
        raise UserError(f"“{target.name}”已经存在，备份不会覆盖它。请换一个文件名。")
    yield Progress(0, 2, "备份")
    try:
        with files.atomic_write(target) as temporary:
            workbook.copy_to(temporary)
            yield Progress(1, 2, "备份")
            with temporary.open("ab") as file:
                file.write(keyring.sidecar_path(workbook.path).read_bytes())
    except OSError as error:
        raise UserError(f"备份没有写成：“{target.parent}”不存在、已满或不能写入。工作簿没有改动。") from error
    yield Progress(2, 2, "备份")
    return target


def automatic_backup(workbook: Workbook, reason: str) -> Task[Path]:
    """A copy in the workbook's own backup folder, named by time and reason; only the newest ones stay."""
    directory = backup_folder(workbook.path)
    try:
        directory.mkdir(exist_ok=True)
    except OSError as error:
        raise UserError(f"备份没有写成：不能建立文件夹“{directory}”。工作簿没有改动。") from error
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S-%f")[:-3]
    created = yield from backup(workbook, directory / f"{stamp} {reason}.hdb")
    # with a clock that went back the newest copy has the oldest name
    for outdated in [copy for copy in list_backups(workbook.path) if copy != created][MAX_BACKUPS - 1 :]:
        with contextlib.suppress(OSError):
            outdated.unlink(missing_ok=True)
    return created


def restore(source: Path, path: Path, passphrase: str) -> Task[Path]:
    """Restore a backup in the place of a workbook (or where there is none). The former file is kept beside it.

    Raises:
        WrongPassphrase, UnrecognizedFile, CorruptFile: the backup cannot be opened; nothing was touched
        UserError: the workbook is open, or the disk is full
    """
    yield Progress(0, 3, "检查备份")
    staging = path.with_name(f".{path.name}.restoring")
    staged = staging / source.name
    try:
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir()
        shutil.copyfile(source, staged)
        yield Progress(1, 3, "检查备份")
        access.unlock(staged, passphrase).close()
        if keyring.read_trailer(staged) is None:
            raise OSError(f"{staged.name}: the keys could not be written")
        yield Progress(2, 3, "恢复")
        with acquire_lock(path):
            _preserve_existing(path)
            os.replace(staged, path)
            for tail in ("-keys", "-wal", "-shm"):
                path.with_name(path.name + tail).unlink(missing_ok=True)
    except OSError as error:
        raise UserError(f"没有恢复：“{path.parent}”已满或不能写入。原来的文件没有改动。") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    # the state that this machine has of either path belongs to files that no longer exist
    replicas.drop_state(path)
    replicas.drop_state(staged)
    yield Progress(3, 3, "恢复")
    return path


def _preserve_existing(path: Path) -> None:
    """Keep what lies at `path`, with whatever a crash left beside it, under another name.

    At any instant it is complete at `path` or aside. What a crash left at `path` is removed after the backup is there;
    until then keyring.detach_trailer knows that a `-wal` is not that of a file with keys at its end.
    """
    preserved = files.available_path(path.with_name(f"{path.stem} 恢复前 {datetime.now():%Y%m%d-%H%M%S}{path.suffix}"))
    try:
        for tail in ("-keys", "-wal"):
            leftover = path.with_name(path.name + tail)
            if leftover.exists():
                shutil.copyfile(leftover, preserved.with_name(preserved.name + tail))
        if path.exists():
            files.link_or_copy(path, preserved)
    except OSError:
        files.remove_with_sidecars(preserved)
        raise
