"""The open workbook: the one place where a session begins and ends."""

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import CorruptFile, UserError
from app.workbook.amendments import AMENDMENT, load_overlay
from app.workbook.change_source import change_source
from app.workbook.db_errors import translate_db_errors
from app.workbook.open_file import (
    OpenFile,
    WorkerAccess,
    driver_connection,
    new_own_replica,
    overwritten_message,
    reopen_copy,
)
from app.workbook.reading_session import reading_session
from app.workbook.role_limits import REVIEWED_KINDS, RoleLimits
from app.workbook.roles import ENTER, REVIEW, Duty, Role, may, require, role_of
from db.journal import observed_heads, operations
from db.journal.chain_completion import complete
from db.journal.changes import rows_changed_since
from db.journal.operations import Kind, NewOperation
from db.journal.streams import count_own_changes
from db.journal.write_context import begin_transaction, claim
from db.record_merge import MovedRows, propagate, shown_targets
from db.schema import records
from db.schema.exchange import AuditEntry
from db.schema.village import Village
from resources.overlay import Overlay, used_overlay

log = logging.getLogger(__name__)
_MAX_CHANGED_IDS = 5000  # beyond so many changed records nobody asks which ones
_OPERATION = "operation"  # in `Session.info`: what the running transaction is called
_UNNAMED = "其他修改"  # what records written without a name are called
# in `Session.info`: table → rows that a transaction changed without a line in the journal
REBUILT_ROWS = "rewritten"  # where it undid an import
RENAMED_ROWS = "renamed"  # where a stream was split and the names of replicas decide what a cell shows
_NEW_REPLICA = "replica"  # the replica that this workbook goes on as after the running transaction


@dataclass(frozen=True, slots=True)
class VillageInfo:
    """Code and name of a village of this workbook."""

    code: str
    name: str
    township: str
    county: str
    city: str
    province: str


@dataclass(frozen=True, slots=True)
class WorkbookChanges:
    """What one transaction wrote.

    Attributes:
        tables: names of the tables that were written
        ids: of the records that were written; empty when there are very many
        source: on whose behalf (`changes_from`); None if nobody said
        operation: the number under which it is stored (app/workbook/operations.py), 0 where no record was written
    """

    tables: frozenset[str]
    ids: frozenset[str]
    source: object | None
    operation: int = 0

    def touches(self, *tables: str) -> bool:
        """Whether one of these tables was written."""
        return not self.tables.isdisjoint(tables)


