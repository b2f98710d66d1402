"""What a household's volume says, as a hash a part and one over all.

It is taken of the blocks that the sections give: of their values, not of labels, widths, page numbers, or anything that
is true on the day of printing only. So it is the same on every laptop with the same records, and changes with a value.
A photograph counts by the hash in its record, whether its picture has arrived or not.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from hashlib import sha256
from typing import Any

from app.archive.blocks import Block, Heading, Passing
from app.archive.catalogue import Part
from app.archive.paper import Style
from app.archive.pdf import Jpeg
from app.archive.tables import Cell, Ticks
from app.archive.volume import Later

_DIGITS = 32
_UNSAID = (Passing, Style, Jpeg, Heading, Later)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """`parts`: name of a part → hash, in filing order; `whole` is over all of them."""

    parts: Mapping[str, str]

    @property
    def whole(self) -> str:
        return _hash(f"{name}={found}" for name, found in sorted(self.parts.items()))


def fingerprint(made: Sequence[tuple[Part, Sequence[Block]]]) -> Fingerprint:
    """The hash of parts as their sections made them."""
    return Fingerprint({part.name: _hash(_said(list(blocks))) for part, blocks in made if not part.log})


def _hash(texts: Iterator[str]) -> str:
    return sha256("\x1f".join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def _said(thing: object) -> Iterator[str]:
    """The values in a block, whatever kind of block a section has made for itself."""
    kind: Any = type(thing)
    match _how(kind):
        case "text":
            yield str(thing)
        case "cell" if isinstance(thing, Cell):
            content = thing.content
            if not isinstance(content, str):
                yield from _said(content)
            elif not (isinstance(content, Passing) or thing.style.font.startswith("hei")):  # the face of labels
                yield content
        case "ticks" if isinstance(thing, Ticks):
            yield "、".join(thing.chosen)
        case "several" if isinstance(thing, Sequence):
            for one in thing:
                yield from _said(one)
        case tuple(names):
            for name in names:
                yield from _said(getattr(thing, name))


@cache
def _how(kind: Any) -> str | tuple[str, ...]:
    """What is to be done with things of a kind; "" for nothing, names for the fields of a block."""
    for known, how in ((_UNSAID, ""), (str, "text"), (Cell, "cell"), (Ticks, "ticks"), (Sequence, "several")):
        if issubclass(kind, known):
            return how
    return tuple(one.name for one in fields(kind)) if is_dataclass(kind) else ""
