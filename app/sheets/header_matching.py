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
from app.sheets.sheet import Sheet, column_letters

RosterKind: TypeAlias = Literal["member", "household", "helper"]

MAX_HEADER_ROW = 20  # rows in which a heading is looked for
MIN_COLUMNS, MIN_COLUMNS_WITH_KEYS = 5, 3
_UNIT = re.compile(r"\((亩|元|万元|月|公里|km|m2|平方米|人|户|个|%)\)$")
# what people write behind a column's name for whoever fills it in; a year or another person's part says something else
_HINT = re.compile(
    r"\((必填|选填|必填项|文本|文本格式|18位|身份证|身份证号|身份证号码|请选择|下拉选择|单选|多选|可多选)\)$"
)
_TABLES: dict[RosterKind, tuple[str, ...]] = {
    "member": ("member", "household", "living_condition", "income_year"),
    "household": ("household", "living_condition", "income_year"),
    "helper": ("helper", "assignment"),
}
# one of each group must be there for a sheet to be a list of that kind
_KEY_COLUMNS: dict[RosterKind, tuple[tuple[str, ...], ...]] = {
    "member": (("member.name",), ("member.relation", "member.id_no", "member.person_no")),
    "household": (("household.household_no", "member.id_no"), ("member.name", "household.household_no")),
    "helper": (("helper.name",), ("household.household_no", "head.name", "head.id_no")),
}
SKIPPED_COLUMN = "row.skipped"


@dataclass(frozen=True, slots=True)
class HeaderRow:
    """A recognised heading.

    Attributes:
        row: of its last line, counted from 0; the list begins below
        headers: as they stand in the sheet, blanks taken out; a column without one is named by its letters
        targets: what each column becomes, "table.column" ("" for columns that are kept as they are)
        titles: the text above the heading
    """

    kind: RosterKind
    row: int
    headers: tuple[str, ...]
    targets: tuple[str, ...]
    titles: tuple[str, ...]

    def count_recognized(self) -> int:
        """How many columns are recognised."""
        return sum(1 for target in self.targets if target)


def normalize_header(header: object) -> str:
    """A header as it is compared: half-width, no blanks, no marks of a required column, no unit, no advice."""
    text = re.sub(r"[\s*\u200b\ufeff:]", "", unicodedata.normalize("NFKC", str(header))).lower()
    return _UNIT.sub("", _HINT.sub("", text))


@cache
def aliases(kind: RosterKind) -> Mapping[str, str]:
    """Folded header → "table.column", of all layouts of one kind; then the labels of db/schema."""
    targets: dict[str, str] = {}
    for name in resources.names("rosters"):
        layout = resources.read("rosters", name)
        if layout["about"] != kind:
            continue
        for header in layout["skipped"]:
            targets.setdefault(normalize_header(header), SKIPPED_COLUMN)
        for target, headers in layout["columns"].items():
            for header in headers:
                targets[normalize_header(header)] = target
    for table in _TABLES[kind]:
        for field_spec in fields(table):
            if not field_spec.spec.derived and field_spec.kind != "reference" and field_spec.name != "year":
                targets.setdefault(normalize_header(field_spec.label), f"{table}.{field_spec.name}")
    return targets


def find_header_row(sheet: Sheet) -> HeaderRow | None:
    """The heading of a sheet, None if no row is one."""
    best: HeaderRow | None = None
    for row in range(min(MAX_HEADER_ROW, len(sheet.rows))):
        for lines in ((row,), (row - 1, row)) if row else ((row,),):
            for kind in _TABLES:
                candidate = _match_header_row(sheet, lines, kind)
                if candidate is not None and (best is None or candidate.count_recognized() > best.count_recognized()):
                    best = candidate
    return best and _extend_over_merged(sheet, best)


def _extend_over_merged(sheet: Sheet, best: HeaderRow) -> HeaderRow:
    """The same heading with the lines into which cells of its last line are merged."""
    merged_ends = [last[0] for first, last in sheet.merged if first[0] <= best.row < last[0] <= best.row + 2]
    if not merged_ends:
        return best
    extended = _match_header_row(sheet, tuple(range(best.row, max(merged_ends) + 1)), best.kind)
    return extended if extended is not None and extended.count_recognized() >= best.count_recognized() else best


def recognized_headers(sheet: Sheet) -> tuple[str, ...]:
    """The most column names that any one row has; for the sentence when it is too few."""
    best: tuple[str, ...] = ()
    known_headers = {header for kind in _TABLES for header in aliases(kind)}
    for row in sheet.rows[:MAX_HEADER_ROW]:
        recognized = tuple(str(cell).strip() for cell in row if cell != "" and normalize_header(cell) in known_headers)
        best = max(best, recognized, key=len)
    return best


def _match_header_row(sheet: Sheet, lines: tuple[int, ...], kind: RosterKind) -> HeaderRow | None:
    targets_by_header = aliases(kind)
    headers = column_headers(sheet, lines)
    targets = tuple(targets_by_header.get(normalize_header(header), "") for header in headers)
    count = sum(1 for target in targets if target)
    if count < MIN_COLUMNS_WITH_KEYS or not all(any(key in targets for key in group) for group in _KEY_COLUMNS[kind]):
        return None
    if count < MIN_COLUMNS and any(header and not target for header, target in zip(headers, targets, strict=True)):
        return None
    titles = tuple(str(cell) for row in sheet.rows[: lines[0]] for cell in row if cell != "")
    column_names = tuple(header or f"{column_letters(index)}列" for index, header in enumerate(headers))
    return HeaderRow(kind, lines[-1], column_names, targets, titles)


def column_headers(sheet: Sheet, lines: tuple[int, ...]) -> tuple[str, ...]:
    """What heads each column in these rows: its lowest filled line; a cell merged downwards fills those below it."""
    rows = [["" if cell == "" else re.sub(r"\s+", "", str(cell)) for cell in sheet.rows[line]] for line in lines]
    width = max(len(row) for row in rows)
    rows = [row + [""] * (width - len(row)) for row in rows]
    for (top, left), (bottom, _) in sheet.merged:
        for index, line in enumerate(lines):
            if top < line <= bottom and left < width and not rows[index][left]:
                rows[index][left] = re.sub(r"\s+", "", str(sheet.rows[top][left]))
    return tuple(next((row[index] for row in reversed(rows) if row[index]), "") for index in range(width))
