"""A sheet with a recognised heading → rows with values, each with what was not taken and why.

Cells are judged one by one: a value that a field cannot take is left out with a remark; a row is refused only where
it does not say reliably whom it is about. One row of a sheet may be about several people (app/sheets/people_in_row.py).
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from app.sheets.cell_parsing import CellResult, ColumnParser
from app.sheets.cells import text_of
from app.sheets.header_matching import HeaderRow
from app.sheets.mapped_column import YEARLY_TABLES
from app.sheets.member_values import split_target
from app.sheets.people_in_row import related_rows, split_helpers
from app.sheets.roster import Remark, RosterRow, rest_title
from app.sheets.roster_aliases import SKIPPED_COLUMN, RosterKind
from app.sheets.row_selection import RowSelection
from app.sheets.sheet import Cell, Row, Sheet, column_letters
from app.sheets.year_parts import add_up_year

_REQUIRED_TARGETS = {"household.household_no", "member.person_no", "member.id_no", "member.name", "helper.name"}


class RowReader:
    """Reads the rows of one sheet into what they say of whom they are about."""

    def __init__(self, sheet: Sheet, header_row: HeaderRow) -> None:
        self._sheet, self._header_row = sheet, header_row
        parsers = [ColumnParser(column) for column in header_row.columns if column.target not in ("", SKIPPED_COLUMN)]
        often = Counter(parser.target for parser in parsers)
        for parser in parsers:
            parser.is_shared = often[parser.target] > 1 or bool(parser.column.year)
        # of what has one value now, a later year goes before an earlier one
        parsers.sort(key=lambda one: 0 if one.is_yearly else -one.column.year)
        self._parts: dict[tuple[RosterKind, int], list[ColumnParser]] = {(header_row.kind, 0): []}
        self._parts_of_years: dict[tuple[str, int], list[ColumnParser]] = {}
        for parser in parsers:
            if parser.column.is_part_of_year:
                self._parts_of_years.setdefault((parser.target, parser.column.year), []).append(parser)
                continue
            self._parts.setdefault((parser.column.kind, parser.column.person), []).append(parser)
        self._notes = [(column.index, column.title) for column in header_row.columns if not column.target]
        self._formula_errors: dict[int, list[tuple[int, str]]] = {}
        for (index, column_index), error in sheet.formula_errors.items():
            self._formula_errors.setdefault(index, []).append((column_index, error))

    @property
    def main_part(self) -> tuple[RosterKind, int]:
        return self._header_row.kind, 0

    def read(self, index: int, cells: Row) -> dict[tuple[RosterKind, int], RosterRow]:
        """(kind, person across the row) → what it says; the part that the row itself is about is always there."""
        parts = {}
        for (kind, person), parsers in self._parts.items():
            row = self._row(index, cells, kind, person, parsers)
            if (kind, person) == self.main_part or row.values or row.by_year or row.reason or row.remarks:
                parts[kind, person] = row
        main = parts[self.main_part]
        for column_index, title in self._notes:
            text = text_of(cells[column_index])
            if text:
                main.note(title, text)
        for parts_of_year in self._parts_of_years.values():
            add_up_year(main, parts_of_year)
        for row in parts.values():
            _move_to_own_year(row)
        for column_index, error in self._formula_errors.get(index, ()):
            self._report_formula(main, column_index, error)
        return parts

    def _row(self, index: int, cells: Row, kind: RosterKind, person: int, parsers: Sequence[ColumnParser]) -> RosterRow:
        header_row = self._header_row
        columns = [parser.column for parser in parsers] if (kind, person) != self.main_part else header_row.columns
        row = RosterRow(self._sheet.name, index + 1, kind, cells, header_row.headers, columns, person=person)
        for parser in parsers:
            cell = cells[parser.index]
            if cell == "":
                continue
            result = parser.parse(cell)
            if result.is_plain and not parser.is_shared and parser.target not in row.values:
                row.values[parser.target] = result.value
            else:
                _take_result(row, parser, cell, result)
        return row

    def _report_formula(self, row: RosterRow, index: int, error: str) -> None:
        if index >= len(self._header_row.columns):
            return
        column = self._header_row.columns[index]
        text = f"“{column.header}”（{column_letters(index)}{row.row}）的{error}"
        if column.target in _REQUIRED_TARGETS:
            row.reason = row.reason or f"{text}。请用 Excel 打开算好，把公式换成数值后再导入。"
        elif column.target != SKIPPED_COLUMN:
            row.remark(f"{text}，未取", column.header)


def _move_to_own_year(row: RosterRow) -> None:
    """What is told year by year belongs to the year that the row itself names."""
    year = row.values.get("row.year")
    if not isinstance(year, int):
        return
    told = {target: value for target, value in row.values.items() if split_target(target)[0] in YEARLY_TABLES}
    for target, value in told.items():
        if row.by_year.setdefault(year, {}).setdefault(target, value) == value:
            del row.values[target]
            if (source := row.source(target)) is not None:
                row.sources.setdefault((target, year), source)


def _take_result(row: RosterRow, parser: ColumnParser, cell: Cell, result: CellResult) -> None:
    """Put what one cell says into the row."""
    column = parser.column
    if result.error:
        if column.target in _REQUIRED_TARGETS:
            row.reason = row.reason or f"{column_letters(column.index)}{row.row} 单元格：{result.error}。"
        else:
            row.remark(f"{result.error}，未取", column.header)
        return
    if result.blank:
        row.remark(result.blank, column.header)
        return
    if result.value is None:
        return
    values = row.by_year.setdefault(column.year, {}) if column.year and parser.is_yearly else row.values
    year = column.year if values is not row.values else 0
    row.sources.setdefault((column.target, year), column)
    if values.setdefault(column.target, result.value) != result.value:
        row.note(column.title, text_of(cell))
        return
    if result.warning:
        row.remark(result.warning, column.header)
    for target, rest in result.rest.items():
        if target and target not in row.values and not any(one.target == target for one in row.columns):
            row.values[target] = rest
        else:
            row.note(rest_title(column.title), rest if isinstance(rest, str) else "、".join(rest))


def roster_rows(
    sheet: Sheet, header_row: HeaderRow, selection: RowSelection, left_out: list[Remark]
) -> Iterator[RosterRow]:
    """What the rows below the heading say, main part first; rows that are no rows of the list go to `left_out`."""
    reader = RowReader(sheet, header_row)
    for index, cells in selection.rows():
        parts = reader.read(index, cells)
        main = parts[reader.main_part]
        reason = selection.why_not(index, cells, main.values)
        if reason:
            texts = " | ".join(text for text in map(text_of, cells) if text)
            left_out.append(Remark(sheet.name, index + 1, "", f"{reason}，没有收：{texts}"))
            continue
        if doubt := selection.doubt(index):
            main.remark(doubt)
        yield from split_helpers(main) if main.kind == "helper" else (main,)
        yield from related_rows(main, parts, reader.main_part)
