"""The option lists of a village as rows: what the values in the columns are called."""

from collections.abc import Iterator
from hashlib import blake2b
from typing import NamedTuple

from app.records.field import fields, options
from db.schema import records


class OptionRow(NamedTuple):
    """One line of `published_option`, without the village."""

    list: str
    value: str
    label: str
    code: str
    place: int
    is_retired: bool


def option_rows() -> list[OptionRow]:
    """Every list that a published column uses, under the overlay of the workbook that is read."""
    return [
        OptionRow(name, option.value, option.label, option.code, place, option.retired)
        for name in sorted(set(_lists()))
        for place, option in enumerate(options(name))
    ]


def digest(rows: list[OptionRow]) -> str:
    """By which the database knows whether its lists are these."""
    return blake2b(repr(rows).encode(), digest_size=16).hexdigest()


def _lists() -> Iterator[str]:
    for table in records():
        yield from (one.spec.options for one in fields(table) if one.spec.options)
