"""Changes as they stand in a package: column by column, every word once, numbers as steps from the one before.

A row that the receiver knows already is named by its birth (stream and number, some two bytes after compression); only
others carry their 16 raw bytes, which no compression shortens. docs/decisions/0005-package.md.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

import msgspec

from app.exchange.refusals import StrangeContent
from db.merge import JournalChange, Raw
from db.skipped import Skip

Stream = tuple[str, str]  # village, replica
Birth = tuple[str, str, int]  # village, replica, number
Word = TypeVar("Word")

_AS_BORN = -1  # in `replaced`: what this change replaces is the birth that names its row
_COUNTER_BITS = 16


class ChangeBlock(msgspec.Struct, array_like=True, tag="c", frozen=True):
    """Up to some thousand changes.

    Attributes:
        streams, cells, operators: the words that the columns below name by position; a cell is (table, column)
        born_streams: for each row, 0 where it is written out, else 1 + the position of its birth's stream
        born_numbers: for rows named by birth, the birth's number as a step from the one before
        raw_rows: for rows written out, 16 bytes each
        stream, row, cell, operator: for each change, positions; `row` as a step
        number: steps within the stream, less one (0 is "the next")
        clock, counter: the two parts of the stamp, milliseconds as steps
        replaced: how many changes it replaces, or -1 for exactly its row's birth; those of a positive count follow in
            replaced_streams and (as steps) replaced_numbers
    """

    streams: list[Stream]
    cells: list[tuple[str, str]]
    operators: list[str]
    born_streams: list[int]
    born_numbers: list[int]
    raw_rows: bytes
    stream: list[int]
    row: list[int]
    cell: list[int]
    operator: list[int]
    number: list[int]
    clock: list[int]
    counter: list[int]
    value: list[Raw]
    replaced: list[int]
    replaced_streams: list[int]
    replaced_numbers: list[int]


class SkipBlock(msgspec.Struct, array_like=True, tag="s", frozen=True):
    """Numbers that the sender knows but has folded away (app/exchange/compaction.py), before all changes.

    Attributes:
        streams: the words that `stream` names by position
        before: for each range, how many numbers lie between the one before it in its stream and its first
        count: how many numbers it has
    """

    streams: list[Stream]
    stream: list[int]
    before: list[int]
    count: list[int]


class PicturePart(msgspec.Struct, array_like=True, tag="p", frozen=True):
    """A photograph, or part of a large one; parts of one stand together, in order."""

    sha256: bytes
    last: bool
    jpeg: bytes


class _Words(dict[Word, int]):
    """Words by position, in the order in which they came."""

    def __missing__(self, word: Word) -> int:
        self[word] = position = len(self)
        return position


def _steps(numbers: Iterable[int]) -> list[int]:
    steps, before = [], 0
    for number in numbers:
        steps.append(number - before)
        before = number
    return steps


def _sums(steps: Iterable[int]) -> list[int]:
    numbers, number = [], 0
    for step in steps:
        number += step
        numbers.append(number)
    return numbers


def _numbers(changes: Sequence[JournalChange]) -> list[int]:
    """Steps within each stream, less one."""
    last: dict[Stream, int] = {}
    steps = []
    for change in changes:
        stream = (change.village, change.replica)
        steps.append(change.number - last.get(stream, 0) - 1)
        last[stream] = change.number
    return steps


def _replaced(
    changes: Sequence[JournalChange], births: Mapping[str, Birth]
) -> tuple[list[int], list[tuple[Stream, int]]]:
    """For each change how many it replaces, or _AS_BORN, and those that must be told."""
    counts: list[int] = []
    told: list[tuple[Stream, int]] = []
    for change in changes:
        birth = births.get(change.row)
        if birth is not None and change.column and change.replaces == (birth[1:],):
            counts.append(_AS_BORN)
        else:
            counts.append(len(change.replaces))
            told += [((change.village, replica), number) for replica, number in change.replaces]
    return counts, told


def packed(changes: Sequence[JournalChange], births: Mapping[str, Birth]) -> ChangeBlock:
    """One block of these changes.

    Args:
        births: rows whose birth the receiver is known to have, with that birth
    """
    streams: _Words[Stream] = _Words()
    cells: _Words[tuple[str, str]] = _Words()
    operators: _Words[str] = _Words()
    rows: _Words[str] = _Words()
    replaced, dots = _replaced(changes, births)
    stamps = [change.stamp for change in changes]
    columns = {
        "stream": [streams[change.village, change.replica] for change in changes],
        "row": _steps(rows[change.row] for change in changes),
        "cell": [cells[change.table, change.column] for change in changes],
        "operator": [operators[change.operator] for change in changes],
        "clock": _steps(stamp >> _COUNTER_BITS for stamp in stamps),
        "counter": [stamp & (1 << _COUNTER_BITS) - 1 for stamp in stamps],
        "replaced_streams": [streams[stream] for stream, _ in dots],
        "replaced_numbers": _steps(n for _, n in dots),
    }
    return ChangeBlock(
        born_streams=[1 + streams[births[row][:2]] if row in births else 0 for row in rows],
        born_numbers=_steps(births[row][2] for row in rows if row in births),
        raw_rows=b"".join(bytes.fromhex(row) for row in rows if row not in births),
        number=_numbers(changes),
        value=[change.value for change in changes],
        replaced=replaced,
        streams=list(streams),
        cells=list(cells),
        operators=list(operators),
        **columns,
    )


def skips_packed(skips: Sequence[Skip], ends: dict[Stream, int]) -> SkipBlock:
    """One block of ranges, of each stream in order.

    Args:
        ends: where the last range of each stream ended in the blocks before; brought forward
    """
    streams: _Words[Stream] = _Words()
    before = []
    for village, replica, first, last in skips:
        before.append(first - ends.get((village, replica), 0) - 1)
        ends[village, replica] = last
    positions = [streams[skip.village, skip.replica] for skip in skips]
    return SkipBlock(list(streams), positions, before, [skip.last - skip.first + 1 for skip in skips])


def skips_unpacked(block: SkipBlock, ends: dict[Stream, int]) -> list[Skip]:
    """The ranges of a block; `ends` as for `skips_packed`.

    Raises:
        StrangeContent: the block contradicts itself
    """
    if len({len(block.stream), len(block.before), len(block.count)}) > 1:
        raise StrangeContent("归并的编号各栏长短不一")
    if min((0, *block.stream, *block.before)) < 0 or min((1, *block.count)) < 1:
        raise StrangeContent("归并的编号不对")
    skips = []
    for position, before, count in zip(block.stream, block.before, block.count, strict=True):
        if position >= len(block.streams):
            raise StrangeContent("归并的编号不对")
        stream = block.streams[position]
        first = ends.get(stream, 0) + before + 1
        ends[stream] = first + count - 1
        skips.append(Skip(*stream, first, ends[stream]))
    return skips


def unpacked(block: ChangeBlock, rows_born: Callable[[Sequence[Birth]], Sequence[str]]) -> list[JournalChange]:
    """The changes of a block.

    Args:
        rows_born: the row ids of births; asked once

    Raises:
        StrangeContent: the block contradicts itself
    """
    columns = (
        block.stream,
        block.row,
        block.cell,
        block.operator,
        block.number,
        block.clock,
        block.counter,
        block.value,
    )
    if {len(column) for column in columns} - {len(block.replaced)}:
        raise StrangeContent("修改记录的各栏长短不一")
    if min((0, *block.stream, *block.cell, *block.operator, *block.born_streams, *block.replaced_streams)) < 0:
        raise StrangeContent("修改记录里有不存在的序号")
    try:
        return _unpacked(block, _rows(block, rows_born))
    except (IndexError, StopIteration) as error:
        raise StrangeContent("修改记录里有不存在的序号") from error


def _rows(block: ChangeBlock, rows_born: Callable[[Sequence[Birth]], Sequence[str]]) -> list[tuple[str, Birth | None]]:
    numbers = iter(_sums(block.born_numbers))
    births = [(*block.streams[stream - 1], next(numbers)) for stream in block.born_streams if stream]
    named = iter(zip(rows_born(births), births, strict=True))
    raw = block.raw_rows.hex()
    written = iter(raw[start : start + 32] for start in range(0, len(raw), 32))
    rows: list[tuple[str, Birth | None]] = [
        next(named) if stream else (next(written), None) for stream in block.born_streams
    ]
    if any(len(row) != 32 for row, _ in rows):
        raise StrangeContent("记录的编号不完整")
    return rows


def _unpacked(block: ChangeBlock, rows: list[tuple[str, Birth | None]]) -> list[JournalChange]:
    changes = []
    last: dict[int, int] = {}
    dots = iter(zip(block.replaced_streams, _sums(block.replaced_numbers), strict=False))
    row_numbers = _sums(block.row)
    if row_numbers and min(row_numbers) < 0:
        raise IndexError
    stamps = [
        clock << _COUNTER_BITS | counter for clock, counter in zip(_sums(block.clock), block.counter, strict=True)
    ]
    for n, (stream, count) in enumerate(zip(block.stream, block.replaced, strict=True)):
        village, replica = block.streams[stream]
        number = last[stream] = last.get(stream, 0) + block.number[n] + 1
        row, birth = rows[row_numbers[n]]
        table, column = block.cells[block.cell[n]]
        if count == _AS_BORN and birth is not None:
            replaces: tuple[tuple[str, int], ...] = (birth[1:],)
        else:
            pairs = [next(dots) for _ in range(count)]
            replaces = tuple((block.streams[s][1], number_) for s, number_ in pairs)
            if count < 0 or any(block.streams[s][0] != village for s, _ in pairs):
                raise StrangeContent("修改记录跨了村")
        operator = block.operators[block.operator[n]]
        changes.append(
            JournalChange(village, replica, number, table, row, column, block.value[n], stamps[n], operator, replaces)
        )
    return changes
