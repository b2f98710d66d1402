"""Page formats, margins and text styles. Conventions: docs/domain/archive.md §3.3, §3.4."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

MM = 72 / 25.4
WIDTH, HEIGHT = 210 * MM, 297 * MM

Align = Literal["left", "center", "right", "full"]


class TextStyle(NamedTuple):
    """A text style: font style of app/pdf/fonts.py, size and leading in points.

    A tuple, because a style is hashed whenever a text is measured. `align` "full" justifies the lines of a paragraph;
    `indent` is that of its first line, in ems.
    """

    font: str
    size: float
    leading: float
    align: Align = "left"
    indent: int = 0

    def aligned(self, align: Align) -> "TextStyle":
        return self._replace(align=align)


COVER = TextStyle("song_bold", 36, 48, "center")
TITLE = TextStyle("song_bold", 22, 32, "center")
SUBTITLE = TextStyle("kai", 12, 18, "center")
HEADING = TextStyle("hei", 12, 20)
BODY = TextStyle("fangsong", 12, 21, "full", 2)
LINE_TEXT = TextStyle("fangsong", 10.5, 16)
LABEL = TextStyle("hei", 10.5, 14, "center")
CELL = TextStyle("fangsong", 10.5, 14)
SMALL_LABEL = TextStyle("hei", 9, 11.5, "center")
SMALL = TextStyle("fangsong", 9, 11.5)
CONTINUED = TextStyle("kai", 10.5, 16)
CAPTION = TextStyle("song", 9, 12)
FOOTER = TextStyle("song", 7.5, 10)
OFFICIAL_NUMBER = TextStyle("song", 14, 18)


def is_label(style: TextStyle) -> bool:
    """Whether a cell in this style says what another one holds: labels and headers are set in hei, in the middle."""
    return style.font == "hei" and style.align == "center"


@dataclass(frozen=True, slots=True)
class PageGeometry:
    """One printed page: the size of the sheet and its text frame, in points from the lower left."""

    width: float
    height: float
    left: float
    top: float
    frame_width: float
    frame_height: float


@dataclass(frozen=True, slots=True)
class PageFormat:
    """A page format: size and the margins of a front page, in millimetres.

    `binding_edge`: its margin is on the opposite side of a back page; "" for cards.
    """

    width: float
    height: float
    top: float
    bottom: float
    left: float
    right: float
    binding_edge: Literal["left", "top", ""] = ""

    @property
    def landscape(self) -> bool:
        return self.width > self.height

    @property
    def text_area(self) -> tuple[float, float]:
        """Width and height of the text frame, in points."""
        return (self.width - self.left - self.right) * MM, (self.height - self.top - self.bottom) * MM

    def page(self, back: bool) -> PageGeometry:
        """The geometry of a page; on a back page (duplex printing) the binding edge is on the other side.

        A landscape sheet is bound at its upper edge, so that the header of a table is at the binding on front pages
        and away from it on back pages (GB/T 9704).
        """
        mirrored_edge = back and self.binding_edge
        left = self.right if mirrored_edge == "left" else self.left
        top = self.bottom if mirrored_edge == "top" else self.top
        return PageGeometry(self.width * MM, self.height * MM, left * MM, (self.height - top) * MM, *self.text_area)


A4 = PageFormat(210, 297, 20, 20, 25, 15, "left")
A4_LANDSCAPE = PageFormat(297, 210, 25, 15, 20, 15, "top")
OFFICIAL = PageFormat(210, 297, 37, 35, 28, 26, "left")  # GB/T 9704: 版心 156 × 225 mm
A5 = PageFormat(148, 210, 15, 15, 18, 12, "left")
A5_LANDSCAPE = PageFormat(210, 148, 12, 12, 15, 15)


def a4_text_area(landscape: bool) -> tuple[float, float]:
    """Width and height of the text frame of A4: 170 × 257 mm portrait, 262 × 170 mm landscape."""
    return (A4_LANDSCAPE if landscape else A4).text_area


def a4_page(landscape: bool, back: bool) -> PageGeometry:
    """The geometry of an A4 page, as `PageFormat.page`."""
    return (A4_LANDSCAPE if landscape else A4).page(back)
