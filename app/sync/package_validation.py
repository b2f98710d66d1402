"""Whether a package may be applied: who sent it, whose rows it carries, what it builds on, and every single change.

A signature only says who wrote a package. A peer's workbook may be damaged, or in other hands, so each change must be
one that this program could have written before any of it reaches a table.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.sync import peers, signed_heads, stream_marks
from app.sync.cell_validation import INTEGER_LIMIT, check_value, insert_cells
from app.sync.change_encoding import CompactedBlock, decode_compacted
from app.sync.errors import (
    CompactedFork,
    ForgedChanges,
    InvalidContent,
    MissingChanges,
    RevokedSender,
    SelfAddressed,
    UnknownSender,
    VillageNotPermitted,
    VillageOutOfScope,
    WrongRecipient,
)
from app.sync.identity_card import load_own_role
from app.sync.package import Manifest, StreamTriple
from db.journal import merge
from db.journal.branches import StreamTree
from db.journal.chains import is_chained
from db.journal.compacted_ranges import PendingRanges
from db.journal.incoming_streams import (
    BranchWriter,
    CompactedForkError,
    IncomingStreams,
    Mark,
    Marks,
    StreamKey,
    TranslatedBlock,
    UnknownBaseError,
    holds,
    known_marks,
)
from db.journal.inserts import InsertId, row_origins, rows_of_inserts
from db.journal.journal_change import JournalChange
from db.schema.exchange import PackageLog, Peer
from db.schema.relations import record_label
from db.schema.village import Village


@dataclass(frozen=True, slots=True)
class ValidatedManifest:
    """A package whose sender and scope are in order.

    Attributes:
        local_vector: ours before it
        since, upto: the marks of its manifest; `since` has every stream that it carries
        known: what the sender has of our streams
        held: streams that are known here as far as the package has them
        heads: what the owners of its streams have signed
        already_imported: it was imported once, as line `n` of the log, from a file of `digest`, and what it brought is
            still here (not undone since)
    """

    peer: str
    name: str
    villages: frozenset[str]
    local_vector: merge.VersionVector
    since: Marks
    upto: Marks
    known: merge.VersionVector
    held: frozenset[StreamKey]
    heads: signed_heads.VerifiedHeads
    already_imported: bool
    n: int = 0
    digest: str = ""


def authenticate_sender(session: Session, manifest: Manifest, name: str) -> Peer:
    """The peer whose key signed it.

    Args:
        name: the file's name

    Raises:
        SelfAddressed, WrongRecipient, UnknownSender, RevokedSender
    """
    own_sign_key, own_recipient = peers.load_own_keys(session)
    if manifest.sender_key == own_sign_key:
        raise SelfAddressed(name)
    if own_recipient not in manifest.recipients:
        raise WrongRecipient(name)
    peer = session.get(Peer, manifest.sender_key)
    if peer is None:
        raise UnknownSender(manifest.sender_name[:40], peers.fingerprint(manifest.sender_key, manifest.sender_age))
    if peer.revoked_at:
        raise RevokedSender(peer.name)
    return peer


def validate_manifest(session: Session, manifest: Manifest, name: str) -> ValidatedManifest:
    """Check sender, villages, and that nothing that it builds on is missing here.

    Raises:
        those of `authenticate_sender`, VillageNotPermitted, MissingChanges, InvalidContent
    """
    peer = authenticate_sender(session, manifest, name)
    local_vector = merge.version_vector(session)
    permitted = _allowed_villages(session, peer, local_vector)
    upto = _checked_marks(manifest.upto, manifest.upto_chains, manifest.roots)
    since = {stream: Mark(0, b"", mark.root) for stream, mark in upto.items()}
    since |= _checked_marks(manifest.since, manifest.since_chains, manifest.roots)
    if since.keys() != upto.keys() or any(upto[stream].number < mark.number for stream, mark in since.items()):
        raise InvalidContent("起止编号对不上")
    carried_villages = {village for village, _ in upto} | set(manifest.villages)
    foreign = carried_villages - (permitted & set(manifest.villages))
    if foreign and carried_villages <= set(peer.villages.split(",")) & set(manifest.villages):
        raise VillageOutOfScope(peer.name, "、".join(sorted(_village_name(session, code) for code in foreign)[:5]))
    if foreign:
        raise VillageNotPermitted(peer.name, "、".join(_village_name(session, code) for code in sorted(foreign)[:5]))
    tree = StreamTree(session)
    # of several gaps the sender's own stream is reported first
    for (village, replica), mark in sorted(since.items(), key=lambda entry: (entry[0][1] != manifest.replica, entry)):
        is_here = holds(tree, local_vector, (village, replica), mark)
        if not is_here and not _is_brought_along(village, mark, since, upto):
            local_number = min(local_vector.get((village, replica), 0), mark.number - 1)
            raise _missing_changes(session, peer, manifest, (village, replica), local_number + 1, mark.number)
    query = select(PackageLog).filter_by(package=manifest.package, peer=peer.sign_key, way="in", undone_at=None)
    first_import = session.scalars(query.order_by(PackageLog.n)).first()
    held = {stream for stream, mark in upto.items() if holds(tree, local_vector, stream, mark)}
    already_imported = first_import is not None and held == upto.keys()
    n, digest = (first_import.n, first_import.digest) if first_import else (0, "")
    return ValidatedManifest(
        peer=peer.sign_key,
        name=peer.name,
        villages=frozenset(manifest.villages),
        local_vector=local_vector,
        since=since,
        upto=upto,
        known=known_marks(tree, local_vector, upto),
        held=frozenset(held),
        heads=signed_heads.verify(session, manifest.heads, manifest.owners),
        already_imported=already_imported,
        n=n,
        digest=digest,
    )


def _is_brought_along(village: str, base: Mark, since: Marks, upto: Marks) -> bool:
    """Whether a branch leaves its stream where that ends in the same package."""
    return any(
        stream[0] == village and since[stream].number < base.number and end == base for stream, end in upto.items()
    )


def _allowed_villages(session: Session, peer: Peer, vector: merge.VersionVector) -> set[str]:
    """The villages whose rows this peer may send here. A village's workbook accepts no other village's rows."""
    own_villages = {village for village, _ in vector} | set(session.scalars(select(Village.village)))
    permitted = set(filter(None, peer.villages.split(","))) or own_villages
    return permitted & own_villages if own_villages and load_own_role(session) == "village" else permitted


def _checked_marks(triples: list[StreamTriple], chains: list[bytes], roots: dict[str, str]) -> Marks:
    marks = stream_marks.from_triples(triples, chains, roots)
    if any(not 0 <= mark.number < INTEGER_LIMIT for mark in marks.values()):
        raise InvalidContent("起止编号对不上")
    if any(is_chained(name) != is_chained(mark.root) for (_, name), mark in marks.items()):
        raise InvalidContent("一台电脑的编号被说成是旧版本的")  # streams of earlier versions are not proven
    return marks


def _village_name(session: Session, code: str) -> str:
    name = session.scalars(select(Village.name).where(Village.village == code)).first()
    return name or code[:12]


def _missing_changes(
    session: Session, peer: Peer, manifest: Manifest, stream: tuple[str, str], first: int, last: int
) -> MissingChanges:
    village, replica = stream
    names = manifest.replicas | peers.replica_names(session)
    holders = [
        holder.name
        for holder in session.scalars(select(Peer).where(Peer.revoked_at.is_(None)).order_by(Peer.name))
        if holder.sign_key != peer.sign_key and peers.peer_vector(session, holder).get(stream, 0) >= last
    ]
    writer = f"“{names[replica]}”" if replica in names else f"电脑 {replica[:8]} "
    return MissingChanges(_village_name(session, village), writer, first, last, (peer.name, *holders))


class PackageValidator:
    """Validates every change of a package against those before it, in their order, and tells what it is called here.

    Args:
        writer: makes branches of streams; None while a package is only looked at
    """

    def __init__(self, session: Session, manifest: ValidatedManifest, writer: BranchWriter | None = None) -> None:
        self._session, self._manifest = session, manifest
        self.streams = IncomingStreams(session, manifest.since, writer)
        self._progress = {stream: mark.number for stream, mark in manifest.since.items()}
        self._pending_ranges = PendingRanges()
        self._ends: dict[tuple[str, str], int] = {}
        self._compacted: dict[StreamKey, list[tuple[int, int]]] = defaultdict(list)
        self._replaced: set[tuple[str, str, int]] = set()  # of the compacted numbers

    def rows_by_insert(self, inserts: Sequence[InsertId]) -> list[str]:
        """The rows that these changes inserted.

        Raises:
            InvalidContent: one of them is unknown here, or no insert
        """
        try:
            local_inserts = self.streams.local_inserts(inserts)
            rows = rows_of_inserts(self._session, local_inserts)
            return [rows[birth] for birth in local_inserts]
        except (KeyError, UnknownBaseError) as error:
            raise InvalidContent("提到了没有的记录") from error

    def add_compacted(self, block: CompactedBlock) -> None:
        """Validate the ranges that the sender has compacted away.

        Raises:
            VillageNotPermitted, InvalidContent
        """
        ranges = decode_compacted(block, self._ends)
        for compacted in ranges:
            stream = (compacted.village, compacted.replica)
            if compacted.village not in self._manifest.villages:
                raise VillageNotPermitted(self._manifest.name, compacted.village[:12])
            if (
                stream not in self._manifest.upto
                or not self._manifest.since[stream].number
                < compacted.first
                <= compacted.last
                <= self._manifest.upto[stream].number
                or is_chained(self._manifest.upto[stream].root) != bool(compacted.chain)
            ):
                raise InvalidContent("归并的编号不对")
            self._compacted[stream].append(
                (max(compacted.first, self._manifest.local_vector.get(stream, 0) + 1), compacted.last)
            )
            self._pending_ranges.add(compacted)
            self._progress[stream] = self._pending_ranges.advance(stream, self._progress.get(stream, 0))
        self.streams.add_ranges(ranges)

    def add_changes(self, changes: Sequence[JournalChange]) -> TranslatedBlock:
        """Validate the next changes; returns them as they are called here, and the compacted ranges among them.

        Raises:
            VillageNotPermitted, InvalidContent, CompactedFork
        """
        self._check(changes)
        with self._translated_errors():
            return self.streams.translate(changes)

    @contextmanager
    def _translated_errors(self) -> Iterator[None]:
        try:
            yield
        except UnknownBaseError as error:
            raise InvalidContent("起止编号对不上") from error
        except CompactedForkError as error:
            raise CompactedFork(self._manifest.name, self._writer_name(error.root)) from error

    def _check(self, changes: Sequence[JournalChange]) -> None:
        progress = self._progress
        for change in changes:
            stream = (change.village, change.replica)
            if change.village not in self._manifest.villages:
                raise VillageNotPermitted(self._manifest.name, change.village[:12])
            if stream not in self._manifest.upto or change.number != progress[stream] + 1:
                raise InvalidContent("修改的编号不连续")
            progress[stream] = self._pending_ranges.advance(stream, change.number)
            for replica, number in change.replaces:
                if not 0 < number <= progress.get((change.village, replica), 0):
                    raise InvalidContent("提到了没有的修改")
                if self._is_compacted((change.village, replica), number):
                    self._replaced.add((change.village, replica, number))
            if not 0 <= change.stamp < INTEGER_LIMIT // 2:  # later stamps of ours follow it and must have room
                raise InvalidContent("修改的时间不对")
            check_value(change)

    def _is_compacted(self, stream: StreamKey, number: int) -> bool:
        """Whether the sender says that it has compacted away a number, which is new here."""
        ranges = self._compacted.get(stream, ())
        position = bisect_right(ranges, (number, INTEGER_LIMIT)) - 1
        return position >= 0 and ranges[position][0] <= number <= ranges[position][1]

    def _check_compacted(self) -> None:
        """What was really compacted away is named by a change that stays: only superseded edits are compacted."""
        count = sum(max(0, last - first + 1) for ranges in self._compacted.values() for first, last in ranges)
        if len(self._replaced) != count:
            raise InvalidContent("有的修改说是已经归并，却没有哪一条修改替换过它")

    def finish(self) -> TranslatedBlock:
        """Validate the totals after the last change; returns the compacted ranges after it.

        Raises:
            InvalidContent: something that the manifest announced is missing, or is not what it says
            ForgedChanges: the owner of a stream has not signed it
            CompactedFork
        """
        with self._translated_errors():
            block = self.streams.finish()
        upto = self._manifest.upto
        if self._progress != {stream: mark.number for stream, mark in upto.items()}:
            raise InvalidContent("修改没有写全")
        self._check_compacted()
        reached = self.streams.reached()
        if any(is_chained(mark.root) and reached[stream] != mark for stream, mark in upto.items()):
            raise InvalidContent("修改与它的校验值不符")
        if unproven := signed_heads.unproven_streams(
            self._session, self._manifest.since, upto, self._manifest.heads, self._manifest.held
        ):
            raise ForgedChanges(self._manifest.name, self._writer_name(upto[unproven[0]].root))
        return block

    def _writer_name(self, root: str) -> str:
        return peers.replica_names(self._session).get(root, f"电脑 {root[:8]} ")

    def row_origins(self, changes: Sequence[JournalChange]) -> dict[str, set[tuple[str, str]]]:
        """(village, table) of the rows of these changes that were inserted here.

        Raises:
            VillageNotPermitted: a change concerns a row of another village
            InvalidContent: or of another table
        """
        origins = row_origins(self._session, {change.row for change in changes})
        for change in changes:
            for village, table in origins.get(change.row, ()):
                if village != change.village:
                    raise VillageNotPermitted(self._manifest.name, change.village[:12])
                if table != change.table:
                    raise InvalidContent("同一编号用在两种记录上")
        return origins

    def check_applied(self, changes: Sequence[JournalChange]) -> None:
        """After a merge of these changes: each row was inserted at least once, always in one village and table."""
        origins = self.row_origins(changes)
        if any(change.row not in origins for change in changes):
            raise InvalidContent("修改了没有的记录")
        self._check_merge_targets(changes)

    def _check_merge_targets(self, changes: Sequence[JournalChange]) -> None:
        """A record is merged into one that is known by then: no foreign key guards what is shown (db/record_merge)."""
        targets = {(change.village, change.table, target) for change in changes if (target := _merge_target(change))}
        origins = row_origins(self._session, {target for _, _, target in targets})
        for village, table, target in targets:
            if (village, table) not in origins.get(target, ()):
                raise InvalidContent(f"有{record_label(table)}并入了没有的{record_label(table)}")


def _merge_target(change: JournalChange) -> str:
    """The record that a change says its record was merged into, "" for none."""
    if change.column not in ("", "merged_into"):
        return ""
    if change.column:
        return str(change.value or "")
    return str(insert_cells(change).get("merged_into") or "") if '"merged_into"' in str(change.value) else ""


def schema_revision(session: Session) -> str:
    """The revision of this workbook's tables."""
    return str(session.execute(text("SELECT version_num FROM alembic_version")).scalar_one())
