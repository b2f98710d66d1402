"""Tables: texts, boxes to tick and pictures in ruled columns of given widths, with a head that comes again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from app.archive.blocks import Piece
from app.archive.paper import CELL, LABEL, MM, Style
from app.archive.pdf import Jpeg
from app.archive.pen import Pen
from app.archive.typesetting import Lines, fit

_LEAST = 7.5 * MM


@dataclass(frozen=True, slots=True)
class Ticks:
    """An option list printed in full, with a square before each option."""

    options: tuple[str, ...]
    chosen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture in a cell, as large as fits into `mm` (width, height); None leaves a place for one.

    `content`: the hash in the record of the photograph.
    """

    picture: Jpeg | None
    mm: tuple[float, float]
    instead: str = "照片"
    content: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one place of a table, over `span` columns and `rows` rows."""

    content: str | Ticks | Shown
    style: Style = CELL
    span: int = 1
    rows: int = 1
    shaded: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Cells from left to right; those that a cell above reaches into are left out. `least` height in millimetres."""

    cells: Sequence[Cell]
    least: float = 0


@dataclass(frozen=True, slots=True)
class _TickLines:
    lines: tuple[tuple[tuple[float, bool, Lines], ...], ...]
    style: Style

    @property
    def height(self) -> float:
        return len(self.lines) * self.style.pitch


_Fitted = Lines | _TickLines | Shown


@dataclass(frozen=True, slots=True)
class _Laid:
    """A cell with its place: column, x within the table, width, and its content set to that width."""

    cell: Cell
    x: float
    width: float
    fitted: _Fitted
    need: float


@dataclass(frozen=True)
class Table:
    """A ruled table.

    Attributes:
        columns: widths in millimetres; stretched together to the width of the page
        heads: rows that come again on each page
        padding: left and right of a cell's content, in millimetres
    """

    columns: Sequence[float]
    rows: Sequence[Row]
    heads: Sequence[Row] = ()
    padding: float = 1.4
    least: float = _LEAST
    joined: bool = field(default=False)

    def pieces(self, width: float, tall: float) -> list[Piece]:
        heads = self._group(list(self.heads), width) if self.heads else None
        room = tall - (heads.height if heads else 0)
        found = [Piece(heads.height, heads.draw, keep=True)] if heads else []
        for group in _groups(self.rows):
            laid = self._group(group, width)
            parts = [laid] if laid.height <= room else self._torn(group, width, room)
            found += [Piece(part.height, part.draw, head=heads) for part in parts]
        if self.joined:
            found = [Piece(one.height, one.draw, True, one.head) for one in found[:-1]] + found[-1:]
        return found

    def _edges(self, width: float) -> list[float]:
        scale = width / sum(self.columns)
        edges = [0.0]
        for column in self.columns:
            edges.append(edges[-1] + column * scale)
        return edges

    def _laid(self, rows: Sequence[Row], width: float) -> list[list[_Laid]]:
        edges = self._edges(width)
        taken: dict[int, int] = {}  # column → rows that a cell above still reaches into
        laid: list[list[_Laid]] = []
        for row in rows:
            column, here = 0, []
            covered = {n for n, rest in taken.items() if rest}
            taken = {n: rest - 1 for n, rest in taken.items() if rest}
            for cell in row.cells:
                while column in covered:
                    column += 1
                last = min(column + cell.span, len(self.columns))
                wide = edges[last] - edges[column]
                fitted, high = _fitted(cell, wide - 2 * self.padding * MM)
                here.append(_Laid(cell, edges[column], wide, fitted, high + 1.6 * MM))
                if cell.rows > 1:
                    taken |= dict.fromkeys(range(column, last), cell.rows - 1)
                column = last
            laid.append(here)
        return laid

    def _group(self, rows: Sequence[Row], width: float) -> Piece:
        laid = self._laid(rows, width)
        heights = [
            max([self.least, row.least * MM, *(one.need for one in here if one.cell.rows == 1)])
            for row, here in zip(rows, laid, strict=True)
        ]
        for n, here in enumerate(laid):
            for one in here:
                lacking = one.need - sum(heights[n : n + one.cell.rows])
                if lacking > 0:
                    heights[min(n + one.cell.rows, len(heights)) - 1] += lacking
        padding = self.padding * MM

        def draw(pen: Pen, x: float, y: float) -> None:
            for n, here in enumerate(laid):
                for one in here:
                    _draw(pen, one, x, y, sum(heights[n : n + one.cell.rows]), padding)
                y -= heights[n]

        return Piece(sum(heights), draw)

    def _torn(self, group: Sequence[Row], width: float, room: float) -> Iterator[Piece]:
        """A group that no page can hold: row by row, and a row that no page can hold by lines."""
        for row in _alone(group, len(self.columns)):
            laid = self._group([row], width)
            if laid.height <= room:
                yield laid
            else:
                yield from self._torn_row(row, width, room)

    def _torn_row(self, row: Row, width: float, room: float) -> Iterator[Piece]:
        (rest,) = self._laid([row], width)
        torn = False
        while rest:
            now, after = [], []
            most = max(one.need for one in rest)
            # the end is shared out on two pages where it would fill one, so that a signature has room below it
            limit = most / 2 + 1.6 * MM if torn and 0.6 * room < most <= room else room
            for one in rest:
                shown, left = one.fitted, None
                if isinstance(one.fitted, Lines) and one.need > limit:
                    shown, left = one.fitted.cut(limit - 1.6 * MM)
                now.append(_Laid(one.cell, one.x, one.width, shown, 0))
                over = left or Lines(one.cell.style, ())
                after.append(_Laid(one.cell, one.x, one.width, over, over.height + 1.6 * MM))
            yield _strip(
                now,
                min(limit, max(one.fitted.height + 1.6 * MM for one in now if isinstance(one.fitted, Lines))),
                self.padding * MM,
            )
            torn = True
            rest = after if any(isinstance(one.fitted, Lines) and one.fitted.lines for one in after) else []


