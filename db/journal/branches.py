"""Branches: two continuations of one stream, because a disk was cloned or a machine put back by an image.

Both copies number their changes on; where they meet, the chain values (db/journal/chains.py) differ from some number.
The stream ends before it, and each continuation is a stream of its own from there, named after its first change, which
everybody derives alike. Its numbers go on; whoever knows of one continuation only has it under the name of the stream.
docs/decisions/0022-chains.md.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from db.journal.chains import first_value

_VALUES_AT_ONCE = 4000


@dataclass(slots=True, eq=False)
class LocalStream:
    """A stream of this journal, or one that an import is about to make.

    Attributes:
        n: its number here, 0 where it is not in the journal
        name: by which the journal knows its changes now
        first, last: its numbers; those before `first` are the parent's
        stored: up to which number the journal has them
    """

    n: int
    village: str
    name: str
    root: str
    parent: "LocalStream | None"
    first: int
    last: int
    stored: int

    def holder(self, number: int) -> "LocalStream":
        """The stream that has a number: this one, or what it branched off."""
        stream = self
        while number < stream.first and stream.parent is not None:
            stream = stream.parent
        return stream


class StreamTree:
    """The streams of this journal with their branches."""

    def __init__(self, session: Session) -> None:
        raw: Any = session.connection().connection.driver_connection
        self._raw = raw
        self._families: dict[tuple[str, str], list[LocalStream]] = defaultdict(list)
        self._values: dict[tuple[int, int], bytes | None] = {}
        self._roots: dict[str, str] = {}  # of branches
        rows = raw.execute("SELECT n, village, replica, parent, first, last FROM stream").fetchall()
        parents = {row[0]: row[3] for row in rows}
        by_number: dict[int, LocalStream] = {
            n: LocalStream(n, village, name, name, None, first, last, last) for n, village, name, _, first, last in rows
        }
        for n, stream in by_number.items():
            top = n
            while parents[top] is not None:
                top = parents[top]
            stream.root = by_number[top].name
            stream.parent = by_number.get(parents[n])
            if stream.parent is not None:
                self._roots[stream.name] = stream.root
            self._families[stream.village, stream.root].append(stream)

    def family(self, village: str, root: str) -> list[LocalStream]:
        """A stream with all its branches, the stream itself first; made where there is none."""
        family = self._families[village, root]
        if not family:
            family.append(LocalStream(0, village, root, root, None, 1, 0, 0))
        return family

    def root_of(self, name: str) -> str:
        """The replica that a stream is of."""
        return self._roots.get(name, name)

    def streams(self) -> list[LocalStream]:
        """All of them."""
        return [stream for family in self._families.values() for stream in family]

    def value_at(self, stream: LocalStream, number: int) -> bytes | None:
        """The same as `value`, also of the number before the first."""
        if number >= stream.first:
            return self.value(stream, number)
        return self.value_at(stream.parent, number) if stream.parent else first_value(stream.village, stream.root)

    def has_branches(self) -> bool:
        return any(len(family) > 1 for family in self._families.values())

    def find(self, village: str, root: str, number: int, chain: bytes) -> LocalStream | None:
        """The stream of a family that has this chain value at this number."""
        if number == 0:
            return next(stream for stream in self.family(village, root) if stream.parent is None)
        candidates = (s for s in self.family(village, root) if s.first <= number <= s.stored)
        return next((stream for stream in candidates if self.value(stream, number) == chain), None)

    def value(self, stream: LocalStream, number: int) -> bytes | None:
        """The chain value that the journal has of a stream at a number, None where it was compacted away."""
        if (stream.n, number) not in self._values:
            self._values = dict.fromkeys(
                (stream.n, n) for n in range(number, min(number + _VALUES_AT_ONCE, stream.stored + 1))
            )
            rows = self._raw.execute(
                "SELECT number, chain FROM change WHERE stream = ? AND number BETWEEN ? AND ? "
                "UNION ALL SELECT last, chain FROM folded WHERE stream = ? AND last BETWEEN ? AND ? "
                "UNION ALL SELECT number, chain FROM folded_chain WHERE stream = ? AND number BETWEEN ? AND ?",
                3 * (stream.n, number, number + _VALUES_AT_ONCE - 1),
            )
            self._values |= {(stream.n, n): chain for n, chain in rows}
        return self._values[stream.n, number]

    def branches_at(self, stream: LocalStream, number: int) -> list[LocalStream]:
        """The branches that leave a stream before this number."""
        family = self._families[stream.village, stream.root]
        return [branch for branch in family if branch.parent is stream and branch.first == number]

    def add_branch(self, parent: LocalStream, first: int, name: str) -> LocalStream:
        """A branch that leaves a stream before this number, without changes yet."""
        branch = LocalStream(0, parent.village, name, parent.root, parent, first, first - 1, first - 1)
        self._families[parent.village, parent.root].append(branch)
        self._roots[name] = parent.root
        return branch

    def split(self, stream: LocalStream, number: int) -> LocalStream:
        """End a stream before this number; returns the branch that has the rest, under the same name as yet."""
        rest = replace(stream, parent=stream, first=number)
        family = self._families[stream.village, stream.root]
        for branch in family:
            if branch.parent is stream and branch.first > number:
                branch.parent = rest
        family.append(rest)
        stream.last = stream.stored = number - 1
        return rest


def cuts_compacted_range(raw: Any, stream: int, number: int) -> bool:
    """Whether a stream cannot be split before this number: both sides of it were compacted together."""
    query = "SELECT 1 FROM folded WHERE stream = ? AND first < ? AND last >= ?"
    return raw.execute(query, (stream, number, number)).fetchone() is not None
