"""What stands around the frame of a page: its number, whose archive it is, who printed it."""

import re

from app.archive.paper import FOOT, MM, NUMBER, TRACE, Sheet
from app.archive.pen import Pen

_GREY = 0.45
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_LONG_NUMBER = re.compile(r"\d{15,}[\dXx]*")
_LONGEST = 60


def draw(
    pen: Pen,
    side: Sheet,
    number: str,
    running: str,
    trace: str,
    landscape: bool,
    back: bool,
    *,
    archived: bool = True,
) -> None:
    """Number at the outer lower corner, the place of the archive's number at the outer upper one, of the bound sheet.

    On a sheet across these corners are where they are when the volume is held upright (GB/T 9704). `archived`: it is
    filed in a volume whose pages are numbered by hand.
    """
    right = side.left + side.frame_width
    more = trace.count("\n") * TRACE.pitch
    if landscape:
        edge = side.top if back else side.top - side.frame_height
        pen.sideways(11 * MM, edge, number, FOOT, "left" if back else "right")
        corner = edge - 12 * MM if back else edge
        if archived:
            _archive_number(pen, side.width - 13 * MM, corner, 8 * MM, 12 * MM)
        pen.text(side.left, side.height - 8 * MM, side.frame_width, running, TRACE, _GREY)
        pen.text(side.left, 10 * MM + more, side.frame_width, trace, TRACE, _GREY)
        return
    pen.text(side.left, 13 * MM, side.frame_width, number, FOOT.at("left" if back else "right"))
    pen.text(side.left, 12.5 * MM + more, side.frame_width, trace, TRACE.at("right" if back else "left"), _GREY)
    pen.text(side.left, side.height - 12 * MM, side.frame_width, running, TRACE.at("right" if back else "left"), _GREY)
    if archived:
        _archive_number(pen, side.left if back else right - 12 * MM, side.height - 17 * MM, 12 * MM, 8 * MM)


def official_number(pen: Pen, side: Sheet, number: int, back: bool) -> None:
    """— 3 — below the text, one character in from its outer edge (GB/T 9704)."""
    x, width = side.left + NUMBER.size, side.frame_width - 2 * NUMBER.size
    pen.text(x, side.top - side.frame_height - 7 * MM, width, f"— {number} —", NUMBER.at("left" if back else "right"))


def _archive_number(pen: Pen, x: float, y: float, width: float, height: float) -> None:
    """12 × 8 mm for the stamped or pencilled page number of the archive (domain/archive.md §3.4)."""
    pen.dashes(x, y, width, height, 0.7)


def safe_name(wanted: str) -> str:
    """A file name that Windows takes: without its forbidden signs, reserved words and long numbers of a person."""
    stem, _, rest = wanted.partition("_")
    name = f"{stem}_{_LONG_NUMBER.sub('', rest)}" if rest else stem
    name = _FORBIDDEN.sub("", name)[:_LONGEST].strip(" ._")
    return f"_{name}" if not name or _RESERVED.fullmatch(name) else name
