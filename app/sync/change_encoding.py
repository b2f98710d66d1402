"""Encoding of changes in a package: column by column, every string once, numbers as differences.

A row that the receiver knows already is named by its insert (stream and number, some two bytes after compression); only
others carry their 16 raw bytes, which no compression shortens. docs/decisions/0005-package.md.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, TypeVar

import msgspec

from app.sync.errors import InvalidContent
from db.journal.chains import CHAIN_BYTES
from db.journal.compacted_ranges import CompactedRange
from db.journal.heads import SqlValue
from db.journal.inserts import InsertId
from db.journal.journal_change import JournalChange

StreamKey = tuple[str, str]  # village, replica
WordT = TypeVar("WordT")

_REPLACES_INSERT = -1  # in `replaced`: what this change replaces is the insert that names its row
_COUNTER_BITS = 16
_NO_CHAIN = bytes(CHAIN_BYTES)


# A block has some thousand changes (app/sync/package_export.py). The reader refuses by the announced length, before it
# makes a list: a number takes one byte in a frame of 32 MiB and eight and more here.
_PER_BLOCK = msgspec.Meta(max_length=100_000)
_REFERENCES_PER_BLOCK = msgspec.Meta(max_length=1_000_000)
_Column = Annotated[list[int], _PER_BLOCK]
_References = Annotated[list[int], _REFERENCES_PER_BLOCK]


class ChangeBlock(msgspec.Struct, array_like=True, tag="c", frozen=True):
    """Up to some thousand changes.

    Attributes:
        streams, cells, operators: the values that the columns below name by position; a cell is (table, column)
        insert_streams: for each row, 0 where it is written out, else 1 + the position of its insert's stream
        insert_numbers: for rows named by insert, the insert's number as a step from the one before
        raw_rows: for rows written out, 16 bytes each
        stream, row, cell, operator: for each change, positions; `row` as a step
        number: steps within the stream, less one (0 is "the next")
        clock, counter: the two parts of the stamp, milliseconds as steps
        replaced: how many changes it replaces, or -1 for exactly its row's insert; those of a positive count follow in
            replaced_streams and (as steps) replaced_numbers
        inherited: how many of those came by compaction (they are the last); empty where it is none in any change
    """

    streams: Annotated[list[StreamKey], _PER_BLOCK]
    cells: Annotated[list[tuple[str, str]], _PER_BLOCK]
    operators: Annotated[list[str], _PER_BLOCK]
    insert_streams: _Column
    insert_numbers: _Column
    raw_rows: bytes
    stream: _Column
    row: _Column
    cell: _Column
    operator: _Column
    number: _Column
    clock: _Column
    counter: _Column
    value: Annotated[list[SqlValue], _PER_BLOCK]
    replaced: _Column
    replaced_streams: _References
    replaced_numbers: _References
    inherited: _Column = []


class CompactedBlock(msgspec.Struct, array_like=True, tag="s", frozen=True):
    """Numbers that the sender knows but has compacted away (app/sync/compaction.py), before all changes.

    Attributes:
        streams: the values that `stream` names by position
        gap: for each range, how many numbers lie between the one before it in its stream and its first
        count: how many numbers it has
        chains: the chain value of each range's last number, 16 bytes each; zeros where its stream has none
        values: those of all numbers of the ranges that `has_values` names by position, one after the other
    """

    streams: Annotated[list[StreamKey], _REFERENCES_PER_BLOCK]
    stream: _References
    gap: _References
    count: _References
    chains: bytes = b""
    values: bytes = b""
    has_values: _References = []


class PhotoChunk(msgspec.Struct, array_like=True, tag="p", frozen=True):
    """A photograph, or part of a large one; parts of one follow each other in order."""

    sha256: bytes
    last: bool
    data: bytes


class _StringTable(dict[WordT, int]):
    """Values by position, in the order in which they came."""

    def __missing__(self, word: WordT) -> int:
        self[word] = position = len(self)
        return position


def _delta_encode(numbers: Iterable[int]) -> list[int]:
    steps, previous = [], 0
    for number in numbers:
        steps.append(number - previous)
        previous = number
    return steps


def _delta_decode(steps: Iterable[int]) -> list[int]:
    numbers, number = [], 0
    for step in steps:
        number += step
        numbers.append(number)
    return numbers


def _sequence_deltas(changes: Sequence[JournalChange]) -> list[int]:
    """Steps within each stream, less one."""
    last: dict[StreamKey, int] = {}
    steps = []
    for change in changes:
        stream = (change.village, change.replica)
        steps.append(change.number - last.get(stream, 0) - 1)
        last[stream] = change.number
    return steps


def _encode_replaced(
    changes: Sequence[JournalChange], inserts: Mapping[str, InsertId]
) -> tuple[list[int], list[tuple[StreamKey, int]]]:
    """For each change how many it replaces, or -1 for its row's insert, and those that must be listed."""
    counts: list[int] = []
    references: list[tuple[StreamKey, int]] = []
    for change in changes:
        insert = inserts.get(change.row)
        if insert is not None and change.column and change.replaces == (insert[1:],):
            counts.append(_REPLACES_INSERT)
        else:
            counts.append(len(change.replaces))
            references += [((change.village, replica), number) for replica, number in change.replaces]
    return counts, references


