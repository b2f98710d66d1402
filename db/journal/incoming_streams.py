"""The streams of a package as this journal has them: checked by their chain values, told apart where they fork.

A sender names streams as far as it knows of their branches, and so does this journal (db/journal/branches.py). What
both mean alike is a number with its chain value. So every change is followed from there, by the name that it has here.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from sqlalchemy.orm import Session

from db.journal import branches
from db.journal.branches import LocalStream, StreamTree
from db.journal.chains import derived_name, first_value, is_chained, next_value
from db.journal.compacted_ranges import CompactedRange, PendingRanges
from db.journal.inserts import InsertId
from db.journal.journal_change import JournalChange

StreamKey = tuple[str, str]  # village, replica


class Mark(NamedTuple):
    """How far a stream is known. `chain`: the value there, empty in streams without; `root`: the replica it is of."""

    number: int
    chain: bytes
    root: str


Marks = dict[StreamKey, Mark]  # by the names of whoever states them


class CompactedForkError(Exception):
    """A fork among changes that were compacted away, here or at the sender: nobody can tell where it begins."""

    def __init__(self, village: str, root: str) -> None:
        super().__init__(village, root)
        self.village, self.root = village, root


class UnknownBaseError(Exception):
    """A stream of a package begins at a number with a chain value that is not known here."""


class BranchWriter(Protocol):
    """What makes branches in the journal (db/journal/merge.py)."""

    def split(self, stream: int, number: int) -> tuple[int, str]: ...

    def add_branch(self, parent: int, first: int, name: str) -> int: ...

    def stream_number(self, village: str, name: str) -> int: ...


@dataclass(slots=True)
class _Cursor:
    """Where the reading of one stream of the sender stands. `tip`: the stream here that has what was read last."""

    village: str
    name: str
    mark: Mark
    number: int
    value: bytes | None
    tip: LocalStream | None = None
    is_chained: bool = True


@dataclass(slots=True)
class TranslatedBlock:
    """The next changes and compacted ranges of a package as this journal names them."""

    changes: list[JournalChange] = field(default_factory=list)
    ranges: list[CompactedRange] = field(default_factory=list)

    def rename(self, stream: StreamKey, number: int, branch: str) -> None:
        """What it says of a stream from this number on is said of the branch that has it since."""
        village, name = stream

        def renamed(replica: str, at: int) -> str:
            return branch if replica == name and at >= number else replica

        self.changes = [
            change._replace(
                replica=renamed(change.replica, change.number),
                replaces=tuple((renamed(replica, at), at) for replica, at in change.replaces),
            )
            if change.village == village
            else change
            for change in self.changes
        ]
        self.ranges = [
            part._replace(replica=renamed(part.replica, part.first)) if part.village == village else part
            for compacted in self.ranges
            for part in (compacted.parted(number) if compacted.replica == name else (compacted,))
        ]


class IncomingStreams:
    """Follows the streams of one package.

    Args:
        since: where they begin, as the sender names them, with those that begin at the first number
        writer: makes branches where streams fork; None while a package is only looked at

    Attributes:
        grown: (village, root) of streams that the package continues with changes that are not known here
        branches: name of a branch that the package made here → its root
    """

    def __init__(self, session: Session, since: Marks, writer: BranchWriter | None = None) -> None:
        self._raw: Any = session.connection().connection.driver_connection
        self._writer, self._tree = writer, StreamTree(session)
        self._roots = {name: mark.root for (_, name), mark in since.items() if mark.root != name}
        self._cursors = {
            (village, name): _Cursor(village, name, mark, mark.number, mark.chain, is_chained=is_chained(mark.root))
            for (village, name), mark in since.items()
        }
        self._pending = PendingRanges()
        self._block = TranslatedBlock()  # the one that is being made
        self._known_forks = _known_forks(since)
        self._has_branches = bool(self._roots) or self._tree.has_branches()
        self.grown: set[StreamKey] = set()
        self.branches: dict[str, str] = {}

    def add_ranges(self, ranges: Iterable[CompactedRange]) -> None:
        """Numbers that the sender has compacted away, before all changes."""
        for compacted in ranges:
            self._pending.add(compacted)

    def local_inserts(self, inserts: Sequence[InsertId]) -> list[InsertId]:
        """Change ids of the sender as this journal names them."""
        return [(village, self._local_name(village, name, number), number) for village, name, number in inserts]

    def translate(self, changes: Iterable[JournalChange]) -> TranslatedBlock:
        """The next changes.

        Raises:
            UnknownBaseError, CompactedForkError
        """
        block = self._block = TranslatedBlock()
        for change in changes:
            cursor = self._cursors[change.village, change.replica]
            self._take_ranges(cursor, block)
            if not cursor.is_chained:
                block.changes.append(change)
                cursor.number = change.number
                continue
            assert cursor.value is not None
            chain = next_value(cursor.value, change.hashed(self._roots))
            tip = self._step(cursor, change.number, chain)
            cursor.number, cursor.value, cursor.tip = change.number, chain, tip
            replaces = self._local_ids(change) if self._has_branches else change.replaces
            block.changes.append(change._replace(replica=tip.name, replaces=replaces, chain=chain))
        return block

    def finish(self) -> TranslatedBlock:
        """The ranges after the last change."""
        block = self._block = TranslatedBlock()
        for cursor in self._cursors.values():
            self._take_ranges(cursor, block)
        return block

    def root_of(self, name: str) -> str:
        """The replica that a stream of this journal is of."""
        return self._tree.root_of(name)

    def reached(self) -> Marks:
        """How far each stream of the package was read; called after `finish`."""
        return {
            stream: Mark(cursor.number, cursor.value or b"", cursor.mark.root)
            for stream, cursor in self._cursors.items()
        }

    # one stream

    def _take_ranges(self, cursor: _Cursor, block: TranslatedBlock) -> None:
        if cursor.is_chained and cursor.tip is None:
            cursor.tip = self._base(cursor)
        for compacted in self._pending.take((cursor.village, cursor.name), cursor.number):
            if compacted.values:
                block.ranges += self._step_through(cursor, compacted)
                continue
            if cursor.is_chained:
                cursor.tip = self._step_over(cursor, compacted)
                cursor.value = compacted.chain
                compacted = compacted._replace(replica=cursor.tip.name)
            cursor.number = compacted.last
            block.ranges.append(compacted)

    def _base(self, cursor: _Cursor) -> LocalStream:
        """The stream here that has what a stream of the sender begins after."""
        mark = cursor.mark
        if mark.number == 0:
            cursor.value = first_value(cursor.village, mark.root)
        found = self._tree.find(cursor.village, mark.root, mark.number, mark.chain)
        if found is not None:
            return found
        for other in self._cursors.values():  # a branch whose stem comes with the same package
            same = (other.village, other.mark.root, other.number, other.value)
            if other.tip is not None and same == (cursor.village, mark.root, mark.number, mark.chain):
                return other.tip
        raise UnknownBaseError(cursor.village, cursor.name)

    def _step(self, cursor: _Cursor, number: int, chain: bytes) -> LocalStream:
        """Where the next change of a stream belongs here."""
        tip = cursor.tip
        assert tip is not None
        if number > tip.last:
            begins = cursor.number == cursor.mark.number and (cursor.village, cursor.mark) in self._known_forks
            return self._continue(tip, number, derived_name(chain), is_branch=begins)
        if number > tip.stored:
            return self._fork(tip, number, chain)  # the sender does not say that the stream ended there
        known = self._tree.value(tip, number)
        if known is None or known == chain:
            return tip
        return self._fork(tip, number, chain)

    def _continue(self, tip: LocalStream, number: int, name: str, *, is_branch: bool) -> LocalStream:
        siblings = self._tree.branches_at(tip, number)
        grown = tip
        if siblings or is_branch:
            known = next((branch for branch in siblings if self._first_name(branch) == name), None)
            grown = known or self._new_branch(tip, number, name)
        if grown.last < number:
            grown.last = number
            self.grown.add((tip.village, tip.root))
        return grown

    def _first_name(self, branch: LocalStream) -> str:
        value = self._tree.value(branch, branch.first) if branch.stored >= branch.first else None
        return derived_name(value) if value else branch.name

    def _fork(self, tip: LocalStream, number: int, chain: bytes) -> LocalStream:
        if number > tip.stored or self._tree.value(tip, number) is None:
            raise CompactedForkError(tip.village, tip.root)
        is_cut = branches.cuts_compacted_range(self._raw, tip.n, number)
        if is_cut and self._tree.value_at(tip, number - 1) is None:
            raise CompactedForkError(tip.village, tip.root)
        rest = self._tree.split(tip, number)
        if self._writer is not None:
            rest.n, rest.name = self._writer.split(tip.n, number)
            self.branches[rest.name] = rest.root
            self._block.rename((tip.village, tip.name), number, rest.name)
        for cursor in self._cursors.values():
            if cursor.tip is tip and cursor.number >= number:
                cursor.tip = rest
        branch = self._new_branch(tip, number, derived_name(chain))
        branch.last = number
        self.grown.add((tip.village, tip.root))
        return branch

    def _new_branch(self, tip: LocalStream, number: int, name: str) -> LocalStream:
        self._has_branches = True
        branch = self._tree.add_branch(tip, number, name)
        self.branches[name] = tip.root
        if self._writer is not None:
            parent = tip.n or self._writer.stream_number(tip.village, tip.name)
            branch.n = self._writer.add_branch(parent, number, name)
        return branch

    def _step_through(self, cursor: _Cursor, compacted: CompactedRange) -> list[CompactedRange]:
        """The parts of numbers that the sender has compacted away, as they are called here."""
        parts: list[CompactedRange] = []
        start = compacted.first
        for number in range(compacted.first, compacted.last + 1):
            chain = compacted.value(number)
            tip = self._step(cursor, number, chain)
            if cursor.tip is not None and cursor.tip.name != tip.name and number > start:
                parts.append(compacted.cut(start, number - 1)._replace(replica=cursor.tip.name))
                start = number
            cursor.number, cursor.value, cursor.tip = number, chain, tip
        assert cursor.tip is not None
        parts.append(compacted.cut(start, compacted.last)._replace(replica=cursor.tip.name))
        return parts

    def _step_over(self, cursor: _Cursor, compacted: CompactedRange) -> LocalStream:
        """The same, where the sender's earlier program kept no values: a fork among them cannot be found."""
        tip = cursor.tip
        assert tip is not None
        if tip.last >= compacted.last:
            known = self._tree.value(tip, compacted.last) if compacted.last <= tip.stored else compacted.chain
            if known not in (None, compacted.chain):
                raise CompactedForkError(tip.village, tip.root)
            return tip
        for branch in self._tree.branches_at(tip, tip.last + 1):
            if branch.stored >= compacted.last and self._tree.value(branch, compacted.last) == compacted.chain:
                return branch
        if self._tree.branches_at(tip, tip.last + 1):
            raise CompactedForkError(tip.village, tip.root)
        tip.last = compacted.last
        self.grown.add((tip.village, tip.root))
        return tip

    # names

    def _local_name(self, village: str, name: str, number: int) -> str:
        cursor = self._cursors[village, name]
        if not cursor.is_chained:
            return name
        if cursor.tip is None:
            cursor.tip = self._base(cursor)
        return cursor.tip.holder(number).name

    def _local_ids(self, change: JournalChange) -> tuple[tuple[str, int], ...]:
        return tuple((self._local_name(change.village, name, number), number) for name, number in change.replaces)


