"""A package from a peer: verified, shown, laid in whole or not at all."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.errors import OfficeError
from app.exchange import naming, peers, photographs
from app.exchange.blocks import ChangeBlock, PicturePart, SkipBlock, unpacked
from app.exchange.package import PackageReader
from app.exchange.preview import Preview, PreviewCount, TableShare, preview_of
from app.exchange.refusals import Altered, MissingChanges, NotAPackage, StrangeContent
from app.exchange.vetting import Admitted, Vetting, admitted, revision, sender
from app.progress import Progress, Work
from app.workbook import backup, preferences
from app.workbook.workbook import Workbook
from db.merge import Gap, JournalChange, Merge, Merged, vector
from db.schema.exchange import Deed, PackageLog, Peer
from db.schema.photo import Picture
from db.skipped import Skip

_MOST_PICTURE = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an import did.

    Attributes:
        new_changes: changes that were not known here; `known_changes`: those that were
        tables: what is new and changed, by kind of record
        conflicts: cells that now hold several values, to be settled
        revoked: names of peers that this package says are not to be trusted any more
        n: its line in the log of packages, by which it can be undone; of the first import where it is known already
    """

    package: str
    sender: str
    new_changes: int
    known_changes: int
    pictures: int
    tables: tuple[TableShare, ...]
    conflicts: int
    revoked: tuple[str, ...]
    n: int = 0

    @property
    def sentence(self) -> str:
        if not self.new_changes and not self.pictures:
            told = f"“{self.sender}”的这个包本机都已经有了，没有新内容，没有改动任何记录。"
        else:
            changes = f"{self.new_changes} 条修改" if self.new_changes else "没有新修改"
            pictures = f"、{self.pictures} 张照片" if self.new_changes else f"，补上了 {self.pictures} 张照片"
            told = f"已导入“{self.sender}”的包：{changes}{pictures if self.pictures else ''}。"
        if self.conflicts:
            told += f"有 {self.conflicts} 处两边写得不同，请到“冲突”里逐处决定。"
        if self.revoked:
            told += f"对方已停用 {'、'.join(self.revoked)} 的名片，本机也一并停用。"
        return told


def verify(workbook: Workbook, path: Path) -> Work[Preview]:
    """Prove a package whole and genuine, check every change in it, and tell what it would do; nothing is written.

    The first pass decrypts and checks the signature; only then anything but the manifest is decoded, in a second.

    Raises:
        the refusals of app/exchange/refusals.py, each with its sentence
    """
    with workbook.reading() as session:
        secret = peers.identity(session).age_secret
        with _opened(path) as file:
            reader = PackageReader(file, path.name, secret)
            sender(session, reader.manifest, path.name)
            yield from _signature_checked(reader, file, path.stat().st_size)
        digest = reader.digest
        with _opened(path) as file:
            reader = PackageReader(file, path.name, secret)
            about = admitted(session, reader.manifest, path.name)
            vetting, count = Vetting(session, about), PreviewCount(session, about)

            def look(changes: list[JournalChange]) -> None:
                count.count(changes, vetting.homes(changes))

            yield from _read(reader, vetting, look, _ignored, _ignored, "核对内容")
        if reader.digest != digest:
            raise Altered(path.name)
        if about.digest not in ("", digest.hex()):
            raise StrangeContent("与先前导入过的一个包编号相同，内容却不同")
        pictures = reader.trailer.pictures
        return preview_of(path, reader.manifest, about, count, digest.hex(), pictures, revision(session))


def apply(workbook: Workbook, what: Preview | Path, by: object | None = None) -> Work[Receipt]:
    """Lay a package in: a backup first (a preference), then one transaction. Again, it changes nothing and says so.

    Args:
        what: a preview (only the very file it was made of is laid in), or a path, which is verified first

    Raises:
        those of `verify`; nothing is written then
    """
    preview = what if isinstance(what, Preview) else (yield from verify(workbook, what))
    if preview.known_before and _still_here(workbook, preview.n):
        return Receipt(preview.package, preview.sender, 0, preview.changes, 0, (), 0, (), preview.n)
    if (preview.new_changes or preview.known_before) and preferences.get(workbook, "backup_before_import"):
        yield from backup.before(workbook, "导入数据包前")
    try:
        with workbook.writing(by) as session:
            return (yield from _lay_in(session, workbook, preview))
    except IntegrityError as error:
        raise StrangeContent("有记录提到了没有的记录") from error


def _still_here(workbook: Workbook, n: int) -> bool:
    """Whether what an import brought was not undone while its preview was on the screen."""
    with workbook.reading() as session:
        line, known = session.get_one(PackageLog, n), vector(session)
        return not line.undone_at and all(
            known.get(stream, 0) >= number for stream, number in peers.vector_from(line.upto).items()
        )


def _lay_in(session: Session, workbook: Workbook, preview: Preview) -> Work[Receipt]:
    path = preview.path
    with _opened(path) as file:
        reader = PackageReader(file, path.name, peers.identity(session).age_secret)
        about = admitted(session, reader.manifest, path.name)
        vetting, merge, pictures = Vetting(session, about), Merge(session), _Pictures(session, about)

        def lay(changes: list[JournalChange]) -> None:
            try:
                merge.add(changes)
            except Gap as gap:
                raise _gap(about, gap) from gap
            vetting.check_laid_in(changes)

        yield from _read(reader, vetting, lay, pictures.keep, merge.skip, "导入")
        if reader.digest.hex() != preview.digest:
            raise Altered(path.name)
    merged = merge.finish()
    revoked = _noted(session, reader, about)
    receipt = _receipt(preview, merged, pictures.kept, revoked)
    return replace(receipt, n=_logged(session, workbook, about, receipt, merged, preview))


