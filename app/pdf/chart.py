"""Small charts of lines and greys that remain distinct on a black and white printer."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.pdf.canvas import PageCanvas
from app.pdf.flowables import Fragment
from app.pdf.page_style import MM, SMALL, SMALL_LABEL
from app.pdf.structure import Element, text_entry
from app.pdf.text_layout import break_lines

_PLOT_HEIGHT, _FOOT_HEIGHT, _HEAD_HEIGHT = 52 * MM, 12 * MM, 12 * MM
_AXIS_WIDTH = 20 * MM
_MAX_POINTS = 12
_GREYS = (0.3, 0.6, 0.82, 1.0, 0.45)
_RIGHT_ALIGNED = SMALL.aligned("right")
_TOTAL_HEIGHT = _HEAD_HEIGHT + _PLOT_HEIGHT + _FOOT_HEIGHT


@dataclass(frozen=True, slots=True)
class Axis:
    """The plot area; its vertical axis runs from 0 to the last of `ticks`."""

    left: float
    bottom: float
    width: float
    ticks: tuple[float, ...]

    def y_of(self, value: float) -> float:
        """The vertical position of a value."""
        return self.bottom + _PLOT_HEIGHT * value / self.ticks[-1]


@dataclass(frozen=True, slots=True)
class LineChart:
    """Labelled points, from the earliest to the latest; only the last twelve are drawn.

    `unit` is printed over the axis; `axis_max` is the largest value on it, 0 to derive it from the values.
    """

    labels: tuple[str, ...]
    values: tuple[float, ...]
    title: str
    unit: str = "分"
    axis_max: float = 100

    def split(self, width: float, max_height: float) -> list[Fragment]:
        return [Fragment(_TOTAL_HEIGHT, lambda canvas, x, y: self._draw(canvas, x, y, width))]

    def _draw(self, canvas: PageCanvas, x: float, y: float, width: float) -> None:
        labels, values = self.labels[-_MAX_POINTS:], self.values[-_MAX_POINTS:]
        canvas.tag(_figure(self.title, labels, [f"{value:,g}{self.unit}" for value in values]))
        axis = _draw_axis(canvas, x, y, width, self.title, self.unit, self.axis_max or max(values))
        slot_width = axis.width / len(values)
        coordinates = [(axis.left + slot_width * (n + 0.5), axis.y_of(value)) for n, value in enumerate(values)]
        canvas.polyline(coordinates)
        for (px, py), label, value in zip(coordinates, labels, values, strict=True):
            canvas.outline_rect(px - 1.5, py - 1.5, 3, 3, 1.2)
            label_y = py + 15 if py + 15 < y - 8 * MM else py - 4
            _draw_value(canvas, px, label_y, f"{value:,g}")
            canvas.text(px - slot_width / 2, axis.bottom - 1 * MM, slot_width, label, SMALL.aligned("center"))


@dataclass(frozen=True, slots=True)
class Series:
    """One category of a stacked chart: its values, one for each column."""

    label: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class StackedColumnChart:
    """Labelled columns, each stacked from the series, with its total above; only the last twelve are drawn."""

    labels: tuple[str, ...]
    series: tuple[Series, ...]
    title: str
    unit: str = "元"

    def split(self, width: float, max_height: float) -> list[Fragment]:
        return [Fragment(_TOTAL_HEIGHT, lambda canvas, x, y: self._draw(canvas, x, y, width))]

    def _draw(self, canvas: PageCanvas, x: float, y: float, width: float) -> None:
        labels = self.labels[-_MAX_POINTS:]
        columns = list(zip(*(item.values for item in self.series), strict=True))[-_MAX_POINTS:]
        canvas.tag(_figure(self.title, labels, [f"{round(sum(column)):,}{self.unit}" for column in columns]))
        axis = _draw_axis(canvas, x, y, width, self.title, self.unit, max(sum(column) for column in columns))
        if len(self.series) > 1:
            self._legend(canvas, x + width, y)
        greys = _GREYS if len(self.series) > 1 else _GREYS[1:]
        slot_width = axis.width / len(labels)
        bar_width = min(slot_width * 0.5, 16 * MM)
        for n, (label, column) in enumerate(zip(labels, columns, strict=True)):
            left, total = axis.left + slot_width * (n + 0.5) - bar_width / 2, 0.0
            for value, grey in zip(column, greys, strict=False):
                if value > 0:
                    bar_bottom, bar_top = axis.y_of(total), axis.y_of(total + value)
                    canvas.shade(left, bar_bottom, bar_width, bar_top - bar_bottom, grey)
                    canvas.outline_rect(left, bar_bottom, bar_width, bar_top - bar_bottom, 0.5)
                    total += value
            slot_left = axis.left + slot_width * n
            _draw_value(canvas, slot_left + slot_width / 2, axis.y_of(total) + SMALL.leading + 1, f"{round(total):,}")
            canvas.text(slot_left, axis.bottom - 1 * MM, slot_width, label, SMALL.aligned("center"))

    def _legend(self, canvas: PageCanvas, right: float, y: float) -> None:
        """What each grey stands for, from the right edge leftwards."""
        for item, grey in reversed(list(zip(self.series, _GREYS, strict=False))):
            label_width = SMALL.size * (len(item.label) + 0.5)
            right -= label_width
            canvas.text(right, y, label_width, item.label, SMALL)
            canvas.shade(right - 10, y - 9, 7, 7, grey)
            canvas.outline_rect(right - 10, y - 9, 7, 7, 0.5)
            right -= 16


def _figure(title: str, labels: Sequence[str], values: Sequence[str]) -> Element:
    """The chart as an element of the structure, with its figures in words for who does not see it."""
    told = "，".join(f"{label} {value}" for label, value in zip(labels, values, strict=True))
    return Element("Figure", None, text_entry("Alt", f"{title}：{told}"))


def _draw_axis(canvas: PageCanvas, x: float, y: float, width: float, title: str, unit: str, max_value: float) -> Axis:
    """Draw the title, the unit and the grid lines."""
    canvas.text(x, y, width * 0.4, title, SMALL_LABEL.aligned("left"))
    axis = Axis(x + _AXIS_WIDTH, y - _HEAD_HEIGHT - _PLOT_HEIGHT, width - _AXIS_WIDTH - 2 * MM, _ticks(max_value))
    canvas.text(x, y - SMALL.leading - 1, _AXIS_WIDTH - 2 * MM, f"（{unit}）", SMALL.aligned("right"))
    for tick in axis.ticks:
        tick_y = axis.y_of(tick)
        canvas.hairline(axis.left, tick_y, axis.left + axis.width, tick_y, 0.8 if tick else 0.3)
        canvas.text(
            x,
            tick_y + SMALL.leading / 2,
            _AXIS_WIDTH - 2 * MM,
            f"{tick:,g}" if tick < 1e6 else f"{tick:,.0f}",
            _RIGHT_ALIGNED,
        )
    return axis


def _draw_value(canvas: PageCanvas, middle: float, top: float, text: str) -> None:
    """Draw a value so that it is readable over a grid line."""
    block = break_lines(text, SMALL.aligned("center"), 10_000)
    label_width = block.width + 2
    canvas.shade(middle - label_width / 2, top - SMALL.leading + 2, label_width, SMALL.leading - 4, 1.0)
    canvas.text_block(middle - label_width / 2, top, label_width, block)


def _ticks(max_value: float) -> tuple[float, ...]:
    """Values from 0 up to `max_value` or a little more, in four to six steps of 1, 2, 2.5 or 5 times a power of ten."""
    min_step = max(max_value, 1) / 5
    power = 10.0 ** math.floor(math.log10(min_step))
    step = next(power * n for n in (1, 2, 2.5, 5, 10) if power * n >= min_step - 1e-9)
    return tuple(step * n for n in range(math.ceil(max(max_value, 1) / step - 1e-9) + 1))


def is_drawable(values: Sequence[float]) -> bool:
    """Whether there is something to compare: at least two values, one of them above 0."""
    return len(values) > 1 and max(values) > 0
