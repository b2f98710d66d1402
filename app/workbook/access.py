"""Creating, opening and closing a workbook: who has access, and with which replica."""

import contextlib
import errno
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from sqlcipher3.dbapi2 import DatabaseError as DriverError

from app.errors import LocalCopyNeeded, UserError, WrongPassphrase
from app.workbook import files, keyring, replicas
from app.workbook.db_errors import translate_db_errors
from app.workbook.derivation_cost import cost_beside, measured_cost
from app.workbook.file_lock import WorkbookLock, acquire_lock
from app.workbook.identity import new_identity, sign_key
from app.workbook.keyring import RECOVERY_SLOT, KdfCost, Keyring
from app.workbook.location import is_network_location
from app.workbook.open_file import OpenFile, WorkerAccess, open_file
from app.workbook.passphrase_strength import check_passphrase
from app.workbook.roles import MANAGE, OWNER, Role, forget_role, role_of, store_role, stored_roles
from app.workbook.temporary_files import noted
from app.workbook.upgrade import open_upgraded
from app.workbook.workbook import Workbook, hlc_now
from db.journal import write_context
from db.journal.chain_completion import complete
from resources.overlay import used_overlay


@dataclass(frozen=True, slots=True)
class NewVillage:
    """What creating a workbook requires of a village; `code` is its 12-digit division code."""

    name: str
    code: str
    province: str = ""
    city: str = ""
    county: str = ""
    township: str = ""


def create(
    path: Path,
    passphrase: str,
    operator: str,
    village: NewVillage,
    *,
    cost: KdfCost | None = None,
    public: bool = False,
) -> tuple[Workbook, str]:
    """Create a workbook with one village; returns it open, and the recovery code, which is stored nowhere.

    Args:
        cost: of deriving keys; measured if None
        public: the passphrase is known to everybody, as that of the sample village is, and is not judged

    Raises:
        UserError: the file exists, the passphrase is too short or easily guessed, the code is not 12 digits, or the
            folder is not writable
    """
    code, name = village.code.strip(), village.name.strip()
    if not re.fullmatch(r"[1-9]\d{11}", code):
        raise UserError(f"村代码应是 12 位数字的区划代码，现在是“{code[:20]}”({len(code)} 位)。")
    if not name:
        raise UserError("请填写行政村名称。")
    operator = _operator_name(operator)
    if not public:
        check_passphrase(passphrase, (operator, name))
    if not path.parent.is_dir():
        raise UserError(f"文件夹“{path.parent}”不存在。请先建好文件夹。")
    key, recovery = keyring.new_file_key(), keyring.new_recovery_code()
    cost = cost or measured_cost()
    file_keyring = (
        Keyring(uuid4().hex).with_slot(operator, passphrase, key, cost).with_slot(RECOVERY_SLOT, recovery, key, cost)
    )
    if is_network_location(path):
        raise UserError(f"“{path.parent}”是网络共享文件夹，不能在里面建立工作簿。请建在电脑硬盘或 U 盘上。")
    village = replace(village, code=code, name=name)
    with contextlib.ExitStack() as held:
        try:
            lock = held.enter_context(acquire_lock(path))
            if path.exists():
                raise UserError(f"“{path.name}”已经存在。请换一个文件名，或直接打开它。")
            workbook = _create_file(path, key, file_keyring, operator, village, lock)
        except (OSError, DatabaseError, DriverError) as error:
            raise UserError(f"不能在“{path.parent}”里建立工作簿：磁盘已满或没有写入权限。") from error
        held.pop_all()  # the workbook releases the lock
    return workbook, recovery


def _create_file(
    path: Path, key: bytes, file_keyring: Keyring, operator: str, village: NewVillage, lock: WorkbookLock
) -> Workbook:
    """Create the file under another name and rename it when complete, so that no partial file is taken for one."""
    from db.engine import open_engine

    temporary = path.with_name(f".{path.name}.new")
    files.remove_with_sidecars(temporary)
    try:
        with noted(temporary):
            files.quarantine_leftovers(path)
            files.create_private(temporary)
            replica = _initialize_tables(temporary, key, operator, village)
            keyring.write_sidecar(path, file_keyring)
            os.replace(temporary, path)
    except BaseException:
        files.remove_with_sidecars(temporary)
        files.remove_with_sidecars(path)  # there was none: these are its keys
        raise
    try:
        replicas.save_state(replica, path, 1)
        return Workbook(open_file(open_engine(path, key), path, key, file_keyring, operator, lock))
    except BaseException:
        files.remove_with_sidecars(path)  # nobody has the recovery code of it
        raise


