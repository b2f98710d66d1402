"""Bars beside their labels, several charts in a row; greys that remain distinct on a black and white printer."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.pdf.canvas import PageCanvas
from app.pdf.flowables import Fragment
from app.pdf.page_style import MM, SMALL, SMALL_LABEL
from app.pdf.structure import Element, text_entry

_HEAD, _ROW, _FOOT = 6.5 * MM, 5 * MM, 3 * MM
_GAP, _BAR = 6 * MM, 2.8 * MM
_LABEL_SHARE, _VALUE_SHARE = 0.36, 0.22  # of a chart's width
_GREY = 0.55


@dataclass(frozen=True, slots=True)
class BarGroup:
    """One chart: its title, and label, length of the longest (0 to 1) and value of each bar; `told` where there is
    none."""

    title: str
    bars: tuple[tuple[str, float, str], ...]
    told: str = ""

    @property
    def height(self) -> float:
        return _HEAD + max(1, len(self.bars)) * _ROW + _FOOT

    @property
    def described(self) -> str:
        """The chart in words, for who does not see it."""
        return f"{self.title}：{'，'.join(f'{label} {value}' for label, _, value in self.bars) or self.told}"


@dataclass(frozen=True, slots=True)
class BarGroupRow:
    """Charts beside each other, of one width."""

    groups: Sequence[BarGroup]

    def split(self, width: float, max_height: float) -> list[Fragment]:
        height = max(group.height for group in self.groups)
        return [Fragment(height, lambda canvas, x, y: self._draw(canvas, x, y, width))]

    def _draw(self, canvas: PageCanvas, x: float, y: float, width: float) -> None:
        each = (width - _GAP * (len(self.groups) - 1)) / len(self.groups)
        for n, group in enumerate(self.groups):
            _draw_group(canvas, x + n * (each + _GAP), y, each, group)


def _draw_group(canvas: PageCanvas, x: float, y: float, width: float, group: BarGroup) -> None:
    canvas.tag(Element("Figure", None, text_entry("Alt", group.described)))
    canvas.text(x, y - 1 * MM, width, group.title, SMALL_LABEL.aligned("left"))
    canvas.hairline(x, y - _HEAD + 0.5 * MM, x + width, y - _HEAD + 0.5 * MM, 0.3)
    if not group.bars:
        canvas.text(x, y - _HEAD, width, group.told, SMALL)
    label_width, value_width = width * _LABEL_SHARE, width * _VALUE_SHARE
    room = width - label_width - value_width
    for n, (label, share, value) in enumerate(group.bars):
        top = y - _HEAD - n * _ROW
        canvas.text(x, top, label_width, label, SMALL)
        if share > 0:
            canvas.shade(x + label_width, top - _BAR - 0.7 * MM, room * share, _BAR, _GREY)
            canvas.outline_rect(x + label_width, top - _BAR - 0.7 * MM, room * share, _BAR, 0.5)
        canvas.text(x + width - value_width, top, value_width, value, SMALL.aligned("right"))