class Workbook:
    """One village's (or township's) encrypted file while it is open. Made by app/workbook/access.py.

    Attributes:
        operator: who is at the keyboard; goes into every change
        first_operation: the first write of records since it was opened, 0 while there was none
        damaged: pages of it were found unreadable; a copy of it must not take the place of good backups
    """

    def __init__(self, file: OpenFile) -> None:
        self.operator = file.operator
        self._file = file
        self._subscribers: list[Callable[[WorkbookChanges], None]] = []
        self._villages: tuple[VillageInfo, ...] | None = None
        self._role: Role | None = None
        self._overlay: Overlay | None = None
        self._closed = False
        self._moving = Lock()
        self.first_operation = 0
        self.damaged = False

    @property
    def path(self) -> Path:
        """The file. It becomes another one, with the same content, when somebody has put a file in its place."""
        return self._file.path

    @property
    def replica(self) -> str:
        """This copy of the workbook on this machine; a restored, copied or rescued file gets a new one."""
        return self._file.replica

    @property
    def role(self) -> Role:
        """Of whoever opened it, whatever name is written into changes."""
        if self._role is None:
            with self.reading() as session:
                self._role = role_of(session, self._file.slot)
        return self._role

    @property
    def slot(self) -> str:
        """Of the keyring by which it was opened: an operator's name, or that of the recovery code."""
        return self._file.slot

    def may(self, duty: Duty) -> bool:
        """Whether whoever opened it may do this."""
        return may(self.role, duty)

    def require(self, duty: Duty, what: str) -> None:
        """Refuse what whoever opened it may not do.

        Raises:
            NotPermitted: with the role, and who may
        """
        require(self.role, duty, what)

    def forget_role(self) -> None:
        """A role was given; it is read anew."""
        self._role = None

    def worker_access(self) -> WorkerAccess:
        """What admits another process of ours (app/workbook/access.py)."""
        return self._file.worker_access()

    @property
    def villages(self) -> tuple[VillageInfo, ...]:
        """The villages of this workbook by code."""
        if self._villages is None:
            with self.reading() as session:
                rows = session.scalars(select(Village).where(~Village.withdrawn).order_by(Village.code)).all()
                self._villages = tuple(
                    VillageInfo(
                        v.code or v.village,
                        v.name or "",
                        v.township or "",
                        v.county or "",
                        v.city or "",
                        v.province or "",
                    )
                    for v in rows
                )
        return self._villages

    @property
    def overlay(self) -> Overlay:
        """What the county of this workbook changes of resources; every transaction counts by it."""
        if self._overlay is None:
            with translate_db_errors(), Session(self._file.engine) as session:
                self._overlay = load_overlay(session)
        return self._overlay

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A read transaction; what it yields must not be used after the block.

        Raises:
            CorruptFile: the file cannot be read any more
        """
        with translate_db_errors(), used_overlay(self.overlay), reading_session(self._file.engine) as session:
            yield session

    @contextmanager
    def reading_alone(self, prepare: Callable[[Any], None]) -> Iterator[Session]:
        """A read transaction on a connection that serves nothing else, as `prepare` has set up the driver's connection.

        Raises:
            CorruptFile: the file cannot be read any more
        """
        engine = self._file.engine
        # the first stays in the pool: closing the last connection would make SQLite write the file (FileGuard)
        with translate_db_errors(), used_overlay(self.overlay), engine.connect(), engine.connect() as connection:
            try:
                prepare(driver_connection(connection))
                with reading_session(connection) as session:
                    yield session
            finally:
                connection.invalidate()  # closed, so that nobody else gets it from the pool as it was prepared

    @contextmanager
    def logging(self) -> Iterator[Session]:
        """One transaction for logs of what was read and printed, which every role writes; no record may change."""
        with self._transaction(_UNNAMED, "edit") as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction for what no officer undoes: logs, settings, peers. Records are written by `operation`.

        Raises:
            CorruptFile: the file cannot be read any more
            UserError: the disk is full or the file cannot be written
        """
        with self.operation(_UNNAMED) as session:
            yield session

    @contextmanager
    def operation(self, title: str, kind: Kind = "edit") -> Iterator[Session]:
        """One transaction: whole at the end of the block, or (on any exception, cancelling too) not at all.

        If it changes records it is stored under its title and can be undone, and subscribers are notified, on the
        thread that wrote.

        Args:
            title: what the officer did, e.g. "批量设置：户类型"; `running_operation` gives it another while it runs

        Raises:
            CorruptFile: the file cannot be read any more
            NotPermitted: the role of whoever opened it does not allow it
            UserError: the disk is full or the file cannot be written
        """
        self.require(REVIEW if kind in REVIEWED_KINDS else ENTER, "修改" if title == _UNNAMED else title)
        with self._transaction(title, kind) as session:
            yield session

    @contextmanager
    def _transaction(self, title: str, kind: Kind) -> Iterator[Session]:
        self._leave_foreign_file()
        file = self._file
        with (
            translate_db_errors(),
            used_overlay(self.overlay),
            file.engine.connect().execution_options(writes=True) as connection,
            Session(connection, info={_OPERATION: NewOperation(title, kind)}) as session,
            session.begin(),
        ):
            last_seq = begin_transaction(session, self.operator, hlc_now())
            raw = session.connection().connection.driver_connection
            targets_before = shown_targets(raw)
            limits = RoleLimits(session, self.role, last_seq)
            yield session
            session.flush()
            limits.check(running_operation(session), self.operator)
            observed_heads.clear(session)
            moved_rows = propagate(raw, last_seq, targets_before, _rows_without_line(session))
            complete(raw)
            operation = self._record_operation(session, last_seq)
            changes = _changes_since(session, last_seq, moved_rows, operation)
            replica = session.info.get(_NEW_REPLICA, file.replica)
            change_count = count_own_changes(session.connection(), replica)
        file.replica = replica
        file.checkpoint()
        if operation:
            self.first_operation = self.first_operation or operation
            file.save_state(change_count)
            self._villages = None if "village" in changes.tables else self._villages
            self._overlay = None if AMENDMENT in changes.tables else self._overlay
            self._notify(changes)

    def _leave_foreign_file(self) -> None:
        """Before each write: if another file lies in the place of this one, go on with a copy of what was open."""
        with self._moving, _translate_file_errors(self.path):
            change = self._file.change()
            if change == "overwritten":
                raise CorruptFile(overwritten_message(self.path))
            if change == "replaced":
                log.warning("the file was replaced while it was open")
                self._file = reopen_copy(self._file, self._file.rescue())

    def _record_operation(self, session: Session, last_seq: int) -> int:
        new: NewOperation = session.info[_OPERATION]
        rebuilt = session.info.get(REBUILT_ROWS)
        rebuilt_records = None if rebuilt is None else sum(map(len, rebuilt.values()))
        at = datetime.now().isoformat(" ", "seconds")
        return operations.record(session, last_seq, new, at, self.operator, self.replica, rebuilt_records)

    def _notify(self, changes: WorkbookChanges) -> None:
        """Notify subscribers. What is written stays written, so that a failing subscriber must not fail the writer."""
        for subscriber in list(self._subscribers):
            try:
                subscriber(changes)
            except Exception:
                log.exception("a subscriber failed")

    def subscribe(self, callback: Callable[[WorkbookChanges], None]) -> Callable[[], None]:
        """Call `callback` after every transaction, on the thread that wrote; returns the function that ends this."""
        self._subscribers.append(callback)
        return lambda: self._subscribers.remove(callback) if callback in self._subscribers else None

    def audit(self, action: str, count: int) -> None:
        """Add an entry to the audit log of exports, prints and displays of masked numbers; never personal data."""
        with self.logging() as session:
            session.add(
                AuditEntry(
                    at=datetime.now().isoformat(" ", "seconds"), operator=self.operator, what=action, how_many=count
                )
            )

    def copy_to(self, path: Path) -> None:
        """A consistent copy of all pages under the same file key, without the keyring (app/workbook/backup.py adds it).

        Raises:
            UserError: the disk is full
        """
        with translate_db_errors():
            self._file.copy_pages(path)

    def is_readable_copy(self, path: Path) -> bool:
        """Whether every page of a copy without keyring can be read back (`cipher_integrity_check`)."""
        return self._file.is_readable_copy(path)

    def vacuum(self) -> int:
        """Write the file again without the pages that are free in it; returns by how many bytes it is smaller.

        Like every transaction, whole or not at all. What SQLite puts aside meanwhile is encrypted like the file.

        Raises:
            UserError: the disk has no room for a second copy
        """
        self._leave_foreign_file()
        with translate_db_errors():
            return self._file.vacuum()

    def close(self) -> None:
        """Everything is in the one file afterwards. Closing twice is harmless.

        Raises:
            CorruptFile: somebody else has replaced or overwritten the file; the sentence says where everything is
        """
        if not self._closed:
            self._closed = True
            with _translate_file_errors(self.path):
                self._file.close()


