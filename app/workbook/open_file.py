"""The file of a workbook while it is open: its engine, its lock, its replica, and what happens to its keys at the end.

docs/decisions/0006-keys.md, docs/decisions/0018-trust.md.
"""

import contextlib
import logging
import os
import shutil
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import DatabaseError
from sqlcipher3.dbapi2 import DatabaseError as DriverError

from app.errors import CorruptFile
from app.workbook import files, keyring, replicas
from app.workbook.file_guard import FileChange, FileGuard
from app.workbook.file_lock import WorkbookLock, acquire_lock
from app.workbook.identity import sign_key
from app.workbook.keyring import Keyring
from db.journal import write_context
from db.journal.chains import is_chained
from db.journal.streams import count_own_changes
from db.schema.exchange import Identity, ReplicaOwner

log = logging.getLogger(__name__)
_MAX_WAL_BYTES = 4 * 2**20  # a longer write-ahead log is carried over into the file


@dataclass(frozen=True, slots=True)
class WorkerAccess:
    """Gives a worker process access to a workbook that is open here. It holds the file key: pipes only."""

    path: Path
    key: bytes = field(repr=False)
    operator: str
    replica: str
    slot: str


@dataclass(slots=True)
class OpenFile:
    """One file that is open, by whoever holds its lock. A worker process that only reads has no lock and no guard.

    Only `checkpoint` and `vacuum` (app/workbook/workbook.py) write the file itself; all else goes to the write-ahead
    log. So whatever else changes the file is noticed (`FileGuard`).
    """

    path: Path
    key: bytes = field(repr=False)
    keyring: Keyring | None = field(repr=False)
    operator: str
    replica: str
    engine: Engine
    slot: str  # of the keyring, by which it was opened: whose role counts
    guard: FileGuard | None = None
    lock: WorkbookLock | None = None
    writing_file: Lock = field(default_factory=Lock)

    def worker_access(self) -> WorkerAccess:
        return WorkerAccess(self.path, self.key, self.operator, self.replica, self.slot)

    def connect(self, copy: Path) -> Any:
        """A connection to another file of the same key."""
        from db.engine import connect

        return connect(copy, self.key)

    def save_state(self, change_count: int) -> None:
        """This replica has written so many changes."""
        replicas.save_state(self.replica, self.path, change_count)

    def change(self) -> FileChange:
        """What somebody else has done to the file."""
        with self.writing_file:
            return self.guard.change() if self.guard else ""

    def checkpoint(self) -> None:
        """Carry a long write-ahead log over into the file, unless that is not the file any more that was opened."""
        with self.writing_file, contextlib.suppress(OSError, DatabaseError):  # full disk: it stays in the log
            if files.wal_path(self.path).stat().st_size < _MAX_WAL_BYTES or (self.guard and self.guard.change()):
                return
            with self.engine.connect() as connection:
                driver_connection(connection).execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
            self._remember()

    def _remember(self) -> None:
        if self.guard:
            self.guard.remember()

    def copy_pages(self, copy: Path) -> None:
        """All committed pages, under the same key and without the keyring."""
        target = self.connect(copy)
        try:
            with self.engine.connect() as connection:
                driver_connection(connection).backup(target)
        finally:
            target.close()

    def is_readable_copy(self, copy: Path) -> bool:
        """Whether every page of a copy of this file can be read and has the right checksum."""
        connection = self.connect(copy)
        try:
            return not connection.execute("PRAGMA cipher_integrity_check").fetchall()
        except DriverError:
            return False
        finally:
            connection.close()

    def vacuum(self) -> int:
        """Write the file again without the pages that are free in it; returns by how many bytes it is smaller."""
        with self.writing_file, self.engine.connect() as connection:
            size_before, raw = self.path.stat().st_size, driver_connection(connection)
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            raw.execute("PRAGMA temp_store = FILE")  # in memory it would take as much as the file
            try:
                raw.execute("VACUUM")
            finally:
                raw.execute("PRAGMA temp_store = MEMORY")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            self._remember()
            return max(0, size_before - self.path.stat().st_size)

    def rescue(self) -> Path:
        """Another file has taken the place of this one: what was committed is written beside it."""
        name = f"{self.path.stem} 抢救 {datetime.now():%Y%m%d-%H%M%S}{self.path.suffix}"
        copy = files.available_path(self.path.with_name(name))
        with files.atomic_write(copy) as temporary:
            self.copy_pages(temporary)
            with temporary.open("ab") as file:
                file.write(self._current_keyring().to_bytes())
        return copy

    def close(self) -> None:
        """Everything is in the one file afterwards.

        Raises:
            CorruptFile: somebody else has replaced or overwritten the file; the sentence says where everything is
        """
        try:
            change = self.change()
            if change == "replaced":
                copy = self.rescue()
                self.abandon()
                raise CorruptFile(replaced_message(self.path, copy))
            if change == "overwritten":
                log_copy = self._set_log_aside()
                self.abandon()
                raise CorruptFile(overwritten_message(self.path, log_copy))
            self._end()
            self._attach_keys()
        finally:
            self._end()
            self._release()

    def abandon(self) -> None:
        """Leave a file that is not ours any more without writing it."""
        self._end()
        with contextlib.suppress(OSError):
            files.quarantine_leftovers(self.path)
        self._release()

    def _end(self) -> None:
        self.engine.dispose()
        if self.guard:
            self.guard.close()

    def _release(self) -> None:
        if self.lock:
            self.lock.release()

    def _set_log_aside(self) -> Path:
        """Keep the write-ahead log under another name and empty it: SQLite would lay it into the foreign file."""
        wal = files.wal_path(self.path)
        copy = files.available_path(wal.with_name(f"{wal.name}.旧"))
        if wal.exists():
            shutil.copyfile(wal, copy)
            os.truncate(wal, 0)
        return copy

    def _current_keyring(self) -> Keyring:
        current = keyring.read_sidecar(self.path) or self.keyring
        assert current is not None, "a worker process writes no keys"
        return current

    def _attach_keys(self) -> None:
        with contextlib.suppress(OSError):
            if keyring.read_sidecar(self.path) is None:
                # somebody deleted it: without its keys the file can never be opened again
                keyring.write_sidecar(self.path, self._current_keyring())
            keyring.attach_trailer(self.path)


