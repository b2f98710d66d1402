"""The open workbook: the one place where a session begins and ends."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.orm import Session

from app.workbook.sentences import sentences
from db.joining import Moved, joined, keep_up
from db.schema import records
from db.schema.exchange import Deed
from db.schema.village import Village

log = logging.getLogger(__name__)
_MANY = 5000  # beyond so many changed records nobody asks which ones
REWRITTEN = "rewritten"  # in `Session.info`: table → rows that a transaction changed without a line in the journal


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
        counted: Callable[[int], None],
        leave: Callable[[], None],
        ticket: Callable[[], Any],
    ) -> None:
        """`counted` is told after each transaction how many changes this replica has written, `leave` of the end;
        `ticket` makes what admits another process of ours (app/workbook/access.py)."""
        self.path, self.operator, self.replica = path, operator, replica
        self._engine, self._keyed, self._counted, self._leave = engine, keyed, counted, leave
        self.ticket = ticket
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
        with sentences(), Session(self._engine) as session:
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
            sentences(),
            self._engine.connect().execution_options(writes=True) as connection,
            Session(connection) as session,
            session.begin(),
        ):
            before = _begin_writing(session, self.operator)
            raw = session.connection().connection.driver_connection
            households = joined(raw)
            yield session
            session.flush()
            session.connection().exec_driver_sql("DELETE FROM seen")
            moved = keep_up(raw, before, households, session.info.get(REWRITTEN, {}).get("household", ()))
            changes = _changes_since(session, before, by, moved)
            counted = own_count(session.connection(), self.replica)
        if changes.tables:
            self._counted(counted)
            self._villages = None if "village" in changes.tables else self._villages
            self._tell(changes)

    def _tell(self, changes: Changes) -> None:
        """What is written stays written: whoever fails to show it must not make the writer believe otherwise."""
        for subscriber in list(self._subscribers):
            try:
                subscriber(changes)
            except Exception:
                log.exception("a subscriber failed")

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
        with sentences(), self._engine.connect() as connection:
            source: Any = connection.connection.driver_connection
            target = self._keyed(path)
            try:
                source.backup(target)
            finally:
                target.close()

    def give_back_space(self) -> int:
        """Write the file anew without the pages that are free in it; returns by how many bytes it is smaller.

        Like every transaction, whole or not at all. What SQLite puts aside meanwhile is encrypted like the file.

        Raises:
            OfficeError: the disk has no room for a second copy
        """
        before = self.path.stat().st_size
        with sentences(), self._engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            raw.execute("PRAGMA temp_store = FILE")  # in memory it would take as much as the file
            try:
                raw.execute("VACUUM")
            finally:
                raw.execute("PRAGMA temp_store = MEMORY")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return max(0, before - self.path.stat().st_size)

    def close(self) -> None:
        """Everything is in the one file afterwards. Closing twice is harmless."""
        if not self._closed:
            self._closed = True
            self._engine.dispose()
            self._leave()


def own_count(connection: Connection, replica: str) -> int:
    """How many changes this replica has written, over all villages."""
    statement = text("SELECT coalesce(sum(last), 0) FROM stream WHERE replica = :replica")
    return int(connection.execute(statement, {"replica": replica}).scalar_one())


def clock() -> int:
    """This machine's clock as a stamp of the journal (db/schema/exchange.py, Writer)."""
    return int(time.time() * 1000) << 16


def _begin_writing(session: Session, operator: str) -> int:
    """Say who writes and when (hybrid logical clock), and where the journal stands."""
    session.execute(
        text("UPDATE writer SET operator = :operator, capturing = 1, stamp = max(stamp + 1, :now)"),
        {"operator": operator, "now": clock()},
    )
    session.connection().exec_driver_sql("DELETE FROM seen")
    return int(session.execute(text("SELECT coalesce(max(seq), 0) FROM change")).scalar_one())


def _changes_since(session: Session, seq: int, by: object | None, moved: Moved) -> Changes:
    rows = [
        (table, row)
        for table, row in session.execute(
            text("SELECT DISTINCT table_name, row_id FROM change WHERE seq > :seq LIMIT :many"),
            {"seq": seq, "many": _MANY + 1},
        )
    ]
    rows += [(table, row) for table, ids in session.info.get(REWRITTEN, {}).items() for row in ids]
    if len(rows) > _MANY:
        return Changes(frozenset(records()), frozenset(), by)
    return Changes(
        frozenset(table for table, _ in rows) | moved.keys(),
        frozenset(row for _, row in rows).union(*moved.values()),
        by,
    )
