"""A workbook of an older version is brought to this one on a copy, which takes its place when it is whole.

docs/decisions/0003-migrations.md.
"""

import logging
import shutil
from pathlib import Path

from app.errors import NewerVersion, OfficeError, UnknownFile
from app.workbook import files, keyring

log = logging.getLogger(__name__)


def bring_up_to_date(path: Path, key: bytes) -> None:
    """Migrate a copy and put it in the place of the original, which is kept beside it with its keys.

    Raises:
        NewerVersion, UnknownFile
        OfficeError: the disk is full or the upgrade failed; the original is as it was
        sqlcipher3.dbapi2.DatabaseError: the file cannot be read
    """
    from db.migrate import known_revisions

    known, found = known_revisions(), _revision(path, key)
    if found == known[-1]:
        return
    if found not in known:
        if not found:
            raise UnknownFile(f"“{path.name}”里没有工作簿的内容。请选择正确的文件，或用备份恢复。")
        raise NewerVersion(f"“{path.name}”是更新版本的程序写的(第 {found} 版)。请先升级本程序再打开。")
    try:
        with files.whole(path) as copy:
            _upgraded(path, copy, key)
            _keep(path, files.free_name(path.with_name(f"{path.stem}.v{found}{path.suffix}")))
    except OSError as error:
        raise OfficeError(
            f"“{path.name}”要先升级到新版本才能打开，但磁盘已满或不能写入。原文件没有改动，请腾出空间后再打开。"
        ) from error
    except Exception as error:
        log.exception("an upgrade failed")
        raise OfficeError(
            f"“{path.name}”升级没有成功，原文件没有改动，仍可用旧版本的程序打开。请把日志发给技术人员。"
        ) from error


def _revision(path: Path, key: bytes) -> str:
    from db.engine import connect
    from db.migrate import revision

    connection = connect(path, key)
    try:
        return revision(connection)
    finally:
        connection.close()


def _upgraded(path: Path, copy: Path, key: bytes) -> None:
    from sqlalchemy.exc import DatabaseError

    from db.engine import open_engine
    from db.migrate import upgrade

    if files.wal(path).exists():
        raise OSError(f"{path.name}: the write-ahead log could not be emptied")
    shutil.copyfile(path, copy)
    engine = open_engine(copy, key)
    try:
        upgrade(engine)
    except DatabaseError as error:
        said = str(error.orig).lower()
        if "disk is full" in said or "disk i/o" in said:
            raise OSError(said) from error
        raise
    finally:
        engine.dispose()
    if files.wal(copy).exists():
        raise OSError(f"{copy.name}: the write-ahead log could not be emptied")


def _keep(path: Path, old: Path) -> None:
    """The original with its keys at its end, so that it can be opened by the program that wrote it."""
    with files.whole(old) as part:
        shutil.copyfile(path, part)
        with part.open("ab") as file:
            file.write(keyring.beside(path).read_bytes())
