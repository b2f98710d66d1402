"""A small line chart of points out of 100, drawn as lines."""

from dataclasses import dataclass

from app.archive.blocks import Piece
from app.archive.paper import MM, SMALL, SMALL_LABEL
from app.archive.pen import Pen

_HEIGHT, _FOOT, _SIDE = 52 * MM, 10 * MM, 14 * MM
_STEPS = (0, 20, 40, 60, 80, 100)
_MOST = 12


@dataclass(frozen=True, slots=True)
class Trend:
    """Points (0–100) by name, from the earliest to the latest; only the last twelve are drawn."""

    names: tuple[str, ...]
    points: tuple[float, ...]
    title: str

    def pieces(self, width: float, tall: float) -> list[Piece]:
        return [Piece(_HEIGHT + _FOOT + 6 * MM, lambda pen, x, y: self._draw(pen, x, y, width))]

    def _draw(self, pen: Pen, x: float, y: float, width: float) -> None:
        names, points = self.names[-_MOST:], self.points[-_MOST:]
        pen.text(x, y, width, self.title, SMALL_LABEL)
        left, bottom = x + _SIDE, y - 6 * MM - _HEIGHT
        wide = width - _SIDE - 4 * MM
        for step in _STEPS:
            at = bottom + _HEIGHT * step / 100
            pen.rule(left, at, left + wide, at, 0.3 if step == 0 else 0.8)
            pen.text(x, at + SMALL.pitch / 2, _SIDE - 2 * MM, str(step), SMALL.at("right"))
        each = wide / len(points)
        places = [(left + each * (n + 0.5), bottom + _HEIGHT * value / 100) for n, value in enumerate(points)]
        pen.polyline(places)
        for (at, high), name, value in zip(places, names, points, strict=True):
            pen.box(at - 1.5, high - 1.5, 3, 3, 1.2)
            above = high + 15 if high + 15 < y - 5 * MM else high - 4
            pen.text(at - each / 2, above, each, f"{value:g}", SMALL.at("center"))
            pen.text(at - each / 2, bottom - 1 * MM, each, name, SMALL.at("center"))
