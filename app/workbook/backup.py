"""Backups of the workbook, and restoring one.

A copy is a whole workbook with its keys; any operator's passphrase or the recovery code opens it. A restored workbook
continues as a new replica (app/workbook/replicas.py), so that it never reuses a number of its lost future.
"""

import contextlib
import filecmp
import os
import shutil
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from sqlcipher3.dbapi2 import DatabaseError as DriverError

from app.errors import UserError, WrongPassphrase
from app.progress import Progress, Task
from app.workbook import access, files, keyring, replicas
from app.workbook.backup_retention import backup_folder, newest_first, thin
from app.workbook.file_lock import acquire_lock
from app.workbook.roles import REVEAL, REVIEW, require, role_of
from app.workbook.second_backup import copy_to_second_folder
from app.workbook.temporary_files import noted
from app.workbook.workbook import Workbook
from db.engine import open_engine

_UNREADABLE = "备份写好后核对没有通过，已删除。请检查磁盘或 U 盘是否损坏，换一个位置再备份。工作簿没有改动。"
_RESTORING = "用备份恢复工作簿"


def list_backups(path: Path) -> list[Path]:
    """The backups of a workbook, newest first."""
    return newest_first(backup_folder(path))


def backup(workbook: Workbook, target: Path) -> Task[Path]:
    """Write a copy of the workbook as it is now, read it back, and give it its name; whole or not at all.

    Raises:
        UserError: the file exists, cannot be written, or does not hold what was written
    """
    workbook.require(REVEAL, "复制整个工作簿")
    if target.exists():
        raise UserError(f"“{target.name}”已经存在，备份不会覆盖它。请换一个文件名。")
    yield Progress(0, 3, "备份")
    try:
        with files.atomic_write(target) as temporary:
            workbook.copy_to(temporary)
            yield Progress(1, 3, "核对备份")
            readable = workbook.is_readable_copy(temporary)
            keys = keyring.sidecar_path(workbook.path).read_bytes()
            with temporary.open("ab") as file:
                file.write(keys)
            if not readable or keyring.read_trailer(temporary) is None:
                raise UserError(_UNREADABLE)
    except OSError as error:
        raise UserError(f"备份没有写成：“{target.parent}”不存在、已满或不能写入。工作簿没有改动。") from error
    yield Progress(3, 3, "备份")
    return target


def automatic_backup(workbook: Workbook, reason: str) -> Task[Path]:
    """A copy in the workbook's own backup folder, named by time and reason; older ones are thinned."""
    target = _new_backup_path(workbook.path, reason)
    created = yield from backup(workbook, target)
    thin(created)
    copy_to_second_folder(workbook.path, created)  # where it fails, closing says so: this must not hinder the work
    return created


def back_up_closed(path: Path, reason: str = "关闭时") -> Path:
    """A copy of a workbook that was just closed, compared with it byte by byte; needs no key.

    Raises:
        UserError: it is open again, or the copy cannot be written
    """
    target = _new_backup_path(path, reason)
    try:
        with acquire_lock(path), files.atomic_write(target) as temporary:
            if keyring.read_trailer(path) is None:
                raise UserError(f"“{path.name}”没有正常关闭，没有自动备份。下次关闭时会备份。")
            shutil.copyfile(path, temporary)
            if not filecmp.cmp(path, temporary, shallow=False):
                raise UserError(_UNREADABLE)
    except OSError as error:
        raise UserError(f"备份没有写成：“{target.parent}”已满或不能写入。工作簿没有改动。") from error
    thin(target)
    return target


def _new_backup_path(path: Path, reason: str) -> Path:
    directory = backup_folder(path)
    try:
        directory.mkdir(exist_ok=True)
    except OSError as error:
        raise UserError(f"备份没有写成：不能建立文件夹“{directory}”。工作簿没有改动。") from error
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S-%f")[:-3]
    return files.available_path(directory / f"{stamp} {reason}.hdb")


def restore(source: Path, path: Path, passphrase: str) -> Task[Path]:
    """Restore a backup in the place of a workbook (or where there is none). The former file is kept beside it.

    Raises:
        WrongPassphrase, UnrecognizedFile, CorruptFile: the backup cannot be opened; nothing was touched
        NotPermitted: in the backup, or in the workbook that it replaces, whoever has the passphrase may not
        UserError: the workbook is open, or the disk is full
    """
    staging = path.with_name(f".{path.name}.restoring")
    with noted(staging):
        yield from _restore(source, path, passphrase, staging)
    return path


def _restore(source: Path, path: Path, passphrase: str, staging: Path) -> Task[None]:
    yield Progress(0, 3, "检查备份")
    staged = staging / source.name
    try:
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(mode=0o700)
        shutil.copyfile(source, staged)
        yield Progress(1, 3, "检查备份")
        with contextlib.closing(access.unlock(staged, passphrase)) as copy:
            copy.require(REVIEW, _RESTORING)
            opener = (copy.worker_access().key, copy.slot)
        if keyring.read_trailer(staged) is None:
            raise OSError(f"{staged.name}: the keys could not be written")
        yield Progress(2, 3, "恢复")
        with acquire_lock(path):
            _require_in_replaced(path, staging, passphrase, opener)
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


def _require_in_replaced(path: Path, staging: Path, passphrase: str, opener: tuple[bytes, str]) -> None:
    """Refuse who may not review in the workbook that is replaced: a backup from before there were roles gives none.

    Args:
        opener: the file key and slot by which the backup was opened; a passphrase that has changed since counts too

    Raises:
        NotPermitted
    """
    if not path.exists():
        return
    current = staging / f"{path.stem}.current"
    for tail in ("", "-keys", "-wal"):
        part = path.with_name(path.name + tail)
        if part.exists():
            shutil.copyfile(part, current.with_name(current.name + tail))
    try:
        file_keyring = keyring.read_keyring(current)
        keyring.detach_trailer(current, file_keyring)
    except UserError:
        return  # it is damaged: the backup is for that
    openers = [opener]
    with contextlib.suppress(WrongPassphrase):
        openers.insert(0, file_keyring.unwrap(passphrase))
    for key, slot in openers:
        engine = open_engine(current, key)
        try:
            with Session(engine) as session:
                require(role_of(session, slot), REVIEW, _RESTORING)
            return
        except (DatabaseError, DriverError):
            continue  # another key, damaged, or from before there were roles
        finally:
            engine.dispose()


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
