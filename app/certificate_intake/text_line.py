"""The lines of text that were read in a picture, and where they stand once the picture is turned straight."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

Corner = tuple[float, float]
Corners = tuple[Corner, Corner, Corner, Corner]
_WIDE = 2.0  # how many times wider than high a line is that says how askew the picture is


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One line as it was read.

    Attributes:
        confidence: of the reader, 0 to 1
        corners: in pixels of the picture, from the upper left one on, clockwise
    """

    text: str
    confidence: float
    corners: Corners

    @property
    def is_upright(self) -> bool:
        """Whether it is higher than wide: the picture lies on its side, or it is a single character."""
        (x0, y0), (x1, y1), _, (x3, y3) = self.corners
        return math.hypot(x3 - x0, y3 - y0) > math.hypot(x1 - x0, y1 - y0)


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line, or the rest of one behind a label, where it would stand if the picture lay straight.

    Attributes:
        text: without blanks
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    line: ReadLine

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def before(self, count: int) -> "PlacedLine":
        """Its first characters; each is taken to be as wide as any other."""
        return replace(self, text=self.text[:count], right=self._edge(count))

    def behind(self, count: int) -> "PlacedLine":
        """What stands behind its first characters."""
        return replace(self, text=self.text[count:], left=self._edge(count))

    def _edge(self, count: int) -> float:
        return self.left + (self.right - self.left) * count / max(1, len(self.text))


def straightened(lines: Sequence[ReadLine]) -> list[PlacedLine]:
    """The lines from top to bottom, turned by how far most of them are askew."""
    angle = median([_angle(one) for one in lines if _is_wide(one)] or [0.0])
    cosine, sine = math.cos(-angle), math.sin(-angle)
    placed = []
    for one in lines:
        turned = [(x * cosine - y * sine, x * sine + y * cosine) for x, y in one.corners]
        xs, ys = [x for x, _ in turned], sorted(y for _, y in turned)
        text = "".join(one.text.split())
        # the middle of the two upper corners, and of the two lower ones: a lean of its own does not make a line higher
        placed.append(PlacedLine(text, min(xs), max(xs), (ys[0] + ys[1]) / 2, (ys[2] + ys[3]) / 2, one))
    return sorted(placed, key=lambda line: line.middle)


def _angle(line: ReadLine) -> float:
    (x0, y0), (x1, y1), *_ = line.corners
    return math.atan2(y1 - y0, x1 - x0)


def _is_wide(line: ReadLine) -> bool:
    (x0, y0), (x1, y1), _, (x3, y3) = line.corners
    return math.hypot(x1 - x0, y1 - y0) > _WIDE * math.hypot(x3 - x0, y3 - y0)
