"""Chinese in the window without a dictionary: order by pronunciation, and initials of common characters.

GB 2312 lists its 3755 usual characters by pinyin; this is enough for option lists and for sorting. Names in a search
go through app/records/find.py, which knows all readings.
"""

import re
from bisect import bisect_right
from functools import cache

# the first character of each letter in GB 2312, level 1
_LETTERS = "abcdefghjklmnopqrstwxyz"
_FIRST = [first.encode("gb2312") for first in "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝"]
_LAST = "座".encode("gb2312")
_PARTS = re.compile(r"(\d+)")

Order = tuple[tuple[int, int, bytes], ...]


@cache
def initials(text: str) -> str:
    """First letters of the pinyin, "公益性岗位" → "gyxgw"; what is no usual character stays or is left out."""
    found = []
    for letter in text:
        try:
            code = letter.encode("gb2312")
        except UnicodeEncodeError:
            continue
        if len(code) == 1:
            found.append(letter.lower())
        elif _FIRST[0] <= code <= _LAST:
            found.append(_LETTERS[bisect_right(_FIRST, code) - 1])
    return "".join(found)


def order(text: str) -> Order:
    """Sorts usual characters by pinyin, and numbers inside a text as numbers: 2组 before 10组."""
    parts = _PARTS.split(text.casefold())
    return tuple(
        (0, int(part), b"") if n % 2 else (1, 0, part.encode("gb18030", "replace"))
        for n, part in enumerate(parts)
        if part
    )
