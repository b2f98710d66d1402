"""The cells of a ruled table: what they hold, laid out to their width and drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from app.pdf.canvas import PageCanvas
from app.pdf.document import Jpeg
from app.pdf.page_style import CELL, LABEL, MM, TextStyle
from app.pdf.structure import Element, text_entry
from app.pdf.text_layout import TextBlock, break_lines

_CHECKED, _UNCHECKED = "☑", "☐"


@dataclass(frozen=True, slots=True)
class CheckboxList:
    """A list of options printed in full, with a checkbox before each."""

    options: tuple[str, ...]
    selected: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImageCell:
    """An image in a cell, as large as fits into `size_mm` (width, height); None leaves space for one.

    `content_hash`: the hash in the record of the photograph. `described`: what it shows, for who does not see it; the
    placeholder where nothing is said.
    """

    image: Jpeg | None
    size_mm: tuple[float, float]
    placeholder: str = "照片"
    content_hash: str = ""
    described: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """The content of one cell, across `col_span` columns and `row_span` rows."""

    content: str | CheckboxList | ImageCell
    style: TextStyle = CELL
    col_span: int = 1
    row_span: int = 1
    shaded: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """Cells from left to right, without those that a cell above spans; `min_height` in millimetres."""

    cells: Sequence[Cell]
    min_height: float = 0


@dataclass(frozen=True, slots=True)
class _CheckboxLines:
    lines: tuple[tuple[tuple[float, bool, TextBlock], ...], ...]
    style: TextStyle

    @property
    def height(self) -> float:
        return len(self.lines) * self.style.leading


CellContent = TextBlock | _CheckboxLines | ImageCell


class PlacedCell(NamedTuple):
    """A cell with its x within the table, its width, and its content laid out to that width.

    `is_repeated`: it says again, on a further page of its row, what the row is about.
    """

    cell: Cell
    x: float
    width: float
    content: CellContent
    needed_height: float
    element: Element
    is_repeated: bool = False


def is_label_cell(cell: Cell) -> bool:
    """Whether a cell says what others are; labels are set in the black letter."""
    return isinstance(cell.content, str) and bool(cell.content) and cell.style.font == LABEL.font


def cell_element(cell: Cell, row: Element, scope: str) -> Element:
    """A cell of the structure. `scope`: of all headers of the row, "" where a label heads what is right of it."""
    if scope or is_label_cell(cell):
        return Element("TH", row, _cell_entries(cell.col_span, cell.row_span, scope or "Row"))
    return Element("TD", row, _cell_entries(cell.col_span, cell.row_span, ""))


@cache
def _cell_entries(col_span: int, row_span: int, heads: str) -> str:
    spans = (f"/ColSpan {col_span}" if col_span > 1 else "") + (f"/RowSpan {row_span}" if row_span > 1 else "")
    scope = f"/Scope/{heads}" if heads else ""
    return f"/A<</O/Table{spans}{scope}>>" if spans or scope else ""


def fit_content(cell: Cell, width: float) -> tuple[CellContent, float]:
    if isinstance(cell.content, str):
        block = break_lines(cell.content, cell.style, width)
        return block, block.height
    if isinstance(cell.content, CheckboxList):
        checkboxes = _layout_checkboxes(cell.content, cell.style, width)
        return checkboxes, checkboxes.height
    return cell.content, cell.content.size_mm[1] * MM


@lru_cache(maxsize=5000)
def _layout_checkboxes(checkboxes: CheckboxList, style: TextStyle, width: float) -> _CheckboxLines:
    """Options in lines: checkbox, a little space, label; an option is not split if a line can hold it."""
    box_width, spacing = style.size * 0.8 + 2, style.size * 0.9
    lines: list[list[tuple[float, bool, TextBlock]]] = [[]]
    used = 0.0
    for option in checkboxes.options:
        label = break_lines(option, style, width - box_width)
        if lines[-1] and used + box_width + label.width > width:
            lines.append([])
            used = 0.0
        for n, line in enumerate(label.lines):
            if n:
                lines.append([])
                used = 0.0
            lines[-1].append((used if not n else -1.0, option in checkboxes.selected, TextBlock(style, (line,))))
        used += box_width + label.width + spacing
    return _CheckboxLines(tuple(tuple(line) for line in lines), style)


def draw_cell(canvas: PageCanvas, placed: PlacedCell, x: float, y: float, height: float, padding: float) -> None:
    canvas.tag(None if placed.is_repeated else placed.element)
    canvas.attach(placed.element)
    left, right, content = x + placed.x, x + placed.x + placed.width, placed.content
    if placed.cell.shaded:
        canvas.shade(left, y - height, placed.width, height)
    canvas.cell_border(left, y - height, right, y)
    if isinstance(content, TextBlock):
        canvas.text_block(left + padding, y - (height - content.height) / 2, placed.width - 2 * padding, content)
    elif isinstance(content, ImageCell):
        _draw_image(canvas, content, left, y, placed.width, height)
    else:
        top, style = y - (height - content.height) / 2, content.style
        box_size = style.size * 0.8
        for line in content.lines:
            for offset, checked, label in line:
                if offset >= 0:
                    text = (_CHECKED if checked else _UNCHECKED) + "".join(part for _, part in label.lines[0].runs)
                    canvas.tag(Element("Span", placed.element, text_entry("ActualText", text)))
                    canvas.checkbox(left + padding + offset, top - style.leading / 2 - box_size / 2, box_size, checked)
                canvas.text_block(left + padding + max(offset, 0) + box_size + 2, top, placed.width, label)
                canvas.tag(placed.element)
            top -= style.leading


def _draw_image(canvas: PageCanvas, image_cell: ImageCell, x: float, y: float, width: float, height: float) -> None:
    image = image_cell.image
    if image is None:
        block = break_lines(image_cell.placeholder, LABEL, width)
        canvas.text_block(x, y - (height - block.height) / 2, width, block, 0.6)
        return
    max_width, max_height = (edge * MM for edge in image_cell.size_mm)
    scale = min(max_width / image.width, max_height / image.height, (width - 2) / image.width)
    image_width, image_height = image.width * scale, image.height * scale
    left, bottom = x + (width - image_width) / 2, y - (height + image_height) / 2
    canvas.image(image, left, bottom, image_width, image_height, image_cell.described or image_cell.placeholder)