class _Pictures:
    """Takes in the photographs that some record here (of this package or of an earlier one) names, and no others."""

    def __init__(self, session: Session, about: Admitted) -> None:
        self._session, self._about = session, about
        self._wanted: set[str] | None = None  # known when the first one comes: they stand after all changes
        self.kept = 0

    def keep(self, sha256: str, jpeg: bytes) -> None:
        """The next one."""
        if self._wanted is None:
            self._wanted = set(photographs.lacking(self._session, self._about.villages))
        if sha256 in self._wanted:
            self._wanted.discard(sha256)
            self._session.execute(insert(Picture).values(sha256=sha256, jpeg=jpeg).on_conflict_do_nothing())
            self.kept += 1


def _receipt(preview: Preview, merged: Merged, pictures: int, revoked: tuple[str, ...]) -> Receipt:
    tables = tuple(
        TableShare(table, naming.label_of_table(table), (born := merged.births.get(table, 0)), len(rows) - born)
        for table, rows in sorted(merged.rows.items())
    )
    return Receipt(
        package=preview.package,
        sender=preview.sender,
        new_changes=merged.new_changes,
        known_changes=merged.known_changes,
        pictures=pictures,
        tables=tables,
        conflicts=len(merged.conflicts),
        revoked=revoked,
    )


def _noted(session: Session, reader: PackageReader, about: Admitted) -> tuple[str, ...]:
    """What the peer knows, whose replicas are whose, and whom the sender has stopped trusting."""
    peer = session.get_one(Peer, about.peer)
    peers.keep_vector(peer, about.upto)
    peer.last_heard = peers.now()
    peers.learn_replicas(session, {replica[:32]: name[:80] for replica, name in reader.manifest.replicas.items()})
    lacked = [one.hex() for one in reader.manifest.lacking[: photographs.MOST_NAMED]]
    photographs.owe(session, about.peer, lacked, about.villages)
    peers.learn_revoked(session, about.peer, reader.manifest.revoked)
    revoked = []
    for key, at, _ in reader.manifest.revoked:
        other = session.get(Peer, key)
        # trusted again after that: the officer here has met them since
        if other is not None and key != about.peer and not other.revoked_at and other.trusted_at < at:
            other.revoked_at = at
            revoked.append(f"“{other.name}”")
    return tuple(revoked)


def _logged(
    session: Session, workbook: Workbook, about: Admitted, receipt: Receipt, merged: Merged, preview: Preview
) -> int:
    at = peers.now()
    line = PackageLog(
        way="in",
        at=at,
        package=receipt.package,
        peer=about.peer,
        file_name=preview.path.name,
        changes=receipt.new_changes,
        pictures=receipt.pictures,
        operator=workbook.operator,
        result=json.dumps(_result(receipt, merged), ensure_ascii=False),
        digest=preview.digest,
        upto=peers.vector_text(about.upto),
        first_seq=merged.first,
        last_seq=merged.last,
    )
    session.add(line)
    session.flush()
    session.add(Deed(at=at, operator=workbook.operator, what="导入数据包", how_many=receipt.new_changes))
    return line.n


def _result(receipt: Receipt, merged: Merged) -> dict[str, Any]:
    """`advanced`: (village, replica, number before, number after), for undoing (app/exchange/undo.py)."""
    return {
        "known": receipt.known_changes,
        "conflicts": receipt.conflicts,
        "revoked": receipt.revoked,
        "advanced": [(*stream, *span) for stream, span in sorted(merged.advanced.items())],
    }


def _gap(about: Admitted, gap: Gap) -> MissingChanges:
    return MissingChanges(gap.village, f"电脑 {gap.replica[:8]} ", gap.known + 1, gap.number - 1, (about.name,))


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    try:
        with path.open("rb") as file:
            yield file
    except FileNotFoundError as error:
        raise OfficeError(f"找不到“{path.name}”。请检查U盘是否插好、文件是否改了名。") from error
    except IsADirectoryError as error:
        raise NotAPackage(path.name) from error
    except OSError as error:
        raise OfficeError(f"“{path.name}”读不出来，U盘可能拔出或坏了。本机没有任何改动。请重新插好再试。") from error


def _signature_checked(reader: PackageReader, file: IO[bytes], size: int) -> Work[None]:
    for _ in reader.frames():
        yield Progress(file.tell(), size, "核对签名")


def _ignored(*_: object) -> None:
    return


def _read(
    reader: PackageReader,
    vetting: Vetting,
    each: Callable[[list[JournalChange]], None],
    picture: Callable[[str, bytes], None],
    skip: Callable[[list[Skip]], None],
    doing: str,
) -> Work[None]:
    """Every block of a package through the vetting, then to `each`, `skip`, or (put together) to `picture`."""
    total, done = reader.manifest.changes, 0
    parts: list[PicturePart] = []
    yield Progress(0, total, doing)
    for block in reader.blocks():
        if isinstance(block, ChangeBlock):
            changes = unpacked(block, vetting.rows_born)
            vetting.check(changes)
            each(changes)
            done += len(changes)
        elif isinstance(block, SkipBlock):
            skip(vetting.skip(block))
        else:
            parts.append(block)
            if block.last:
                picture(*_put_together(parts))
                parts = []
            elif sum(len(part.jpeg) for part in parts) > _MOST_PICTURE:
                raise StrangeContent("照片太大")
        yield Progress(done, total, doing)
    if parts:
        raise StrangeContent("照片不完整")
    vetting.finish()


def _put_together(parts: list[PicturePart]) -> tuple[str, bytes]:
    jpeg = b"".join(part.jpeg for part in parts)
    sha256 = hashlib.sha256(jpeg).digest()
    if {part.sha256 for part in parts} != {sha256}:
        raise StrangeContent("照片与它的编号不符")
    return sha256.hex(), jpeg
