"""Rescuing a workbook of which some pages are damaged: what is readable goes into a new one, page by page.

Of each stream of the journal its whole beginning is merged; the rest comes again from whichever colleague has it. What
no colleague has is written anew, by this workbook as a new replica, as far as the tables still show it.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from sqlcipher3.dbapi2 import DatabaseError as DriverError

from app.errors import CorruptFile, NotPermitted, UserError
from app.progress import Progress, Task
from app.sync import peers, stream_marks
from app.workbook import access, keyring, replicas
from app.workbook.file_lock import acquire_lock
from app.workbook.identity import new_identity, sign_key
from app.workbook.keyring import RECOVERY_SLOT, Keyring
from app.workbook.roles import READER, REVIEW, require, role_of
from app.workbook.temporary_files import noted
from app.workbook.workbook import Workbook, hlc_now
from db import migrate, record_merge
from db.damaged_file import DamagedFile
from db.engine import connect, open_engine
from db.journal import write_context
from db.journal.salvage import LostNumbers, SalvagedJournal
from db.record_salvage import restate
from db.schema.archive import PrintBatch
from db.schema.exchange import (
    AuditEntry,
    CardStatement,
    Identity,
    PackageLog,
    Peer,
    PendingPhoto,
    ReplicaOwner,
    SignedHead,
)
from db.schema.operator_role import OperatorRole
from db.schema.photo import Picture
from db.schema.record import Base, LocalTable
from db.schema.saved_view import LocalView
from db.schema.setting import Setting

_LOCAL: tuple[type[LocalTable], ...] = (
    Identity, ReplicaOwner, SignedHead, Peer, CardStatement, PackageLog, PendingPhoto, AuditEntry, Setting, LocalView,
    OperatorRole, PrintBatch, Picture,
)  # fmt: skip
_BLOCK_BYTES = 4096


@dataclass(frozen=True, slots=True)
class LostPart:
    """Changes of one stream that the rescued workbook lacks. `holders`: names of colleagues who have all of them."""

    village: str
    writer: str
    first: int
    last: int
    holders: tuple[str, ...]

    @property
    def message(self) -> str:
        what = f"{self.village}由{self.writer}写的第 {self.first}—{self.last} 条修改"
        if not self.holders:
            return f"{what}：没有哪位同事有。"
        return f"{what}：{'、'.join(f'“{name}”' for name in self.holders)}那里有。"


@dataclass(frozen=True, slots=True)
class RescueReport:
    """What was rescued into `path`.

    Attributes:
        pages: how many pages are damaged; restated: cells and records that no colleague has and the tables still showed
        is_new_card: the keys of its card were lost: colleagues must be introduced anew
    """

    path: Path
    pages: int
    changes: int
    lost: tuple[LostPart, ...]
    restated: int
    is_new_card: bool

    @property
    def message(self) -> str:
        missing = "缺：" + "".join(part.message for part in self.lost) if self.lost else "没有缺少修改。"
        return self._message(missing)

    @property
    def message_without_parts(self) -> str:
        """For where the missing parts are listed by themselves."""
        return self._message(f"缺 {len(self.lost)} 处。" if self.lost else "没有缺少修改。")

    def _message(self, missing: str) -> str:
        message = f"已抢救到“{self.path.name}”：{self.pages} 页坏了，读出 {self.changes} 条修改。{missing}"
        if any(part.holders for part in self.lost):
            message += "请用抢救出的工作簿给他们各导出一个包，请他们收下，再导出给本机。"
        if self.restated:
            message += f"没有哪位同事有的，已照还读得出的内容补记 {self.restated} 处。"
        if self.is_new_card:
            message += "本机名片的密钥坏了，换了新的：请与同事重新交换名片。"
        return message


def rescue(path: Path, target: Path, passphrase: str) -> Task[RescueReport]:
    """Rescue what is readable of a workbook into a new one; the damaged file is not touched.

    Args:
        target: must not exist yet; any passphrase of the damaged workbook opens it

    Raises:
        WrongPassphrase
        NotPermitted: whoever has the passphrase may not review, or it cannot be read who may
        CorruptFile: not even its first page can be read
        UserError: it is open, `target` exists, or the disk is full
    """
    if target.exists():
        raise UserError(f"“{target.name}”已经存在，抢救不会覆盖它。请换一个文件名。")
    staging = target.with_name(f".{target.name}.restoring")
    yield Progress(0, 3, "读出工作簿")
    try:
        with noted(staging), acquire_lock(path), _staged(path, staging) as staged:
            file_keyring = keyring.read_keyring(staged)
            key, slot = file_keyring.unwrap(passphrase)
            keyring.detach_trailer(staged, file_keyring)
            damaged = DamagedFile(lambda: connect(staged, key))
            with closing(damaged):
                return (yield from _rescue(damaged, staging, target, (key, file_keyring, slot, passphrase)))
    except OSError as error:
        raise UserError(f"没有抢救成：“{target.parent}”已满或不能写入。损坏的文件没有改动。") from error


@contextmanager
def _staged(path: Path, staging: Path) -> Iterator[Path]:
    """A copy to read from; blocks that the disk does not give back are zeros there."""
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(mode=0o700)
    try:
        staged = staging / path.name
        for tail in ("", "-keys", "-wal"):
            source = path.with_name(path.name + tail)
            if source.exists():
                _copy_blocks(source, staged.with_name(staged.name + tail))
        yield staged
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _copy_blocks(source: Path, copy: Path) -> None:
    size = source.stat().st_size
    with source.open("rb", buffering=0) as reading, copy.open("wb") as writing:
        for start in range(0, size, _BLOCK_BYTES):
            block = b""
            with suppress(OSError):
                reading.seek(start)
                block = reading.read(_BLOCK_BYTES)
            writing.write(block.ljust(min(_BLOCK_BYTES, size - start), b"\0"))


def _rescue(
    damaged: DamagedFile, staging: Path, target: Path, owner: tuple[bytes, Keyring, str, str]
) -> Task[RescueReport]:
    key, file_keyring, slot, passphrase = owner
    operator = (file_keyring.operators or [slot])[0] if slot == RECOVERY_SLOT else slot
    pages = damaged.damaged_pages()
    revision = [row[0] for row in damaged.rows("alembic_version", ["version_num"], by_rowid=False)]
    journal = SalvagedJournal(damaged)
    journal.survey()
    if revision != migrate.known_revisions()[-1:] or not journal.names_a_stream:
        raise CorruptFile("这个文件坏得太多，或是旧版本的，读不出里面有什么，抢救不了。请用最近的备份恢复。")
    new = staging / target.name
    changes = 0
    is_new_card = False
    engine = open_engine(new, key)
    try:
        migrate.upgrade(engine)
        with engine.connect().execution_options(writes=True) as connection, Session(connection) as session:
            is_new_card = _begin(session, damaged, operator)
            _require_role(session, damaged, file_keyring, slot)
            for count in journal.merge_into(session):
                changes = count
                yield Progress(1, 3, "抢救")
            record_merge.propagate_all(session.connection().connection.driver_connection)
            session.commit()
    except (DatabaseError, DriverError) as error:
        raise UserError("没有抢救成：磁盘已满，或读出的内容对不上。损坏的文件没有改动，请用最近的备份恢复。") from error
    finally:
        engine.dispose()
    yield Progress(2, 3, "抢救")
    keyring.write_sidecar(target, file_keyring)
    os.replace(new, target)
    replicas.drop_state(target)
    with closing(access.unlock(target, passphrase)) as workbook:
        lost = _lost_parts(workbook, journal.lost)
        restated = _restate(workbook, journal, lost)
    return RescueReport(target, pages, changes, tuple(part for _, part in lost), restated, is_new_card)


def _begin(session: Session, damaged: DamagedFile, operator: str) -> bool:
    """Local tables and the writer; returns whether the workbook's own keys were lost."""
    raw: Any = session.connection().connection.driver_connection
    for model in _LOCAL:
        table = model.__tablename__
        columns = [column for column in damaged.columns(table) if column in model.__table__.columns]
        has_rowid = Base.metadata.tables[table].dialect_kwargs.get("sqlite_with_rowid") is not False
        names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
        if columns:
            rows = damaged.rows(table, columns, by_rowid=has_rowid)
            raw.executemany(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})", rows)
    identity = session.scalars(select(Identity)).one_or_none()
    is_new_card = identity is None
    if identity is None:
        identity = new_identity(operator)
        session.add(identity)
    # nobody meets this replica: the rescued file is a copy, which is opened as another one
    replica, _ = replicas.new_replica(sign_key(identity.sign_seed))
    write_context.create(session, replica, operator, max(hlc_now(), 1))
    for log_entry in session.scalars(select(PackageLog)):
        log_entry.first_seq = log_entry.last_seq = None  # the lines of the journal have other numbers now
    session.flush()
    return is_new_card


