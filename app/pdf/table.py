"""Ruled tables of texts, checkboxes and images, with header rows repeated on each page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from app.pdf.canvas import PageCanvas
from app.pdf.document import Jpeg
from app.pdf.flowables import Fragment, keep_with_next
from app.pdf.page_style import CELL, LABEL, MM, TextStyle
from app.pdf.structure import Element, text_entry
from app.pdf.text_layout import TextBlock, break_lines

_MIN_ROW_HEIGHT = 7.5  # mm
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


_CellContent = TextBlock | _CheckboxLines | ImageCell


@dataclass(frozen=True, slots=True)
class _PlacedCell:
    """A cell with its x within the table, its width, and its content laid out to that width."""

    cell: Cell
    x: float
    width: float
    content: _CellContent
    needed_height: float
    element: Element


@dataclass(frozen=True)
class Table:
    """A ruled table.

    Attributes:
        columns: widths in millimetres, scaled together to the width of the page
        header_rows: rows repeated on each page
        padding: left and right of a cell's content, in millimetres
        min_height: of each row, in millimetres
        row_padding: above and below a cell's content, in millimetres
        keep_together: it stays on one page if it fits on one
    """

    columns: Sequence[float]
    rows: Sequence[TableRow]
    header_rows: Sequence[TableRow] = ()
    padding: float = 1.4
    min_height: float = _MIN_ROW_HEIGHT
    row_padding: float = 0.8
    keep_together: bool = field(default=False)

    def split(self, width: float, max_height: float) -> list[Fragment]:
        element = Element("Table")
        header = self._header_fragment(width, element) if self.header_rows else None
        available = max_height - (header.height if header else 0)
        fragments = [Fragment(header.height, header.draw, keep_with_next=True)] if header else []
        for group in _row_groups(self.rows):
            fragment = self._group_fragment(group, width, element)
            parts = [fragment] if fragment.height <= available else self._split(group, width, available, element)
            fragments += [Fragment(part.height, part.draw, repeat_header=header) for part in parts]
        first_kept = 0 if self.keep_together else max(len(fragments) - 2, 0)  # the last row never begins a page alone
        return [
            *fragments[:first_kept],
            *(keep_with_next(fragment) for fragment in fragments[first_kept:-1]),
            *fragments[-1:],
        ]

    def _column_edges(self, width: float) -> list[float]:
        scale = width / sum(self.columns)
        edges = [0.0]
        for column in self.columns:
            edges.append(edges[-1] + column * scale)
        return edges

    def _header_fragment(self, width: float, element: Element) -> Fragment:
        """The header rows; what is repeated on a further page belongs to no element."""
        fragment = self._group_fragment(list(self.header_rows), width, element, scope="Column")

        def draw(canvas: PageCanvas, x: float, y: float) -> None:
            if element.is_attached:
                with canvas.artifacts():
                    fragment.draw(canvas, x, y)
            else:
                fragment.draw(canvas, x, y)

        return Fragment(fragment.height, draw)

    def _place_cells(
        self, rows: Sequence[TableRow], width: float, table: Element, scope: str = ""
    ) -> list[list[_PlacedCell]]:
        """`scope`: of cells that are headers because the whole row is."""
        edges = self._column_edges(width)
        covered_rows: dict[int, int] = {}  # column → rows that a cell above still spans
        placed_rows: list[list[_PlacedCell]] = []
        for row in rows:
            column, placed_row, row_element = 0, [], Element("TR", table)
            row_scope = scope or ("Column" if all(_is_label(cell) for cell in row.cells) else "")
            covered = {n for n, remaining in covered_rows.items() if remaining}
            covered_rows = {n: remaining - 1 for n, remaining in covered_rows.items() if remaining}
            for cell in row.cells:
                while column in covered:
                    column += 1
                end_column = min(column + cell.col_span, len(self.columns))
                cell_width = edges[end_column] - edges[column]
                content, content_height = _fit_content(cell, cell_width - 2 * self.padding * MM)
                needed_height = content_height + 2 * self.row_padding * MM
                element = _cell_element(cell, row_element, row_scope)
                placed_row.append(_PlacedCell(cell, edges[column], cell_width, content, needed_height, element))
                if cell.row_span > 1:
                    covered_rows |= dict.fromkeys(range(column, end_column), cell.row_span - 1)
                column = end_column
            placed_rows.append(placed_row)
        return placed_rows

    def _group_fragment(self, rows: Sequence[TableRow], width: float, table: Element, scope: str = "") -> Fragment:
        placed_rows = self._place_cells(rows, width, table, scope)
        heights = [
            max(
                [
                    self.min_height * MM,
                    row.min_height * MM,
                    *(placed_cell.needed_height for placed_cell in placed_row if placed_cell.cell.row_span == 1),
                ]
            )
            for row, placed_row in zip(rows, placed_rows, strict=True)
        ]
        for n, placed_row in enumerate(placed_rows):
            for placed_cell in placed_row:
                shortfall = placed_cell.needed_height - sum(heights[n : n + placed_cell.cell.row_span])
                if shortfall > 0:
                    heights[min(n + placed_cell.cell.row_span, len(heights)) - 1] += shortfall
        padding = self.padding * MM

        def draw(canvas: PageCanvas, x: float, y: float) -> None:
            for n, placed_row in enumerate(placed_rows):
                for placed_cell in placed_row:
                    _draw_cell(canvas, placed_cell, x, y, sum(heights[n : n + placed_cell.cell.row_span]), padding)
                y -= heights[n]

        return Fragment(sum(heights), draw)

    def _split(self, group: Sequence[TableRow], width: float, available: float, table: Element) -> Iterator[Fragment]:
        """Split a group that no page can hold: row by row, and a row that no page can hold by lines."""
        for row in _unmerged(group, len(self.columns)):
            fragment = self._group_fragment([row], width, table)
            if fragment.height <= available:
                yield fragment
            else:
                yield from self._split_row(row, width, available, table)

    def _split_row(self, row: TableRow, width: float, available: float, table: Element) -> Iterator[Fragment]:
        (remaining,) = self._place_cells([row], width, table)
        is_continued = False
        while remaining:
            current, following = [], []
            max_needed = max(placed_cell.needed_height for placed_cell in remaining)
            # the rest is shared between two pages where it would fill one, so that a signature has room below it
            limit = (
                max_needed / 2 + 1.6 * MM if is_continued and 0.6 * available < max_needed <= available else available
            )
            for placed_cell in remaining:
                head_content, tail = placed_cell.content, None
                if isinstance(placed_cell.content, TextBlock) and placed_cell.needed_height > limit:
                    head_content, tail = placed_cell.content.split_at(limit - 1.6 * MM)
                current.append(replace(placed_cell, content=head_content, needed_height=0))
                tail_content = tail or TextBlock(placed_cell.cell.style, ())
                following.append(
                    replace(placed_cell, content=tail_content, needed_height=tail_content.height + 1.6 * MM)
                )
            yield _row_fragment(
                current,
                min(
                    limit,
                    max(
                        placed_cell.content.height + 2 * self.row_padding * MM
                        for placed_cell in current
                        if isinstance(placed_cell.content, TextBlock)
                    ),
                ),
                self.padding * MM,
            )
            is_continued = True
            remaining = (
                following
                if any(
                    isinstance(placed_cell.content, TextBlock) and placed_cell.content.lines
                    for placed_cell in following
                )
                else []
            )


def _row_fragment(cells: Sequence[_PlacedCell], height: float, padding: float) -> Fragment:
    def draw(canvas: PageCanvas, x: float, y: float) -> None:
        for placed_cell in cells:
            _draw_cell(canvas, placed_cell, x, y, height, padding)

    return Fragment(height, draw)


def _row_groups(rows: Sequence[TableRow]) -> Iterator[list[TableRow]]:
    """Rows that are held together by a spanning cell."""
    group: list[TableRow] = []
    rows_spanned = 0
    for row in rows:
        group.append(row)
        rows_spanned = max(rows_spanned - 1, max((cell.row_span for cell in row.cells), default=1) - 1)
        if rows_spanned <= 0:
            yield group
            group, rows_spanned = [], 0
    if group:
        yield group


def _unmerged(group: Sequence[TableRow], columns: int) -> Iterator[TableRow]:
    """The rows of a group without spanning cells, whose content is repeated in each of its rows."""
    spanning: list[tuple[int, Cell, int]] = []
    for row in group:
        cells = [
            Cell(cell.content, cell.style, cell.col_span, 1, cell.shaded)
            for _, cell, remaining in spanning
            if remaining > 0
        ]
        spanning = [(n, cell, remaining - 1) for n, cell, remaining in spanning if remaining > 1]
        for cell in row.cells:
            cells.append(Cell(cell.content, cell.style, cell.col_span, 1, cell.shaded))
            if cell.row_span > 1:
                spanning.append((len(cells), cell, cell.row_span - 1))
        yield TableRow(cells, row.min_height)


def _is_label(cell: Cell) -> bool:
    """Whether a cell says what others are; labels are set in the black letter."""
    return isinstance(cell.content, str) and bool(cell.content) and cell.style.font == LABEL.font


def _cell_element(cell: Cell, row: Element, scope: str) -> Element:
    """A cell of the structure. `scope`: of all headers of the row, "" where a label heads what is right of it."""
    spans = (f"/ColSpan {cell.col_span}" if cell.col_span > 1 else "") + (
        f"/RowSpan {cell.row_span}" if cell.row_span > 1 else ""
    )
    is_header = scope == "Column" or _is_label(cell)
    heads = f"/Scope/{scope or 'Row'}" if is_header else ""
    entries = f"/A<</O/Table{spans}{heads}>>" if spans or heads else ""
    return Element("TH" if is_header else "TD", row, entries)


def _fit_content(cell: Cell, width: float) -> tuple[_CellContent, float]:
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


def _draw_cell(canvas: PageCanvas, placed: _PlacedCell, x: float, y: float, height: float, padding: float) -> None:
    canvas.tag(placed.element)
    canvas.attach(placed.element)
    left, right, style = x + placed.x, x + placed.x + placed.width, placed.cell.style
    if placed.cell.shaded:
        canvas.shade(left, y - height, placed.width, height)
    canvas.cell_border(left, y - height, right, y)
    if isinstance(placed.content, ImageCell):
        _draw_image(canvas, placed.content, left, y, placed.width, height)
    elif isinstance(placed.content, TextBlock):
        top = y - (height - placed.content.height) / 2
        canvas.text_block(left + padding, top, placed.width - 2 * padding, placed.content)
    else:
        top = y - (height - placed.content.height) / 2
        box_size = style.size * 0.8
        for line in placed.content.lines:
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
