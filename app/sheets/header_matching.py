"""Which row of a sheet is its heading, what kind of list it heads, and what each column becomes.

Headers come in any order; two-row headings and merged cells are common in what counties add to the national export. A
kind is chosen by how many different things its columns would become, by the groups that they stand under and by what
stands in the rows, not by how many names are known.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, replace

from app.sheets.cells import text_of
from app.sheets.column_mapping import map_columns
from app.sheets.mapped_column import MappedColumn
from app.sheets.roster_aliases import TABLES, RosterKind, aliases, normalize_header, office_headers
from app.sheets.sheet import Cell, Row, Sheet
from app.sheets.units import is_unit, units_above_table

MAX_HEADER_ROW = 20  # rows in which a heading is looked for
MAX_LINES = 3  # of a heading
MIN_COLUMNS, MIN_COLUMNS_WITH_KEYS = 5, 3
_SAMPLED_ROWS = 400
_LONG_NUMBER = re.compile(r"\d{9}")
_BESIDE = 0.9  # what a column of another kind counts, without a group that says so
_ACROSS = 0.5  # members across the row make it a household's rather than a person's
_SURE = ("household.household_no", "member.name", "member.id_no")  # no other office has all of these
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
        lines: of which it consists, counted from 0
    """

    kind: RosterKind
    row: int
    columns: tuple[MappedColumn, ...]
    titles: tuple[str, ...]
    lines: tuple[int, ...] = ()

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
        weights: dict[tuple[str, int, int, str], float] = {}
        for column in self.columns:
            if column.is_understood:
                beside = column.kind == "helper" != self.kind and not column.group
                weights.setdefault(column.key, _BESIDE if beside else 1)
        across = self.kind == "household" and any(column.person for column in self.columns)
        return sum(weights.values()) + (_ACROSS if across else 0)

    def is_better(self, other: "HeaderRow") -> bool:
        """Whether more is understood so; or the same, and more of its columns have year, unit or name from a group."""
        if self.score() != other.score() or self.row != other.row:
            return self.score() > other.score()
        return self._count_grouped() > other._count_grouped()

    def _count_grouped(self) -> int:
        """Columns of which the group says something; what stands above the first column is a title and no group."""
        if not self.columns or self.columns[0].group:
            return 0
        return sum(bool(one.group and (one.year or one.unit or one.period or not one.target)) for one in self.columns)


def find_header_row(sheet: Sheet) -> HeaderRow | None:
    """The heading of a sheet, None if no row is one."""
    best: HeaderRow | None = None
    for row in range(min(MAX_HEADER_ROW, len(sheet.rows))):
        if best is not None and repeats_heading(sheet.rows[row], sheet.rows[best.row]):
            continue
        for first in range(row, max(-1, row - MAX_LINES), -1):
            if first < row and any(_LONG_NUMBER.search(_heading_text(cell)) for cell in sheet.rows[first]):
                break  # a row of the list is no group
            for kind in TABLES:
                candidate = _match_header_row(sheet, tuple(range(first, row + 1)), kind)
                if candidate is not None and (best is None or candidate.is_better(best)):
                    best = candidate
    if best is None:
        return None
    best = _extend_over_merged(sheet, best)
    if best.kind == "household" and _has_several_people(sheet, best):
        best = _match_header_row(sheet, best.lines, "member") or best
    return _with_units_below(sheet, best)


def repeats_heading(cells: Row, heading: Row) -> bool:
    """Whether a row says the same as a heading: the next printed page begins."""
    named = sum(cell != "" for cell in heading)
    same = sum(cell != "" and cell == said for cell, said in zip(cells, heading, strict=False))
    return same >= min(3, named) > 0


def _with_units_below(sheet: Sheet, best: HeaderRow) -> HeaderRow:
    """The heading with the line below it, where that says the units of its columns and nothing else."""
    below = [text_of(cell) for cell in sheet.rows[best.row + 1]] if best.row + 1 < len(sheet.rows) else []
    if not any(below) or not all(is_unit(text) for text in below if text):
        return best
    with_units = _match_header_row(sheet, best.lines, best.kind, tuple(below))
    return replace(with_units, row=best.row + 1) if with_units is not None else best


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
    extended = _match_header_row(sheet, tuple(range(best.lines[0], max(merged_ends) + 1)), best.kind)
    return extended if extended is not None and extended.score() >= best.score() else best


def recognized_headers(sheet: Sheet) -> tuple[str, ...]:
    """The most column names that any one row has; for the sentence when it is too few."""
    best: tuple[str, ...] = ()
    known_headers = {header for kind in TABLES for header in aliases(kind)}
    for row in sheet.rows[:MAX_HEADER_ROW]:
        recognized = tuple(str(cell).strip() for cell in row if cell != "" and normalize_header(cell) in known_headers)
        best = max(best, recognized, key=len)
    return best


def _match_header_row(
    sheet: Sheet, lines: tuple[int, ...], kind: RosterKind, units: tuple[str, ...] = ()
) -> HeaderRow | None:
    """The heading of these lines, None where they are none of this kind; `units`: of each column, from a line below."""
    headers = column_headers(sheet, lines)
    if units:
        headers = tuple(
            f"{header}（{unit.strip('()（）')}）" if unit else header
            for header, unit in zip(headers, units, strict=False)
        )
    titles = tuple(str(cell) for row in sheet.rows[: lines[0]] for cell in row if cell != "")
    columns = map_columns(headers, group_headings(sheet, lines, headers), kind, table_units(sheet, lines[0]))
    count = sum(1 for column in columns if column.is_understood)
    own = {column.target for column in columns if not column.person and column.kind == kind}
    if count < MIN_COLUMNS_WITH_KEYS or not all(any(key in own for key in group) for group in _KEY_COLUMNS[kind]):
        return None
    if (
        count < MIN_COLUMNS
        and not own.issuperset(_SURE)
        and any(
            header and not c.is_understood and normalize_header(header) not in office_headers()
            for header, c in zip(headers, columns, strict=True)
        )
    ):
        return None
    return HeaderRow(kind, lines[-1], columns, titles, lines)


def table_units(sheet: Sheet, heading: int) -> list[str]:
    """The units that the lines above a heading name for the whole table; the word and the unit may stand apart."""
    lines = (" ".join(text for cell in row if (text := text_of(cell))) for row in sheet.rows[:heading])
    return [unit for line in lines for unit in units_above_table(line)]


def _text_rows(sheet: Sheet, lines: tuple[int, ...]) -> list[list[str]]:
    """The lines as text without blanks, all of one width."""
    rows = [[re.sub(r"\s+", "", _heading_text(cell)) for cell in sheet.rows[line]] for line in lines]
    width = max(len(row) for row in rows)
    return [row + [""] * (width - len(row)) for row in rows]


def _heading_text(cell: Cell) -> str:
    """A cell of a heading; a year is a number there, and no 2018.0."""
    return cell if isinstance(cell, str) else text_of(cell)


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
    if len(lines) > 2:
        wide = group_headings(sheet, (lines[0], *lines[2:]), headers)
        narrow = group_headings(sheet, lines[1:], headers)
        return tuple(_joined(above, below) for above, below in zip(wide, narrow, strict=True))
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


def _joined(above: str, below: str) -> str:
    """Two groups of a column as one, the wider first."""
    return below if above in ("", below) else f"{above}·{below}" if below else above
