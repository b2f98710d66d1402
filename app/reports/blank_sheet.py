"""Sheets to fill in by hand: a title beside a QR code that says which household and which form, and room to write."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.pdf.canvas import PageCanvas
from app.pdf.flowables import Flowable, Fragment, HeaderLine, KeepTogether
from app.pdf.page_style import MM, SUBTITLE, TITLE
from app.pdf.qr_code import QrCode
from app.pdf.structure import Element
from app.pdf.table import Cell, Table, TableRow
from app.pdf.text_layout import break_lines
from app.reports import formatting

_SIDE, _GAP = 17 * MM, 3 * MM
_ROOM = 10.0  # millimetres of a row to write in
_PREFIX = "HDSHEET1"  # the kind of code and its version, as a card for photographs begins with HDPHOTO1


@dataclass(frozen=True, slots=True)
class SheetTitle:
    """The title of an empty sheet.

    Attributes:
        form: the code of the form, checklist or register that the sheet is of
        household_id: "" where the household is not known yet, which the code then leaves out
    """

    text: str
    form: str
    household_id: str
    subtitle: str = ""

    @property
    def code(self) -> str:
        """What the QR code says. It holds no name and no number of a person."""
        return f"{_PREFIX}:{self.form}:{self.household_id}"

    def split(self, width: float, max_height: float) -> list[Fragment]:
        inset = _SIDE + _GAP
        title = break_lines(self.text, TITLE, width - 2 * inset)
        subtitle = break_lines(self.subtitle, SUBTITLE, width - 2 * inset)
        texts_height = title.height + (subtitle.height if self.subtitle else 0)
        height = max(texts_height, _SIDE) + 2 * MM

        def draw(canvas: PageCanvas, x: float, y: float) -> None:
            QrCode(self.code, _SIDE, "m", 2).draw(canvas, x, y)
            top = y - max(_SIDE - texts_height, 0) / 2
            canvas.tag(Element("H1"))
            canvas.text_block(x + inset, top, width - 2 * inset, title)
            if self.subtitle:
                canvas.tag(Element("P"))
                canvas.text_block(x + inset, top - title.height, width - 2 * inset, subtitle)

        return [Fragment(height, draw, keep_with_next=True, heads=(1, self.text))]


def emptied(flowables: Sequence[Flowable]) -> list[Flowable]:
    """The same paper with room to write where a filled-in one has a dash."""
    return [_emptied(one) for one in flowables]


def _emptied(flowable: Flowable) -> Flowable:
    match flowable:
        case HeaderLine():
            return replace(flowable, right=flowable.right.replace(formatting.EMPTY, "　　　　"))
        case KeepTogether():
            return replace(flowable, flowables=emptied(flowable.flowables))
        case Table():
            return replace(flowable, rows=[_emptied_row(row) for row in flowable.rows])
        case _:
            return flowable


def _emptied_row(row: TableRow) -> TableRow:
    is_written_on = any(cell.content == formatting.EMPTY for cell in row.cells)
    return TableRow([_emptied_cell(cell) for cell in row.cells], max(row.min_height, _ROOM * is_written_on))


def _emptied_cell(cell: Cell) -> Cell:
    return replace(cell, content="") if cell.content == formatting.EMPTY else cell
