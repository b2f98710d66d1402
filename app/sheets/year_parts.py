"""Quarters, halves and months of a year side by side: their sum is the year's number, each cell is kept as a note."""

from collections.abc import Sequence
from decimal import Decimal

from app.sheets.cell_parsing import ColumnParser
from app.sheets.cells import text_of
from app.sheets.roster import RosterRow


def add_up_year(row: RosterRow, parsers: Sequence[ColumnParser]) -> None:
    """Put the sum of these cells into the row; `parsers`: of all parts of one year's number.

    Where a part cannot be read there is no sum. Where the list has the whole year's number too, that one counts.
    """
    filled = [(parser, text) for parser in parsers if (text := text_of(row.cells[parser.index]))]
    if not filled:
        return
    total, is_whole = Decimal(0), True
    for parser, text in filled:
        result = parser.parse(row.cells[parser.index])
        row.note(parser.column.title, text)
        if isinstance(result.value, Decimal):
            total += result.value
        else:
            is_whole = False
            row.remark(f"{result.error or result.blank}，没有加进全年的数", parser.header)
    first = parsers[0].column
    if not is_whole:
        return
    values = row.by_year.setdefault(first.year, {}) if first.year else row.values
    row.sources.setdefault((first.target, first.year), first)
    said = values.setdefault(first.target, total)
    if said != total:
        row.remark(f"{_named(parsers)}相加是 {total}，全年的一列是 {said}，取全年的一列", first.header)
    elif len(filled) < len(parsers):
        empty = [parser for parser in parsers if all(parser is not one for one, _ in filled)]
        row.remark(f"{_named(empty)}为空，全年的数只加了其余的，请核对", first.header)


def _named(parsers: Sequence[ColumnParser]) -> str:
    return "、".join(f"“{parser.column.title}”" for parser in parsers)
