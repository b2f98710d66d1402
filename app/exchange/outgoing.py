"""What a peer lacks, as a package file."""

import contextlib
import errno
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.errors import OfficeError
from app.exchange import package, peers, photographs
from app.exchange.blocks import Birth, packed
from app.exchange.package import vector_of
from app.exchange.refusals import NothingToSend, UnknownPeer
from app.progress import Progress, Work
from app.workbook import preferences
from app.workbook.workbook import Workbook
from db import merge
from db.merge import JournalChange
from db.schema.exchange import Deed, PackageLog, Peer
from db.schema.photo import Picture

_BLOCK = 4000  # changes in a frame
_MOST_TEXT = 8 * 2**20  # characters of values in a frame; the reader's limit is MOST_PLAIN bytes
_SQL_VARIABLES = 500


@dataclass(frozen=True, slots=True)
class Sent:
    """What was written for whom. `size` in bytes; `villages` by code.

    `left_out`: photographs that found no room and go first in the next package.
    """

    path: Path
    package: str
    peer: str
    villages: tuple[str, ...]
    changes: int
    pictures: int
    size: int
    left_out: int = 0

    @property
    def sentence(self) -> str:
        if not self.changes and not self.pictures:
            return f"“{self.peer}”已有本机的全部修改，这个包里没有新内容，只告诉对方本机收到了哪些。"
        pictures = f"{self.pictures} 张照片" if self.pictures else ""
        if not self.changes:
            told = f"已导出给“{self.peer}”：没有新修改，补上前面没装下的 {pictures}，共 {_size(self.size)}。"
        else:
            parts = "、".join(filter(None, (f"{self.changes} 条修改", pictures)))
            told = f"已导出给“{self.peer}”：{parts}，共 {_size(self.size)}。"
        return told + (f"还有 {self.left_out} 张照片没装下，请再导出一个包。" if self.left_out else "")


def _size(count: int) -> str:
    return f"{count / 2**20:.1f} MB" if count >= 2**20 else f"{max(1, count // 1024)} KB"


def suggested_name(peer: peers.PeerEntry) -> str:
    """A file name that says for whom and when, e.g. 给 乡扶贫站 20180810-0930.hdpack."""
    safe = "".join("_" if letter in '\\/:*?"<>|' else letter for letter in peer.name).strip()
    return f"给 {safe} {datetime.now():%Y%m%d-%H%M}{package.SUFFIX}"


def write_package(
    workbook: Workbook, peer: str, path: Path, *, everything: bool = False, most_bytes: int | None = None
) -> Work[Sent]:
    """Write what the peer is not known to have, from one consistent look at the workbook.

    Args:
        peer: its sign key
        path: the file; one of this name is replaced only when the new one is whole
        everything: send all of the peer's villages, for a peer whose workbook is new or lost
        most_bytes: room for photographs, by default what the preference says; what finds none is told in `left_out`

    Raises:
        UnknownPeer, NothingToSend
        OfficeError: it was revoked, or the file cannot be written
    """
    part = path.with_name(path.name + ".part")
    room = _room(workbook) if most_bytes is None else most_bytes
    try:
        with part.open("wb") as file:
            with workbook.reading() as session:
                manifest = _manifest(session, workbook, peer, everything)
                writer = package.PackageWriter(file, manifest, peers.identity(session).sign_seed)
                told = {} if everything else _told_before(session, peer)
                pictures = yield from _fill(
                    session, writer, manifest, _Photographs(session, peer, manifest, told), room
                )
            writer.finish()
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        os.replace(part, path)
        package.sync_folder(path.parent)
    except OSError as error:
        raise OfficeError(_cannot_write(path, error)) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return _logged(workbook, peer, path, manifest, writer, pictures, size)


def _room(workbook: Workbook) -> int | None:
    megabytes = int(preferences.get(workbook, "package_photographs"))
    return megabytes * 2**20 if megabytes else None


def _told_before(session: Session, sign_key: str) -> merge.Vector:
    """Up to where the last package to this peer went: the photographs before that have gone out or are owed."""
    last = select(PackageLog.upto).filter_by(peer=sign_key, way="out").order_by(PackageLog.n.desc()).limit(1)
    return peers.vector_from(session.scalars(last).first() or "{}")


