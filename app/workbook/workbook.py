"""The open workbook: the one place where a session begins and ends."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from sqlcipher3.dbapi2 import DatabaseError as DriverError

from app.errors import Damaged, OfficeError
from db.schema import records
from db.schema.exchange import Deed
from db.schema.village import Village

_MANY = 5000  # beyond so many changed records nobody asks which ones


@dataclass(frozen=True, slots=True)
class VillageName:
    """A village of this workbook, as it is called."""

    code: str
    name: str
    township: str
    county: str
    city: str
    province: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What one transaction wrote: tables, record ids (empty when they are very many), and on whose behalf."""

    tables: frozenset[str]
    ids: frozenset[str]
    by: object | None

    def touches(self, *tables: str) -> bool:
        """Whether one of these tables was written."""
        return not self.tables.isdisjoint(tables)


class Workbook:
    """One village's (or township's) encrypted file while it is open. Made by app/workbook/access.py.

    Attributes:
        path: the file
        operator: who is at the keyboard; goes into every change
        replica: this copy of the workbook on this machine; a restored or copied file gets a new one
    """

    def __init__(
        self,
        path: Path,
        engine: Engine,
        operator: str,
        replica: str,
        keyed: Callable[[Path], Any],
        leave: Callable[[int], None],
    ) -> None:
        self.path, self.operator, self.replica = path, operator, replica
        self._engine, self._keyed, self._leave = engine, keyed, leave
        self._subscribers: list[Callable[[Changes], None]] = []
        self._villages: tuple[VillageName, ...] | None = None
        self._closed = False

    @property
    def villages(self) -> tuple[VillageName, ...]:
        """The villages of this workbook by code."""
        if self._villages is None:
            with self.reading() as session:
                found = session.scalars(select(Village).where(~Village.withdrawn).order_by(Village.code)).all()
                self._villages = tuple(
                    VillageName(
                        v.code or v.village,
                        v.name or "",
                        v.township or "",
                        v.county or "",
                        v.city or "",
                        v.province or "",
                    )
                    for v in found
                )
        return self._villages

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One consistent look at the workbook; what it hands out must not be used after the block.

        Raises:
            Damaged: the file cannot be read any more
        """
        with _sentences(), Session(self._engine) as session:
            yield session

    @contextmanager
    def writing(self, by: object | None = None) -> Iterator[Session]:
        """One transaction: whole at the end of the block, or (on any exception, cancelling too) not at all.

        After it, subscribers are told what changed, on the thread that wrote.

        Args:
            by: who writes, so that a page can tell its own change from another's

        Raises:
            Damaged: the file cannot be read any more
            OfficeError: the disk is full or the file cannot be written
        """
        with (
            _sentences(),
            self._engine.connect().execution_options(writes=True) as connection,
            Session(connection) as session,
            session.begin(),
        ):
            before = _begin_writing(session, self.operator)
            yield session
            session.flush()
            session.connection().exec_driver_sql("DELETE FROM seen")
            changes = _changes_since(session, before, by)
        if changes.tables:
            self._villages = None if "village" in changes.tables else self._villages
            for subscriber in list(self._subscribers):
                subscriber(changes)

    def subscribe(self, callback: Callable[[Changes], None]) -> Callable[[], None]:
        """Be told of every transaction, on the thread that wrote; returns what ends it."""
        self._subscribers.append(callback)
        return lambda: self._subscribers.remove(callback) if callback in self._subscribers else None

    def deed(self, what: str, how_many: int) -> None:
        """One line in the log of exports, prints and looks at hidden numbers; never personal data."""
        with self.writing() as session:
            session.add(
                Deed(at=datetime.now().isoformat(" ", "seconds"), operator=self.operator, what=what, how_many=how_many)
            )

    def copy_to(self, path: Path) -> None:
        """A consistent copy of all pages under the same file key, without the keyring (app/workbook/backup.py adds it).

        Raises:
            OfficeError: the disk is full
        """
        with _sentences(), self._engine.connect() as connection:
            source: Any = connection.connection.driver_connection
            target = self._keyed(path)
            try:
                source.backup(target)
            except DriverError as error:
                raise DatabaseError("backup", None, error) from error
            finally:
                target.close()

    def close(self) -> None:
        """Everything is in the one file afterwards. Closing twice is harmless."""
        if not self._closed:
            self._closed = True
            counted = 0  # a file that cannot be read any more is left as it is
            with suppress(DatabaseError), self._engine.connect() as connection:
                statement = text("SELECT coalesce(sum(last), 0) FROM stream WHERE replica = :replica")
                counted = int(connection.execute(statement, {"replica": self.replica}).scalar_one())
            self._engine.dispose()
            self._leave(counted)


def _begin_writing(session: Session, operator: str) -> int:
    """Say who writes and when (hybrid logical clock), and where the journal stands."""
    now = int(time.time() * 1000) << 16
    session.execute(
        text("UPDATE writer SET operator = :operator, capturing = 1, stamp = max(stamp + 1, :now)"),
        {"operator": operator, "now": now},
    )
    session.connection().exec_driver_sql("DELETE FROM seen")
    return int(session.execute(text("SELECT coalesce(max(seq), 0) FROM change")).scalar_one())


def _changes_since(session: Session, seq: int, by: object | None) -> Changes:
    rows = session.execute(
        text("SELECT DISTINCT table_name, row_id FROM change WHERE seq > :seq LIMIT :many"),
        {"seq": seq, "many": _MANY + 1},
    ).all()
    if len(rows) > _MANY:
        return Changes(frozenset(records()), frozenset(), by)
    return Changes(frozenset(table for table, _ in rows), frozenset(row for _, row in rows), by)


@contextmanager
def _sentences() -> Iterator[None]:
    """Faults of file and disk as sentences; everything else passes."""
    try:
        yield
    except DatabaseError as error:
        said = str(error.orig).lower()
        if "disk is full" in said or "disk i/o" in said:
            raise OfficeError("磁盘已满或不能写入，这一步没有保存，已保存的都在。请腾出空间后再试。") from error
        if "readonly" in said:
            raise OfficeError("这个文件是只读的，不能保存。请把它复制到电脑硬盘上再打开。") from error
        if "malformed" in said or "not a database" in said:
            raise Damaged("工作簿文件已损坏。请从“设置”里最近的备份恢复，或与同事交换后恢复。") from error
        raise