def unlock(path: Path, passphrase: str, operator: str = "") -> Workbook:
    """Open a workbook with an operator's passphrase, or with the recovery code.

    A workbook of an older version is upgraded on a copy first; the old file stays beside it.

    Raises:
        WrongPassphrase, UnrecognizedFile, CorruptFile, NewerVersion, WorkbookLocked: each with what to do
        LocalCopyNeeded: it lies on a share or where nothing can be written
    """
    keyring.require_file(path)
    if is_network_location(path):
        raise LocalCopyNeeded(f"“{path.name}”在网络共享文件夹里，直接打开可能损坏文件。请复制到电脑硬盘上再打开。")
    with contextlib.ExitStack() as held:
        try:
            lock = held.enter_context(acquire_lock(path))
            file_keyring = keyring.read_keyring(path)
            key, slot = file_keyring.unwrap(passphrase, operator)
            name = (file_keyring.operators or [slot])[0] if slot == RECOVERY_SLOT else slot
            workbook = _open_unlocked(path, key, file_keyring, name, lock, slot)
        except OSError as error:
            raise _cannot_open(path, error) from error
        held.pop_all()  # the workbook releases the lock
    return workbook


def _cannot_open(path: Path, error: OSError) -> UserError:
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return LocalCopyNeeded(
            f"“{path.name}”所在的位置是只读的（光盘、写保护的 U 盘，或没有写入权限）。请复制到电脑硬盘上再打开。"
        )
    return UserError(f"不能打开“{path.name}”：文件是只读的，或磁盘已满。请复制到电脑硬盘上再打开。")


def _open_unlocked(
    path: Path, key: bytes, file_keyring: Keyring, operator: str, lock: WorkbookLock, slot: str
) -> Workbook:
    from app.workbook.former_monitoring import bring_over_once

    try:
        keyring.detach_trailer(path, file_keyring)
        with translate_db_errors():
            engine = open_upgraded(path, key)
            workbook = Workbook(open_file(engine, path, key, file_keyring, operator, lock, slot))
            bring_over_once(workbook)
            return workbook
    except BaseException:
        with contextlib.suppress(OSError):
            keyring.attach_trailer(path)
        raise


@contextlib.contextmanager
def open_read_only(access: WorkerAccess) -> Iterator[Workbook]:
    """The workbook of another process, to read from; it must stay open there meanwhile."""
    from db.engine import open_engine

    engine = open_engine(access.path, access.key)

    @event.listens_for(engine, "connect")
    def _set_query_only(connection: Any, _: object) -> None:
        connection.execute("PRAGMA query_only=ON")

    try:
        opened = OpenFile(access.path, access.key, None, access.operator, access.replica, engine, access.slot)
        workbook = Workbook(opened)
        with used_overlay(workbook.overlay):
            yield workbook
    finally:
        engine.dispose()


def operators(path: Path) -> list[str]:
    """Who can open this workbook, by name."""
    return (keyring.read_sidecar(path) or keyring.read_keyring(path)).operators


def add_operator(
    workbook: Workbook,
    name: str,
    passphrase: str,
    *,
    proof: str,
    role: Role = OWNER,
    cost: KdfCost | None = None,
) -> None:
    """Add a person with a passphrase of their own, or replace a person's passphrase; the owner does.

    Args:
        proof: any passphrase or the recovery code of this workbook; the file key is not kept in memory
        role: what the person may do

    Raises:
        NotPermitted: whoever opened the workbook is not its owner
        WrongPassphrase: the proof does not open the workbook
    """
    workbook.require(MANAGE, "增加操作员")
    known = keyring.read_open_keyring(workbook.path).operators
    _set_passphrase(workbook, name, passphrase, proof, cost)
    if _operator_name(name) not in known:
        _give_role(workbook, _operator_name(name), role, only_if_used=role == OWNER)


def set_role(workbook: Workbook, name: str, role: Role) -> None:
    """Decide what an operator may do; it holds from the next time that he or she opens the workbook.

    Raises:
        NotPermitted: whoever opened the workbook is not its owner
        UserError: there is no such operator, or nobody would be the owner any more
    """
    workbook.require(MANAGE, "设置角色")
    if name not in keyring.read_open_keyring(workbook.path).operators:
        raise UserError(f"没有叫“{name}”的操作员。")
    _give_role(workbook, name, role)


def _give_role(workbook: Workbook, name: str, role: Role, *, only_if_used: bool = False) -> None:
    operators = keyring.read_open_keyring(workbook.path).operators
    with workbook.writing() as session:
        if not only_if_used or stored_roles(session):
            store_role(session, operators, name, role)
    workbook.forget_role()


