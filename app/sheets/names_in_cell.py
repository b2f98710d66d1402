"""Several names in one cell: “吴敏、郑洁”, “吴敏 郑洁”, “吴敏和郑洁”, or one below the other."""

import re
from collections.abc import Iterator

from app.records.validators import VALIDATORS

_MARKS = re.compile(r"[、,，;；/|]+")
_LINES = re.compile(r"[\r\n]+")
_AND = re.compile(r"([\u4e00-\u9fff]{2,3})[和与及]([\u4e00-\u9fff]{2,3})")
_HAN_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
# a blank behind one of these stands within a name
_LONG_SURNAMES = re.compile(
    "欧阳|司马|上官|诸葛|夏侯|皇甫|尉迟|公孙|慕容|令狐|东方|南宫|端木|司徒|司空|独孤|长孙|宇文|轩辕|百里|呼延"
)


def names_in(text: str) -> list[str]:
    """The names in a cell as a person wrote it; blanks within a name (“陈 卫国”) do not part it."""
    normalize = VALIDATORS["person_name"].normalize
    return [name for part in _MARKS.split(text) for one in _apart(part) if (name := normalize(one))]


def is_parted_by_marks(text: str) -> bool:
    """Whether the names of a cell are parted by more than a blank, so that they are certainly several."""
    return len([part for part in _MARKS.split(text) if part.strip()]) > 1


def _apart(text: str) -> Iterator[str]:
    for parts in (_LINES.split(text.strip()), text.split()):
        if len(parts) > 1 and all(map(_HAN_NAME.fullmatch, parts)) and not _LONG_SURNAMES.fullmatch(parts[0]):
            yield from parts
            return
    joined = _AND.fullmatch("".join(text.split()))
    yield from joined.groups() if joined else (text,)
