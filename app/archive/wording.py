"""How kept values are written on paper: Chinese dates, thousands separators, a dash where nothing is known."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from app.archive.paper import CELL, LABEL, Style
from app.archive.tables import Cell, Row, Ticks
from app.records.field import Field, Value, field

EMPTY = "—"
YES, NO = "是", "否"
_LONG_LABEL = 16  # a question of so many characters stands alone in its row
_SHORT = 14  # options that together have so many characters stand in half a row


def day(value: date | None) -> str:
    """2018年8月10日, without zeros in front (GB/T 9704)."""
    return f"{value.year}年{value.month}月{value.day}日" if value else EMPTY


def month(value: str | None) -> str:
    """YYYY-MM as 2018年8月."""
    if not value:
        return EMPTY
    year, _, number = value.partition("-")
    return f"{year}年{int(number)}月" if year.isdecimal() and number.isdecimal() else value


def money(value: Decimal | None) -> str:
    return EMPTY if value is None else f"{value:,.2f}"


def number(value: Decimal | int | None) -> str:
    """Thousands separated, without zeros at the end."""
    if value is None:
        return EMPTY
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def span(start: date | None, end: date | None) -> str:
    """From … to …; an open end is 至今."""
    return f"{day(start)}至{day(end)}" if end else f"{day(start)}至今" if start else EMPTY


def said(one: Field, value: object) -> str:
    """A kept value as an archive prints it: with its unit, bank numbers to their last four digits."""
    if value is None or value == "" or value == ():
        return EMPTY
    if isinstance(value, date):
        return day(value)
    if one.kind == "month":
        return month(str(value))
    if one.kind == "year":
        return f"{value}年"
    if isinstance(value, Decimal) or (one.kind == "integer" and isinstance(value, int)):
        written = money(value) if one.kind == "money" and isinstance(value, Decimal) else number(value)
        return written + one.unit
    return one.text(value, hide=one.declared.mask == "bank")


def label(table: str, name: str, style: Style = LABEL, cells: int = 1) -> Cell:
    """A field's label as a shaded cell."""
    one = field(table, name)
    return Cell(one.label, style, cells, shaded=True)


def ticks(one: Field, value: Value) -> Ticks:
    """A field's options printed in full; a kept value that is no longer offered stands behind them."""
    if one.kind == "yes_no":
        return Ticks((YES, NO), () if value is None else (YES if value else NO,))
    chosen = value if isinstance(value, tuple) else () if value is None else (str(value),)
    shown = {option.value: option.label for option in one.options}
    options = tuple(shown.values()) + tuple(kept for kept in chosen if kept not in shown)
    return Ticks(options, tuple(shown.get(kept, kept) for kept in chosen))


def value(table: str, row: object, name: str, style: Style = CELL, cells: int = 1) -> Cell:
    """A field's value: options to tick where it has them, else its text."""
    return written(field(table, name), getattr(row, name, None), style, cells)


def written(one: Field, kept: Value, style: Style = CELL, cells: int = 1) -> Cell:
    """The same of a field that is no column, e.g. a question of a form; what its kind cannot hold is text."""
    if one.kind in ("choice", "choices") or (one.kind == "yes_no" and (kept is None or isinstance(kept, bool))):
        return Cell(ticks(one, kept), style, cells)
    return Cell(said(one, kept), style, cells)


def grid(table: str, row: object, names: Sequence[str], pairs: int = 2) -> list[Row]:
    """Label and value, `pairs` of them in a row; long texts and long option lists take a row of their own."""
    return answers([(field(table, name), getattr(row, name, None)) for name in names], pairs)


def answers(found: Sequence[tuple[Field, Value]], pairs: int = 2) -> list[Row]:
    """The same of fields and their values, wherever they come from."""
    rows: list[Row] = []
    open_row: list[Cell] = []
    for one, kept in found:
        if _is_long(one):
            rows += _closed(open_row, pairs)
            open_row = []
            rows.append(Row([_label(one), written(one, kept, cells=2 * pairs - 1)]))
        else:
            open_row += [_label(one), written(one, kept)]
        if len(open_row) == 2 * pairs:
            rows.append(Row(open_row))
            open_row = []
    return rows + _closed(open_row, pairs)


def _label(one: Field) -> Cell:
    return Cell(one.label, LABEL, shaded=True)


def _closed(cells: Sequence[Cell], pairs: int) -> list[Row]:
    """A row that was begun, its last value as wide as what is left."""
    if not cells:
        return []
    last = cells[-1]
    return [Row([*cells[:-1], Cell(last.content, last.style, 2 * pairs - len(cells) + 1)])]


def _is_long(one: Field) -> bool:
    if len(one.label) > _LONG_LABEL:
        return True
    if one.kind in ("choice", "choices"):
        return sum(len(option.label) + 1 for option in one.options) > _SHORT
    return one.kind == "long"
