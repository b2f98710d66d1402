"""Limits that change with the years: a file of resources/yearly has lines, each in force from its year until the next.

A county corrects the program's lines and adds its own; what is asked is always what the county has.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import resources
from resources.overlay import cached

_ABOUT_A_LINE = ("year", "item")


@dataclass(frozen=True, slots=True)
class YearlyLine:
    """What counts from a year on, of one option (`item`) where a table has lines of options. Numbers by column."""

    year: int
    item: str
    numbers: Mapping[str, Decimal]


@cached
def yearly_lines(name: str) -> tuple[YearlyLine, ...]:
    """All lines of a table, the latest first, those of one year in the order of the file."""
    found = [
        YearlyLine(
            raw["year"],
            raw.get("item", ""),
            {key: Decimal(str(number)) for key, number in raw.items() if key not in _ABOUT_A_LINE},
        )
        for raw in resources.read("yearly", name)["lines"]
    ]
    return tuple(sorted(found, key=lambda line: line.year, reverse=True))


def numbers_of_year(name: str, year: int, item: str = "") -> Mapping[str, Decimal]:
    """What counts in a year, by column; nothing where no line reaches that far back."""
    return next((line.numbers for line in yearly_lines(name) if line.item == item and line.year <= year), {})