def _cannot_write(path: Path, error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return f"“{path.parent}”已满，包没有写成。请腾出空间或换一个U盘后再导出。"
    return f"包没有写成：“{path.parent}”不存在或不能写入。请检查U盘是否插好、是否写保护。"


def _logged(
    workbook: Workbook,
    sign_key: str,
    path: Path,
    manifest: package.Manifest,
    writer: package.PackageWriter,
    pictures: photographs.Load,
    size: int,
) -> Sent:
    left_out = len(pictures.left_out)
    with workbook.writing() as session:
        at = peers.now()
        session.add(
            PackageLog(
                way="out",
                at=at,
                package=manifest.package,
                peer=sign_key,
                file_name=path.name,
                changes=writer.changes,
                pictures=writer.pictures,
                operator=workbook.operator,
                result=json.dumps({"left_out": left_out}),
                digest=writer.digest.hex(),
                upto=peers.vector_text(vector_of(manifest.upto)),
            )
        )
        photographs.gone_out(session, sign_key, pictures.chosen)
        photographs.owe(session, sign_key, (*pictures.left_out, *pictures.missing), manifest.villages)
        session.add(Deed(at=at, operator=workbook.operator, what="导出数据包", how_many=writer.changes))
        name = session.get_one(Peer, sign_key).name
    villages = tuple(manifest.villages)
    return Sent(path, manifest.package, name, villages, writer.changes, writer.pictures, size, left_out)


def _manifest(session: Session, workbook: Workbook, sign_key: str, everything: bool) -> package.Manifest:
    peer = session.get(Peer, sign_key)
    if peer is None:
        raise UnknownPeer(sign_key[:16])
    if peer.revoked_at:
        raise OfficeError(f"“{peer.name}”的名片已经停用，不能再给他导出。")
    known = merge.vector(session)
    villages = peers.scope(peer, known)
    if not villages:
        raise NothingToSend(peer.name)
    theirs = {} if everything else peers.vector_of(peer)
    ours = {stream: number for stream, number in known.items() if stream[0] in villages}
    since = {stream: min(number, theirs.get(stream, 0)) for stream, number in ours.items()}
    card = peers.own_card(session, workbook.operator)
    names = peers.replica_names(session) | {workbook.replica: card.name}
    revoked = session.execute(select(Peer.sign_key, Peer.revoked_at, Peer.name).where(Peer.revoked_at.is_not(None)))
    return package.Manifest(
        schema=str(session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()),
        package=uuid4().hex,
        sender_key=card.sign_key,
        sender_age=card.age_recipient,
        sender_name=card.name,
        sender_role=card.role,
        operator=workbook.operator,
        replica=workbook.replica,
        recipients=[peer.age_recipient],
        villages=sorted(villages),
        since=[(*stream, number) for stream, number in sorted(since.items()) if number],
        upto=[(*stream, number) for stream, number in sorted(ours.items())],
        changes=sum(ours.values()) - sum(since.values()),
        made_at=peers.now(),
        replicas={replica: names[replica] for _, replica in ours if replica in names},
        revoked=[(key, str(at), name) for key, at, name in revoked],
        lacking=[bytes.fromhex(one) for one in photographs.lacking(session, villages, photographs.MOST_NAMED)],
    )


class _Photographs:
    """What the changes of a package name: those that must go, those owed before first, and those that went already."""

    def __init__(self, session: Session, sign_key: str, manifest: package.Manifest, told: merge.Vector) -> None:
        self._told = told
        self.due = dict.fromkeys(photographs.owed(session, sign_key, manifest.villages))
        self.again: dict[str, None] = {}

    def note(self, changes: Sequence[JournalChange]) -> None:
        """The next changes."""
        for change in changes:
            content = _photograph(change)
            if content:
                went = change.number <= self._told.get((change.village, change.replica), 0)
                (self.again if went else self.due)[content] = None


def _fill(
    session: Session, writer: package.PackageWriter, manifest: package.Manifest, named: _Photographs, room: int | None
) -> Work[photographs.Load]:
    since = vector_of(manifest.since)
    yield Progress(0, manifest.changes, "导出修改")
    for changes in merge.changes_after(session, since, set(manifest.villages), _BLOCK):
        for part in _portions(changes):
            writer.put_changes(packed(part, _births_known(session, part, since)))
        named.note(changes)
        yield Progress(writer.changes, manifest.changes, "导出修改")
    load = photographs.load(session, named.due, named.again, room)
    for n, sha256 in enumerate(load.chosen):
        found = session.get_one(Picture, sha256)
        writer.put_picture(sha256, found.jpeg)
        session.expunge(found)
        yield Progress(n + 1, len(load.chosen), "导出照片")
    return load


def _portions(changes: Sequence[JournalChange]) -> Iterator[Sequence[JournalChange]]:
    """Cut where long texts would make a frame too large."""
    start = letters = 0
    for n, change in enumerate(changes):
        length = len(change.value) if isinstance(change.value, str) else 0
        if letters + length > _MOST_TEXT and n > start:
            yield changes[start:n]
            start, letters = n, 0
        letters += length
    yield changes[start:]


def _births_known(session: Session, changes: Sequence[JournalChange], since: merge.Vector) -> dict[str, Birth]:
    """For each row that the receiver has already, the birth to name it by."""
    rows = list({change.row for change in changes if change.column})
    births: dict[str, Birth] = {}
    raw: Any = session.connection().connection.driver_connection
    for start in range(0, len(rows), _SQL_VARIABLES):
        some = rows[start : start + _SQL_VARIABLES]
        for row, village, replica, number in raw.execute(
            "SELECT c.row_id, s.village, s.replica, c.number FROM change c JOIN stream s ON s.n = c.stream "
            f"WHERE c.column_name = '' AND c.row_id IN ({','.join('?' * len(some))}) ORDER BY c.seq",
            some,
        ):
            if number <= since.get((village, replica), 0):
                births.setdefault(row, (village, replica, number))
    return births


def _photograph(change: JournalChange) -> str:
    """The content hash of the photograph that a change names, "" if it names none."""
    if change.table != "photo" or change.column not in ("", "content") or not isinstance(change.value, str):
        return ""
    content = json.loads(change.value).get("content") if change.column == "" else change.value
    return str(content or "")
