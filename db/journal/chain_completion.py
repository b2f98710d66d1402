"""Chain values of what this workbook has written itself, because triggers cannot hash, and whether all are right.

A write transaction ends with it (app/workbook/workbook.py); changes of others get their values where they are merged.
"""

from collections.abc import Mapping
from typing import Any

from db.journal.chains import CHAINED_VERSION, HashedChange, is_chained, next_value, stream_roots, value_at
from db.journal.heads import parse_change_ids

_BLOCK_SIZE = 5000
_HASHED_COLUMNS = "table_name, row_id, column_name, value, stamp, operator, replaces, inherited"
_RANGES = "SELECT first, last, chain FROM folded WHERE stream = ?"


def complete(raw: Any) -> None:
    """Compute the values of changes that have none yet: what the triggers wrote since the last time."""
    pending = raw.execute(
        "SELECT n, chained FROM stream WHERE chained < last AND substr(replica, 13, 1) = ?", (CHAINED_VERSION,)
    ).fetchall()
    if not pending:
        return
    roots = stream_roots(raw)
    for stream, chained in pending:
        _complete_stream(raw, roots, stream, chained)
    raw.execute("UPDATE stream SET chained = last WHERE substr(replica, 13, 1) = ?", (CHAINED_VERSION,))


def _complete_stream(raw: Any, roots: dict[int, str], stream: int, number: int) -> None:
    value = value_at(raw, stream, number)
    assert value is not None, "a chained stream has a value at its end"
    while block := raw.execute(
        f"SELECT seq, number, {_HASHED_COLUMNS} FROM change WHERE stream = ? AND number > ? "
        f"ORDER BY number LIMIT {_BLOCK_SIZE}",
        (stream, number),
    ).fetchall():
        values: list[tuple[bytes, int]] = []
        for seq, number, *fields in block:  # noqa: B007
            value = next_value(value, _hashed(roots, *fields))
            values.append((value, seq))
        raw.executemany("UPDATE change SET chain = ? WHERE seq = ?", values)


def _hashed(
    roots: Mapping[int, str],
    table: str,
    row: str,
    column: str,
    value: str | int | None,
    stamp: int,
    operator: str,
    replaces: str,
    inherited: int,
) -> HashedChange:
    change_ids = parse_change_ids(replaces)
    written = tuple((roots[stream], number) for stream, number in change_ids[: len(change_ids) - inherited])
    return HashedChange(table, row, column, value, stamp, operator, written)


def streams_with_wrong_values(raw: Any) -> list[int]:
    """Streams with a chain value that is not that of the changes, which are checked after what was compacted too."""
    roots = stream_roots(raw)
    chained = raw.execute("SELECT n FROM stream WHERE chained > 0 AND last >= first").fetchall()
    return [stream for (stream,) in chained if is_chained(roots[stream]) and not _is_right(raw, roots, stream)]


def _is_right(raw: Any, roots: Mapping[int, str], stream: int) -> bool:
    number, last = raw.execute("SELECT first - 1, last FROM stream WHERE n = ?", (stream,)).fetchone()
    ranges = {first: (end, chain) for first, end, chain in raw.execute(_RANGES, (stream,))}
    value = value_at(raw, stream, number)
    for next_number, chain, *fields in raw.execute(
        f"SELECT number, chain, {_HASHED_COLUMNS} FROM change WHERE stream = ? ORDER BY number", (stream,)
    ):
        while number + 1 in ranges:
            number, value = ranges[number + 1]
        if value is None or next_number != number + 1 or chain != next_value(value, _hashed(roots, *fields)):
            return False
        number, value = next_number, chain
    while number + 1 in ranges:
        number, value = ranges[number + 1]
    return bool(number == last and value)
