"""Small charts, drawn as lines and greys that a black and white printer keeps apart."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.archive.blocks import Piece
from app.archive.paper import MM, SMALL, SMALL_LABEL
from app.archive.pen import Pen
from app.archive.typesetting import fit

_HEIGHT, _FOOT, _HEAD = 52 * MM, 12 * MM, 12 * MM
_SIDE = 20 * MM
_MOST = 12
_GREYS = (0.3, 0.6, 0.82, 1.0, 0.45)
_RIGHT = SMALL.at("right")
_TALL = _HEAD + _HEIGHT + _FOOT


@dataclass(frozen=True, slots=True)
class Axis:
    """The field that values are drawn in: from 0 to the last of `steps`."""

    left: float
    bottom: float
    wide: float
    steps: tuple[float, ...]

    def at(self, value: float) -> float:
        """How high a value stands."""
        return self.bottom + _HEIGHT * value / self.steps[-1]


@dataclass(frozen=True, slots=True)
class Trend:
    """Points by name, from the earliest to the latest; only the last twelve are drawn.

    `unit` stands over the axis; `most`: where the axis ends, 0 to find it.
    """

    names: tuple[str, ...]
    points: tuple[float, ...]
    title: str
    unit: str = "分"
    most: float = 100

    def pieces(self, width: float, tall: float) -> list[Piece]:
        return [Piece(_TALL, lambda pen, x, y: self._draw(pen, x, y, width))]

    def _draw(self, pen: Pen, x: float, y: float, width: float) -> None:
        names, points = self.names[-_MOST:], self.points[-_MOST:]
        axis = _axis(pen, x, y, width, self.title, self.unit, self.most or max(points))
        each = axis.wide / len(points)
        places = [(axis.left + each * (n + 0.5), axis.at(value)) for n, value in enumerate(points)]
        pen.polyline(places)
        for (at, high), name, value in zip(places, names, points, strict=True):
            pen.box(at - 1.5, high - 1.5, 3, 3, 1.2)
            above = high + 15 if high + 15 < y - 8 * MM else high - 4
            _number(pen, at, above, f"{value:,g}")
            pen.text(at - each / 2, axis.bottom - 1 * MM, each, name, SMALL.at("center"))


@dataclass(frozen=True, slots=True)
class Share:
    """One kind of what is stacked: its values, one a column."""

    label: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns by name, each stacked of shares, its sum above it; only the last twelve are drawn."""

    names: tuple[str, ...]
    shares: tuple[Share, ...]
    title: str
    unit: str = "元"

    def pieces(self, width: float, tall: float) -> list[Piece]:
        return [Piece(_TALL, lambda pen, x, y: self._draw(pen, x, y, width))]

    def _draw(self, pen: Pen, x: float, y: float, width: float) -> None:
        names = self.names[-_MOST:]
        columns = list(zip(*(share.values for share in self.shares), strict=True))[-_MOST:]
        axis = _axis(pen, x, y, width, self.title, self.unit, max(sum(column) for column in columns))
        if len(self.shares) > 1:
            self._legend(pen, x + width, y)
        greys = _GREYS if len(self.shares) > 1 else _GREYS[1:]
        each = axis.wide / len(names)
        thick = min(each * 0.5, 16 * MM)
        for n, (name, column) in enumerate(zip(names, columns, strict=True)):
            left, at = axis.left + each * (n + 0.5) - thick / 2, 0.0
            for value, grey in zip(column, greys, strict=False):
                if value > 0:
                    low, high = axis.at(at), axis.at(at + value)
                    pen.shade(left, low, thick, high - low, grey)
                    pen.box(left, low, thick, high - low, 0.5)
                    at += value
            place = axis.left + each * n
            _number(pen, place + each / 2, axis.at(at) + SMALL.pitch + 1, f"{round(at):,}")
            pen.text(place, axis.bottom - 1 * MM, each, name, SMALL.at("center"))

    def _legend(self, pen: Pen, right: float, y: float) -> None:
        """What each grey is, from the right edge leftwards."""
        for share, grey in reversed(list(zip(self.shares, _GREYS, strict=False))):
            wide = SMALL.size * (len(share.label) + 0.5)
            right -= wide
            pen.text(right, y, wide, share.label, SMALL)
            pen.shade(right - 10, y - 9, 7, 7, grey)
            pen.box(right - 10, y - 9, 7, 7, 0.5)
            right -= 16


def _axis(pen: Pen, x: float, y: float, width: float, title: str, unit: str, most: float) -> Axis:
    """The title, and the lines at round values."""
    pen.text(x, y, width * 0.4, title, SMALL_LABEL.at("left"))
    axis = Axis(x + _SIDE, y - _HEAD - _HEIGHT, width - _SIDE - 2 * MM, _steps(most))
    pen.text(x, y - SMALL.pitch - 1, _SIDE - 2 * MM, f"（{unit}）", SMALL.at("right"))
    for step in axis.steps:
        at = axis.at(step)
        pen.rule(axis.left, at, axis.left + axis.wide, at, 0.8 if step else 0.3)
        pen.text(x, at + SMALL.pitch / 2, _SIDE - 2 * MM, f"{step:,g}" if step < 1e6 else f"{step:,.0f}", _RIGHT)
    return axis


def _number(pen: Pen, middle: float, top: float, text: str) -> None:
    """A value, readable over the line of a round one."""
    lines = fit(text, SMALL.at("center"), 10_000)
    wide = lines.width + 2
    pen.shade(middle - wide / 2, top - SMALL.pitch + 2, wide, SMALL.pitch - 4, 1.0)
    pen.lines(middle - wide / 2, top, wide, lines)


def _steps(most: float) -> tuple[float, ...]:
    """From 0 up to `most` or a little more, in four to six steps of 1, 2, 2.5 or 5 times a power of ten."""
    least = max(most, 1) / 5
    power = 10.0 ** math.floor(math.log10(least))
    step = next(power * n for n in (1, 2, 2.5, 5, 10) if power * n >= least - 1e-9)
    return tuple(step * n for n in range(math.ceil(max(most, 1) / step - 1e-9) + 1))


def drawable(values: Sequence[float]) -> bool:
    """Whether there is something to compare: at least two values, one of them above 0."""
    return len(values) > 1 and max(values) > 0
