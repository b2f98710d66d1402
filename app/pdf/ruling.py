"""The straight lines and grey areas of a page: those that touch are one, as the cells of a table draw them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

_Spans = defaultdict[int, list[tuple[int, int]]]  # where the line is → from, to; in hundredths of a point


@lru_cache(maxsize=8192)
def in_points(hundredths: int) -> str:
    """Hundredths of a point as a page's content has them; the edges of tables recur on each page."""
    return f"{hundredths / 100:g}"


class Ruling:
    """Lines of one weight. Neighbouring cells both name the line that they share; it is drawn once."""

    def __init__(self) -> None:
        self._rows: _Spans = defaultdict(list)
        self._columns: _Spans = defaultdict(list)
        self._slanted: dict[tuple[float, float, float, float], None] = {}

    def add_line(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """Add a line between two points."""
        if y1 == y2:
            _add(self._rows, y1, x1, x2)
        elif x1 == x2:
            _add(self._columns, x1, y1, y2)
        else:
            self._slanted[x1, y1, x2, y2] = None

    def add_cell(self, left: float, bottom: float, right: float, top: float) -> None:
        """Add the four lines around a cell."""
        x1, x2, y1, y2 = round(100 * left), round(100 * right), round(100 * bottom), round(100 * top)
        rows, columns, wide, tall = self._rows, self._columns, (x1, x2), (y1, y2)
        rows[y2].append(wide)
        rows[y1].append(wide)
        columns[x1].append(tall)
        columns[x2].append(tall)

    def operators(self) -> Iterator[str]:
        """The lines as they stand in a page's content, to be stroked."""
        for y, spans in self._rows.items():
            for start, end in _joined(spans):
                yield f"{in_points(start)} {in_points(y)} m {in_points(end)} {in_points(y)} l"
        for x, spans in self._columns.items():
            for start, end in _joined(spans):
                yield f"{in_points(x)} {in_points(start)} m {in_points(x)} {in_points(end)} l"
        for x1, y1, x2, y2 in self._slanted:
            yield f"{x1:.2f} {y1:.2f} m {x2:.2f} {y2:.2f} l"


def joined_rects(rects: Iterable[tuple[float, float, float, float]]) -> Iterator[str]:
    """Rectangles (x, y, width, height) as operators, those above each other as one: the labels of a form."""
    columns: defaultdict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for x, y, width, height in rects:
        columns[round(100 * x), round(100 * width)].append((round(100 * y), round(100 * (y + height))))
    for (x_start, wide), spans in columns.items():
        for start, end in _joined(spans):
            yield f"{in_points(x_start)} {in_points(start)} {in_points(wide)} {in_points(end - start)} re"


def _add(spans: _Spans, place: float, first: float, second: float) -> None:
    start, end = round(100 * first), round(100 * second)
    spans[round(100 * place)].append((start, end) if start <= end else (end, start))


def _joined(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans that touch or overlap as one, from low to high."""
    spans.sort()
    start, end = spans[0]
    for next_start, next_end in spans:
        if next_start > end + 1:  # a rounding apart is together
            yield start, end
            start, end = next_start, next_end
        elif next_end > end:
            end = next_end
    yield start, end
