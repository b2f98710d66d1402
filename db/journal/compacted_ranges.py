"""Numbers of a stream that were compacted away: known but no longer kept, here or at the sender of a package.

They are stored as ranges in table `folded`, and travel as ranges, so that a stream still has no gaps.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session


class CompactedRange(NamedTuple):
    """Numbers of one stream, both included."""

    village: str
    replica: str
    first: int
    last: int


class PendingRanges:
    """Compacted ranges that a package declares, until the stream reaches them."""

    def __init__(self) -> None:
        self._pending: dict[tuple[str, str], deque[tuple[int, int]]] = defaultdict(deque)

    def add(self, compacted: CompactedRange) -> None:
        """Of each stream in order."""
        self._pending[compacted.village, compacted.replica].append((compacted.first, compacted.last))

    def advance(self, stream: tuple[str, str], number: int) -> int:
        """The number to which the stream is known: further than `number` if compacted ranges follow it."""
        pending = self._pending.get(stream)
        while pending and pending[0][0] <= number + 1:
            number = max(number, pending.popleft()[1])
        return number


def ranges_after(
    session: Session, known: Mapping[tuple[str, str], int], villages: set[str], block_size: int = 20_000
) -> Iterator[list[CompactedRange]]:
    """Compacted numbers beyond `known`, of the villages named, by stream and in order."""
    rows = session.execute(
        text(
            "SELECT s.village, s.replica, f.first, f.last FROM folded f JOIN stream s ON s.n = f.stream "
            "ORDER BY s.n, f.first"
        ),
        execution_options={"yield_per": block_size},
    )
    for partition in rows.partitions(block_size):
        ranges = [
            CompactedRange(village, replica, max(first, known.get((village, replica), 0) + 1), last)
            for village, replica, first, last in partition
            if village in villages
        ]
        if non_empty := [compacted for compacted in ranges if compacted.first <= compacted.last]:
            yield non_empty


def store(raw: Any, ranges: Iterable[tuple[int, int, int]]) -> None:
    """Store (stream as numbered here, first, last), coalescing adjacent ranges."""
    materialized = list(ranges)
    raw.executemany("INSERT INTO folded (stream, first, last) VALUES (?, ?, ?)", materialized)
    for stream in sorted({stream for stream, _, _ in materialized}):
        coalesce(raw, stream)


def coalesce(raw: Any, stream: int) -> None:
    """Adjacent ranges of a stream become one."""
    islands = raw.execute(
        "SELECT min(first), max(last) FROM (SELECT first, last, last - sum(last - first + 1) OVER (ORDER BY first) "
        "AS island FROM folded WHERE stream = ?) GROUP BY island",
        (stream,),
    ).fetchall()
    raw.execute("DELETE FROM folded WHERE stream = ?", (stream,))
    raw.executemany("INSERT INTO folded VALUES (?, ?, ?)", [(stream, *island) for island in islands])
