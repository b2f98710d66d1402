"""One raw cell: its text, safe repairs, and whether digits were lost."""

import re
from datetime import date, datetime, time, timedelta

from app.sheets.sheet import Cell
from resources.option_roles import yes_no

_MAX_EXACT = 10**15  # Excel keeps 15 digits of a number
_SCIENTIFIC = re.compile(r"[+-]?\d+(\.\d+)?[eE]\+?\d+")
_QUOTED = re.compile(r'="(.*)"')
_TEXT_MARKER = re.compile(r"^['‘’`]\s*(?=[\dXx０-９ ]+$)")
_BLANKS, _OPENING = " \t\r\n\u3000\u00a0\u200b\ufeff", "='‘’`"
_EMPTY_MARKS = {"", "/", "\\", "-", "--", "—", "——", "－", "／"}


def clean(text: str) -> str:
    """Text without what programs leave around it: blanks, `="…"`, the apostrophe that makes a number text."""
    text = text.strip(_BLANKS)
    if not text or text[0] not in _OPENING:
        return text
    quoted = _QUOTED.fullmatch(text)
    if quoted:
        text = quoted[1].strip()
    return _TEXT_MARKER.sub("", text)


def text_of(cell: Cell) -> str:
    """A cell as its reader saw it, as text; "" where it says nothing. Whole numbers have no ".0"."""
    if isinstance(cell, str):
        text = clean(cell)
        return "" if text in _EMPTY_MARKS else text
    if isinstance(cell, bool):
        return yes_no(cell)
    if isinstance(cell, int | float):
        if abs(cell) >= _MAX_EXACT:
            return f"{cell:.15g}".upper()  # never digits that Excel does not have
        return str(int(cell)) if cell == int(cell) else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


def lost_precision(cell: Cell) -> bool:
    """Whether a number that should have been text has lost digits, or may have: more than 15 of them, or 3.4E+17."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return abs(cell) >= _MAX_EXACT or cell != int(cell)
    return isinstance(cell, str) and _SCIENTIFIC.fullmatch(clean(cell)) is not None


def is_date_or_time(cell: Cell) -> bool:
    """Whether the sheet made a date or a time of it."""
    return isinstance(cell, date | time | timedelta)
