"""The content of an archive as a hash for each part and one over all.

It is computed from the flowables that the sections build: from their values, not from labels, widths, page numbers or
anything that holds only on the day of printing. So it is the same on every computer with the same records, and changes
with any value. A photograph counts by the hash in its record, whether its image has arrived or not.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
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


def _hash(texts: Iterable[str]) -> str:
    return sha256("\x1f".join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:_HEX_DIGITS]


def _content_values(value: object) -> list[str]:
    """The values in a flowable, including types that a section defines for itself."""
    values: list[str] = []
    _add(value, values)
    return values


def _add(value: object, values: list[str]) -> None:
    value_type: Any = type(value)
    _extraction(value_type)(value, values)


def _nothing(value: Any, values: list[str]) -> None:
    pass


def _text(value: Any, values: list[str]) -> None:
    values.append(str(value))


def _cell(value: Cell, values: list[str]) -> None:
    content = value.content
    if not isinstance(content, str):
        _add(content, values)
    elif not (isinstance(content, Volatile) or value.style.font.startswith("hei")):  # labels are set in hei
        values.append(content)


def _ticks(value: CheckboxList, values: list[str]) -> None:
    values.append("、".join(value.selected))


def _several(value: Sequence[Any], values: list[str]) -> None:
    for item in value:
        _add(item, values)


@cache
def _extraction(value_type: Any) -> Callable[[Any, list[str]], None]:
    """What adds the values of a type to a list, of a dataclass those of its fields."""
    for known_type, extraction in (
        (_IGNORED_TYPES, _nothing),
        (str, _text),
        (Cell, _cell),
        (CheckboxList, _ticks),
        (Sequence, _several),
    ):
        if issubclass(value_type, known_type):
            return extraction
    if not is_dataclass(value_type):
        return _nothing
    names = [item.name for item in fields(value_type)]
    return lambda value, values: _several([getattr(value, name) for name in names], values)
