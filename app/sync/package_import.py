"""Import of a package from a peer: verified, previewed, applied whole or not at all."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.errors import UserError
from app.progress import Progress, Task
from app.sync import peers, photo_transfer, stream_marks
from app.sync.card_statements import CardStatements, Reception
from app.sync.change_encoding import ChangeBlock, CompactedBlock, PhotoChunk, decode
from app.sync.errors import InvalidContent, MissingChanges, NotAPackage, Tampered
from app.sync.package import PackageReader
from app.sync.package_preview import PackagePreview, PreviewCounter, TableChanges, build_preview
from app.sync.package_validation import (
    PackageValidator,
    ValidatedManifest,
    authenticate_sender,
    schema_revision,
    validate_manifest,
)
from app.sync.revoked_changes import RevokedWriters, UnseenChanges
from app.workbook import backup, preferences
from app.workbook.former_monitoring import bring_over
from app.workbook.roles import ENTER, REVIEW
from app.workbook.workbook import RENAMED_ROWS, Workbook, continue_as_new_replica, running_operation
from db.journal.branches import StreamTree
from db.journal.change_batch import MergeResult
from db.journal.compacted_ranges import CompactedRange
from db.journal.incoming_streams import holds
from db.journal.journal_change import JournalChange
from db.journal.merge import Merge, MissingChangesError, version_vector
from db.schema import relations
from db.schema.exchange import AuditEntry, PackageLog, Peer
from db.schema.household import Household
from db.schema.photo import Picture

_MAX_PHOTO_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class PackageImportResult:
    """What an import did.

    Attributes:
        new_changes: changes that were not known here; `known_changes`: those that were
        tables: what is new and changed, by kind of record
        conflicts: cells that now hold several values
        revoked, restored: names of peers whose cards this package revoked here, and whose are trusted again
        proposed: (who proposes it, name) of peers whose cards a person here may revoke
        forked: names of colleagues two copies of whose workbook number their changes alike, which this package told
        is_new_replica: this workbook is such a copy and goes on as a new replica
        n: its line in the log of packages, by which it can be undone; of the first import where it is known already
    """

    package: str
    sender: str
    new_changes: int
    known_changes: int
    pictures: int
    tables: tuple[TableChanges, ...]
    conflicts: int
    revoked: tuple[str, ...]
    n: int = 0
    forked: tuple[str, ...] = ()
    is_new_replica: bool = False
    restored: tuple[str, ...] = ()
    proposed: tuple[tuple[str, str], ...] = ()

    @property
    def message(self) -> str:
        if not self.new_changes and not self.pictures:
            message = f"“{self.sender}”的这个包本机都已经有了，没有新内容，没有改动任何记录。"
        else:
            changes = f"{self.new_changes} 条修改" if self.new_changes else "没有新修改"
            pictures = f"、{self.pictures} 张照片" if self.new_changes else f"，补上了 {self.pictures} 张照片"
            message = f"已导入来自“{self.sender}”的数据包：{changes}{pictures if self.pictures else ''}。"
        if self.conflicts:
            message += f"有 {self.conflicts} 处内容两边不一致，请到“冲突”页逐项确认。"
        if self.revoked:
            message += f"上级已停用 {'、'.join(self.revoked)} 的名片，本机也一并停用。"
        if self.restored:
            message += f"上级已恢复 {'、'.join(self.restored)} 的名片，本机也一并恢复。"
        for author, name in self.proposed:
            message += f"“{author}”停用了“{name}”的名片，本机没有跟着停用：请问清楚，再到同事名单里决定。"
        if self.forked:
            message += f"{'、'.join(self.forked)}有两份同样的工作簿各自在用，两份的修改都已收下。"
        if self.is_new_replica:
            message += (
                "包里有以本机名义写、本机却没有写过的修改：这台电脑或工作簿曾被整个复制，或用映像恢复过。"
                "两边的修改都已保留，本机从现在起作为一台新电脑继续，不用您做什么。"
            )
        return message


def verify_package(workbook: Workbook, path: Path) -> Task[PackagePreview]:
    """Verify a package and every change in it, and preview its effects; nothing is written.

    The first pass decrypts and checks the signature; only the second decodes anything but the manifest.

    Raises:
        the errors of app/sync/errors.py
    """
    with workbook.reading() as session:
        secret = peers.load_identity(session).age_secret
        with _open_package(path) as file:
            reader = PackageReader(file, path.name, secret)
            authenticate_sender(session, reader.manifest, path.name)
            yield from _verify_signature(reader, file, path.stat().st_size)
        digest = reader.digest
        with _open_package(path) as file:
            reader = PackageReader(file, path.name, secret)
            validated = validate_manifest(session, reader.manifest, path.name)
            validator, counter = PackageValidator(session, validated), PreviewCounter(session, validated)
            revoked_writers = RevokedWriters(session, reader.manifest, validated, validator.streams.root_of)

            def count_changes(changes: list[JournalChange]) -> None:
                counter.add(changes, validator.row_origins(changes), revoked_writers.unseen(changes))

            yield from _process_blocks(reader, validator, count_changes, counter.add_picture, _ignore, "核对内容")
        if reader.digest != digest:
            raise Tampered(path.name)
        if validated.digest not in ("", digest.hex()):
            raise InvalidContent("与先前导入过的一个包编号相同，内容却不同")
        revision = schema_revision(session)
        return build_preview(path, reader.manifest, validated, counter, revoked_writers, digest.hex(), revision)


def import_package(
    workbook: Workbook, source: PackagePreview | Path, *, accept_unseen: bool = False
) -> Task[PackageImportResult]:
    """Import a package: a backup first (a preference), then one transaction. A second import changes nothing.

    Args:
        source: a preview (only the very file it was made of is applied), or a path, which is verified first
        accept_unseen: a person has looked at what people with revoked cards wrote (`PackagePreview.unseen`)

    Raises:
        those of `verify`, UnseenChanges; nothing is written then
    """
    workbook.require(ENTER, "导入数据包")
    preview = source if isinstance(source, PackagePreview) else (yield from verify_package(workbook, source))
    if preview.known_before and _is_still_applied(workbook, preview.n):
        return PackageImportResult(preview.package, preview.sender, 0, preview.changes, 0, (), 0, (), preview.n)
    if preview.unseen:
        if not accept_unseen:
            raise UnseenChanges(preview.sender, preview.unseen)
        workbook.require(REVIEW, "收下名片已停用的人写的内容")
    if (preview.new_changes or preview.known_before) and preferences.get(workbook, "backup_before_import"):
        yield from backup.automatic_backup(workbook, "导入数据包前")
    try:
        with workbook.operation(f"导入数据包：{preview.sender}", "import") as session:
            result = yield from _apply(session, workbook, preview)
    except IntegrityError as error:
        raise InvalidContent("有记录提到了没有的记录") from error
    if any(one.table == Household.__tablename__ for one in result.tables):
        bring_over(workbook)
    return result


def _is_still_applied(workbook: Workbook, n: int) -> bool:
    """Whether an import was not undone while the preview was open."""
    with workbook.reading() as session:
        log_entry, current, tree = session.get_one(PackageLog, n), version_vector(session), StreamTree(session)
        return not log_entry.undone_at and all(
            holds(tree, current, stream, mark) for stream, mark in stream_marks.parse(log_entry.upto).items()
        )


def _apply(session: Session, workbook: Workbook, preview: PackagePreview) -> Task[PackageImportResult]:
    path = preview.path
    with _open_package(path) as file:
        reader = PackageReader(file, path.name, peers.load_identity(session).age_secret)
        validated = validate_manifest(session, reader.manifest, path.name)
        merger, photos = Merge(session), _PhotoImporter(session, validated)
        validator = PackageValidator(session, validated, merger)
        revoked_writers = RevokedWriters(session, reader.manifest, validated, validator.streams.root_of)
        if revoked_writers.digest != preview.revocations:
            raise UserError("查看期间停用的名片有变化，尚未导入。请重新打开这个数据包。")

        def apply_changes(changes: list[JournalChange]) -> None:
            try:
                merger.add_changes(changes)
            except MissingChangesError as gap:
                raise _missing_changes(validated, gap) from gap
            validator.check_applied(changes)

        yield from _process_blocks(reader, validator, apply_changes, photos.add, merger.add_compacted_ranges, "导入")
        if reader.digest.hex() != preview.digest:
            raise Tampered(path.name)
    merge_result = merger.finish()
    session.info[RENAMED_ROWS] = merger.renamed
    reception = _update_peer(session, reader, validated)
    result = replace(
        _import_result(preview, merge_result, photos.count, reception),
        forked=_name_branches(session, workbook, validator.streams.branches),
        is_new_replica=any(root == workbook.replica for _, root in validator.streams.grown),
    )
    if result.is_new_replica:
        continue_as_new_replica(session, workbook.operator)
    return replace(result, n=_log_import(session, workbook, validated, result, merge_result, preview))


def _name_branches(session: Session, workbook: Workbook, branches: Mapping[str, str]) -> tuple[str, ...]:
    """Call branches of streams as the replica that they descend from is called; returns the names of others."""
    if not branches:
        return ()
    names = peers.replica_names(session) | {workbook.replica: peers.build_own_card(session, workbook.operator).name}
    peers.store_replica_names(session, {branch: names[root] for branch, root in branches.items() if root in names})
    others = {root: f"“{names[root]}”" for root in branches.values() if root in names and root != workbook.replica}
    return tuple(sorted(set(others.values())))


class _PhotoImporter:
    """Stores the photographs that a record here (of this package or of an earlier one) names, and no others."""

    def __init__(self, session: Session, manifest: ValidatedManifest) -> None:
        self._session, self._manifest = session, manifest
        self._missing: set[str] | None = None  # known when the first one comes: they stand after all changes
        self.count = 0

    def add(self, sha256: str, jpeg: bytes) -> None:
        """The next one."""
        if self._missing is None:
            self._missing = set(photo_transfer.missing(self._session, self._manifest.villages))
        if sha256 in self._missing:
            self._missing.discard(sha256)
            self._session.execute(insert(Picture).values(sha256=sha256, jpeg=jpeg).on_conflict_do_nothing())
            self.count += 1


def _import_result(
    preview: PackagePreview, merge_result: MergeResult, pictures: int, reception: Reception
) -> PackageImportResult:
    tables = tuple(
        TableChanges(
            table,
            relations.record_label(table),
            (inserted := merge_result.inserted.get(table, 0)),
            len(rows) - inserted,
        )
        for table, rows in sorted(merge_result.rows.items())
    )
    return PackageImportResult(
        package=preview.package,
        sender=preview.sender,
        new_changes=merge_result.new_changes,
        known_changes=merge_result.known_changes,
        pictures=pictures,
        tables=tables,
        conflicts=len(merge_result.conflicts),
        revoked=tuple(f"“{name}”" for name in reception.revoked),
        restored=tuple(f"“{name}”" for name in reception.restored),
        proposed=reception.proposed,
    )


def _update_peer(session: Session, reader: PackageReader, validated: ValidatedManifest) -> Reception:
    """Store what the peer knows, names of replicas, and whom the sender has stopped trusting."""
    peer = session.get_one(Peer, validated.peer)
    peer.vector = stream_marks.dump(validated.upto)
    validated.heads.store(session)
    peer.last_heard = peers.local_time()
    peers.store_replica_names(session, {replica[:32]: name[:80] for replica, name in reader.manifest.replicas.items()})
    missing_photos = [sha256.hex() for sha256 in reader.manifest.lacking[: photo_transfer.MAX_MISSING_LISTED]]
    photo_transfer.mark_pending(session, validated.peer, missing_photos, validated.villages)
    statements = CardStatements(session)
    reception = statements.receive(reader.manifest, validated.upto)
    statements.store(peers.local_time())
    return reception


def _log_import(
    session: Session,
    workbook: Workbook,
    validated: ValidatedManifest,
    result: PackageImportResult,
    merge_result: MergeResult,
    preview: PackagePreview,
) -> int:
    now = peers.local_time()
    log_entry = PackageLog(
        way="in",
        at=now,
        package=result.package,
        peer=validated.peer,
        file_name=preview.path.name,
        changes=result.new_changes,
        pictures=result.pictures,
        operator=workbook.operator,
        result=json.dumps(_result_payload(result, merge_result), ensure_ascii=False),
        digest=preview.digest,
        upto=stream_marks.dump(validated.upto),
        first_seq=merge_result.first_seq,
        last_seq=merge_result.last_seq,
    )
    session.add(log_entry)
    session.flush()
    running_operation(session).package = log_entry.n
    session.add(AuditEntry(at=now, operator=workbook.operator, what="导入数据包", how_many=result.new_changes))
    return log_entry.n


def _result_payload(result: PackageImportResult, merge_result: MergeResult) -> dict[str, Any]:
    """`advanced`: (village, replica, number before, number after), for undoing (app/sync/import_undo.py)."""
    return {
        "known": result.known_changes,
        "conflicts": result.conflicts,
        "revoked": result.revoked,
        "advanced": [(*stream, *bounds) for stream, bounds in sorted(merge_result.advanced.items())],
    }


def _missing_changes(validated: ValidatedManifest, error: MissingChangesError) -> MissingChanges:
    return MissingChanges(
        error.village, f"电脑 {error.replica[:8]} ", error.known + 1, error.number - 1, (validated.name,)
    )


@contextmanager
def _open_package(path: Path) -> Iterator[IO[bytes]]:
    try:
        with path.open("rb") as file:
            yield file
    except FileNotFoundError as error:
        raise UserError(f"找不到“{path.name}”。请检查 U 盘是否插好、文件是否改了名。") from error
    except IsADirectoryError as error:
        raise NotAPackage(path.name) from error
    except OSError as error:
        raise UserError(f"“{path.name}”读不出来，U 盘可能拔出或坏了。本机没有任何改动。请重新插好再试。") from error


def _verify_signature(reader: PackageReader, file: IO[bytes], size: int) -> Task[None]:
    for _ in reader.frames():
        yield Progress(file.tell(), size, "核对签名")


def _ignore(*_: object) -> None:
    return


def _process_blocks(
    reader: PackageReader,
    validator: PackageValidator,
    on_changes: Callable[[list[JournalChange]], None],
    on_photo: Callable[[str, bytes], None],
    on_compacted: Callable[[list[CompactedRange]], None],
    title: str,
) -> Task[None]:
    """Validate every block of a package, then pass it on; the parts of a picture are put together."""
    total, processed = reader.manifest.changes, 0
    parts: list[PhotoChunk] = []
    photo_size = 0
    yield Progress(0, total, title)
    for block in reader.blocks():
        if isinstance(block, ChangeBlock):
            translated = validator.add_changes(decode(block, validator.rows_by_insert))
            on_compacted(translated.ranges)
            on_changes(translated.changes)
            processed += len(translated.changes)
        elif isinstance(block, CompactedBlock):
            validator.add_compacted(block)
        else:
            parts.append(block)
            photo_size += len(block.data)
            if photo_size > _MAX_PHOTO_BYTES:
                raise InvalidContent("照片太大")
            if block.last:
                on_photo(*_assemble_photo(parts))
                parts, photo_size = [], 0
            elif not block.data:
                raise InvalidContent("照片有空的一段")
        yield Progress(processed, total, title)
    if parts:
        raise InvalidContent("照片不完整")
    on_compacted(validator.finish().ranges)


def _assemble_photo(parts: list[PhotoChunk]) -> tuple[str, bytes]:
    jpeg = b"".join(part.data for part in parts)
    sha256 = hashlib.sha256(jpeg).digest()
    if {part.sha256 for part in parts} != {sha256}:
        raise InvalidContent("照片与它的编号不符")
    return sha256.hex(), jpeg
