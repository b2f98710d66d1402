"""What replicas of a revoked card wrote and its revoker had not seen: shown to a person before it is taken in.

Whoever has a stolen laptop goes on writing, and colleagues who do not know of it yet pass that on in good faith.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import UserError
from app.sync.card_statements import CardStatements
from app.sync.package import Manifest
from app.sync.package_validation import ValidatedManifest
from db.journal.branches import StreamTree
from db.journal.journal_change import JournalChange
from db.schema.exchange import ReplicaOwner


@dataclass(frozen=True, slots=True)
class RevokedChanges:
    """How many changes of somebody whose card is revoked a package brings that the revoker had not seen."""

    name: str
    changes: int


class UnseenChanges(UserError):
    """A package brings such changes, and nobody here has said that they may come in."""

    def __init__(self, sender: str, unseen: Sequence[RevokedChanges]) -> None:
        listed = "、".join(f"“{one.name}”{one.changes} 条" for one in unseen)
        super().__init__(
            f"“{sender}”的数据包里有名片已停用的人写的修改（{listed}），停用他的人当时没有见过，没有导入任何内容。"
            "请在“数据交换”里打开这个数据包，逐户看过，确认是他本人写的再收下；拿不准就先问本人。"
        )


@dataclass(frozen=True, slots=True)
class _Seen:
    """How far one revoker had a stream. `is_known`: this workbook has that very change."""

    number: int
    chain: bytes
    is_known: bool

    def covers(self, change: JournalChange) -> bool:
        """Of a change that is new here: none, where what the revoker had is known here."""
        if self.is_known:
            return False
        return change.number < self.number or (change.number == self.number and change.chain == self.chain)


class RevokedWriters:
    """The streams of revoked cards, as they will be after a package.

    Args:
        root_of: a stream as this journal names it → the replica that it is of
    """

    def __init__(
        self, session: Session, manifest: Manifest, validated: ValidatedManifest, root_of: Callable[[str], str]
    ) -> None:
        statements, tree = CardStatements(session), StreamTree(session)
        statements.receive(manifest, validated.upto)
        self.digest = statements.digest()
        self._root_of, self._local_vector = root_of, validated.local_vector
        owners = {owner.replica: owner.sign_key for owner in session.scalars(select(ReplicaOwner))}
        owners |= {root: key for root, (key, _) in validated.heads.owners.items()}
        self._names: dict[str, str] = {}  # replica of a revoked card → whose
        self._seen: dict[tuple[str, str], list[_Seen]] = defaultdict(list)
        self._counts: Counter[str] = Counter()
        for root, key in owners.items():
            revocations = statements.in_force(key)
            if not revocations or validated.peer in {revocation.author for revocation in revocations}:
                continue  # what the revoker itself sends, it has seen
            self._names[root] = revocations[0].name
            for village, seen_root, number, chain in (mark for one in revocations for mark in one.seen):
                if seen_root == root:
                    is_known = tree.find(village, root, number, chain) is not None
                    self._seen[village, root].append(_Seen(number, chain, is_known))

    def unseen(self, changes: Sequence[JournalChange]) -> set[tuple[str, str]]:
        """(row, column) of those among the next changes, as this journal names them; counts them."""
        if not self._names:
            return set()
        found = set()
        for change in changes:
            root = self._root_of(change.replica)
            if root not in self._names:
                continue
            is_new = change.number > self._local_vector.get((change.village, change.replica), 0)
            if is_new and not any(seen.covers(change) for seen in self._seen[change.village, root]):
                found.add((change.row, change.column))
                self._counts[self._names[root]] += 1
        return found

    def counted(self) -> tuple[RevokedChanges, ...]:
        """Of all changes so far."""
        return tuple(RevokedChanges(name, count) for name, count in sorted(self._counts.items()))
