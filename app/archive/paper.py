"""The paper: A4 sheets, their margins, and the styles of text. Conventions: domain/archive.md §3.3, §3.4."""

from dataclasses import dataclass, replace
from typing import Literal

MM = 72 / 25.4
WIDTH, HEIGHT = 210 * MM, 297 * MM

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
NUMBER = Style("song", 14, 18)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One printed side: the size of the sheet and the frame that text stands in, in points from the lower left."""

    width: float
    height: float
    left: float
    top: float
    frame_width: float
    frame_height: float


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of sheet: its size and the margins of a front side, in millimetres.

    `bound`: the edge that is bound, whose margin lies on the other side of a back side; "" for cards.
    """

    wide: float
    high: float
    top: float
    bottom: float
    left: float
    right: float
    bound: Literal["left", "top", ""] = ""

    @property
    def across(self) -> bool:
        return self.wide > self.high

    @property
    def frame(self) -> tuple[float, float]:
        """Width and height of what a page holds, in points."""
        return (self.wide - self.left - self.right) * MM, (self.high - self.top - self.bottom) * MM

    def sheet(self, back: bool) -> Sheet:
        """The margins of a side; on a back side (duplex printing) the binding edge is on the other side.

        A sheet across is bound at its upper edge, so that the head of a table lies towards the binding on front sides
        and towards the cut on back sides (GB/T 9704).
        """
        turned = back and self.bound
        left = self.right if turned == "left" else self.left
        top = self.bottom if turned == "top" else self.top
        return Sheet(self.wide * MM, self.high * MM, left * MM, (self.high - top) * MM, *self.frame)


A4 = Format(210, 297, 20, 20, 25, 15, "left")
A4_ACROSS = Format(297, 210, 25, 15, 20, 15, "top")
OFFICIAL = Format(210, 297, 37, 35, 28, 26, "left")  # GB/T 9704: 版心 156 × 225 mm
A5 = Format(148, 210, 15, 15, 18, 12, "left")
A5_ACROSS = Format(210, 148, 12, 12, 15, 15)


def frame(landscape: bool) -> tuple[float, float]:
    """Width and height of what a page holds: 170 × 257 mm upright, 262 × 170 mm across."""
    return (A4_ACROSS if landscape else A4).frame


def sheet(landscape: bool, back: bool) -> Sheet:
    """The margins of a side of A4, as `Format.sheet`."""
    return (A4_ACROSS if landscape else A4).sheet(back)