def _known_forks(since: Marks) -> set[tuple[str, Mark]]:
    """(village, where) of the numbers after which the sender knows two branches of a stream."""
    begins = Counter((village, mark) for (village, name), mark in since.items() if name != mark.root)
    return {begin for begin, count in begins.items() if count > 1}


def known_marks(
    tree: StreamTree, vector: Mapping[StreamKey, int], marks: Mapping[StreamKey, Mark]
) -> dict[StreamKey, int]:
    """What somebody else knows of the streams here.

    Args:
        vector: what is known here
        marks: what it says that it knows, by the names that it uses
    """
    known: dict[StreamKey, int] = {}
    for (village, name), mark in marks.items():
        if not is_chained(mark.root) or not mark.chain:
            known[village, name] = max(known.get((village, name), 0), mark.number)
            continue
        found = tree.find(village, mark.root, mark.number, mark.chain)
        if found is None:  # further than this journal, or another branch
            family = tree.family(village, mark.root)
            found = next((s for s in family if len(family) == 1 and s.last < mark.number), None)
        number = mark.number
        while found is not None:
            known[village, found.name] = max(known.get((village, found.name), 0), number)
            number, found = found.first - 1, found.parent
    for stream in tree.streams():
        if stream.first > 1:
            known[stream.village, stream.name] = max(known.get((stream.village, stream.name), 0), stream.first - 1)
    return {stream: min(number, vector.get(stream, number)) for stream, number in known.items()}


def holds(tree: StreamTree, vector: Mapping[StreamKey, int], stream: StreamKey, mark: Mark) -> bool:
    """Whether the journal has a stream of somebody else up to here, with the same changes.

    Args:
        vector: what is known here
    """
    if not is_chained(mark.root):
        return vector.get(stream, 0) >= mark.number
    return tree.find(stream[0], mark.root, mark.number, mark.chain) is not None


def own_marks(tree: StreamTree, numbers: Mapping[StreamKey, int]) -> Marks:
    """These numbers of streams here with their chain values; lower ones where a value was compacted away."""
    marks: Marks = {}
    for stream in tree.streams():
        number = numbers.get((stream.village, stream.name))
        if number is None:
            continue
        if not is_chained(stream.root):
            marks[stream.village, stream.name] = Mark(number, b"", stream.root)
            continue
        number = max(number, stream.first - 1)
        while (chain := tree.value_at(stream, number)) is None:
            number -= 1
        marks[stream.village, stream.name] = Mark(number, chain, stream.root)
    return marks
