"""Making, opening and leaving a workbook: who gets in, and with which copy of it."""

import contextlib
import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, event, insert, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from sqlcipher3.dbapi2 import DatabaseError as DriverError

from app.errors import Busy, OfficeError, WrongKey
from app.workbook import files, keyring, replicas
from app.workbook.identity import new_identity
from app.workbook.keyring import RECOVERY, STANDARD, Cost, Keyring
from app.workbook.sentences import sentences
from app.workbook.upgrading import bring_up_to_date
from app.workbook.workbook import Workbook, clock, own_count

LEAST_PASSPHRASE = 6


@dataclass(frozen=True, slots=True)
class Ticket:
    """What admits another process of ours to a workbook that is open here. It holds the file key: pipes only."""

    path: Path
    key: bytes = field(repr=False)
    operator: str
    replica: str


@dataclass(frozen=True, slots=True)
class NewVillage:
    """What must be known of a village to make a workbook of it; `code` is its 12-digit division code."""

    name: str
    code: str
    province: str = ""
    city: str = ""
    county: str = ""
    township: str = ""


def create(
    path: Path, passphrase: str, operator: str, village: NewVillage, *, cost: Cost = STANDARD
) -> tuple[Workbook, str]:
    """A new workbook with one village; returns it open, and the recovery code, which is kept nowhere.

    Raises:
        OfficeError: the file exists, the passphrase is too short, the code is not 12 digits, the folder is not writable
    """
    code, name = village.code.strip(), village.name.strip()
    if not re.fullmatch(r"[1-9]\d{11}", code):
        raise OfficeError(f"村代码应是 12 位数字的区划代码，现在是“{code[:20]}”({len(code)} 位)。")
    if not name:
        raise OfficeError("请填写行政村名称。")
    if len(passphrase) < LEAST_PASSPHRASE:
        raise OfficeError(f"口令至少 {LEAST_PASSPHRASE} 个字符，建议用一句自己记得住的话。")
    operator = _name_of(operator)
    if not path.parent.is_dir():
        raise OfficeError(f"文件夹“{path.parent}”不存在。请先建好文件夹。")
    key, recovery = os.urandom(32), keyring.new_recovery_code()
    ring = Keyring(uuid4().hex).with_slot(operator, passphrase, key, cost).with_slot(RECOVERY, recovery, key, cost)
    lock = locked(path)
    try:
        if path.exists():
            raise OfficeError(f"“{path.name}”已经存在。请换一个文件名，或直接打开它。")
        return _made(path, key, ring, operator, replace(village, code=code, name=name), lock), recovery
    except BaseException as error:
        lock.release()
        if isinstance(error, OSError | DatabaseError | DriverError):
            raise OfficeError(f"不能在“{path.parent}”里建立工作簿：磁盘已满或没有写入权限。") from error
        raise


def _made(path: Path, key: bytes, ring: Keyring, operator: str, village: NewVillage, lock: Any) -> Workbook:
    """Made under another name and renamed when whole, so that a half-made workbook is never mistaken for one."""
    part = path.with_name(f".{path.name}.new")
    files.discard(part)
    try:
        files.set_strays_aside(path)
        replica = _make_tables(part, key, operator, village)
        keyring.set_beside(path, ring)
        os.replace(part, path)
    except BaseException:
        files.discard(part)
        files.discard(path)  # there was none: these are its keys
        raise
    try:
        replicas.remember(replica, path, 1)
        return _opened(path, key, ring, operator, lock)
    except BaseException:
        files.discard(path)  # nobody has the recovery code of it
        raise


def unlock(path: Path, passphrase: str, operator: str = "") -> Workbook:
    """Open a workbook with an operator's passphrase, or with the recovery code.

    A workbook of an older version is brought up to date on a copy first; the old file stays beside it.

    Raises:
        WrongKey, UnknownFile, Damaged, NewerVersion, Busy: each with what to do
    """
    lock = locked(path)
    try:
        ring = keyring.find(path)
        key, name = ring.unwrap(passphrase, operator)
        return _entered(path, key, ring, (ring.operators or [name])[0] if name == RECOVERY else name, lock)
    except BaseException as error:
        lock.release()
        if isinstance(error, OSError):
            raise OfficeError(f"不能打开“{path.name}”：文件是只读的，或磁盘已满。请复制到电脑硬盘上再打开。") from error
        raise


def _entered(path: Path, key: bytes, ring: Keyring, operator: str, lock: Any) -> Workbook:
    try:
        keyring.take_off(path, ring)
        with sentences():
            bring_up_to_date(path, key)
            return _opened(path, key, ring, operator, lock)
    except BaseException:
        with contextlib.suppress(OSError):
            keyring.put_on(path)
        raise


@contextlib.contextmanager
def admitted(ticket: Ticket) -> Iterator[Workbook]:
    """The workbook of another process, to read from; it must stay open there meanwhile."""
    from db.engine import connect, open_engine

    engine = open_engine(ticket.path, ticket.key)

    @event.listens_for(engine, "connect")
    def _only_read(connection: Any, _: object) -> None:
        connection.execute("PRAGMA query_only=ON")

    try:
        yield Workbook(
            ticket.path,
            engine,
            ticket.operator,
            ticket.replica,
            keyed=lambda copy: connect(copy, ticket.key),
            counted=lambda count: None,
            leave=lambda: None,
            ticket=lambda: ticket,
        )
    finally:
        engine.dispose()


def operators(path: Path) -> list[str]:
    """Who can open this workbook, by name."""
    return keyring.find(path).operators


