"""Upgrade of a workbook of an older version, on a copy that replaces it when complete.

docs/decisions/0003-migrations.md.
"""

import logging
import shutil
from pathlib import Path

from app.errors import NewerVersion, UnrecognizedFile, UserError
from app.workbook import files, keyring

log = logging.getLogger(__name__)


def upgrade_file(path: Path, key: bytes) -> None:
    """Migrate a copy and put it in the place of the original, which is kept beside it with its keys.

    Raises:
        NewerVersion, UnrecognizedFile
        UserError: the disk is full or the upgrade failed; the original is unchanged
        sqlcipher3.dbapi2.DatabaseError: the file cannot be read
    """
    from db.migrate import known_revisions

    supported, file_revision = known_revisions(), _read_revision(path, key)
    if file_revision == supported[-1]:
        return
    if file_revision not in supported:
        if not file_revision:
            raise UnrecognizedFile(f"“{path.name}”里没有工作簿的内容。请选择正确的文件，或用备份恢复。")
        raise NewerVersion(f"“{path.name}”是更新版本的程序写的(第 {file_revision} 版)。请先升级本程序再打开。")
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


def _read_revision(path: Path, key: bytes) -> str:
    from db.engine import connect
    from db.migrate import revision

    connection = connect(path, key)
    try:
        return revision(connection)
    finally:
        connection.close()


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
