"""Numbers of a stream that were compacted away: known but no longer kept, here or at the sender of a package.

They are stored as ranges in table `folded`, and travel as ranges, so that a stream still has no gaps.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.journal.chains import CHAIN_BYTES

_MAX_BLOCK_BYTES = 8 * 2**20


class CompactedRange(NamedTuple):
    """Numbers of one stream, both included. `chain`: the chain value of the last one, None where there is none.

    `values`: those of all of them, one after the other; empty where they were not kept.
    """

    village: str
    replica: str
    first: int
    last: int
    chain: bytes | None = None
    values: bytes = b""

    def value(self, number: int) -> bytes:
        """The chain value of one of the numbers, if all are kept."""
        start = (number - self.first) * CHAIN_BYTES
        return self.values[start : start + CHAIN_BYTES]

    def cut(self, first: int, last: int) -> "CompactedRange":
        """A part of it; only one without the last number loses the chain value where no others are kept."""
        values = self.values[(first - self.first) * CHAIN_BYTES : (last - self.first + 1) * CHAIN_BYTES]
        chain = self.chain if last == self.last else values[-CHAIN_BYTES:] or None
        return self._replace(first=first, last=last, chain=chain, values=values)

    def parted(self, number: int) -> tuple["CompactedRange", ...]:
        """It, or where a stream is split before a number of it both parts."""
        if not self.first < number <= self.last:
            return (self,)
        return self.cut(self.first, number - 1), self.cut(number, self.last)


class PendingRanges:
    """Compacted ranges that a package declares, until the stream reaches them."""

    def __init__(self) -> None:
        self._pending: dict[tuple[str, str], deque[CompactedRange]] = defaultdict(deque)

    def add(self, compacted: CompactedRange) -> None:
        """Of each stream in order."""
        self._pending[compacted.village, compacted.replica].append(compacted)

    def advance(self, stream: tuple[str, str], number: int) -> int:
        """The number to which the stream is known: further than `number` if compacted ranges follow it."""
        return max((number, *(compacted.last for compacted in self.take(stream, number))))

    def take(self, stream: tuple[str, str], number: int) -> list[CompactedRange]:
        """The ranges that follow a number; they are pending no more. Those that it covers are left out."""
        taken = []
        pending = self._pending.get(stream)
        while pending and pending[0].first <= number + 1:
            compacted = pending.popleft()
            if compacted.last > number:
                taken.append(compacted.cut(number + 1, compacted.last) if compacted.first <= number else compacted)
                number = compacted.last
        return taken


def ranges_after(
    session: Session, known: Mapping[tuple[str, str], int], villages: set[str], block_size: int = 20_000
) -> Iterator[list[CompactedRange]]:
    """Compacted numbers beyond `known`, of the villages named, by stream and in order."""
    rows = session.execute(
        text(
            "SELECT s.village, s.replica, f.first, f.last, f.chain, s.n FROM folded f JOIN stream s ON s.n = f.stream "
            "ORDER BY s.n, f.first"
        ),
        execution_options={"yield_per": block_size},
    )
    for partition in rows.partitions(block_size):
        ranges = [
            CompactedRange(village, replica, start, last, chain, _stored_values(session, stream, start, last))
            for village, replica, first, last, chain, stream in partition
            if village in villages and (start := max(first, known.get((village, replica), 0) + 1)) <= last
        ]
        yield from _blocks(ranges)


def _blocks(ranges: list[CompactedRange]) -> Iterator[list[CompactedRange]]:
    """Cut where the chain values of many numbers would make a frame of a package too large."""
    block: list[CompactedRange] = []
    size = 0
    for compacted in ranges:
        if block and size + len(compacted.values) > _MAX_BLOCK_BYTES:
            yield block
            block, size = [], 0
        block.append(compacted)
        size += len(compacted.values)
    if block:
        yield block


def _stored_values(session: Session, stream: int, first: int, last: int) -> bytes:
    """The chain values of numbers that were compacted away; empty where one of them was not kept, or for very many."""
    if (last - first + 1) * CHAIN_BYTES > _MAX_BLOCK_BYTES:
        return b""
    query = "SELECT chain FROM folded_chain WHERE stream = :stream AND number BETWEEN :first AND :last ORDER BY number"
    values = b"".join(session.scalars(text(query), {"stream": stream, "first": first, "last": last}))
    return values if len(values) == (last - first + 1) * CHAIN_BYTES else b""


def store(raw: Any, ranges: Iterable[tuple[int, CompactedRange]]) -> None:
    """Store (stream as numbered here, range) apart from what was here before: an import can be undone."""
    for stream, compacted in ranges:
        raw.execute(
            "INSERT INTO folded (stream, first, last, chain) VALUES (?, ?, ?, ?)",
            (stream, compacted.first, compacted.last, compacted.chain),
        )
        if compacted.values:
            numbers = range(compacted.first, compacted.last + 1)
            raw.executemany(
                "INSERT INTO folded_chain (stream, number, chain) VALUES (?, ?, ?)",
                [(stream, number, compacted.value(number)) for number in numbers],
            )


def coalesce(raw: Any, stream: int) -> None:
    """Adjacent ranges of a stream become one, with the chain value of its end."""
    islands: list[tuple[int, int, bytes | None]] = []
    ranges = raw.execute("SELECT first, last, chain FROM folded WHERE stream = ? ORDER BY first", (stream,))
    for first, last, chain in ranges:
        begins = islands.pop()[0] if islands and islands[-1][1] == first - 1 else first
        islands.append((begins, last, chain))
    raw.execute("DELETE FROM folded WHERE stream = ?", (stream,))
    raw.executemany(
        "INSERT INTO folded (stream, first, last, chain) VALUES (?, ?, ?, ?)", [(stream, *i) for i in islands]
    )
