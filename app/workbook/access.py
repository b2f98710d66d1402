"""Making, opening and leaving a workbook: who gets in, and with which copy of it."""

import contextlib
import hashlib
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, insert, text

from app.errors import Busy, Damaged, NewerVersion, OfficeError, UnknownFile
from app.workbook import keyring, replicas
from app.workbook.identity import new_identity
from app.workbook.keyring import RECOVERY, STANDARD, Cost, Keyring
from app.workbook.workbook import Workbook

LEAST_PASSPHRASE = 6


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
    from db.schema.village import Village

    code, name = village.code.strip(), village.name.strip()
    if not re.fullmatch(r"[1-9]\d{11}", code):
        raise OfficeError(f"村代码应是 12 位数字的区划代码，现在是“{code[:20]}”({len(code)} 位)。")
    if not name:
        raise OfficeError("请填写行政村名称。")
    if len(passphrase) < LEAST_PASSPHRASE:
        raise OfficeError(f"口令至少 {LEAST_PASSPHRASE} 个字符，建议用一句自己记得住的话。")
    if path.exists():
        raise OfficeError(f"“{path.name}”已经存在。请换一个文件名，或直接打开它。")
    if not path.parent.is_dir():
        raise OfficeError(f"文件夹“{path.parent}”不存在。请先建好文件夹。")
    key, recovery = os.urandom(32), keyring.new_recovery_code()
    ring = Keyring(uuid4().hex).with_slot(operator, passphrase, key, cost).with_slot(RECOVERY, recovery, key, cost)
    lock = locked(path)
    # made under another name and renamed when whole, so that a half-made workbook is never mistaken for one
    part = path.with_name(f".{path.name}.new")
    try:
        for leftover in (part, part.with_name(part.name + "-wal"), part.with_name(part.name + "-shm")):
            leftover.unlink(missing_ok=True)
        _make_tables(part, key, operator, name)
        keyring.set_beside(path, ring)
        os.replace(part, path)
    except OSError as error:
        part.unlink(missing_ok=True)
        keyring.beside(path).unlink(missing_ok=True)
        lock.release()
        raise OfficeError(f"不能在“{path.parent}”里建立工作簿：磁盘已满或没有写入权限。") from error
    workbook = _opened(path, key, operator, lock)
    with workbook.writing() as session:
        parts = {field_: getattr(village, field_) or None for field_ in ("province", "city", "county", "township")}
        session.add(Village(id=Village.id_of(code), village=code, code=code, name=name, **parts))
    return workbook, recovery


def unlock(path: Path, passphrase: str, operator: str = "") -> Workbook:
    """Open a workbook with an operator's passphrase, or with the recovery code.

    A workbook of an older version is brought up to date on a copy first; the old file stays beside it.

    Raises:
        WrongKey, UnknownFile, Damaged, NewerVersion, Busy: each with what to do
    """
    ring = keyring.find(path)
    key, name = ring.unwrap(passphrase, operator)
    lock = locked(path)
    try:
        if not keyring.beside(path).is_file():
            keyring.set_beside(path, ring)
        keyring.take_off(path)
        _bring_up_to_date(path, key)
        return _opened(path, key, (ring.operators or [name])[0] if name == RECOVERY else name, lock)
    except BaseException as error:
        with contextlib.suppress(OSError):
            keyring.put_on(path)
        lock.release()
        if isinstance(error, OSError):
            raise OfficeError(f"不能打开“{path.name}”：文件是只读的，或磁盘已满。请复制到电脑硬盘上再打开。") from error
        raise


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
    if not name.strip() or name == RECOVERY:
        raise OfficeError("请填写操作员姓名。")
    ring = keyring.find(workbook.path)
    key, _ = ring.unwrap(proof)
    keyring.set_beside(workbook.path, ring.with_slot(name.strip(), passphrase, key, cost))


def change_passphrase(workbook: Workbook, operator: str, old: str, new: str, *, cost: Cost = STANDARD) -> None:
    """Raises WrongKey if `old` is not this operator's passphrase."""
    keyring.find(workbook.path).unwrap(old, operator)
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

    folder = replicas.memory_path().parent / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:32]
    # taken on the thread that unlocks, given back on the one that closes
    lock = FileLock(folder / name, timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        raise Busy(f"“{path.name}”正在另一个窗口里打开。请先关闭那个窗口。") from None
    return lock


def _make_tables(path: Path, key: bytes, operator: str, name: str) -> None:
    from db.engine import open_engine
    from db.migrate import upgrade
    from db.schema.exchange import Identity, Writer

    engine = open_engine(path, key)
    try:
        upgrade(engine)
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            connection.execute(insert(Writer).values(replica="", operator=operator, stamp=0))
            connection.execute(insert(Identity).values(**new_identity(name)))
    finally:
        engine.dispose()


def _bring_up_to_date(path: Path, key: bytes) -> None:
    """Migrate a copy and put it in the place of the original, which is kept beside it.

    Raises:
        NewerVersion, Damaged, UnknownFile
    """
    from sqlcipher3.dbapi2 import DatabaseError

    from db.engine import connect, open_engine
    from db.migrate import known_revisions, revision, upgrade

    known = known_revisions()
    connection = connect(path, key)
    try:
        found = revision(connection)
    except DatabaseError as error:
        raise Damaged(f"“{path.name}”已损坏，不能打开。请用最近的备份恢复。") from error
    finally:
        connection.close()
    if found == known[-1]:
        return
    if found not in known:
        if not found:
            raise UnknownFile(f"“{path.name}”里没有工作簿的内容。请选择正确的文件，或用备份恢复。")
        raise NewerVersion(f"“{path.name}”是更新版本的程序写的(第 {found} 版)。请先升级本程序再打开。")
    copy = path.with_name(f"{path.name}.migrating")
    shutil.copyfile(path, copy)
    engine = open_engine(copy, key)
    try:
        upgrade(engine)
    except BaseException:
        engine.dispose()
        for leftover in (copy, copy.with_name(copy.name + "-wal"), copy.with_name(copy.name + "-shm")):
            leftover.unlink(missing_ok=True)
        raise
    engine.dispose()
    old = path.with_name(f"{path.stem}.v{found}{path.suffix}")
    shutil.copyfile(path, old)
    with old.open("ab") as file:
        file.write(keyring.beside(path).read_bytes())
    os.replace(copy, path)


def _opened(path: Path, key: bytes, operator: str, lock: Any) -> Workbook:
    from db.engine import connect, open_engine

    engine = open_engine(path, key)
    try:
        replica = _claimed_replica(engine, path, operator)
    except BaseException:
        engine.dispose()
        raise

    def leave(counted: int) -> None:
        replicas.remember(replica, path, counted)
        with contextlib.suppress(OSError):
            keyring.put_on(path)
        lock.release()

    return Workbook(path, engine, operator, replica, lambda copy: connect(copy, key), leave)


def _claimed_replica(engine: Engine, path: Path, operator: str) -> str:
    """The replica of this file on this machine, a new one where the file is a copy."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        replica = str(connection.execute(text("SELECT replica FROM writer")).scalar_one())
        counted = connection.execute(
            text("SELECT coalesce(sum(last), 0) FROM stream WHERE replica = :replica"), {"replica": replica}
        ).scalar_one()
        if not replicas.goes_on(replica, path, counted):
            replica, counted = replicas.new_replica(), 0
        connection.execute(
            text("UPDATE writer SET replica = :replica, operator = :operator, capturing = 1"),
            {"replica": replica, "operator": operator},
        )
    replicas.remember(replica, path, counted)
    return replica
