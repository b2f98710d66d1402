"""A sheet as it was read: raw cells in their places."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

Cell: TypeAlias = str | int | float | bool | date | datetime | time | timedelta
Row: TypeAlias = tuple[Cell, ...]
OPTIONS_SHEET = "选项"  # hidden in what this program writes: what may be chosen
HIDDEN_SHEET = "_hudang"  # what a written list keeps of itself (app/sheets/register_layout.py)
LAYOUT_VERSION = 1
WORKED_OUT = "worked_out:"  # there before the title of a list that was worked out, where others have their key
CellRange: TypeAlias = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a file.

    Attributes:
        rows: `rows[0]` is row 1 and `rows[0][0]` is column A; an empty cell is ""
        merged: ranges of merged cells, first and last (row, column), counted from 0
        is_hidden: the file does not show it; it is named, and its rows are not read
        hidden_rows, struck_rows: rows, counted from 0, that Excel does not show, or shows struck through
        formula_errors: cells, counted from 0, whose formula has no result or an error for one → the formula's fault
    """

    name: str
    rows: tuple[Row, ...]
    merged: tuple[CellRange, ...] = ()
    formula_errors: Mapping[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    struck_rows: frozenset[int] = frozenset()
    is_hidden: bool = False


def column_letters(column: int) -> str:
    """The letters of a column counted from 0: 0 is A, 26 is AA."""
    result = ""
    column += 1
    while column:
        column, remainder = divmod(column - 1, 26)
        result = chr(65 + remainder) + result
    return result


def column_index(letters_of_column: str) -> int:
    """The column, counted from 0, of its letters."""
    number = 0
    for letter in letters_of_column:
        number = number * 26 + ord(letter) - 64
    return number - 1