def encode(changes: Sequence[JournalChange], inserts: Mapping[str, InsertId]) -> ChangeBlock:
    """One block of these changes.

    Args:
        inserts: rows whose insert the receiver is known to have, with that insert
    """
    streams: _StringTable[StreamKey] = _StringTable()
    cells: _StringTable[tuple[str, str]] = _StringTable()
    operators: _StringTable[str] = _StringTable()
    rows: _StringTable[str] = _StringTable()
    replaced, references = _encode_replaced(changes, inserts)
    stamps = [change.stamp for change in changes]
    columns = {
        "stream": [streams[change.village, change.replica] for change in changes],
        "row": _delta_encode(rows[change.row] for change in changes),
        "cell": [cells[change.table, change.column] for change in changes],
        "operator": [operators[change.operator] for change in changes],
        "clock": _delta_encode(stamp >> _COUNTER_BITS for stamp in stamps),
        "counter": [stamp & (1 << _COUNTER_BITS) - 1 for stamp in stamps],
        "replaced_streams": [streams[stream] for stream, _ in references],
        "replaced_numbers": _delta_encode(n for _, n in references),
    }
    return ChangeBlock(
        insert_streams=[1 + streams[inserts[row][:2]] if row in inserts else 0 for row in rows],
        insert_numbers=_delta_encode(inserts[row][2] for row in rows if row in inserts),
        raw_rows=b"".join(bytes.fromhex(row) for row in rows if row not in inserts),
        number=_sequence_deltas(changes),
        value=[change.value for change in changes],
        replaced=replaced,
        inherited=[change.inherited for change in changes] if any(change.inherited for change in changes) else [],
        streams=list(streams),
        cells=list(cells),
        operators=list(operators),
        **columns,
    )


def encode_compacted(ranges: Sequence[CompactedRange], ends: dict[StreamKey, int]) -> CompactedBlock:
    """One block of ranges, of each stream in order.

    Args:
        ends: where the last range of each stream ended in the blocks before; updated
    """
    streams: _StringTable[StreamKey] = _StringTable()
    gaps = []
    for item in ranges:
        gaps.append(item.first - ends.get((item.village, item.replica), 0) - 1)
        ends[item.village, item.replica] = item.last
    positions = [streams[item.village, item.replica] for item in ranges]
    chains = b"".join(item.chain or _NO_CHAIN for item in ranges)
    counts = [item.last - item.first + 1 for item in ranges]
    has_values = [n for n, item in enumerate(ranges) if item.values]
    values = b"".join(item.values for item in ranges)
    return CompactedBlock(list(streams), positions, gaps, counts, chains, values, has_values)


def decode_compacted(block: CompactedBlock, ends: dict[StreamKey, int]) -> list[CompactedRange]:
    """The ranges of a block; `ends` as for `encode_compacted`.

    Raises:
        InvalidContent: the block contradicts itself
    """
    if len({len(block.stream), len(block.gap), len(block.count)}) > 1:
        raise InvalidContent("归并的编号各栏长短不一")
    if min((0, *block.stream, *block.gap)) < 0 or min((1, *block.count)) < 1:
        raise InvalidContent("归并的编号不对")
    if len(block.chains) not in (0, CHAIN_BYTES * len(block.stream)):
        raise InvalidContent("归并的编号各栏长短不一")
    values = _decode_values(block)
    chains = [block.chains[n : n + CHAIN_BYTES] for n in range(0, len(block.chains), CHAIN_BYTES)]
    ranges = []
    for n, (position, gap, count) in enumerate(zip(block.stream, block.gap, block.count, strict=True)):
        if position >= len(block.streams):
            raise InvalidContent("归并的编号不对")
        stream = block.streams[position]
        first = ends.get(stream, 0) + gap + 1
        ends[stream] = first + count - 1
        chain = chains[n] if chains and chains[n] != _NO_CHAIN else None
        if n in values and values[n][-CHAIN_BYTES:] != chain:
            raise InvalidContent("归并的编号不对")
        ranges.append(CompactedRange(*stream, first, ends[stream], chain, values.get(n, b"")))
    return ranges


