"""Errors of file and disk, as messages for an officer."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DatabaseError
from sqlcipher3.dbapi2 import DatabaseError as DriverError

from app.errors import DamagedWorkbook, UserError, WorkbookLocked

COMPACTED_VALUE = "（历史已归并）"  # in place of a value that was compacted away (app/sync/compaction.py)


@contextmanager
def translate_db_errors() -> Iterator[None]:
    """Translates SQLite's errors about the file and the disk; others pass unchanged.

    Raises:
        DamagedWorkbook: the file cannot be read any more
        WorkbookLocked: another program or a long piece of work holds the file
        UserError: the disk is full, or the file cannot be written
    """
    try:
        yield
    except (DatabaseError, DriverError) as error:
        detail = str(error.orig if isinstance(error, DatabaseError) else error).lower()
        if "disk is full" in detail or "disk i/o" in detail or "unable to open" in detail:
            raise UserError("磁盘已满或不能写入，这一步没有保存，已保存的都在。请腾出空间后再试。") from error
        if "readonly" in detail:
            raise UserError("这个文件是只读的，不能保存。请把它复制到电脑硬盘上再打开。") from error
        if "locked" in detail:
            raise WorkbookLocked(
                "工作簿正忙(正在导入，或另一个程序开着它)，这一步没有保存。请稍等片刻再试。"
            ) from error
        if "malformed" in detail or "not a database" in detail:
            raise DamagedWorkbook("工作簿文件已损坏。请用最近的备份恢复，或抢救读得出的内容。") from error
        raise
