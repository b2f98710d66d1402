"""Whether a list was exported from the national system, and when: only then it says what stands in that system.

A list with 户编号 may just as well be kept in the village. What its headings say is proposed; what an officer said of a
list of the same headings goes before that.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from sqlalchemy.orm import Session

import resources
from app.consistency.systems import entry_systems
from app.consistency.three_way import system_place
from app.sheets.header_matching import HeaderRow
from app.sheets.import_choices import remembered_origin
from app.sheets.roster_aliases import TABLES, normalize_header
from app.sheets.writer import template_fields

_NUMBER = "household.household_no"
_DAY = re.compile(r"(?<!\d)(20\d\d)[-./年]?([01]?\d)[-./月]?([0-3]?\d)(?!\d)")
_EXPORTED = re.compile(r"(?:导出|截止|截至)(?:时间|日期)?[：:]?\s*(20\d\d[-./年]?[01]?\d[-./月]?[0-3]?\d)")


@dataclass(frozen=True, slots=True)
class RosterOrigin:
    """Where a list comes from.

    Attributes:
        is_national: it was exported from the national system
        day: of which it tells
    """

    is_national: bool
    day: date


def find_origin(session: Session, path: Path, header_rows: Sequence[HeaderRow]) -> RosterOrigin:
    """As an officer said of lists with these headings, else as the headings say."""
    said = remembered_origin(session, header_rows)
    titles = [title for one in header_rows for title in one.titles]
    is_national = any(map(_looks_national, header_rows)) if said is None else said
    return RosterOrigin(can_be_national(header_rows) and is_national, list_day(path, titles))


def can_be_national(header_rows: Sequence[HeaderRow]) -> bool:
    """Whether a list names households as the national system does."""
    return any(_NUMBER in one.targets for one in header_rows)


def list_day(path: Path, titles: Sequence[str]) -> date:
    """The day of which a list tells: its 导出时间, a day in its name, else when the file was last written."""
    exported = (match[1] for title in titles for match in _EXPORTED.finditer(title))
    for text in (*exported, path.stem):
        for match in _DAY.finditer(text):
            try:
                return date(int(match[1]), int(match[2]), int(match[3]))
            except ValueError:  # the digits of something else
                continue
    return date.fromtimestamp(path.stat().st_mtime)


def _looks_national(header_row: HeaderRow) -> bool:
    if _NUMBER not in header_row.targets or header_row.headers in _templates():
        return False
    titles, headings = _exports()
    said = " ".join(header_row.titles)
    return any(word in said for word in titles) or not headings.isdisjoint(map(normalize_header, header_row.headers))


@cache
def _exports() -> tuple[tuple[str, ...], frozenset[str]]:
    """Words of the titles of the system's exports, and headings that only they have."""
    [system] = [one for one in entry_systems() if one.place == system_place()]
    raw = resources.read("systems", system.key)["exports"]
    return tuple(raw["titles"]), frozenset(map(normalize_header, raw["headings"]))


@cache
def _templates() -> frozenset[tuple[str, ...]]:
    """The headings of the empty sheets that this program writes."""
    return frozenset(tuple(one.label for one in template_fields(table)) for table in TABLES)