def add_operator(workbook: Workbook, name: str, passphrase: str, *, proof: str, cost: Cost = STANDARD) -> None:
    """Another person with a passphrase of their own, or a new passphrase for a person.

    Args:
        proof: any passphrase or the recovery code of this workbook; the file key is not kept in memory

    Raises:
        WrongKey: the proof opens nothing
    """
    if len(passphrase) < LEAST_PASSPHRASE:
        raise OfficeError(f"口令至少 {LEAST_PASSPHRASE} 个字符，建议用一句自己记得住的话。")
    name = _name_of(name)
    ring = keyring.find(workbook.path)
    key, _ = ring.unwrap(proof)
    keyring.set_beside(workbook.path, ring.with_slot(name, passphrase, key, cost))


def _name_of(operator: str) -> str:
    """An operator's name; the recovery code's own slot must not be taken by one."""
    if not operator.strip() or operator.strip() == RECOVERY:
        raise OfficeError("请填写操作员姓名。")
    return operator.strip()


def change_passphrase(workbook: Workbook, operator: str, old: str, new: str, *, cost: Cost = STANDARD) -> None:
    """A new passphrase for a person who knows the old one, or who has come in with the recovery code.

    Raises:
        WrongKey: `old` is neither this operator's passphrase nor the recovery code
    """
    ring = keyring.find(workbook.path)
    if ring.unwrap(old)[1] not in (operator, RECOVERY):
        raise WrongKey("这是别人的口令。请输入自己现在的口令，或恢复单上的恢复码。")
    add_operator(workbook, operator, new, proof=old, cost=cost)


def remove_operator(workbook: Workbook, name: str) -> None:
    """Take a person's passphrase away. The last one stays."""
    ring = keyring.find(workbook.path)
    if ring.operators == [name]:
        raise OfficeError(f"“{name}”是最后一位操作员，不能删除。")
    keyring.set_beside(workbook.path, ring.without(name))


def new_recovery(workbook: Workbook, proof: str, *, cost: Cost = STANDARD) -> str:
    """A new recovery code; the old sheet opens nothing any more."""
    ring = keyring.find(workbook.path)
    key, _ = ring.unwrap(proof)
    code = keyring.new_recovery_code()
    keyring.set_beside(workbook.path, ring.with_slot(RECOVERY, code, key, cost))
    return code


def locked(path: Path) -> Any:
    """One window or command at a time: the lock stands in this user's folder, so that no file is left on a stick."""
    from filelock import FileLock, Timeout

    folder = replicas.memory() / "locks"
    name = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:32]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # opened on a worker's thread, closed on the window's: the lock belongs to the program, not to a thread
        lock = FileLock(folder / name, timeout=0, thread_local=False)
        lock.acquire()
    except Timeout:
        raise Busy(f"“{path.name}”正在另一个窗口里打开。请先关闭那个窗口。") from None
    except OSError as error:
        raise OfficeError(f"不能在“{folder}”里写入：磁盘已满或没有权限，所以打不开工作簿。") from error
    return lock


def _make_tables(path: Path, key: bytes, operator: str, village: NewVillage) -> str:
    """All tables, the writer, the workbook's own keys and its village; returns the replica that wrote the village."""
    from db.engine import open_engine
    from db.migrate import upgrade
    from db.schema.exchange import Identity, Writer
    from db.schema.village import Village

    engine, replica = open_engine(path, key), replicas.new_replica()
    try:
        upgrade(engine)
        with engine.connect().execution_options(writes=True) as connection, Session(connection) as session:
            session.execute(insert(Writer).values(replica=replica, operator=operator, stamp=max(clock(), 1)))
            session.execute(insert(Identity).values(**new_identity(village.name)))
            parts = {name: getattr(village, name) or None for name in ("province", "city", "county", "township")}
            session.add(
                Village(
                    id=Village.id_of(village.code), village=village.code, code=village.code, name=village.name, **parts
                )
            )
            session.commit()
    finally:
        engine.dispose()
    if files.wal(path).exists():
        raise OSError(f"{path.name}: the write-ahead log could not be emptied")
    return replica


def _opened(path: Path, key: bytes, ring: Keyring, operator: str, lock: Any) -> Workbook:
    from db.engine import connect, open_engine

    engine = open_engine(path, key)
    try:
        replica = _claimed_replica(engine, path, operator)
    except BaseException:
        engine.dispose()
        raise

    def leave() -> None:
        try:
            with contextlib.suppress(OSError):
                if keyring.set_down(path) is None:
                    keyring.set_beside(path, ring)  # somebody tidied up: without its keys the file opens never again
                keyring.put_on(path)
        finally:
            lock.release()

    return Workbook(
        path,
        engine,
        operator,
        replica,
        keyed=lambda copy: connect(copy, key),
        counted=lambda count: replicas.remember(replica, path, count),
        leave=leave,
        ticket=lambda: Ticket(path, key, operator, replica),
    )


def _claimed_replica(engine: Engine, path: Path, operator: str) -> str:
    """The replica of this file on this machine, a new one where the file is a copy."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        replica = str(connection.execute(text("SELECT replica FROM writer")).scalar_one())
        counted = own_count(connection, replica)
        if not replicas.goes_on(replica, path, counted):
            replica, counted = replicas.new_replica(), 0
        connection.execute(
            text("UPDATE writer SET replica = :replica, operator = :operator, capturing = 1"),
            {"replica": replica, "operator": operator},
        )
    replicas.remember(replica, path, counted)
    return replica
