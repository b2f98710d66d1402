"""The paper: A4 sheets, their margins, and the styles of text. Conventions: domain/archive.md §3.3, §3.4."""

from dataclasses import dataclass, replace
from typing import Literal

MM = 72 / 25.4
WIDTH, HEIGHT = 210 * MM, 297 * MM
_TOP = _BOTTOM = 20 * MM
_BINDING, _EDGE = 25 * MM, 15 * MM
_LANDSCAPE_LEFT = 20 * MM

Align = Literal["left", "center", "right", "full"]


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set: font style of app/archive/fonts, size and line pitch in points.

    `align` "full" makes lines of a paragraph equally long; `indent` is that of a paragraph's first line, in ems.
    """

    font: str
    size: float
    pitch: float
    align: Align = "left"
    indent: int = 0

    def at(self, align: Align) -> "Style":
        return replace(self, align=align)


COVER = Style("song_bold", 36, 48, "center")
TITLE = Style("song_bold", 22, 32, "center")
SUBTITLE = Style("kai", 12, 18, "center")
HEADING = Style("hei", 12, 20)
BODY = Style("fangsong", 12, 21, "full", 2)
LINE = Style("fangsong", 10.5, 16)
LABEL = Style("hei", 10.5, 14, "center")
CELL = Style("fangsong", 10.5, 14)
SMALL_LABEL = Style("hei", 9, 11.5, "center")
SMALL = Style("fangsong", 9, 11.5)
FOOT = Style("song", 9, 12)
TRACE = Style("song", 7.5, 10)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One printed side: the size of the sheet and the frame that text stands in, in points from the lower left."""

    width: float
    height: float
    left: float
    top: float
    frame_width: float
    frame_height: float


def frame(landscape: bool) -> tuple[float, float]:
    """Width and height of what a page holds: 170 × 257 mm upright, 262 × 170 mm across."""
    if landscape:
        return HEIGHT - _LANDSCAPE_LEFT - _EDGE, WIDTH - _BINDING - _EDGE
    return WIDTH - _BINDING - _EDGE, HEIGHT - _TOP - _BOTTOM


def sheet(landscape: bool, back: bool) -> Sheet:
    """The margins of a side; on a back side (duplex printing) the binding edge is on the right.

    A sheet across is bound at its upper edge, so that the head of a table lies towards the binding on front sides and
    towards the cut on back sides (GB/T 9704).
    """
    wide, high = frame(landscape)
    binding = _EDGE if back else _BINDING
    if landscape:
        return Sheet(HEIGHT, WIDTH, _LANDSCAPE_LEFT, WIDTH - binding, wide, high)
    return Sheet(WIDTH, HEIGHT, binding, HEIGHT - _TOP, wide, high)