def open_file(
    engine: Engine, path: Path, key: bytes, file_keyring: Keyring, operator: str, lock: WorkbookLock, slot: str = ""
) -> OpenFile:
    """Open a file whose lock is held and whose keys lie beside it.

    Args:
        engine: of this file; it is closed if this fails
        slot: of the keyring that opened it, where that is not the operator's

    Raises:
        sqlcipher3.dbapi2.DatabaseError, sqlalchemy.exc.DatabaseError: it cannot be read or written
    """
    try:
        replica = _claim_replica(engine, path, operator)
        guard = FileGuard(path)
    except BaseException:
        engine.dispose()
        raise
    return OpenFile(path, key, file_keyring, operator, replica, engine, slot or operator, guard, lock)


def reopen_copy(opened: OpenFile, copy: Path) -> OpenFile:
    """Go on with a rescued copy, as a new replica, and leave the file that was replaced."""
    from db.engine import open_engine

    lock = acquire_lock(copy)
    try:
        file_keyring = keyring.read_keyring(copy)
        keyring.detach_trailer(copy, file_keyring)
        engine = open_engine(copy, opened.key)
        new = open_file(engine, copy, opened.key, file_keyring, opened.operator, lock, opened.slot)
    except BaseException:
        lock.release()
        raise
    opened.abandon()
    return new


def replaced_message(path: Path, copy: Path) -> str:
    """What an officer is told when another file lies in the place of the workbook."""
    return (
        f"“{path.name}”在打开期间被另一个文件替换或移走。全部内容已另存为“{copy.name}”（在同一文件夹），"
        "请以该文件为准继续填写。"
    )


def overwritten_message(path: Path, log_copy: Path | None = None) -> str:
    """What an officer is told when the workbook itself was cut or overwritten."""
    kept = f"最近的修改保留在“{log_copy.name}”，请勿删除。" if log_copy else "请先抄录窗口中尚未保存的内容。"
    return (
        f"“{path.name}”在打开期间被其他程序覆盖或截断，无法继续写入，这一步没有保存。"
        f"{kept}请关闭工作簿，再用最近的备份恢复。"
    )


def driver_connection(connection: Connection) -> Any:
    """The driver's own connection, for what SQLAlchemy has no words for."""
    return connection.connection.driver_connection


def new_own_replica(connection: Connection) -> str:
    """A new replica of the workbook that is open, stored as its own."""
    own_key = sign_key(connection.execute(select(Identity.sign_seed)).scalar_one())
    replica, nonce = replicas.new_replica(own_key)
    connection.execute(insert(ReplicaOwner).values(replica=replica, sign_key=own_key, nonce=nonce))
    former = write_context.current_replica(connection)
    if not is_chained(former):  # of an earlier version of the program: its end is signed from now on
        connection.execute(
            sqlite_insert(ReplicaOwner).values(replica=former, sign_key=own_key, nonce=b"").on_conflict_do_nothing()
        )
    return replica


def _claim_replica(engine: Engine, path: Path, operator: str) -> str:
    """The replica of this file on this machine, a new one where the file is a copy."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        replica = write_context.current_replica(connection)
        change_count = count_own_changes(connection, replica)
        if not is_chained(replica) or not replicas.is_same_replica(replica, path, change_count):
            replica, change_count = new_own_replica(connection), 0
        write_context.claim(connection, replica, operator)
    replicas.save_state(replica, path, change_count)
    return replica