def _decode_values(block: CompactedBlock) -> dict[int, bytes]:
    """The chain values of all numbers of a range, by its position."""
    values, start = {}, 0
    for n in block.has_values:
        if not 0 <= n < len(block.count):
            raise InvalidContent("归并的编号不对")
        values[n] = block.values[start : start + block.count[n] * CHAIN_BYTES]
        start += block.count[n] * CHAIN_BYTES
    if start != len(block.values):
        raise InvalidContent("归并的编号各栏长短不一")
    return values


def decode(block: ChangeBlock, rows_by_insert: Callable[[Sequence[InsertId]], Sequence[str]]) -> list[JournalChange]:
    """The changes of a block.

    Args:
        rows_by_insert: looks up the row ids of inserts; called once

    Raises:
        InvalidContent: the block contradicts itself
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
    if {len(column) for column in columns} - {len(block.replaced)} or len(block.inherited) not in (0, len(block.value)):
        raise InvalidContent("修改记录的各栏长短不一")
    if min((0, *block.stream, *block.cell, *block.operator, *block.insert_streams, *block.replaced_streams)) < 0:
        raise InvalidContent("修改记录里有不存在的序号")
    try:
        return _decode_changes(block, _decode_rows(block, rows_by_insert))
    except (IndexError, StopIteration) as error:
        raise InvalidContent("修改记录里有不存在的序号") from error


def _decode_rows(
    block: ChangeBlock, rows_by_insert: Callable[[Sequence[InsertId]], Sequence[str]]
) -> list[tuple[str, InsertId | None]]:
    numbers = iter(_delta_decode(block.insert_numbers))
    inserts = [(*block.streams[stream - 1], next(numbers)) for stream in block.insert_streams if stream]
    known_rows = iter(zip(rows_by_insert(inserts), inserts, strict=True))
    raw = block.raw_rows.hex()
    raw_rows = iter(raw[start : start + 32] for start in range(0, len(raw), 32))
    rows: list[tuple[str, InsertId | None]] = [
        next(known_rows) if stream else (next(raw_rows), None) for stream in block.insert_streams
    ]
    if any(len(row) != 32 for row, _ in rows):
        raise InvalidContent("记录的编号不完整")
    return rows


def _decode_changes(block: ChangeBlock, rows: list[tuple[str, InsertId | None]]) -> list[JournalChange]:
    changes = []
    last: dict[int, int] = {}
    references = iter(zip(block.replaced_streams, _delta_decode(block.replaced_numbers), strict=False))
    row_numbers = _delta_decode(block.row)
    if row_numbers and min(row_numbers) < 0:
        raise IndexError
    stamps = [
        clock << _COUNTER_BITS | counter
        for clock, counter in zip(_delta_decode(block.clock), block.counter, strict=True)
    ]
    for n, (stream, count) in enumerate(zip(block.stream, block.replaced, strict=True)):
        village, replica = block.streams[stream]
        number = last[stream] = last.get(stream, 0) + block.number[n] + 1
        row, insert = rows[row_numbers[n]]
        table, column = block.cells[block.cell[n]]
        if count == _REPLACES_INSERT and insert is not None:
            replaces: tuple[tuple[str, int], ...] = (insert[1:],)
        else:
            pairs = [next(references) for _ in range(count)]
            replaces = tuple(
                (block.streams[stream_index][1], replaced_number) for stream_index, replaced_number in pairs
            )
            if count < 0 or any(block.streams[stream_index][0] != village for stream_index, _ in pairs):
                raise InvalidContent("修改记录跨了村")
        operator = block.operators[block.operator[n]]
        value, inherited = block.value[n], block.inherited[n] if block.inherited else 0
        if not 0 <= inherited <= len(replaces):
            raise InvalidContent("修改记录里有不存在的序号")
        changes.append(
            JournalChange(village, replica, number, table, row, column, value, stamps[n], operator, replaces, inherited)
        )
    return changes
