"""Which row of a sheet is its heading, what kind of list it heads, and what each column becomes.

Aliases are data: resources/rosters/*.toml. Headers come in any order; two-row headings and merged cells are common in
what counties add to the national export.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, TypeAlias

import resources
from app.records.field import fields
from app.sheets.sheet import Sheet, letters

About: TypeAlias = Literal["member", "household", "helper"]

LOOKED_AT = 20  # rows in which a heading is looked for
ENOUGH, ENOUGH_WITH_KEYS = 5, 3
_UNIT = re.compile(r"\((亩|元|万元|月|公里|km|m2|平方米|人|户|个|%)\)$")
# what people write behind a column's name for whoever fills it in; a year or another person's part says something else
_ADVICE = re.compile(
    r"\((必填|选填|必填项|文本|文本格式|18位|身份证|身份证号|身份证号码|请选择|下拉选择|单选|多选|可多选)\)$"
)
_TABLES: dict[About, tuple[str, ...]] = {
    "member": ("member", "household", "living_condition", "income_year"),
    "household": ("household", "living_condition", "income_year"),
    "helper": ("helper", "assignment"),
}
# one of each group must be there for a sheet to be a list of that kind
_KEYS: dict[About, tuple[tuple[str, ...], ...]] = {
    "member": (("member.name",), ("member.relation", "member.id_no", "member.person_no")),
    "household": (("household.household_no", "member.id_no"), ("member.name", "household.household_no")),
    "helper": (("helper.name",), ("household.household_no", "head.name", "head.id_no")),
}
SKIPPED = "row.skipped"


@dataclass(frozen=True, slots=True)
class Heading:
    """A recognised heading.

    Attributes:
        row: of its last line, counted from 0; the list begins below
        headers: as they stand in the sheet, blanks taken out; a column without one is named by its letters
        targets: what each column becomes, "table.column" ("" for columns that are kept as they are)
        titles: the text above the heading
    """

    about: About
    row: int
    headers: tuple[str, ...]
    targets: tuple[str, ...]
    titles: tuple[str, ...]

    def known(self) -> int:
        """How many columns are recognised."""
        return sum(1 for target in self.targets if target)


def folded(header: object) -> str:
    """A header as it is compared: half-width, no blanks, no marks of a required column, no unit, no advice."""
    text = re.sub(r"[\s*\u200b\ufeff:]", "", unicodedata.normalize("NFKC", str(header))).lower()
    return _UNIT.sub("", _ADVICE.sub("", text))


@cache
def aliases(about: About) -> Mapping[str, str]:
    """Folded header → "table.column", of all layouts of one kind; then the labels of db/schema."""
    found: dict[str, str] = {}
    for name in resources.names("rosters"):
        layout = resources.read("rosters", name)
        if layout["about"] != about:
            continue
        for header in layout["skipped"]:
            found.setdefault(folded(header), SKIPPED)
        for target, headers in layout["columns"].items():
            for header in headers:
                found[folded(header)] = target
    for table in _TABLES[about]:
        for one in fields(table):
            if not one.declared.derived and one.kind != "reference" and one.name != "year":
                found.setdefault(folded(one.label), f"{table}.{one.name}")
    return found


def heading(sheet: Sheet) -> Heading | None:
    """The heading of a sheet, None if no row is one."""
    best: Heading | None = None
    for row in range(min(LOOKED_AT, len(sheet.rows))):
        for lines in ((row,), (row - 1, row)) if row else ((row,),):
            for about in _TABLES:
                found = _as_heading(sheet, lines, about)
                if found is not None and (best is None or found.known() > best.known()):
                    best = found
    return best and _to_its_end(sheet, best)


def _to_its_end(sheet: Sheet, best: Heading) -> Heading:
    """The same heading with the lines into which cells of its last line are merged."""
    crossing = [last[0] for first, last in sheet.merged if first[0] <= best.row < last[0] <= best.row + 2]
    if not crossing:
        return best
    whole = _as_heading(sheet, tuple(range(best.row, max(crossing) + 1)), best.about)
    return whole if whole is not None and whole.known() >= best.known() else best


def headers_seen(sheet: Sheet) -> tuple[str, ...]:
    """The most column names that any one row has; for the sentence when it is too few."""
    best: tuple[str, ...] = ()
    known = {header for about in _TABLES for header in aliases(about)}
    for row in sheet.rows[:LOOKED_AT]:
        seen = tuple(str(cell).strip() for cell in row if cell != "" and folded(cell) in known)
        best = max(best, seen, key=len)
    return best


def _as_heading(sheet: Sheet, lines: tuple[int, ...], about: About) -> Heading | None:
    known = aliases(about)
    headers = _headers(sheet, lines)
    targets = tuple(known.get(folded(header), "") for header in headers)
    count = sum(1 for target in targets if target)
    if count < ENOUGH_WITH_KEYS or not all(any(key in targets for key in group) for group in _KEYS[about]):
        return None
    if count < ENOUGH and any(header and not target for header, target in zip(headers, targets, strict=True)):
        return None
    titles = tuple(str(cell) for row in sheet.rows[: lines[0]] for cell in row if cell != "")
    named = tuple(header or f"{letters(place)}列" for place, header in enumerate(headers))
    return Heading(about, lines[-1], named, targets, titles)


def _headers(sheet: Sheet, lines: tuple[int, ...]) -> tuple[str, ...]:
    """The lowest filled line of each column; a cell merged downwards fills the lines below it."""
    rows = [["" if cell == "" else re.sub(r"\s+", "", str(cell)) for cell in sheet.rows[line]] for line in lines]
    width = max(len(row) for row in rows)
    rows = [row + [""] * (width - len(row)) for row in rows]
    for (top, left), (bottom, _) in sheet.merged:
        for place, line in enumerate(lines):
            if top < line <= bottom and left < width and not rows[place][left]:
                rows[place][left] = re.sub(r"\s+", "", str(sheet.rows[top][left]))
    return tuple(next((row[place] for row in reversed(rows) if row[place]), "") for place in range(width))
