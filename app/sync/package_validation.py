"""Whether a package may be applied: who sent it, whose rows it carries, what it builds on, and every single change.

A signature only says who wrote a package. A peer's workbook may be damaged, or in other hands, so each change must be
one that this program could have written before any of it reaches a table.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Boolean, Date, Integer, select, text
from sqlalchemy.orm import Session

from app.sync import peers
from app.sync.change_encoding import CompactedBlock, decode_compacted
from app.sync.errors import (
    InvalidContent,
    MissingChanges,
    RevokedSender,
    SelfAddressed,
    UnknownSender,
    VillageNotPermitted,
    VillageOutOfScope,
    WrongRecipient,
)
from app.sync.package import Manifest
from db.journal import merge
from db.journal.compacted_ranges import CompactedRange, PendingRanges
from db.journal.inserts import InsertId, row_origins, rows_of_inserts
from db.journal.merge import JournalChange, SqlValue
from db.schema import records
from db.schema.exchange import PackageLog, Peer
from db.schema.relations import record_label
from db.schema.village import Village
from db.types import ScaledDecimal

_INTEGER_LIMIT = 2**63
_CELLS_DECODER: msgspec.json.Decoder[dict[str, str | int | float | None]] = msgspec.json.Decoder(
    dict[str, str | int | float | None]
)


@dataclass(frozen=True, slots=True)
class ValidatedManifest:
    """A package whose sender and scope are in order.

    `known`: our vector before it; `before`: it was imported once, as line `n` of the log, from a file of `digest`, and
    what it brought is still here (not undone since).
    """

    peer: str
    name: str
    villages: frozenset[str]
    local_vector: merge.VersionVector
    since: merge.VersionVector
    upto: merge.VersionVector
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
    own = peers.build_own_card(session, "")
    if manifest.sender_key == own.sign_key:
        raise SelfAddressed(name)
    if own.age_recipient not in manifest.recipients:
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
    since, upto = _checked_vector(manifest.since), _checked_vector(manifest.upto)
    if any(upto.get(stream, 0) < number for stream, number in since.items()):
        raise InvalidContent("起止编号对不上")
    carried_villages = {village for village, _ in upto} | set(manifest.villages)
    foreign = carried_villages - (permitted & set(manifest.villages))
    if foreign and carried_villages <= set(peer.villages.split(",")) & set(manifest.villages):
        raise VillageOutOfScope(peer.name, "、".join(sorted(_village_name(session, code) for code in foreign)[:5]))
    if foreign:
        raise VillageNotPermitted(peer.name, "、".join(_village_name(session, code) for code in sorted(foreign)[:5]))
    # of several gaps the sender's own stream is reported first
    for (village, replica), number in sorted(since.items(), key=lambda entry: (entry[0][1] != manifest.replica, entry)):
        local_number = local_vector.get((village, replica), 0)
        if local_number < number:
            raise _missing_changes(session, peer, manifest, (village, replica), local_number + 1, number)
    query = select(PackageLog).filter_by(package=manifest.package, peer=peer.sign_key, way="in", undone_at=None)
    first_import = session.scalars(query.order_by(PackageLog.n)).first()
    already_imported = first_import is not None and all(
        local_vector.get(stream, 0) >= number for stream, number in upto.items()
    )
    n, digest = (first_import.n, first_import.digest) if first_import else (0, "")
    return ValidatedManifest(
        peer.sign_key, peer.name, frozenset(manifest.villages), local_vector, since, upto, already_imported, n, digest
    )


def _allowed_villages(session: Session, peer: Peer, vector: merge.VersionVector) -> set[str]:
    """The villages whose rows this peer may send here. A village's workbook accepts no other village's rows."""
    own_villages = {village for village, _ in vector} | set(session.scalars(select(Village.village)))
    permitted = set(filter(None, peer.villages.split(","))) or own_villages
    return (
        permitted & own_villages if own_villages and peers.build_own_card(session, "").role == "village" else permitted
    )


def _checked_vector(triples: Iterable[tuple[str, str, int]]) -> merge.VersionVector:
    vector = {(village, replica): number for village, replica, number in triples}
    if any(not 0 <= number < _INTEGER_LIMIT for number in vector.values()):
        raise InvalidContent("起止编号对不上")
    return vector


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
        if holder.sign_key != peer.sign_key and peers.peer_vector(holder).get(stream, 0) >= last
    ]
    writer = f"“{names[replica]}”" if replica in names else f"电脑 {replica[:8]} "
    return MissingChanges(_village_name(session, village), writer, first, last, (peer.name, *holders))


class PackageValidator:
    """Validates every change of a package against those before it, in their order."""

    def __init__(self, session: Session, manifest: ValidatedManifest) -> None:
        self._session, self._manifest = session, manifest
        self._progress = dict(manifest.since)
        self._pending_ranges = PendingRanges()
        self._ends: dict[tuple[str, str], int] = {}

    def rows_by_insert(self, inserts: Sequence[InsertId]) -> list[str]:
        """The rows that these changes inserted.

        Raises:
            InvalidContent: one of them is unknown here, or no insert
        """
        rows = rows_of_inserts(self._session, inserts)
        try:
            return [rows[birth] for birth in inserts]
        except KeyError as error:
            raise InvalidContent("提到了没有的记录") from error

    def check_compacted(self, block: CompactedBlock) -> list[CompactedRange]:
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
                not self._manifest.since.get(stream, 0)
                < compacted.first
                <= compacted.last
                <= self._manifest.upto.get(stream, 0)
            ):
                raise InvalidContent("归并的编号不对")
            self._pending_ranges.add(compacted)
            self._progress[stream] = self._pending_ranges.advance(stream, self._progress.get(stream, 0))
        return ranges

    def check(self, changes: Sequence[JournalChange]) -> None:
        """Validate the next changes.

        Raises:
            VillageNotPermitted, InvalidContent
        """
        progress = self._progress
        for change in changes:
            stream = (change.village, change.replica)
            if change.village not in self._manifest.villages:
                raise VillageNotPermitted(self._manifest.name, change.village[:12])
            if change.number != progress.get(stream, 0) + 1:
                raise InvalidContent("修改的编号不连续")
            progress[stream] = self._pending_ranges.advance(stream, change.number)
            for replica, number in change.replaces:
                if not 0 < number <= progress.get((change.village, replica), 0):
                    raise InvalidContent("提到了没有的修改")
            if not 0 <= change.stamp < _INTEGER_LIMIT // 2:  # later stamps of ours follow it and must have room
                raise InvalidContent("修改的时间不对")
            _check_value(change)

    def finish(self) -> None:
        """Validate the totals after the last change.

        Raises:
            InvalidContent: something that the manifest announced is missing
        """
        if {s: n for s, n in self._progress.items() if n} != {s: n for s, n in self._manifest.upto.items() if n}:
            raise InvalidContent("修改没有写全")

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


def insert_cells(insert: JournalChange) -> dict[str, SqlValue]:
    """The cells of a new row.

    Raises:
        InvalidContent: its value is no object of plain values
    """
    try:
        return _CELLS_DECODER.decode(str(insert.value))
    except (msgspec.MsgspecError, RecursionError) as error:
        raise InvalidContent("新增记录读不懂") from error


def _check_value(change: JournalChange) -> None:
    cells = insert_cells(change) if change.column == "" else {change.column: change.value}
    for column, value in cells.items():
        if column in ("id", "village") or not is_valid_value(change.table, column, value):
            raise InvalidContent(f"“{change.table}.{column}”的值不对")


def is_valid_value(table: str, column: str, value: SqlValue) -> bool:
    """Whether a cell may hold this, as SQLite keeps it; for cells of a newer program, whether any could."""
    return _column_checks().get(table, {}).get(column, _is_storable)(value)


def _is_storable(value: SqlValue) -> bool:
    return not isinstance(value, int) or -_INTEGER_LIMIT <= value < _INTEGER_LIMIT


def _is_text(value: SqlValue) -> bool:
    return isinstance(value, str)


def _is_number(value: SqlValue) -> bool:
    return isinstance(value, int) and _is_storable(value)


def _is_bool(value: SqlValue) -> bool:
    return value in (0, 1) and isinstance(value, int)


def _is_date(value: SqlValue) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _check_for(column_type: Any, nullable: bool) -> Callable[[SqlValue], bool]:
    check = _is_text
    if isinstance(column_type, Boolean):
        check = _is_bool
    elif isinstance(column_type, Integer | ScaledDecimal):
        check = _is_number
    elif isinstance(column_type, Date):
        check = _is_date
    return lambda value: nullable if value is None else check(value)


@cache
def _column_checks() -> dict[str, dict[str, Callable[[SqlValue], bool]]]:
    return {
        name: {column.name: _check_for(column.type, bool(column.nullable)) for column in record.__table__.columns}
        for name, record in records().items()
    }


def schema_revision(session: Session) -> str:
    """The revision of this workbook's tables."""
    return str(session.execute(text("SELECT version_num FROM alembic_version")).scalar_one())
