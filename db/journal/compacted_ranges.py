"""Numbers of a stream that were compacted away: known but no longer kept, here or at the sender of a package.

They are stored as ranges in table `folded`, and travel as ranges, so that a stream still has no gaps.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session


class CompactedRange(NamedTuple):
    """Numbers of one stream, both included. `chain`: the chain value of the last one, None where there is none."""

    village: str
    replica: str
    first: int
    last: int
    chain: bytes | None = None


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
                taken.append(compacted._replace(first=number + 1))
                number = compacted.last
        return taken


def ranges_after(
    session: Session, known: Mapping[tuple[str, str], int], villages: set[str], block_size: int = 20_000
) -> Iterator[list[CompactedRange]]:
    """Compacted numbers beyond `known`, of the villages named, by stream and in order."""
    rows = session.execute(
        text(
            "SELECT s.village, s.replica, f.first, f.last, f.chain FROM folded f JOIN stream s ON s.n = f.stream "
            "ORDER BY s.n, f.first"
        ),
        execution_options={"yield_per": block_size},
    )
    for partition in rows.partitions(block_size):
        ranges = [
            CompactedRange(village, replica, max(first, known.get((village, replica), 0) + 1), last, chain)
            for village, replica, first, last, chain in partition
            if village in villages
        ]
        if non_empty := [compacted for compacted in ranges if compacted.first <= compacted.last]:
            yield non_empty


def store(raw: Any, ranges: Iterable[tuple[int, int, int, bytes | None]]) -> None:
    """Store (stream as numbered here, first, last, chain) apart from what was here before: an import can be undone."""
    raw.executemany("INSERT INTO folded (stream, first, last, chain) VALUES (?, ?, ?, ?)", ranges)


def coalesce(raw: Any, stream: int) -> None:
    """Adjacent ranges of a stream become one, with the chain value of its end."""
    islands = raw.execute(
        "SELECT i.first, i.last, f.chain FROM (SELECT min(first) AS first, max(last) AS last FROM "
        "(SELECT first, last, last - sum(last - first + 1) OVER (ORDER BY first) AS island FROM folded "
        "WHERE stream = ?) GROUP BY island) i JOIN folded f ON f.stream = ? AND f.last = i.last",
        (stream, stream),
    ).fetchall()
    raw.execute("DELETE FROM folded WHERE stream = ?", (stream,))
    raw.executemany(
        "INSERT INTO folded (stream, first, last, chain) VALUES (?, ?, ?, ?)", [(stream, *i) for i in islands]
    )
