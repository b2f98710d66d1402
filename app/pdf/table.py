"""Ruled tables of texts, checkboxes and images, with header rows repeated on each page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from app.pdf.canvas import PageCanvas
from app.pdf.cells import (
    Cell,
    CheckboxList,
    ImageCell,
    PlacedCell,
    TableRow,
    cell_element,
    draw_cell,
    fit_content,
    is_label_cell,
)
from app.pdf.flowables import Fragment
from app.pdf.page_style import CONTINUED, MM
from app.pdf.structure import Element
from app.pdf.text_layout import TextBlock, break_lines, widest_unit

__all__ = ["Cell", "CheckboxList", "ImageCell", "Table", "TableRow"]  # what whoever builds a table needs

_MIN_ROW_HEIGHT = 7.5  # mm
_SHORT = 0.3  # of a page: a table that is no taller stays whole
_MOST_OF_NAME = 20  # characters of a first cell that is said again where its row goes on
_LEAST_SHARE = 0.6  # of its width that a column keeps, though others need room


@dataclass(frozen=True)
class Table:
    """A ruled table.

    Attributes:
        columns: widths in millimetres, scaled together to the width of the page; a column in which a number, date or
            code would have to be split takes room from the others
        header_rows: rows repeated on each page
        padding: left and right of a cell's content, in millimetres
        min_height: of each row, in millimetres
        row_padding: above and below a cell's content, in millimetres
        keep_together: it stays on one page if it fits on one, as a short table does in any case
    """

    columns: Sequence[float]
    rows: Sequence[TableRow]
    header_rows: Sequence[TableRow] = ()
    padding: float = 1.4
    min_height: float = _MIN_ROW_HEIGHT
    row_padding: float = 0.8
    keep_together: bool = field(default=False)

    def split(self, width: float, max_height: float) -> list[Fragment]:
        cuts: dict[int, float] = {}
        fragments = self._fragments(width, max_height, cuts)
        columns = self._roomier_columns(width, cuts) if cuts else None
        return replace(self, columns=columns)._fragments(width, max_height, {}) if columns else fragments

    def _fragments(self, width: float, max_height: float, cuts: dict[int, float]) -> list[Fragment]:
        """The rows. `cuts`: takes for each column the width in points that what was split in it needs."""
        element, edges = Element("Table"), self._column_edges(width)
        header = self._header_fragment(edges, element, cuts) if self.header_rows else None
        available = max_height - (header.height if header else 0) - CONTINUED.leading - 1
        parts: list[Fragment] = []
        for group in _row_groups(self.rows):
            part = self._group_fragment(group, edges, element, cuts)
            if part.height <= available:
                parts.append(part)
            else:
                parts += self._split(group, edges, available, element)
        height = sum([*([header.height] if header else ()), *(part.height for part in parts)])
        is_whole = self.keep_together or height <= _SHORT * max_height
        last = len(parts) - 1
        first_kept = 0 if is_whole else last - 1  # the last row never begins a page alone, the first never ends one
        fragments = [
            Fragment(part.height, part.draw, first_kept <= n < last or n == 0 < last - 1, header)
            for n, part in enumerate(parts)
        ]
        return [Fragment(header.height, header.draw, keep_with_next=True), *fragments] if header else fragments

    def _column_edges(self, width: float) -> list[float]:
        scale = width / sum(self.columns)
        edges = [0.0]
        for column in self.columns:
            edges.append(edges[-1] + column * scale)
        return edges

    def _roomier_columns(self, width: float, cuts: dict[int, float]) -> Sequence[float] | None:
        """The widths, in points, with which nothing in them is split; None where the others have no room to give."""
        edges = self._column_edges(width)
        widths = [right - left for left, right in pairwise(edges)]
        wanted = {n: cut + 2 * self.padding * MM + 0.5 for n, cut in cuts.items()}
        missing = sum(needed - widths[n] for n, needed in wanted.items())
        spare = [0.0 if n in wanted else max(0.0, one - self._least_width(n, one)) for n, one in enumerate(widths)]
        if missing > sum(spare):
            return None
        return [
            wanted.get(n, one - missing * given / sum(spare))
            for n, (one, given) in enumerate(zip(widths, spare, strict=True))
        ]

    def _least_width(self, column: int, current: float) -> float:
        """How narrow a column may become: nothing in it is split, and pictures and options stay as they are."""
        least = _LEAST_SHARE * current
        for cell in _cells_of_column([*self.header_rows, *self.rows], column):
            if not isinstance(cell.content, str):
                return current
            least = max(least, widest_unit(cell.content, cell.style) + 2 * self.padding * MM + 0.5)
        return min(least, current)

    def _header_fragment(self, edges: Sequence[float], element: Element, cuts: dict[int, float]) -> Fragment:
        """The header rows; what is repeated on a further page belongs to no element."""
        fragment = self._group_fragment(self.header_rows, edges, element, cuts, scope="Column")

        def draw(canvas: PageCanvas, x: float, y: float) -> None:
            if element.is_attached:
                with canvas.artifacts():
                    fragment.draw(canvas, x, y)
            else:
                fragment.draw(canvas, x, y)

        return Fragment(fragment.height, draw)

    def _place_cells(
        self, rows: Sequence[TableRow], edges: Sequence[float], table: Element, cuts: dict[int, float], scope: str = ""
    ) -> list[list[PlacedCell]]:
        """`scope`: of cells that are headers because the whole row is."""
        padding, row_padding, last = 2 * self.padding * MM, 2 * self.row_padding * MM, len(self.columns)
        covered_rows: dict[int, int] = {}  # column → rows that a cell above still spans
        placed_rows: list[list[PlacedCell]] = []
        for row in rows:
            column, placed_row, row_element = 0, [], Element("TR", table)
            row_scope = scope or ("Column" if all(map(is_label_cell, row.cells)) else "")
            covered = {n for n, remaining in covered_rows.items() if remaining}
            covered_rows = {n: covered_rows[n] - 1 for n in covered}
            for cell in row.cells:
                while column in covered:
                    column += 1
                end_column = min(column + cell.col_span, last)
                cell_width = edges[end_column] - edges[column]
                content, content_height = fit_content(cell, cell_width - padding)
                needed_height = content_height + row_padding
                if isinstance(content, TextBlock) and content.cut and cell.col_span == 1:
                    cuts[column] = max(content.cut, cuts.get(column, 0.0))
                element = cell_element(cell, row_element, row_scope)
                placed_row.append(PlacedCell(cell, edges[column], cell_width, content, needed_height, element))
                if cell.row_span > 1:
                    covered_rows |= dict.fromkeys(range(column, end_column), cell.row_span - 1)
                column = end_column
            placed_rows.append(placed_row)
        return placed_rows

    def _group_fragment(
        self, rows: Sequence[TableRow], edges: Sequence[float], table: Element, cuts: dict[int, float], scope: str = ""
    ) -> Fragment:
        placed_rows = self._place_cells(rows, edges, table, cuts, scope)
        heights = [
            max(
                self.min_height * MM,
                row.min_height * MM,
                *[placed_cell.needed_height for placed_cell in placed_row if placed_cell.cell.row_span == 1],
            )
            for row, placed_row in zip(rows, placed_rows, strict=True)
        ]
        spanning = [(n, placed) for n, placed_row in enumerate(placed_rows) for placed in placed_row]
        for n, placed_cell in spanning:
            if (span := placed_cell.cell.row_span) > 1:
                shortfall = placed_cell.needed_height - sum(heights[n : n + span])
                heights[min(n + span, len(heights)) - 1] += max(shortfall, 0)
        padding = self.padding * MM

        def draw(canvas: PageCanvas, x: float, y: float) -> None:
            for n, placed_row in enumerate(placed_rows):
                height = heights[n]
                for placed_cell in placed_row:
                    span = placed_cell.cell.row_span
                    draw_cell(canvas, placed_cell, x, y, sum(heights[n : n + span]) if span > 1 else height, padding)
                y -= height

        return Fragment(sum(heights), draw)

    def _split(
        self, group: Sequence[TableRow], edges: Sequence[float], available: float, table: Element
    ) -> Iterator[Fragment]:
        """Split a group that no page can hold: row by row, and a row that no page can hold by lines."""
        for row in _unmerged(group, len(self.columns)):
            fragment = self._group_fragment([row], edges, table, {})
            if fragment.height <= available:
                yield fragment
            else:
                yield from self._split_row(row, edges, available, table)

    def _split_row(self, row: TableRow, edges: Sequence[float], available: float, table: Element) -> Iterator[Fragment]:
        (remaining,) = self._place_cells([row], edges, table, {})
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
                current.append(placed_cell._replace(content=head_content, needed_height=0))
                following.append(_continued(placed_cell, tail, self.padding * MM))
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
                    isinstance(placed_cell.content, TextBlock)
                    and placed_cell.content.lines
                    and not placed_cell.is_repeated
                    for placed_cell in following
                )
                else []
            )


def _continued(placed: PlacedCell, tail: TextBlock | None, padding: float) -> PlacedCell:
    """A cell of a row on the page after: the rest of its text; a label, or the first cell, says that it goes on."""
    text = placed.cell.content if isinstance(placed.cell.content, str) else ""
    names_row = bool(text) and (is_label_cell(placed.cell) or (placed.x == 0 and len(text) <= _MOST_OF_NAME))
    is_repeated = tail is None and names_row
    content = tail or TextBlock(placed.cell.style, ())
    if is_repeated:
        content = break_lines(f"{text}（续）", placed.cell.style, placed.width - 2 * padding)
    return placed._replace(content=content, needed_height=content.height + 1.6 * MM, is_repeated=is_repeated)


def _row_fragment(cells: Sequence[PlacedCell], height: float, padding: float) -> Fragment:
    def draw(canvas: PageCanvas, x: float, y: float) -> None:
        for placed_cell in cells:
            draw_cell(canvas, placed_cell, x, y, height, padding)

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


def _cells_of_column(rows: Sequence[TableRow], column: int) -> Iterator[Cell]:
    """The cells that stand in one column alone."""
    covered: dict[int, int] = {}  # column → rows that a cell above still spans
    for row in rows:
        place, taken = 0, {n for n, remaining in covered.items() if remaining}
        covered = {n: remaining - 1 for n, remaining in covered.items() if remaining}
        for cell in row.cells:
            while place in taken:
                place += 1
            if place == column and cell.col_span == 1:
                yield cell
            if cell.row_span > 1:
                covered |= dict.fromkeys(range(place, place + cell.col_span), cell.row_span - 1)
            place += cell.col_span
