"""What of a damaged journal can be merged into a new one: of each stream the beginning that is whole."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy.orm import Session

from db.damaged_file import DamagedFile
from db.journal.compacted_ranges import CompactedRange
from db.journal.heads import parse_change_ids
from db.journal.journal_change import JournalChange
from db.journal.merge import Merge

_BLOCK_SIZE = 2000
_CHANGE = (
    "stream",
    "number",
    "table_name",
    "row_id",
    "column_name",
    "value",
    "stamp",
    "operator",
    "replaces",
    "inherited",
)
_COLUMNS = (*_CHANGE, "chain")


class LostNumbers(NamedTuple):
    """Numbers of a stream that the rescued journal lacks: `first` cannot be read; what follows builds on it.

    `village` and `replica` are "" where it cannot be read whose stream it is.
    """

    village: str
    replica: str
    first: int
    last: int


class _Stream(NamedTuple):
    n: int
    village: str
    replica: str
    last: int
    parent: int | None
    first: int


@dataclass(slots=True)
class SalvagedJournal:
    """A damaged journal.

    Attributes:
        lost: what cannot be merged; orphans: (row, column) → streams of readable changes among it
    """

    damaged: DamagedFile
    lost: list[LostNumbers] = field(default_factory=list)
    orphans: dict[tuple[str, str], set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    _streams: dict[int, _Stream] = field(default_factory=dict)
    _ranges: dict[int, list[tuple[int, int, bytes | None]]] = field(default_factory=lambda: defaultdict(list))
    _ends: dict[int, int] = field(default_factory=dict)

    @property
    def names_a_stream(self) -> bool:
        """Whether anything can be merged: it is known of at least one stream whose it is."""
        return bool(self._streams)

    def survey(self) -> None:
        """Find how far each stream can be merged."""
        for row in self.damaged.rows("stream", _Stream._fields):
            self._streams[row[0]] = _Stream(*row)
        for stream, first, last, chain in self.damaged.rows(
            "folded", ("stream", "first", "last", "chain"), by_rowid=False
        ):
            self._ranges[stream].append((first, last, chain))
        numbers: dict[int, set[int]] = defaultdict(set)
        references: list[tuple[int, int, tuple[tuple[int, int], ...]]] = []
        for stream, number, replaces in self.damaged.rows("change", ("stream", "number", "replaces")):
            numbers[stream].add(number)
            if foreign := tuple(one for one in parse_change_ids(replaces) if one[0] != stream):
                references.append((stream, number, foreign))
        for n, one in sorted(self._streams.items()):
            self._ends[n] = self._whole_until(one, numbers[n])
        self._shorten(references)
        for n, one in sorted(self._streams.items()):
            if self._ends[n] < one.last:
                first = max(self._ends[n] + 1, one.first)
                self.lost.append(LostNumbers(one.village, one.replica, first, one.last))
        for n in sorted((numbers.keys() | self._ranges.keys()) - self._streams.keys()):
            known = numbers[n].union(*(one[:2] for one in self._ranges[n]))
            self.lost.append(LostNumbers("", "", min(known), max(known)))

    def _whole_until(self, stream: _Stream, numbers: set[int]) -> int:
        end, ranges = stream.first - 1, {first: last for first, last, _ in self._ranges[stream.n]}
        while end + 1 in numbers or end + 1 in ranges:
            end = ranges.get(end + 1, end + 1)
        return min(end, stream.last)

    def _shorten(self, references: list[tuple[int, int, tuple[tuple[int, int], ...]]]) -> None:
        """A change that replaces one that is lost, or leaves a stream behind its end, cannot be merged either."""
        is_settled = False
        while not is_settled:
            is_settled = True
            for one in self._streams.values():
                is_cut_off = one.parent is not None and (
                    one.parent not in self._streams or self._ends[one.parent] < one.first - 1
                )
                if is_cut_off and self._ends[one.n] >= one.first:
                    is_settled, self._ends[one.n] = False, one.first - 1
            for stream, number, replaced in references:
                if number <= self._ends.get(stream, 0) and any(self._ends.get(s, 0) < n for s, n in replaced):
                    is_settled, self._ends[stream] = False, number - 1

    def merge_into(self, session: Session) -> Iterator[int]:
        """Merge it block by block into an empty journal, in the order in which it was written; yields the count."""
        merge = Merge(session)
        names = {n: (one.village, one.replica) for n, one in self._streams.items()}
        for one in sorted(self._streams.values()):
            if one.parent is not None and self._ends[one.n] >= one.first:
                parent = merge.stream_number(*names[one.parent])
                merge.add_branch(parent, one.first, one.replica)
        for n, ranges in self._ranges.items():
            held = [(*names[n], first, last, chain) for first, last, chain in ranges if last <= self._ends.get(n, 0)]
            merge.add_compacted_ranges(CompactedRange(*one) for one in sorted(held))
        block: list[JournalChange] = []
        count = 0
        for change in self._changes():
            block.append(change)
            if len(block) == _BLOCK_SIZE:
                merge.add_changes(block)
                count += len(block)
                block = []
                yield count
        merge.add_changes(block)
        merge.finish()
        yield count + len(block)

    def _changes(self) -> Iterator[JournalChange]:
        for stream, number, table, row, column, value, stamp, operator, replaces, inherited, chain in self.damaged.rows(
            "change", _COLUMNS
        ):
            if stream not in self._streams:
                self.orphans[row, column].add(("", ""))
                continue
            village, replica = self._streams[stream].village, self._streams[stream].replica
            if number > self._ends[stream]:
                self.orphans[row, column].add((village, replica))
                continue
            replaced = tuple((self._streams[s].replica, n) for s, n in parse_change_ids(replaces))
            yield JournalChange(
                village, replica, number, table, row, column, value, stamp, operator, replaced, inherited, chain
            )
