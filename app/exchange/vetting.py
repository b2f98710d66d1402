"""Whether a package may be laid in: who sent it, whose rows it carries, what it builds on, and every single change.

A signature only says who wrote a package. A peer's workbook may be damaged, or in other hands, so each change is held
against what one of ours could have written before any of it reaches a table.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Boolean, Date, Integer, select, text
from sqlalchemy.orm import Session

from app.exchange import peers
from app.exchange.blocks import Birth, SkipBlock, skips_unpacked
from app.exchange.package import Manifest
from app.exchange.refusals import (
    ForeignVillage,
    MissingChanges,
    NotForUs,
    OtherVillage,
    OwnPackage,
    RevokedSender,
    StrangeContent,
    UnknownSender,
)
from db import merge
from db.merge import JournalChange, Raw
from db.schema import records
from db.schema.exchange import PackageLog, Peer
from db.schema.village import Village
from db.skipped import Declared, Skip
from db.types import Scaled

Item = TypeVar("Item")
_MOST_INTEGER = 2**63
_SQL_VARIABLES = 500
_CELLS: msgspec.json.Decoder[dict[str, str | int | float | None]] = msgspec.json.Decoder(
    dict[str, str | int | float | None]
)


@dataclass(frozen=True, slots=True)
class Admitted:
    """A package whose sender and scope are in order.

    `known`: our vector before it; `before`: it was imported once, as line `n` of the log, from a file of `digest`, and
    what it brought is still here (not undone since).
    """

    peer: str
    name: str
    villages: frozenset[str]
    known: merge.Vector
    since: merge.Vector
    upto: merge.Vector
    before: bool
    n: int = 0
    digest: str = ""


def sender(session: Session, manifest: Manifest, name: str) -> Peer:
    """The peer whose key signed it.

    Args:
        name: the file's name

    Raises:
        OwnPackage, NotForUs, UnknownSender, RevokedSender
    """
    own = peers.own_card(session, "")
    if manifest.sender_key == own.sign_key:
        raise OwnPackage(name)
    if own.age_recipient not in manifest.recipients:
        raise NotForUs(name)
    peer = session.get(Peer, manifest.sender_key)
    if peer is None:
        raise UnknownSender(manifest.sender_name[:40], peers.fingerprint(manifest.sender_key, manifest.sender_age))
    if peer.revoked_at:
        raise RevokedSender(peer.name)
    return peer


def admitted(session: Session, manifest: Manifest, name: str) -> Admitted:
    """Check sender, villages, and that nothing before it is missing here.

    Raises:
        those of `sender`, ForeignVillage, MissingChanges, StrangeContent
    """
    peer = sender(session, manifest, name)
    known = merge.vector(session)
    allowed = _allowed(session, peer, known)
    since, upto = _vector(manifest.since), _vector(manifest.upto)
    if any(upto.get(stream, 0) < number for stream, number in since.items()):
        raise StrangeContent("起止编号对不上")
    carried = {village for village, _ in upto} | set(manifest.villages)
    foreign = carried - (allowed & set(manifest.villages))
    if foreign and carried <= set(peer.villages.split(",")) & set(manifest.villages):
        raise OtherVillage(peer.name, "、".join(sorted(_village_name(session, code) for code in foreign)[:5]))
    if foreign:
        raise ForeignVillage(peer.name, "、".join(_village_name(session, code) for code in sorted(foreign)[:5]))
    # of several gaps the sender's own stream is told first
    for (village, replica), number in sorted(since.items(), key=lambda entry: (entry[0][1] != manifest.replica, entry)):
        here = known.get((village, replica), 0)
        if here < number:
            raise _missing(session, peer, manifest, (village, replica), here + 1, number)
    imported = select(PackageLog).filter_by(package=manifest.package, peer=peer.sign_key, way="in", undone_at=None)
    first = session.scalars(imported.order_by(PackageLog.n)).first()
    before = first is not None and all(known.get(stream, 0) >= number for stream, number in upto.items())
    n, digest = (first.n, first.digest) if first else (0, "")
    return Admitted(peer.sign_key, peer.name, frozenset(manifest.villages), known, since, upto, before, n, digest)


def _allowed(session: Session, peer: Peer, known: merge.Vector) -> set[str]:
    """The villages whose rows this peer may send here. The workbook of a village takes in no other village's."""
    ours = {village for village, _ in known} | set(session.scalars(select(Village.village)))
    allowed = set(filter(None, peer.villages.split(","))) or ours
    return allowed & ours if ours and peers.own_card(session, "").role == "village" else allowed


