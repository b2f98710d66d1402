"""Export of what a peer lacks, as a package file."""

import errno
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from msgspec.structs import replace
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.errors import UserError
from app.progress import Progress, Task
from app.sync import package, peers, photo_transfer, signed_heads, stream_marks
from app.sync.card_statements import CardStatements
from app.sync.change_encoding import encode, encode_compacted
from app.sync.errors import NothingToSend, UnknownPeer
from app.sync.package import vector_from_triples
from app.workbook import files, preferences
from app.workbook.roles import ENTER
from app.workbook.workbook import Workbook
from db.journal import merge
from db.journal.branches import StreamTree
from db.journal.compacted_ranges import CompactedRange, ranges_after
from db.journal.incoming_streams import own_marks
from db.journal.inserts import known_inserts
from db.journal.journal_change import JournalChange
from db.journal.outgoing_changes import changes_after
from db.schema.exchange import AuditEntry, PackageLog, Peer
from db.schema.photo import Picture

_CHANGES_PER_FRAME = 4000  # changes in a frame
_MAX_FRAME_TEXT = 8 * 2**20  # characters of values in a frame; the reader's limit is in bytes


@dataclass(frozen=True, slots=True)
class PackageExportResult:
    """What was written for whom. `size` in bytes; `villages` by code.

    `left_out`: photographs that did not fit and go first in the next package.
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
    def message(self) -> str:
        if not self.changes and not self.pictures:
            return f"“{self.peer}”已有本机的全部修改，这个包里没有新内容，只告诉对方本机收到了哪些。"
        pictures = f"{self.pictures} 张照片" if self.pictures else ""
        if not self.changes:
            message = f"已导出给“{self.peer}”：没有新修改，补上前面没装下的 {pictures}，共 {_format_size(self.size)}。"
        else:
            parts = "、".join(filter(None, (f"{self.changes} 条修改", pictures)))
            message = f"已导出给“{self.peer}”：{parts}，共 {_format_size(self.size)}。"
        return message + (f"还有 {self.left_out} 张照片没装下，请再导出一个包。" if self.left_out else "")


def _format_size(byte_count: int) -> str:
    return f"{byte_count / 2**20:.1f} MB" if byte_count >= 2**20 else f"{max(1, byte_count // 1024)} KB"


def suggested_file_name(peer: peers.PeerView) -> str:
    """A file name that says for whom and when, e.g. 给 乡扶贫站 20180810-0930.hdpack."""
    return suggested_stem(peer.name) + package.PACKAGE_SUFFIX


def suggested_stem(name: str) -> str:
    """The same without its ending, for any file for somebody."""
    safe = "".join("_" if character in '\\/:*?"<>|' else character for character in name).strip()
    return f"给 {safe} {datetime.now():%Y%m%d-%H%M}"


def write_package(
    workbook: Workbook, peer: str, path: Path, *, full: bool = False, max_photo_bytes: int | None = None
) -> Task[PackageExportResult]:
    """Write what the peer is not known to have, from one consistent read of the workbook.

    Args:
        peer: its sign key
        path: the file; one of this name is replaced only when the new one is whole
        full: send all of the peer's villages, e.g. when its workbook is new or lost
        max_photo_bytes: limit for photographs, by default the preference; what does not fit is counted in
            `left_out`

    Raises:
        UnknownPeer, NothingToSend
        UserError: it was revoked, or the file cannot be written
    """
    workbook.require(ENTER, "导出数据包")
    photo_budget = _photo_budget(workbook) if max_photo_bytes is None else max_photo_bytes
    try:
        with files.atomic_write(path) as temporary, temporary.open("wb") as file:
            with workbook.reading() as session:
                manifest = _build_manifest(session, workbook, peer, full)
                compacted_count = _compacted_count(session, manifest)
                manifest = replace(manifest, changes=manifest.changes - compacted_count)
                seed = peers.load_identity(session).sign_seed
                writer = package.PackageWriter(file, manifest, seed)
                last_vector = {} if full else _last_sent_vector(session, peer)
                photos = yield from _write_content(
                    session, writer, manifest, _PhotoCollector(session, peer, manifest, last_vector), photo_budget
                )
            writer.finish()
            # before the file gets its name: a package that is not in the log must not be there
            result = _log_export(workbook, peer, path, manifest, writer, photos, file.tell())
        package.sync_folder(path.parent)
    except OSError as error:
        raise UserError(_write_error_message(path, error)) from error
    return result


def _photo_budget(workbook: Workbook) -> int | None:
    megabytes = int(preferences.get(workbook, "package_photographs"))
    return megabytes * 2**20 if megabytes else None


def _last_sent_vector(session: Session, sign_key: str) -> merge.VersionVector:
    """Up to where the last package to this peer went: the photographs before that were sent or are pending."""
    query = select(PackageLog.upto).filter_by(peer=sign_key, way="out").order_by(PackageLog.n.desc()).limit(1)
    return stream_marks.known_here(session, session.scalars(query).first() or "{}")


def _write_error_message(path: Path, error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return f"“{path.parent}”已满，包没有写成。请腾出空间或换一个 U 盘后再导出。"
    return f"包没有写成：“{path.parent}”不存在或不能写入。请检查 U 盘是否插好、是否写保护。"


def _log_export(
    workbook: Workbook,
    sign_key: str,
    path: Path,
    manifest: package.Manifest,
    writer: package.PackageWriter,
    pictures: photo_transfer.PhotoSelection,
    size: int,
) -> PackageExportResult:
    left_out = len(pictures.left_out)
    with workbook.writing() as session:
        now = peers.local_time()
        session.add(
            PackageLog(
                way="out",
                at=now,
                package=manifest.package,
                peer=sign_key,
                file_name=path.name,
                changes=writer.changes,
                pictures=writer.pictures,
                operator=workbook.operator,
                result=json.dumps({"left_out": left_out}),
                digest=writer.digest.hex(),
                upto=stream_marks.dump(stream_marks.from_triples(manifest.upto, manifest.upto_chains, manifest.roots)),
            )
        )
        photo_transfer.mark_sent(session, sign_key, pictures.selected)
        photo_transfer.mark_pending(session, sign_key, (*pictures.left_out, *pictures.missing), manifest.villages)
        session.add(AuditEntry(at=now, operator=workbook.operator, what="导出数据包", how_many=writer.changes))
        name = session.get_one(Peer, sign_key).name
    villages = tuple(manifest.villages)
    return PackageExportResult(path, manifest.package, name, villages, writer.changes, writer.pictures, size, left_out)


def _build_manifest(session: Session, workbook: Workbook, sign_key: str, full: bool) -> package.Manifest:
    peer = session.get(Peer, sign_key)
    if peer is None:
        raise UnknownPeer(sign_key[:16])
    if peer.revoked_at:
        raise UserError(f"“{peer.name}”的名片已经停用，不能再给他导出。")
    vector = merge.version_vector(session)
    villages = peers.shared_villages(peer, vector)
    if not villages:
        raise NothingToSend(peer.name)
    remote_vector = {} if full else peers.peer_vector(session, peer)
    own_vector = {stream: number for stream, number in vector.items() if stream[0] in villages}
    tree = StreamTree(session)
    upto = own_marks(tree, own_vector)
    since = own_marks(
        tree, {stream: min(number, remote_vector.get(stream, 0)) for stream, number in own_vector.items()}
    )
    since_triples, since_chains = stream_marks.to_triples(since)
    upto_triples, upto_chains = stream_marks.to_triples(upto)
    heads, owners = signed_heads.heads_to_send(session, since, upto)
    card = peers.build_own_card(session, workbook.operator)
    names = peers.replica_names(session) | {workbook.replica: card.name}
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
        since=since_triples,
        upto=upto_triples,
        since_chains=since_chains,
        upto_chains=upto_chains,
        roots=stream_marks.roots(upto),
        heads=heads,
        owners=owners,
        changes=sum(own_vector.values()) - sum(mark.number for mark in since.values()),
        made_at=peers.local_time(),
        replicas={replica: names[replica] for _, replica in own_vector if replica in names},
        revoked=_revoked(session),
        statements=CardStatements(session).to_send(),
        lacking=[
            bytes.fromhex(sha256)
            for sha256 in photo_transfer.missing(session, villages, photo_transfer.MAX_MISSING_LISTED)
        ],
    )


def _revoked(session: Session) -> list[tuple[str, str, str]]:
    """What earlier programs read instead of statements."""
    rows = session.execute(select(Peer.sign_key, Peer.revoked_at, Peer.name).where(Peer.revoked_at.is_not(None)))
    return [(key, str(at), name) for key, at, name in rows]


class _PhotoCollector:
    """What the changes of a package name: those that must go, pending ones first, and those sent already."""

    def __init__(
        self, session: Session, sign_key: str, manifest: package.Manifest, sent_vector: merge.VersionVector
    ) -> None:
        self._sent_vector = sent_vector
        self.required = dict.fromkeys(photo_transfer.pending(session, sign_key, manifest.villages))
        self.optional: dict[str, None] = {}

    def collect(self, changes: Sequence[JournalChange]) -> None:
        """The next changes."""
        for change in changes:
            content = _photo_hash(change)
            if content:
                was_sent = change.number <= self._sent_vector.get((change.village, change.replica), 0)
                (self.optional if was_sent else self.required)[content] = None


def _compacted_ranges(session: Session, manifest: package.Manifest) -> Iterator[list[CompactedRange]]:
    return ranges_after(session, vector_from_triples(manifest.since), set(manifest.villages))


def _compacted_count(session: Session, manifest: package.Manifest) -> int:
    """How many of the numbers that the package covers were compacted away here."""
    return sum(item.last - item.first + 1 for ranges in _compacted_ranges(session, manifest) for item in ranges)


def _write_content(
    session: Session,
    writer: package.PackageWriter,
    manifest: package.Manifest,
    photos: _PhotoCollector,
    photo_budget: int | None,
) -> Task[photo_transfer.PhotoSelection]:
    since = vector_from_triples(manifest.since)
    ends: dict[tuple[str, str], int] = {}
    for ranges in _compacted_ranges(session, manifest):
        writer.put_compacted(encode_compacted(ranges, ends))
    yield Progress(0, manifest.changes, "导出修改")
    for changes in changes_after(session, since, set(manifest.villages), _CHANGES_PER_FRAME):
        for part in _split_by_size(changes):
            rows = {change.row for change in part if change.column}
            writer.put_changes(encode(part, known_inserts(session, rows, since)))
        photos.collect(changes)
        yield Progress(writer.changes, manifest.changes, "导出修改")
    selection = photo_transfer.select_photos(session, photos.required, photos.optional, photo_budget)
    for n, sha256 in enumerate(selection.selected):
        photo = session.get_one(Picture, sha256)
        writer.put_photo(sha256, photo.jpeg)
        session.expunge(photo)
        yield Progress(n + 1, len(selection.selected), "导出照片")
    return selection


def _split_by_size(changes: Sequence[JournalChange]) -> Iterator[Sequence[JournalChange]]:
    """Cut where long texts would make a frame too large."""
    start = length_total = 0
    for n, change in enumerate(changes):
        length = len(change.value) if isinstance(change.value, str) else 0
        if length_total + length > _MAX_FRAME_TEXT and n > start:
            yield changes[start:n]
            start, length_total = n, 0
        length_total += length
    yield changes[start:]


def _photo_hash(change: JournalChange) -> str:
    """The content hash of the photograph that a change names, "" if it names none."""
    if change.table != "photo" or change.column not in ("", "content") or not isinstance(change.value, str):
        return ""
    content = json.loads(change.value).get("content") if change.column == "" else change.value
    return str(content or "")
