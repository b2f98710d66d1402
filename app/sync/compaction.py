"""Compacting old history when an officer asks for it: superseded edits that every peer has.

What is compacted stays known (table `folded`), and what replaced it names it, so that whoever still holds it merges as
before. Households with open conflicts are left alone. docs/decisions/0009-undo-and-compaction.md.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import UserError
from app.progress import Progress, Task
from app.sync import peers
from app.workbook import backup
from app.workbook.roles import REVIEW
from app.workbook.workbook import Workbook
from db.journal import compaction, merge
from db.journal.compaction import CompactionEdit, Compactor, RowEdits
from db.journal.conflicts import open_conflicts
from db.journal.heads import ChangeId
from db.journal.streams import stream_ids
from db.schema import records, relations
from db.schema.exchange import AuditEntry, Peer

_PROGRESS_STEPS = 65536  # of the journal, for progress
_REFERENCE_BYTES = 10  # bytes by which a compacted change makes the one that names it longer


@dataclass(frozen=True, slots=True)
class BlockingPeer:
    """A peer that is not known to have some old changes. `since`: when it was last heard of, "" if never."""

    name: str
    since: str
    changes: int


@dataclass(frozen=True, slots=True)
class CompactionEstimate:
    """What compaction would do.

    Attributes:
        changes: how many changes would leave the journal; `size`: how many bytes that gives back, about
        disputed: households that are left alone because of an open decision
        holding: peers whose acknowledgement is missing
    """

    changes: int
    size: int
    disputed: tuple[str, ...]
    holding: tuple[BlockingPeer, ...]

    @property
    def message(self) -> str:
        if self.changes:
            message = (
                f"可以归并 {self.changes} 条已被后来的修改替换、同事都已收到的旧修改，"
                f"约能腾出 {_format_size(self.size)}。"
            )
        else:
            message = "现在没有可以归并的旧修改。"
        message += _conflicts_note(self.disputed)
        for peer in self.holding:
            last_contact = f"上次听到他是 {peer.since[:10]}" if peer.since else "还没有收到过他的包"
            message += f"另有 {peer.changes} 条要等“{peer.name}”收到（{last_contact}）。"
        return message


@dataclass(frozen=True, slots=True)
class CompactionResult:
    """What compaction did. `size`: bytes by which the file is smaller, -1 where it could not be put in order."""

    changes: int
    size: int
    disputed: tuple[str, ...]

    @property
    def message(self) -> str:
        if not self.changes:
            return f"没有可以归并的旧修改，工作簿没有改动。{_conflicts_note(self.disputed)}"
        space = f"文件小了 {_format_size(self.size)}" if self.size > 0 else "腾出的地方留给以后的记录用"
        if self.size < 0:
            space = f"文件没能整理（磁盘要有再放一份的空间），{space}"
        message = f"已归并 {self.changes} 条旧修改，{space}。{_conflicts_note(self.disputed)}"
        return f"{message}记录和冲突都没有变；归并前的样子在备份里。"


def _format_size(byte_count: int) -> str:
    return f"{byte_count / 2**20:.1f} MB" if byte_count >= 2**20 else f"{max(1, byte_count // 1024)} KB"


def _conflicts_note(disputed: tuple[str, ...]) -> str:
    if not disputed:
        return ""
    return f"{disputed[0]}{f'等 {len(disputed)} 户' if len(disputed) > 1 else ''}还有冲突没有处理，历史都留着。"


@dataclass(frozen=True, slots=True)
class _CompactionPolicy:
    """What may be compacted. `known`: stream as numbered here → each peer that may see it → the number that it has."""

    known: Mapping[int, Mapping[str, int]]
    protected_rows: frozenset[str]
    disputed: tuple[str, ...]

    def peers_missing(self, edit: CompactionEdit) -> list[str]:
        """Peers that are not known to have the edit."""
        stream, number = edit.change_id
        return [peer for peer, last in self.known.get(stream, {}).items() if last < number]

    def superseded(self, record: RowEdits) -> Iterable[CompactionEdit]:
        """A record's superseded edits; none of a newer program's records, whose conflicts cannot be seen here."""
        return () if record.row in self.protected_rows or record.table not in records() else record.superseded()

    def compactable(self, record: RowEdits) -> set[ChangeId]:
        """The edits of a record that may be compacted."""
        return {edit.change_id for edit in self.superseded(record) if not self.peers_missing(edit)}


def estimate(workbook: Workbook) -> Task[CompactionEstimate]:
    """Estimate what could be compacted, and which peers block the rest; nothing is written."""
    with workbook.reading() as session:
        policy = _load_policy(session)
        changes = size = 0
        blocked_changes: Counter[str] = Counter()
        for step, records in compaction.iter_superseded(session):
            for record in records:
                for edit in policy.superseded(record):
                    missing_peers = policy.peers_missing(edit)
                    blocked_changes.update(missing_peers)
                    changes += not missing_peers
                    size += 0 if missing_peers else edit.size - _REFERENCE_BYTES
            yield Progress(step, _PROGRESS_STEPS, "查看历史")
        blocking_peers = [
            BlockingPeer(peer.name, peer.last_heard or "", blocked_changes[peer.sign_key])
            for peer in session.scalars(select(Peer).where(Peer.sign_key.in_(blocked_changes)).order_by(Peer.name))
        ]
    return CompactionEstimate(changes, size, policy.disputed, tuple(blocking_peers))


def compact(workbook: Workbook) -> Task[CompactionResult]:
    """Compact what `estimate` reports. A backup always comes first, because compacted history exists nowhere else.

    Raises:
        UserError: the backup or the workbook could not be written; nothing was compacted
    """
    workbook.require(REVIEW, "归并历史")
    forecast = yield from estimate(workbook)
    if not forecast.changes:
        return CompactionResult(0, 0, forecast.disputed)
    yield from backup.automatic_backup(workbook, "归并历史前")
    with workbook.writing() as session:
        policy = _load_policy(session)
        compactor = Compactor(session)
        for step, records in compaction.iter_superseded(session):
            compactor.compact((record, policy.compactable(record)) for record in records)
            yield Progress(step, _PROGRESS_STEPS, "归并历史")
        changes = compactor.finish()
        session.add(AuditEntry(at=peers.local_time(), operator=workbook.operator, what="归并历史", how_many=changes))
    yield Progress(_PROGRESS_STEPS, _PROGRESS_STEPS, "整理文件")
    try:
        size = workbook.vacuum()
    except UserError:
        size = -1  # what was compacted stays compacted; free pages are used again
    return CompactionResult(changes, size, policy.disputed)


def _load_policy(session: Session) -> _CompactionPolicy:
    vector = merge.version_vector(session)
    streams = stream_ids(session)
    known: dict[int, dict[str, int]] = defaultdict(dict)
    for peer in session.scalars(select(Peer).where(Peer.revoked_at.is_(None))):
        remote_vector, villages = peers.peer_vector(session, peer), peers.shared_villages(peer, vector)
        for stream in vector:
            if stream[0] in villages:
                known[streams[stream]][peer.sign_key] = remote_vector.get(stream, 0)
    household_ids, protected = _conflicted_records(session)
    titles = relations.household_titles(session, household_ids)
    return _CompactionPolicy(
        known,
        frozenset(protected),
        tuple(sorted(titles.get(household_id, household_id) for household_id in household_ids)),
    )


def _conflicted_records(session: Session) -> tuple[set[str], set[str]]:
    """Households in which a conflict or a withdrawal awaits a decision, and all their records."""
    rows: dict[str, set[str]] = {}
    for conflict in open_conflicts(session):
        rows.setdefault(conflict.table, set()).add(conflict.row)
    household_ids: set[str] = set()
    for table, ids in rows.items():
        household_ids.update(relations.ancestor_ids(session, table, ids).values())
    protected = set[str]().union(household_ids, *rows.values())
    return household_ids, protected.union(*relations.rows_below(session, "household", household_ids).values())