def _vector(triples: Iterable[tuple[str, str, int]]) -> merge.Vector:
    vector = {(village, replica): number for village, replica, number in triples}
    if any(not 0 <= number < _MOST_INTEGER for number in vector.values()):
        raise StrangeContent("起止编号对不上")
    return vector


def _village_name(session: Session, code: str) -> str:
    name = session.scalars(select(Village.name).where(Village.village == code)).first()
    return name or code[:12]


def _missing(
    session: Session, peer: Peer, manifest: Manifest, stream: tuple[str, str], first: int, last: int
) -> MissingChanges:
    village, replica = stream
    names = manifest.replicas | peers.replica_names(session)
    others = [
        other.name
        for other in session.scalars(select(Peer).where(Peer.revoked_at.is_(None)).order_by(Peer.name))
        if other.sign_key != peer.sign_key and peers.vector_of(other).get(stream, 0) >= last
    ]
    writer = f"“{names[replica]}”" if replica in names else f"电脑 {replica[:8]} "
    return MissingChanges(_village_name(session, village), writer, first, last, (peer.name, *others))


class Vetting:
    """Holds every change of a package against what came before it, in the order in which they stand."""

    def __init__(self, session: Session, about: Admitted) -> None:
        raw: Any = session.connection().connection.driver_connection
        self._raw = raw
        self._about = about
        self._progress = dict(about.since)
        self._skips = Declared()
        self._ends: dict[tuple[str, str], int] = {}
        self._streams: dict[tuple[str, str], int] = {
            (village, replica): n for n, village, replica in raw.execute("SELECT n, village, replica FROM stream")
        }

    def rows_born(self, births: Sequence[Birth]) -> list[str]:
        """The rows that these births made.

        Raises:
            StrangeContent: one of them is unknown here, or no birth
        """
        wanted: dict[int, set[int]] = {}
        for village, replica, number in births:
            wanted.setdefault(self._streams.get((village, replica), -1), set()).add(number)
        found: dict[tuple[int, int], str] = {}
        for stream, numbers in wanted.items():
            for some in _some(sorted(numbers)):
                found.update(
                    ((stream, number), row)
                    for number, row in self._raw.execute(
                        "SELECT number, row_id FROM change WHERE stream = ? AND column_name = '' "
                        f"AND number IN ({','.join('?' * len(some))})",
                        (stream, *some),
                    )
                )
        try:
            return [found[self._streams[village, replica], number] for village, replica, number in births]
        except KeyError as error:
            raise StrangeContent("提到了没有的记录") from error

    def skip(self, block: SkipBlock) -> list[Skip]:
        """The numbers that the sender has folded away.

        Raises:
            ForeignVillage, StrangeContent
        """
        skips = skips_unpacked(block, self._ends)
        for skip in skips:
            stream = (skip.village, skip.replica)
            if skip.village not in self._about.villages:
                raise ForeignVillage(self._about.name, skip.village[:12])
            if not self._about.since.get(stream, 0) < skip.first <= skip.last <= self._about.upto.get(stream, 0):
                raise StrangeContent("归并的编号不对")
            self._skips.add(skip)
            self._progress[stream] = self._skips.past(stream, self._progress.get(stream, 0))
        return skips

    def check(self, changes: Sequence[JournalChange]) -> None:
        """The next changes.

        Raises:
            ForeignVillage, StrangeContent
        """
        progress = self._progress
        for change in changes:
            stream = (change.village, change.replica)
            if change.village not in self._about.villages:
                raise ForeignVillage(self._about.name, change.village[:12])
            if change.number != progress.get(stream, 0) + 1:
                raise StrangeContent("修改的编号不连续")
            progress[stream] = self._skips.past(stream, change.number)
            for replica, number in change.replaces:
                if not 0 < number <= progress.get((change.village, replica), 0):
                    raise StrangeContent("提到了没有的修改")
            if not 0 <= change.stamp < _MOST_INTEGER // 2:  # later stamps of ours follow it and must have room
                raise StrangeContent("修改的时间不对")
            _check_value(change)

    def finish(self) -> None:
        """After the last change.

        Raises:
            StrangeContent: not all that the manifest announced has come
        """
        if {s: n for s, n in self._progress.items() if n} != {s: n for s, n in self._about.upto.items() if n}:
            raise StrangeContent("修改没有写全")

    def homes(self, changes: Sequence[JournalChange]) -> dict[str, set[tuple[str, str]]]:
        """For rows of these changes that were born here: their (village, table).

        Raises:
            ForeignVillage: a change speaks of a row of another village
            StrangeContent: or of another table
        """
        found: dict[str, set[tuple[str, str]]] = {}
        for some in _some(sorted({change.row for change in changes})):
            for row, village, table in self._raw.execute(
                "SELECT c.row_id, s.village, c.table_name FROM change c JOIN stream s ON s.n = c.stream "
                f"WHERE c.column_name = '' AND c.row_id IN ({','.join('?' * len(some))})",
                some,
            ):
                found.setdefault(row, set()).add((village, table))
        for change in changes:
            for village, table in found.get(change.row, ()):
                if village != change.village:
                    raise ForeignVillage(self._about.name, change.village[:12])
                if table != change.table:
                    raise StrangeContent("同一编号用在两种记录上")
        return found

    def check_laid_in(self, changes: Sequence[JournalChange]) -> None:
        """After a merge of these changes: each row was born once or more, always in one village and table."""
        homes = self.homes(changes)
        if any(change.row not in homes for change in changes):
            raise StrangeContent("修改了没有的记录")
        self._check_joined(changes)

    def _check_joined(self, changes: Sequence[JournalChange]) -> None:
        """A household is joined to one that is known by then: where it leads no foreign key sees (db/joining.py)."""
        stated = {(change.village, target) for change in changes if (target := _joined_to(change))}
        for some in _some(sorted(stated)):
            known = {
                (village, row)
                for village, row in self._raw.execute(
                    "SELECT s.village, c.row_id FROM change c JOIN stream s ON s.n = c.stream WHERE c.column_name = '' "
                    f"AND c.table_name = 'household' AND c.row_id IN ({','.join('?' * len(some))})",
                    [target for _, target in some],
                )
            }
            if not known.issuperset(some):
                raise StrangeContent("有户并入了没有的户")