def _require_role(session: Session, damaged: DamagedFile, file_keyring: Keyring, slot: str) -> None:
    """Refuse who may not restore a workbook either. Whose role cannot be read may only read, until it is given anew."""
    if not damaged.is_whole(OperatorRole.__tablename__):
        if slot != RECOVERY_SLOT:
            raise NotPermitted("操作员的角色读不出来，不知道谁是负责人。请用恢复单上的恢复码来抢救，再重新设置角色。")
        known = set(session.scalars(select(OperatorRole.name)))
        session.add_all(OperatorRole(name=one, role=READER) for one in file_keyring.operators if one not in known)
        session.flush()
    require(role_of(session, slot), REVIEW, "抢救工作簿")


def _lost_parts(workbook: Workbook, lost: list[LostNumbers]) -> list[tuple[LostNumbers, LostPart]]:
    villages = {village.code: village.name for village in workbook.villages}
    with workbook.reading() as session:
        names = peers.replica_names(session)
        known = [
            (peer.name, stream_marks.parse(peer.vector))
            for peer in session.scalars(select(Peer).where(Peer.revoked_at.is_(None)).order_by(Peer.name))
        ]
    parts = []
    for one in lost:
        holders = [
            name
            for name, marks in known
            if (mark := marks.get((one.village, one.replica))) is not None and mark.number >= one.last
        ]
        writer = f"“{names[one.replica]}”" if one.replica in names else f"电脑 {one.replica[:8] or '（读不出是哪台）'} "
        parts.append(
            (
                one,
                LostPart(villages.get(one.village, one.village) or "某村", writer, one.first, one.last, tuple(holders)),
            )
        )
    return parts


def _restate(workbook: Workbook, journal: SalvagedJournal, lost: list[tuple[LostNumbers, LostPart]]) -> int:
    """Write anew what the damaged tables show and no colleague will send."""
    held = {(one.village, one.replica) for one, part in lost if part.holders}
    if all((one.village, one.replica) in held for one, _ in lost):
        return 0
    kept_rows = {row for (row, _), streams in journal.orphans.items() if not streams <= held}
    coming = {
        (row, column)
        for (row, column), streams in journal.orphans.items()
        if streams <= held and (column or row not in kept_rows)
    }
    with workbook.operation("抢救损坏的工作簿") as session:
        return restate(session, journal.damaged, coming)
