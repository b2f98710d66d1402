"""Lists on paper: numbered rows below a head that comes again, one column an attribute."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.archive import wording
from app.archive.blocks import Block, Signature, Slot
from app.archive.paper import SMALL, SMALL_LABEL, Align, Style
from app.archive.tables import Cell, Row, Table

_NONE = "（没有记录）"
_SUM = "hei"
_NUMBER = 10  # millimetres for the number of a row


@dataclass(frozen=True, slots=True)
class Column:
    """`mm`: its share of the width; `align`: numbers stand right, words of some length left."""

    label: str
    mm: float
    align: Align = "center"


def ledger(
    columns: Sequence[Column],
    rows: Iterable[Sequence[str]],
    *,
    body: Style = SMALL,
    head: Style = SMALL_LABEL,
    least: float = 8,
    blanks: int = 0,
    total: Sequence[str] = (),
    padding: float = 0.8,
) -> Table:
    """A table with a column of numbers before the others.

    Args:
        rows: what stands in the columns; an empty text is printed as —, a blank one stays blank to be written into
        least: height of a row in millimetres
        blanks: empty numbered rows after the others
        total: a last row without a number, as long as the columns
    """
    styles = [body.at(column.align) for column in columns]
    made = [
        Row(
            [
                Cell(str(n), body.at("center")),
                *(Cell(text or wording.EMPTY, style) for text, style in zip(row, styles, strict=True)),
            ],
            least,
        )
        for n, row in enumerate(rows, 1)
    ]
    empty = [Cell("", style) for style in styles]
    made += [Row([Cell(str(len(made) + n), body.at("center")), *empty], least) for n in range(1, blanks + 1)]
    if not made:
        made = [Row([Cell(_NONE, body.at("center"), len(columns) + 1)], 14)]
    elif total:
        strong = Style(_SUM, body.size, body.pitch)
        cells = [Cell(text, strong.at(column.align), shaded=True) for text, column in zip(total, columns, strict=True)]
        made.append(Row([Cell("合计", strong.at("center"), shaded=True), *cells], least))
    heads = [Row([Cell(text, head, shaded=True) for text in ("序号", *(one.label for one in columns))], max(least, 9))]
    number = _NUMBER if body.size < 12 else 1.7 * _NUMBER
    return Table((number, *(column.mm for column in columns)), made, heads, padding=padding)


def summed(amounts: Iterable[Decimal | None]) -> str:
    """The sum of what is known, — where nothing is."""
    known = [one for one in amounts if one is not None]
    return wording.money(sum(known, Decimal())) if known else wording.EMPTY


def signed(*labels: str) -> Block:
    """Who filled a list in and who looked it over, in one line."""
    return Signature([Slot(label) for label in labels], columns=len(labels))
