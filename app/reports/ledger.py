"""Ledgers: numbered rows below a repeated header, one column for each attribute."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.pdf.flowables import Flowable, SignatureBlock, SignatureField
from app.pdf.page_style import SMALL, SMALL_LABEL, Align, TextStyle
from app.pdf.table import Cell, Table, TableRow
from app.records.field import Field
from app.registers.engine.widths import NUMBER_MM
from app.reports import formatting

_LEFT = ("text", "long")  # kinds of fields
_EMPTY_TEXT = "（没有记录）"
_TOTAL_FONT = "hei"


@dataclass(frozen=True, slots=True)
class LedgerColumn:
    """One column; `width_mm` is its share of the width of the page."""

    label: str
    width_mm: float
    align: Align = "center"


def field_align(one: Field) -> Align:
    """How the cells of a field stand on every paper: numbers at the right, texts at the left, and in the middle what is
    short: dates, choices, names of people, and what is no number though written in digits: codes, telephones."""
    if one.spec.short or one.spec.rule or one.spec.mask:
        return "center"
    return "right" if one.is_number else "left" if one.kind in _LEFT else "center"


def field_column(one: Field, width_mm: float) -> LedgerColumn:
    """A column of this field under its name and unit."""
    unit = f"（{one.unit}）" if one.unit else ""
    return LedgerColumn(one.label.removesuffix(unit) + unit, width_mm, field_align(one))


def ledger_table(
    columns: Sequence[LedgerColumn],
    rows: Iterable[Sequence[str]],
    *,
    body_style: TextStyle = SMALL,
    header_style: TextStyle = SMALL_LABEL,
    min_height: float = 8,
    blank_rows: int = 0,
    total: Sequence[str] = (),
    padding: float = 0.8,
) -> Table:
    """A table that begins with a column of row numbers.

    Args:
        rows: the texts of the columns; an empty text is printed as —, a blank one leaves space for writing
        min_height: of a row, in millimetres
        blank_rows: empty numbered rows after the others
        total: a last row without a number, with a text for each column
    """
    styles = [body_style.aligned(column.align) for column in columns]
    table_rows = [
        TableRow(
            [
                Cell(str(n), body_style.aligned("center")),
                *(Cell(text or formatting.EMPTY, style) for text, style in zip(row, styles, strict=True)),
            ],
            min_height,
        )
        for n, row in enumerate(rows, 1)
    ]
    empty_cells = [Cell("", style) for style in styles]
    table_rows += [
        TableRow([Cell(str(len(table_rows) + n), body_style.aligned("center")), *empty_cells], min_height)
        for n in range(1, blank_rows + 1)
    ]
    if not table_rows:
        table_rows = [TableRow([Cell(_EMPTY_TEXT, body_style.aligned("center"), len(columns) + 1)], 14)]
    elif total:
        table_rows.append(_total_row(columns, total, body_style, min_height))
    header_rows = [
        TableRow(
            [Cell(text, header_style, shaded=True) for text in ("序号", *(column.label for column in columns))],
            max(min_height, 9),
        )
    ]
    number_width = NUMBER_MM if body_style.size < 12 else 1.7 * NUMBER_MM
    return Table((number_width, *(column.width_mm for column in columns)), table_rows, header_rows, padding=padding)


def _total_row(
    columns: Sequence[LedgerColumn], total: Sequence[str], body_style: TextStyle, min_height: float
) -> TableRow:
    style = TextStyle(_TOTAL_FONT, body_style.size, body_style.leading)
    cells = [Cell(text, style.aligned(column.align), shaded=True) for text, column in zip(total, columns, strict=True)]
    return TableRow([Cell("合计", style.aligned("center"), shaded=True), *cells], min_height)


def format_sum(amounts: Iterable[Decimal | None]) -> str:
    """The sum of the known amounts, — if there are none."""
    amounts_known = [amount for amount in amounts if amount is not None]
    return formatting.money(sum(amounts_known, Decimal())) if amounts_known else formatting.EMPTY


def signature_row(*labels: str) -> Flowable:
    """Places to sign side by side, e.g. for whoever filled in a list and whoever reviewed it."""
    return SignatureBlock([SignatureField(label) for label in labels], columns=len(labels))