def _strip(cells: Sequence[_Laid], height: float, padding: float) -> Piece:
    def draw(pen: Pen, x: float, y: float) -> None:
        for one in cells:
            _draw(pen, one, x, y, height, padding)

    return Piece(height, draw)


def _groups(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Rows that a cell holds together."""
    group: list[Row] = []
    reach = 0
    for row in rows:
        group.append(row)
        reach = max(reach - 1, max((cell.rows for cell in row.cells), default=1) - 1)
        if reach <= 0:
            yield group
            group, reach = [], 0
    if group:
        yield group


def _alone(group: Sequence[Row], columns: int) -> Iterator[Row]:
    """The rows of a group without what holds them together: such a cell's text stands in each of its rows."""
    held: list[tuple[int, Cell, int]] = []
    for row in group:
        cells = [Cell(cell.content, cell.style, cell.span, 1, cell.shaded) for _, cell, rest in held if rest > 0]
        held = [(n, cell, rest - 1) for n, cell, rest in held if rest > 1]
        for cell in row.cells:
            cells.append(Cell(cell.content, cell.style, cell.span, 1, cell.shaded))
            if cell.rows > 1:
                held.append((len(cells), cell, cell.rows - 1))
        yield Row(cells, row.least)


def _fitted(cell: Cell, width: float) -> tuple[_Fitted, float]:
    if isinstance(cell.content, str):
        lines = fit(cell.content, cell.style, width)
        return lines, lines.height
    if isinstance(cell.content, Ticks):
        ticks = _ticked(cell.content, cell.style, width)
        return ticks, ticks.height
    return cell.content, cell.content.mm[1] * MM


@lru_cache(maxsize=5000)
def _ticked(ticks: Ticks, style: Style, width: float) -> _TickLines:
    """Options in lines: square, a little space, label; an option is not torn where a line can hold it."""
    square, between = style.size * 0.8 + 2, style.size * 0.9
    lines: list[list[tuple[float, bool, Lines]]] = [[]]
    used = 0.0
    for option in ticks.options:
        label = fit(option, style, width - square)
        if lines[-1] and used + square + label.width > width:
            lines.append([])
            used = 0.0
        for n, line in enumerate(label.lines):
            if n:
                lines.append([])
                used = 0.0
            lines[-1].append((used if not n else -1.0, option in ticks.chosen, Lines(style, (line,))))
        used += square + label.width + between
    return _TickLines(tuple(tuple(line) for line in lines), style)


def _draw(pen: Pen, one: _Laid, x: float, y: float, height: float, padding: float) -> None:
    left, right, style = x + one.x, x + one.x + one.width, one.cell.style
    if one.cell.shaded:
        pen.shade(left, y - height, one.width, height)
    pen.edges(left, y - height, right, y)
    if isinstance(one.fitted, Shown):
        _show(pen, one.fitted, left, y, one.width, height)
    elif isinstance(one.fitted, Lines):
        top = y - (height - one.fitted.height) / 2
        pen.lines(left + padding, top, one.width - 2 * padding, one.fitted)
    else:
        top = y - (height - one.fitted.height) / 2
        side = style.size * 0.8
        for line in one.fitted.lines:
            for at, chosen, label in line:
                if at >= 0:
                    pen.tick(left + padding + at, top - style.pitch / 2 - side / 2, side, chosen)
                pen.lines(left + padding + max(at, 0) + side + 2, top, one.width, label)
            top -= style.pitch


def _show(pen: Pen, shown: Shown, x: float, y: float, width: float, height: float) -> None:
    picture = shown.picture
    if picture is None:
        lines = fit(shown.instead, LABEL, width)
        pen.lines(x, y - (height - lines.height) / 2, width, lines, 0.6)
        return
    wide, high = (side * MM for side in shown.mm)
    scale = min(wide / picture.width, high / picture.height, (width - 2) / picture.width)
    w, h = picture.width * scale, picture.height * scale
    pen.picture(picture, x + (width - w) / 2, y - (height + h) / 2, w, h)
