"""Chain values: every change carries a hash of itself and of all changes before it in its stream.

Two laptops that hold the same value at a number hold the same changes up to it. A change is hashed as its writer wrote
it: what compaction added to `replaces` is left out, and streams are named by their roots, because a branch gets its own
name only where it becomes known (db/journal/branches.py). docs/decisions/0022-chains.md.
"""

from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec

CHAIN_BYTES = 16
CHAINED_VERSION = "8"  # of a UUID: an id derived by rules of its own
_encode = msgspec.msgpack.Encoder().encode


class HashedChange(NamedTuple):
    """What a chain value covers; `replaces`: (root, number) of what its writer replaced."""

    table: str
    row: str
    column: str
    value: str | int | float | None
    stamp: int
    operator: str
    replaces: tuple[tuple[str, int], ...]


def derived_name(content: bytes) -> str:
    """32 hex digits that name a replica or a branch after what it is made of: a UUID of version 8."""
    digits = content[:16].hex()
    return f"{digits[:12]}{CHAINED_VERSION}{digits[13:]}"


def is_chained(replica: str) -> bool:
    """Whether the streams of a replica have chain values; those of earlier versions of the program have none."""
    return replica[12:13] == CHAINED_VERSION and len(replica) == 32


def first_value(village: str, root: str) -> bytes:
    """The value before the first change of a stream."""
    return blake2b(f"hudang stream {village} {root}".encode(), digest_size=CHAIN_BYTES).digest()


def next_value(previous: bytes, change: HashedChange) -> bytes:
    """The value of a change, from that of the change before it in its stream."""
    replaces = sorted(set(change.replaces)) if len(change.replaces) > 1 else change.replaces
    return blake2b(previous + _encode((*change[:6], replaces)), digest_size=CHAIN_BYTES).digest()


def value_at(raw: Any, stream: int, number: int) -> bytes | None:
    """The chain value of a stream at a number, None where it is not known: compacted away, or never computed."""
    village, replica, parent, first = raw.execute(
        "SELECT village, replica, parent, first FROM stream WHERE n = ?", (stream,)
    ).fetchone()
    if number < first:
        if parent is not None:
            return value_at(raw, parent, number)
        return first_value(village, replica) if is_chained(replica) else None
    found = raw.execute(
        "SELECT chain FROM change WHERE stream = ? AND number = ? "
        "UNION ALL SELECT chain FROM folded WHERE stream = ? AND last = ? "
        "UNION ALL SELECT chain FROM folded_chain WHERE stream = ? AND number = ?",
        3 * (stream, number),
    ).fetchone()
    return found[0] if found else None


def stream_roots(raw: Any) -> dict[int, str]:
    """Stream → the replica that it, or the stream that it branched off, was written by."""
    parents: dict[int, tuple[str, int | None]] = {
        n: (replica, parent) for n, replica, parent in raw.execute("SELECT n, replica, parent FROM stream")
    }
    roots = {}
    for n, (replica, parent) in parents.items():
        while parent is not None:
            replica, parent = parents[parent]
        roots[n] = replica
    return roots
