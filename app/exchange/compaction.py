"""Folding old history, on the officer's word alone: edits that later ones replaced and that every peer has.

What is folded stays known (table `folded`), and what replaced it names it, so that whoever still holds it merges as
before. Nothing of a household under dispute is folded. docs/decisions/0009-undo-and-folding.md.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.errors import OfficeError
from app.exchange import naming, peers
from app.progress import Progress, Work
from app.workbook import backup
from app.workbook.workbook import Workbook
from db import folding, merge
from db.conflict import open_conflicts
from db.folding import Edit, Fold, RowChains
from db.merge import Dot
from db.schema import records
from db.schema.exchange import Deed, Peer

_PARTS = 65536  # of the journal, for progress
_NAMING = 10  # bytes by which a folded change makes the one that names it longer


@dataclass(frozen=True, slots=True)
class Holding:
    """A peer that is not known to have some old changes. `since`: when it was heard of last, "" if never."""

    name: str
    since: str
    changes: int


@dataclass(frozen=True, slots=True)
class Foldable:
    """What folding would do.

    Attributes:
        changes: how many changes would leave the journal; `size`: how many bytes that gives back, about
        disputed: households that are left as they are, because somebody has to decide something there
        holding: what has to wait for whom
    """

    changes: int
    size: int
    disputed: tuple[str, ...]
    holding: tuple[Holding, ...]

    @property
    def sentence(self) -> str:
        if self.changes:
            told = f"可以归并 {self.changes} 条已被后来的修改替换、同事都已收到的旧修改，约能腾出 {_size(self.size)}。"
        else:
            told = "现在没有可以归并的旧修改。"
        told += _left(self.disputed)
        for one in self.holding:
            when = f"上次听到他是 {one.since[:10]}" if one.since else "还没有收到过他的包"
            told += f"另有 {one.changes} 条要等“{one.name}”收到（{when}）。"
        return told


@dataclass(frozen=True, slots=True)
class Folding:
    """What folding did. `size`: bytes by which the file is smaller, -1 where it could not be put in order."""

    changes: int
    size: int
    disputed: tuple[str, ...]

    @property
    def sentence(self) -> str:
        if not self.changes:
            return f"没有可以归并的旧修改，工作簿没有改动。{_left(self.disputed)}"
        told = f"已归并 {self.changes} 条旧修改，"
        told += (
            f"文件小了 {_size(self.size)}。" if self.size >= 0 else "磁盘空间不够整理文件，腾出的地方留给以后的记录用。"
        )
        return f"{told}{_left(self.disputed)}记录和冲突都没有变；归并前的样子在备份里。"


def _size(count: int) -> str:
    return f"{count / 2**20:.1f} MB" if count >= 2**20 else f"{max(1, count // 1024)} KB"


def _left(disputed: tuple[str, ...]) -> str:
    if not disputed:
        return ""
    return f"{disputed[0]}{f'等 {len(disputed)} 户' if len(disputed) > 1 else ''}还有冲突没有处理，历史都留着。"


@dataclass(frozen=True, slots=True)
class _Terms:
    """What may be folded. `theirs`: peer → stream as numbered here → what it has; only streams that it may see."""

    theirs: Mapping[str, Mapping[int, int]]
    spared: frozenset[str]
    disputed: tuple[str, ...]

    def lacking(self, edit: Edit) -> list[str]:
        """Peers that are not known to have it."""
        stream, number = edit.dot
        return [peer for peer, has in self.theirs.items() if has.get(stream, number) < number]

    def old(self, record: RowChains) -> Iterable[Edit]:
        """A record's replaced edits; of a newer program's records nobody here sees whether they are under dispute."""
        return () if record.row in self.spared or record.table not in records() else record.replaced()

    def folded(self, record: RowChains) -> set[Dot]:
        """The edits of a record that may go."""
        return {edit.dot for edit in self.old(record) if not self.lacking(edit)}


def measure(workbook: Workbook) -> Work[Foldable]:
    """Look through the journal and tell what could be folded, and what has to wait for whom; nothing is written."""
    with workbook.reading() as session:
        terms = _terms(session)
        changes = size = 0
        held: Counter[str] = Counter()
        for part, block in folding.chains(session):
            for record in block:
                for edit in terms.old(record):
                    lacking = terms.lacking(edit)
                    held.update(lacking)
                    changes += not lacking
                    size += 0 if lacking else edit.size - _NAMING
            yield Progress(part, _PARTS, "查看历史")
        holding = [
            Holding(peer.name, peer.last_heard or "", held[peer.sign_key])
            for peer in session.scalars(select(Peer).where(Peer.sign_key.in_(held)).order_by(Peer.name))
        ]
    return Foldable(changes, size, terms.disputed, tuple(holding))


def fold(workbook: Workbook, by: object | None = None) -> Work[Folding]:
    """Fold what `measure` tells: a backup first, always, because folded history comes back from nowhere else.

    Raises:
        OfficeError: the backup or the workbook could not be written; nothing was folded
    """
    found = yield from measure(workbook)
    if not found.changes:
        return Folding(0, 0, found.disputed)
    yield from backup.before(workbook, "归并历史前")
    with workbook.writing(by) as session:
        terms = _terms(session)
        folded = Fold(session)
        for part, block in folding.chains(session):
            folded.away((record, terms.folded(record)) for record in block)
            yield Progress(part, _PARTS, "归并历史")
        changes = folded.finish()
        session.add(Deed(at=peers.now(), operator=workbook.operator, what="归并历史", how_many=changes))
    yield Progress(_PARTS, _PARTS, "整理文件")
    try:
        size = workbook.give_back_space()
    except OfficeError:
        size = -1  # what was folded stays folded; free pages are used again
    return Folding(changes, size, terms.disputed)


def _terms(session: Session) -> _Terms:
    known = merge.vector(session)
    numbered = {
        (row.village, row.replica): row.n for row in session.execute(text("SELECT n, village, replica FROM stream"))
    }
    theirs = {}
    for peer in session.scalars(select(Peer).where(Peer.revoked_at.is_(None))):
        has, villages = peers.vector_of(peer), peers.scope(peer, known)
        theirs[peer.sign_key] = {numbered[stream]: has.get(stream, 0) for stream in known if stream[0] in villages}
    homes, spared = _disputed(session)
    names = naming.household_names(session, homes)
    return _Terms(theirs, frozenset(spared), tuple(sorted(names.get(home, home) for home in homes)))


def _disputed(session: Session) -> tuple[set[str], set[str]]:
    """Households in which a conflict or a withdrawal waits for a decision, and all records of theirs."""
    rows: dict[str, set[str]] = {}
    for one in open_conflicts(session):
        rows.setdefault(one.table, set()).add(one.row)
    homes: set[str] = set()
    for table, ids in rows.items():
        homes.update(naming.households_of(session, table, ids).values())
    spared = set[str]().union(homes, *rows.values())
    reached = {"household": homes}
    for table in naming.below_household():
        query = text(
            f'SELECT id FROM {table} WHERE "{naming.step_to_household(table)}" IN (SELECT value FROM json_each(:above))'
        )
        above = sorted(reached.get(naming.next_table(table), ()))
        reached[table] = set(session.scalars(query, {"above": json.dumps(above)})) if above else set()
        spared |= reached[table]
    return homes, spared
