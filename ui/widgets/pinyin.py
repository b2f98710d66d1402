"""Chinese in the window without a dictionary: order by pronunciation, and initials of common characters.

GB 2312 lists its 3755 usual characters by pinyin; this is enough for option lists and for sorting. Names in a search
go through app/records/search.py, which knows all readings.
"""

import re
from bisect import bisect_right
from functools import cache

# the first character of each letter in GB 2312, level 1
_LETTERS = "abcdefghjklmnopqrstwxyz"
_FIRST_CODES = [first.encode("gb2312") for first in "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝"]
_LAST_CODE = "座".encode("gb2312")
_NUMBER = re.compile(r"(\d+)")


@cache
def initials(text: str) -> str:
    """First letters of the pinyin, "公益性岗位" → "gyxgw"; what is no usual character stays or is left out."""
    letters = []
    for character in text:
        try:
            code = character.encode("gb2312")
        except UnicodeEncodeError:
            continue
        if len(code) == 1:
            letters.append(character.lower())
        elif _FIRST_CODES[0] <= code <= _LAST_CODE:
            letters.append(_LETTERS[bisect_right(_FIRST_CODES, code) - 1])
    return "".join(letters)


def begins_with(text: str, typed: str) -> bool:
    """Whether a text, or its initials, begins with what was typed: 陈卫国 with 陈, with cw and with CW."""
    letters = typed.casefold()
    return text.casefold().startswith(letters) or (
        letters.isascii() and letters.isalpha() and initials(text[: len(letters)]).startswith(letters)
    )


def sort_key(text: str) -> bytes:
    """Sorts usual characters by pinyin, and numbers inside a text as numbers: 2组 before 10组. Also in SQL."""
    parts = _NUMBER.split(text.casefold())
    return b"".join(_number(part) if n % 2 else _word(part) for n, part in enumerate(parts) if part)


def _number(digits: str) -> bytes:
    """The longer number is the greater one; any number stands before any word."""
    plain = str(int(digits)).encode()
    return b"\1" + len(plain).to_bytes(2, "big") + plain


def _word(part: str) -> bytes:
    return b"\2" + part.encode("gb18030", "replace") + b"\0"
