"""Which row of a sheet is its heading, what kind of list it heads, and what each column becomes.

Headers come in any order; two-row headings and merged cells are common in what counties add to the national export. A
kind is chosen by how many different things its columns would become, by the groups that they stand under and by what
stands in the rows, not by how many names are known.
"""

import re
from collections import defaultdict
from dataclasses import dataclass

from app.sheets.cells import text_of
from app.sheets.column_mapping import MappedColumn, map_columns
from app.sheets.roster_aliases import TABLES, RosterKind, aliases, normalize_header, office_headers
from app.sheets.sheet import Sheet
from app.sheets.units import unit_above_table

MAX_HEADER_ROW = 20  # rows in which a heading is looked for
MIN_COLUMNS, MIN_COLUMNS_WITH_KEYS = 5, 3
_SAMPLED_ROWS = 400
_BESIDE = 0.9  # what a column of another kind counts, without a group that says so
_ACROSS = 0.5  # members across the row make it a household's rather than a person's
# one of each group must be there for a sheet to be a list of that kind
_KEY_COLUMNS: dict[RosterKind, tuple[tuple[str, ...], ...]] = {
    "member": (("member.name",), ("member.relation", "member.id_no", "member.person_no")),
    "household": (("household.household_no", "member.id_no"), ("member.name", "household.household_no")),
    "helper": (("helper.name",), ("household.household_no", "head.name", "head.id_no")),
}


@dataclass(frozen=True, slots=True)
class HeaderRow:
    """A recognised heading.

    Attributes:
        row: of its last line, counted from 0; the list begins below
        columns: what each column of the sheet becomes, in order
        titles: the text above the heading
    """

    kind: RosterKind
    row: int
    columns: tuple[MappedColumn, ...]
    titles: tuple[str, ...]

    @property
    def headers(self) -> tuple[str, ...]:
        """As they stand in the sheet, blanks taken out; a column without one is named by its letters."""
        return tuple(column.header for column in self.columns)

    @property
    def targets(self) -> tuple[str, ...]:
        """What each column becomes, "" for columns that are kept as they are."""
        return tuple(column.target for column in self.columns)

    def score(self) -> float:
        """How much is understood: different things count once, another kind's columns less where no group says so."""
        weights: dict[tuple[str, int, int], float] = {}
        for column in self.columns:
            if column.is_understood:
                beside = column.kind == "helper" != self.kind and not column.group
                weights.setdefault(column.key, _BESIDE if beside else 1)
        across = self.kind == "household" and any(column.person for column in self.columns)
        return sum(weights.values()) + (_ACROSS if across else 0)


def find_header_row(sheet: Sheet) -> HeaderRow | None:
    """The heading of a sheet, None if no row is one."""
    best: HeaderRow | None = None
    for row in range(min(MAX_HEADER_ROW, len(sheet.rows))):
        for lines in ((row,), (row - 1, row)) if row else ((row,),):
            for kind in TABLES:
                candidate = _match_header_row(sheet, lines, kind)
                if candidate is not None and (best is None or candidate.score() > best.score()):
                    best = candidate
    if best is None:
        return None
    best = _extend_over_merged(sheet, best)
    if best.kind == "household" and _has_several_people(sheet, best):
        people = _match_header_row(sheet, _lines_of(sheet, best), "member")
        return people or best
    return best


def _lines_of(sheet: Sheet, header_row: HeaderRow) -> tuple[int, ...]:
    """The lines of a heading: two where its columns stand under groups."""
    return (header_row.row - 1, header_row.row) if any(c.group for c in header_row.columns) else (header_row.row,)


def _has_several_people(sheet: Sheet, header_row: HeaderRow) -> bool:
    """Whether one 户编号 has several ID numbers: then a row is a person, whatever its columns are called."""
    places = {column.target: column.index for column in header_row.columns if not column.person}
    number, person = places.get("household.household_no"), places.get("member.id_no")
    if number is None or person is None:
        return False
    ids: dict[str, set[str]] = defaultdict(set)
    for cells in sheet.rows[header_row.row + 1 : header_row.row + 1 + _SAMPLED_ROWS]:
        if (household_no := text_of(cells[number])) and (id_no := text_of(cells[person])):
            ids[household_no].add(id_no)
    return sum(len(found) > 1 for found in ids.values()) * 2 > len(ids)