@contextmanager
def _translate_file_errors(path: Path) -> Iterator[None]:
    try:
        with translate_db_errors():
            yield
    except OSError as error:
        raise UserError(
            f"“{path.name}”读写失败，U 盘可能已拔出，或磁盘已满，这一步没有保存，已保存的都在。"
            "请插好 U 盘、腾出空间后再打开。"
        ) from error


def running_operation(session: Session) -> NewOperation:
    """What the transaction of this session is called; its writer may change that till the end of the block."""
    operation: NewOperation = session.info[_OPERATION]
    return operation


def continue_as_new_replica(session: Session, operator: str) -> None:
    """From the end of this transaction on the workbook numbers its changes anew: its numbers are used elsewhere too."""
    replica = new_own_replica(session.connection())
    claim(session.connection(), replica, operator)
    session.info[_NEW_REPLICA] = replica


def _rows_without_line(session: Session) -> dict[str, set[str]]:
    rows: dict[str, set[str]] = defaultdict(set)
    for key in (REBUILT_ROWS, RENAMED_ROWS):
        for table, ids in session.info.get(key, {}).items():
            rows[table].update(ids)
    return rows


def hlc_now() -> int:
    """This machine's clock as a stamp of the journal (db/schema/journal.py, WriteContext)."""
    return int(time.time() * 1000) << 16


def _changes_since(session: Session, seq: int, moved_rows: MovedRows, operation: int) -> WorkbookChanges:
    source = change_source.get()
    rows = rows_changed_since(session, seq, _MAX_CHANGED_IDS + 1)
    rows += [(table, row) for table, ids in _rows_without_line(session).items() for row in ids]
    if len(rows) > _MAX_CHANGED_IDS:
        return WorkbookChanges(frozenset(records()), frozenset(), source, operation)
    return WorkbookChanges(
        frozenset(table for table, _ in rows) | moved_rows.keys(),
        frozenset(row for _, row in rows).union(*moved_rows.values()),
        source,
        operation,
    )
