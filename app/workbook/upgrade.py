"""Upgrade of a workbook of an older version, on a copy that replaces it when complete.

docs/decisions/0003-migrations.md.
"""

import logging
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import NewerVersion, UnrecognizedFile, UserError
from app.workbook import files, keyring

if TYPE_CHECKING:
    from sqlalchemy import Engine

log = logging.getLogger(__name__)


def open_upgraded(path: Path, key: bytes) -> "Engine":
    """The engine of a workbook's file, which has the schema of this program.

    Of an older version a copy is migrated and put in the place of the original, which is kept beside it with its keys.

    Raises:
        NewerVersion, UnrecognizedFile
        UserError: the disk is full or the upgrade failed; the original is unchanged
        sqlalchemy.exc.DatabaseError: the file cannot be read
    """
    from db.engine import open_engine
    from db.migrate import known_revisions

    engine, supported = open_engine(path, key), known_revisions()
    try:
        file_revision = _read_revision(engine)
    except BaseException:
        engine.dispose()
        raise
    if file_revision == supported[-1]:
        return engine  # its connection has read the schema, which takes most of the time of opening
    engine.dispose()
    if file_revision not in supported:
        if not file_revision:
            raise UnrecognizedFile(f"“{path.name}”里没有工作簿的内容。请选择正确的文件，或用备份恢复。")
        raise NewerVersion(f"“{path.name}”是更新版本的程序写的(第 {file_revision} 版)。请先升级本程序再打开。")
    _upgrade_file(path, key, file_revision)
    return open_engine(path, key)


def _upgrade_file(path: Path, key: bytes, file_revision: str) -> None:
    try:
        with files.atomic_write(path) as copy:
            _migrate_copy(path, copy, key)
            _keep_original(path, files.available_path(path.with_name(f"{path.stem}.v{file_revision}{path.suffix}")))
    except OSError as error:
        raise UserError(
            f"“{path.name}”要先升级到新版本才能打开，但磁盘已满或不能写入。原文件没有改动，请腾出空间后再打开。"
        ) from error
    except Exception as error:
        log.exception("an upgrade failed")
        raise UserError(
            f"“{path.name}”升级没有成功，原文件没有改动，仍可用旧版本的程序打开。请把日志发给技术人员。"
        ) from error


def _read_revision(engine: "Engine") -> str:
    from db.migrate import revision

    with engine.connect() as connection:
        return revision(connection.connection.driver_connection)


def _migrate_copy(path: Path, copy: Path, key: bytes) -> None:
    from sqlalchemy.exc import DatabaseError

    from db.engine import open_engine
    from db.migrate import upgrade

    if files.wal_path(path).exists():
        raise OSError(f"{path.name}: the write-ahead log could not be emptied")
    shutil.copyfile(path, copy)
    engine = open_engine(copy, key)
    try:
        upgrade(engine)
    except DatabaseError as error:
        detail = str(error.orig).lower()
        if "disk is full" in detail or "disk i/o" in detail:
            raise OSError(detail) from error
        raise
    finally:
        engine.dispose()
    if files.wal_path(copy).exists():
        raise OSError(f"{copy.name}: the write-ahead log could not be emptied")


def _keep_original(path: Path, old: Path) -> None:
    """The original with its keys at its end, so that it can be opened by the program that wrote it."""
    with files.atomic_write(old) as temporary:
        shutil.copyfile(path, temporary)
        with temporary.open("ab") as file:
            file.write(keyring.sidecar_path(path).read_bytes())