def _extend_over_merged(sheet: Sheet, best: HeaderRow) -> HeaderRow:
    """The same heading with the lines into which cells of its last line are merged."""
    merged_ends = [last[0] for first, last in sheet.merged if first[0] <= best.row < last[0] <= best.row + 2]
    if not merged_ends:
        return best
    extended = _match_header_row(sheet, tuple(range(best.row, max(merged_ends) + 1)), best.kind)
    return extended if extended is not None and extended.score() >= best.score() else best


def recognized_headers(sheet: Sheet) -> tuple[str, ...]:
    """The most column names that any one row has; for the sentence when it is too few."""
    best: tuple[str, ...] = ()
    known_headers = {header for kind in TABLES for header in aliases(kind)}
    for row in sheet.rows[:MAX_HEADER_ROW]:
        recognized = tuple(str(cell).strip() for cell in row if cell != "" and normalize_header(cell) in known_headers)
        best = max(best, recognized, key=len)
    return best


def _match_header_row(sheet: Sheet, lines: tuple[int, ...], kind: RosterKind) -> HeaderRow | None:
    headers = column_headers(sheet, lines)
    titles = tuple(str(cell) for row in sheet.rows[: lines[0]] for cell in row if cell != "")
    table_unit = next((unit for title in titles if (unit := unit_above_table(title))), "")
    columns = map_columns(headers, group_headings(sheet, lines, headers), kind, table_unit)
    count = sum(1 for column in columns if column.is_understood)
    own = {column.target for column in columns if not column.person and column.kind == kind}
    if count < MIN_COLUMNS_WITH_KEYS or not all(any(key in own for key in group) for group in _KEY_COLUMNS[kind]):
        return None
    if count < MIN_COLUMNS and any(
        header and not c.is_understood and normalize_header(header) not in office_headers()
        for header, c in zip(headers, columns, strict=True)
    ):
        return None
    return HeaderRow(kind, lines[-1], columns, titles)


def _text_rows(sheet: Sheet, lines: tuple[int, ...]) -> list[list[str]]:
    """The lines as text without blanks, all of one width."""
    rows = [["" if cell == "" else re.sub(r"\s+", "", str(cell)) for cell in sheet.rows[line]] for line in lines]
    width = max(len(row) for row in rows)
    return [row + [""] * (width - len(row)) for row in rows]


def column_headers(sheet: Sheet, lines: tuple[int, ...]) -> tuple[str, ...]:
    """What heads each column in these rows: its lowest filled line; a cell merged downwards fills those below it."""
    rows = _text_rows(sheet, lines)
    width = len(rows[0])
    for (top, left), (bottom, _) in sheet.merged:
        for index, line in enumerate(lines):
            if top < line <= bottom and left < width and not rows[index][left]:
                rows[index][left] = re.sub(r"\s+", "", str(sheet.rows[top][left]))
    return tuple(next((row[index] for row in reversed(rows) if row[index]), "") for index in range(width))


def group_headings(sheet: Sheet, lines: tuple[int, ...], headers: tuple[str, ...]) -> tuple[str, ...]:
    """What stands above each column's own heading, "" where nothing does; one that spans the table is a title."""
    if len(lines) < 2:
        return ("",) * len(headers)
    rows = _text_rows(sheet, lines)
    upper, lower = list(rows[0]), rows[1:]
    merged_right = {left: right for (top, left), (_, right) in sheet.merged if top == lines[0] and right > left}
    current, until = "", -1
    for index, text in enumerate(rows[0]):
        below = any(row[index] for row in lower)
        if text:
            current, until = text, merged_right.get(index, len(headers) if below and index not in merged_right else -1)
        upper[index] = current if below and index <= until and (text or not rows[0][index]) else ""
        if not below:
            current, until = "", -1
    named = [index for index, header in enumerate(headers) if header]
    if named and len({upper[index] for index in named}) == 1:
        return ("",) * len(headers)
    return tuple("" if text == headers[index] else text for index, text in enumerate(upper))