def roles(workbook: Workbook) -> dict[str, Role]:
    """Operator → role, in the order of the keyring."""
    operators = keyring.read_open_keyring(workbook.path).operators
    with workbook.reading() as session:
        return {name: role_of(session, name) for name in operators}


def _set_passphrase(workbook: Workbook, name: str, passphrase: str, proof: str, cost: KdfCost | None) -> None:
    name = _operator_name(name)
    check_passphrase(passphrase, (name, *(village.name for village in workbook.villages)))
    file_keyring = keyring.read_open_keyring(workbook.path)
    key, _ = file_keyring.unwrap(proof, likely=workbook.slot)
    changed = file_keyring.with_slot(name, passphrase, key, cost or cost_beside(file_keyring))
    keyring.write_sidecar(workbook.path, changed)


def _operator_name(operator: str) -> str:
    """An operator's name; the recovery code's own slot must not be taken by one."""
    if not operator.strip() or operator.strip() == RECOVERY_SLOT:
        raise UserError("请填写操作员姓名。")
    return operator.strip()


def change_passphrase(workbook: Workbook, operator: str, old: str, new: str, *, cost: KdfCost | None = None) -> None:
    """A new passphrase for a person who knows the old one, or who has come in with the recovery code.

    Raises:
        WrongPassphrase: `old` is neither this operator's passphrase nor the recovery code
    """
    file_keyring = keyring.read_open_keyring(workbook.path)
    if workbook.slot not in (operator, RECOVERY_SLOT):
        workbook.require(MANAGE, "改别人的口令")
    if file_keyring.unwrap(old, likely=operator)[1] not in (operator, RECOVERY_SLOT):
        raise WrongPassphrase("这是别人的口令。请输入自己现在的口令，或恢复单上的恢复码。")
    _set_passphrase(workbook, operator, new, old, cost)


def remove_operator(workbook: Workbook, name: str) -> None:
    """Remove a person's passphrase; the owner does. The last one stays, and the last owner.

    Raises:
        NotPermitted: whoever opened the workbook is not its owner
        UserError: it is the last operator, or the last owner
    """
    workbook.require(MANAGE, "删除操作员")
    file_keyring = keyring.read_open_keyring(workbook.path)
    if file_keyring.operators == [name]:
        raise UserError(f"“{name}”是最后一位操作员，不能删除。")
    others = [role for operator, role in roles(workbook).items() if operator != name]
    if OWNER not in others:
        raise UserError(f"“{name}”是最后一位负责人，不能删除。请先把别人设为负责人。")
    keyring.write_sidecar(workbook.path, file_keyring.without_slot(name))
    with workbook.writing() as session:
        forget_role(session, name)


def renew_recovery_code(workbook: Workbook, proof: str, *, cost: KdfCost | None = None) -> str:
    """A new recovery code; the old sheet becomes useless. The owner makes it: the code opens as the owner does."""
    workbook.require(MANAGE, "重做恢复单")
    file_keyring = keyring.read_open_keyring(workbook.path)
    key, _ = file_keyring.unwrap(proof, likely=workbook.slot)
    code = keyring.new_recovery_code()
    changed = file_keyring.with_slot(RECOVERY_SLOT, code, key, cost or cost_beside(file_keyring))
    keyring.write_sidecar(workbook.path, changed)
    return code


def _initialize_tables(path: Path, key: bytes, operator: str, village: NewVillage) -> str:
    """All tables, the writer, the workbook's own keys and its village; returns the replica that wrote the village."""
    from app.workbook.former_monitoring import nothing_to_bring_over
    from db.engine import open_engine
    from db.migrate import upgrade
    from db.schema.exchange import ReplicaOwner
    from db.schema.village import Village

    engine, identity = open_engine(path, key), new_identity(village.name)
    own_key = sign_key(identity.sign_seed)
    replica, nonce = replicas.new_replica(own_key)
    try:
        upgrade(engine)
        with engine.connect().execution_options(writes=True) as connection, Session(connection) as session:
            write_context.create(session, replica, operator, max(hlc_now(), 1))
            session.add(identity)
            session.add(ReplicaOwner(replica=replica, sign_key=own_key, nonce=nonce))
            session.add(nothing_to_bring_over())
            division_names = {
                name: getattr(village, name) or None for name in ("province", "city", "county", "township")
            }
            session.add(
                Village(
                    id=Village.id_of(village.code),
                    village=village.code,
                    code=village.code,
                    name=village.name,
                    **division_names,
                )
            )
            session.flush()
            complete(connection.connection.driver_connection)
            session.commit()
    finally:
        engine.dispose()
    if files.wal_path(path).exists():
        raise OSError(f"{path.name}: the write-ahead log could not be emptied")
    return replica
