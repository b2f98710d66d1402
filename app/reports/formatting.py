"""How values are printed: Chinese dates, thousands separators, a dash for what is unknown."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from app.pdf.page_style import CELL, LABEL, TextStyle
from app.pdf.table import Cell, CheckboxList, TableRow
from app.records.field import Field, Value, field
from resources.option_roles import yes_no

EMPTY = "—"
_DAY = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")
YES, NO = yes_no(True), yes_no(False)
_MAX_INLINE_LABEL = 16  # characters; a longer question takes a row of its own
_MAX_INLINE_OPTIONS = 14  # characters of all options that fit into half a row


def day(value: date | None) -> str:
    """2018年8月10日, without leading zeros (GB/T 9704)."""
    return f"{value.year}年{value.month}月{value.day}日" if value else EMPTY


def days_in(text: str) -> str:
    """A text with the days in it, YYYY-MM-DD, as paper writes them: titles of records name their day."""
    return _DAY.sub(lambda found: f"{found[1]}年{int(found[2])}月{int(found[3])}日", text)


def print_footer(operator: str, printed_at: datetime) -> str:
    """The footer of internal pages: confidential, who printed it, and when."""
    return f"内部资料，不得外传　{operator}　{day(printed_at.date())} {printed_at:%H:%M} 打印"


def month(value: str | None) -> str:
    """YYYY-MM as 2018年8月."""
    if not value:
        return EMPTY
    year, _, number = value.partition("-")
    return f"{year}年{int(number)}月" if year.isdecimal() and number.isdecimal() else value


def money(value: Decimal | None) -> str:
    return EMPTY if value is None else f"{value:,.2f}"


def number(value: Decimal | int | None) -> str:
    """With thousands separators, without trailing zeros."""
    if value is None:
        return EMPTY
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def date_range(start: date | None, end: date | None) -> str:
    """From … to …; an open end is 至今."""
    return f"{day(start)}至{day(end)}" if end else f"{day(start)}至今" if start else EMPTY


def format_field(item_field: Field, value: object) -> str:
    """A stored value as an archive prints it: with its unit, bank account numbers reduced to their last four digits."""
    if value is None or value == "" or value == ():
        return EMPTY
    if isinstance(value, date):
        return day(value)
    if item_field.kind == "month":
        return month(str(value))
    if item_field.kind == "year":
        return f"{value}年"
    if isinstance(value, Decimal) or (item_field.kind == "integer" and isinstance(value, int)):
        formatted = money(value) if item_field.kind == "money" and isinstance(value, Decimal) else number(value)
        return formatted + item_field.unit
    return item_field.text(value, hide=item_field.spec.mask == "bank")


def label_cell(table: str, name: str, style: TextStyle = LABEL, col_span: int = 1) -> Cell:
    """A field's label as a shaded cell."""
    item_field = field(table, name)
    return Cell(item_field.label, style, col_span, shaded=True)


def checkboxes(item_field: Field, value: Value) -> CheckboxList:
    """A field's options printed in full; a stored value that is no longer offered follows them."""
    if item_field.kind == "yes_no":
        return CheckboxList((YES, NO), () if value is None else (YES if value else NO,))
    selected = value if isinstance(value, tuple) else () if value is None else (str(value),)
    labels = {option.value: option.label for option in item_field.options}
    options = tuple(labels.values()) + tuple(stored for stored in selected if stored not in labels)
    return CheckboxList(options, tuple(labels.get(stored, stored) for stored in selected))


def field_cell(item_field: Field, stored: Value, style: TextStyle = CELL, col_span: int = 1) -> Cell:
    """The cell of a field that is not a column, e.g. a question of a form; a value of another kind is text."""
    if item_field.kind in ("choice", "choices") or (
        item_field.kind == "yes_no" and (stored is None or isinstance(stored, bool))
    ):
        return Cell(checkboxes(item_field, stored), style, col_span)
    return Cell(format_field(item_field, stored), style, col_span)


def field_grid(table: str, row: object, names: Sequence[str], pairs: int = 2) -> list[TableRow]:
    """Labels and values, `pairs` of them in a row; long texts and long option lists take a row of their own."""
    return answer_grid([(field(table, name), getattr(row, name, None)) for name in names], pairs)


def answer_grid(answers_given: Sequence[tuple[Field, Value]], pairs: int = 2) -> list[TableRow]:
    """The same grid of fields and values from any source."""
    rows: list[TableRow] = []
    open_row: list[Cell] = []
    for item_field, stored in answers_given:
        if _is_long(item_field):
            rows += _finish_row(open_row, pairs)
            open_row = []
            rows.append(
                TableRow([_field_label_cell(item_field), field_cell(item_field, stored, col_span=2 * pairs - 1)])
            )
        else:
            open_row += [_field_label_cell(item_field), field_cell(item_field, stored)]
        if len(open_row) == 2 * pairs:
            rows.append(TableRow(open_row))
            open_row = []
    return rows + _finish_row(open_row, pairs)


def _field_label_cell(item_field: Field) -> Cell:
    return Cell(item_field.label, LABEL, shaded=True)


def _finish_row(cells: Sequence[Cell], pairs: int) -> list[TableRow]:
    """Complete a row, its last value as wide as what is left."""
    if not cells:
        return []
    last_cell = cells[-1]
    return [TableRow([*cells[:-1], Cell(last_cell.content, last_cell.style, 2 * pairs - len(cells) + 1)])]


def _is_long(item_field: Field) -> bool:
    if len(item_field.label) > _MAX_INLINE_LABEL:
        return True
    if item_field.kind in ("choice", "choices"):
        return sum(len(option.label) + 1 for option in item_field.options) > _MAX_INLINE_OPTIONS
    return item_field.kind == "long"
