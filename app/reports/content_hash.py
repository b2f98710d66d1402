"""The content of an archive as a hash for each part and one over all.

It is computed from the flowables that the sections build: from their values, not from labels, widths, page numbers or
anything that holds only on the day of printing. So it is the same on every computer with the same records, and changes
with any value. A photograph counts by the hash in its record, whether its image has arrived or not.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from hashlib import sha256
from typing import Any

from app.pdf.document import Jpeg
from app.pdf.flowables import Flowable, Heading, Volatile
from app.pdf.page_style import TextStyle
from app.pdf.table import Cell, CheckboxList
from app.reports.catalogue import Part
from app.reports.deferred import Deferred

_HEX_DIGITS = 32
_IGNORED_TYPES = (Volatile, TextStyle, Jpeg, Heading, Deferred)


@dataclass(frozen=True, slots=True)
class ContentHash:
    """`parts`: name of a part → hash, in filing order; `overall` is the hash over all of them."""

    parts: Mapping[str, str]

    @property
    def overall(self) -> str:
        return _hash(f"{name}={part_hash}" for name, part_hash in sorted(self.parts.items()))


def hash_content(built_parts: Sequence[tuple[Part, Sequence[Flowable]]]) -> ContentHash:
    """The hash of parts as their sections built them, with the attachments that are bound behind them."""
    by_name: defaultdict[str, list[Flowable]] = defaultdict(list)
    for part, flowables in built_parts:
        if not part.log:
            by_name[part.name] += flowables
    return ContentHash({name: _hash(_content_values(flowables)) for name, flowables in by_name.items()})


def _hash(texts: Iterator[str]) -> str:
    return sha256("\x1f".join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:_HEX_DIGITS]


def _content_values(value: object) -> Iterator[str]:
    """The values in a flowable, including types that a section defines for itself."""
    value_type: Any = type(value)
    match _extraction(value_type):
        case "text":
            yield str(value)
        case "cell" if isinstance(value, Cell):
            content = value.content
            if not isinstance(content, str):
                yield from _content_values(content)
            elif not (isinstance(content, Volatile) or value.style.font.startswith("hei")):  # labels are set in hei
                yield content
        case "ticks" if isinstance(value, CheckboxList):
            yield "、".join(value.selected)
        case "several" if isinstance(value, Sequence):
            for item in value:
                yield from _content_values(item)
        case tuple(names):
            for name in names:
                yield from _content_values(getattr(value, name))


@cache
def _extraction(value_type: Any) -> str | tuple[str, ...]:
    """How to extract the values of a type: "" for none, a tuple for the fields of a dataclass."""
    for known_type, extraction in (
        (_IGNORED_TYPES, ""),
        (str, "text"),
        (Cell, "cell"),
        (CheckboxList, "ticks"),
        (Sequence, "several"),
    ):
        if issubclass(value_type, known_type):
            return extraction
    return tuple(item.name for item in fields(value_type)) if is_dataclass(value_type) else ""