def _joined_to(change: JournalChange) -> str:
    """The household that a change says its household was joined to, "" for none."""
    if change.table != "household" or change.column not in ("", "merged_into"):
        return ""
    if change.column:
        return str(change.value or "")
    return str(cells_of(change).get("merged_into") or "") if '"merged_into"' in str(change.value) else ""


def _some(items: list[Item]) -> Iterator[list[Item]]:
    for start in range(0, len(items), _SQL_VARIABLES):
        yield items[start : start + _SQL_VARIABLES]


def cells_of(birth: JournalChange) -> dict[str, Raw]:
    """The cells of a new row.

    Raises:
        StrangeContent: its value is no object of plain values
    """
    try:
        return _CELLS.decode(str(birth.value))
    except (msgspec.MsgspecError, RecursionError) as error:
        raise StrangeContent("新增记录读不懂") from error


def _check_value(change: JournalChange) -> None:
    cells = cells_of(change) if change.column == "" else {change.column: change.value}
    for column, value in cells.items():
        if column in ("id", "village") or not fits(change.table, column, value):
            raise StrangeContent(f"“{change.table}.{column}”的值不对")


def fits(table: str, column: str, value: Raw) -> bool:
    """Whether a cell may hold this, as SQLite keeps it; for cells of a newer program, whether any could."""
    return _checks().get(table, {}).get(column, _storable)(value)


def _storable(value: Raw) -> bool:
    return not isinstance(value, int) or -_MOST_INTEGER <= value < _MOST_INTEGER


def _is_text(value: Raw) -> bool:
    return isinstance(value, str)


def _is_number(value: Raw) -> bool:
    return isinstance(value, int) and _storable(value)


def _is_bool(value: Raw) -> bool:
    return value in (0, 1) and isinstance(value, int)


def _is_day(value: Raw) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _check_for(kind: Any, nullable: bool) -> Callable[[Raw], bool]:
    check = _is_text
    if isinstance(kind, Boolean):
        check = _is_bool
    elif isinstance(kind, Integer | Scaled):
        check = _is_number
    elif isinstance(kind, Date):
        check = _is_day
    return lambda value: nullable if value is None else check(value)


@cache
def _checks() -> dict[str, dict[str, Callable[[Raw], bool]]]:
    return {
        name: {column.name: _check_for(column.type, bool(column.nullable)) for column in record.__table__.columns}
        for name, record in records().items()
    }


def revision(session: Session) -> str:
    """The revision of this workbook's tables."""
    return str(session.execute(text("SELECT version_num FROM alembic_version")).scalar_one())
