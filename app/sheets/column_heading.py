"""What one heading says besides the name of its column: year, unit, which person across the row, part of a year.

“2017年人均纯收入（万元）” is 人均纯收入 of 2017 in 万元; “成员2姓名” under any group is the name of the second person;
“第二帮扶人” heads the columns of the second helper.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from app.sheets.units import unit_in_brackets

GroupRole: TypeAlias = Literal["household", "helper", "person", "unknown", ""]

_DIGITS = "一二三四五六七八九十"
_YEAR = re.compile(r"\(?(?<!\d)(20[0-4]\d)(?!\d)(?:年度|年末|年)?\)?")
_SHORT_YEAR = re.compile(r"\(?(?<![\d近前满])(1[2-9]|2\d)年(?![级限龄])(?:度|末)?\)?")
_PERIOD = re.compile(r"第?[一二三四1-4]季度|[上下]半年|(?<!\d)(?:1[0-2]|[1-9])月份?(?!\d)|第[一二三四]季")
_PERSON = re.compile(rf"(?:家庭)?成员\(?(\d{{1,2}}|[{_DIGITS}])\)?(?:的|信息|情况)?")
_WHOLE_YEAR = re.compile(r"全?年?(?:合计|小计|总计|金额|数额|收入|数值?)|全年?")
_NUMBERED = re.compile(r"([^\d()]*[\u4e00-\u9fff])\(?(\d{1,2})\)?")
_BRACKETED_UNIT = re.compile(r"\([^()]*\)$")
_HOUSEHOLD_GROUP = re.compile(r"户主|农户|家庭基本|户基本|基本情况|基本信息|贫困户|脱贫户|监测对象")
_HELPER_GROUP = re.compile(r"帮扶|结对|联系人|联户")
_HELPER_NUMBER = re.compile(
    rf"第?(\d|[{_DIGITS}])(?:名|位|个)?(?=帮扶|结对|联系人|联户)|(?<=[人员部])\(?(\d|[{_DIGITS}])\)?"
)
_PERSON_GROUP = re.compile(r"家庭成员|家庭人口|成员信息|成员情况|人口信息")
_OTHER_PERSON = re.compile(r"监护|代理|代领|填表|审核|村干部|包保|网格|担保|法人|经办|配偶|采集")


@dataclass(frozen=True, slots=True)
class HeadingParts:
    """A heading taken apart.

    Attributes:
        name: what is left as the name of the column
        year: 0 where none is said
        unit: as written in brackets, "" where none is
        period: a quarter or half of a year, which no field has
        person: which of the people across the row, 0 where none is said
    """

    name: str
    year: int = 0
    unit: str = ""
    period: str = ""
    person: int = 0


def _folded(text: str) -> str:
    return re.sub(r"[\s*\u200b\ufeff:]", "", unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=4096)
def heading_parts(text: str) -> HeadingParts:
    """Take a heading, or a group's heading, apart."""
    name, unit = _folded(text), unit_in_brackets(text)
    if unit and not name.startswith("("):
        name = _BRACKETED_UNIT.sub("", name)
    year, period, person = _YEAR.search(name) or _SHORT_YEAR.search(name), _PERIOD.search(name), _PERSON.search(name)
    if year:
        name = name.replace(year[0], "", 1)
    if period:
        name = name.replace(period[0], "", 1).replace("()", "")
    if person:
        name = name.replace(person[0], "", 1).replace("()", "")
    return HeadingParts(
        name.strip("-_/、"),
        int(year[1]) % 100 + 2000 if year else 0,
        unit,
        period[0] if period else "",
        _number(person[1] if person else ""),
    )


def _number(written: str) -> int:
    return int(written) if written.isdigit() else _DIGITS.find(written) + 1 if written else 0


def is_whole_year(name: str) -> bool:
    """Whether a heading below a group says no more than that it is the group's number of the year."""
    return _WHOLE_YEAR.fullmatch(name) is not None


def numbered(name: str) -> tuple[str, int]:
    """“姓名2” → “姓名”, 2; a name without a number at its end → itself, 0."""
    match = _NUMBERED.fullmatch(name)
    return (match[1], int(match[2])) if match else (name, 0)


def numbered_helper(name: str) -> tuple[str, int]:
    """“第一帮扶人” → “帮扶人”, 1 and “帮扶责任人2电话” → “帮扶责任人电话”, 2; what names no such helper → itself, 0."""
    match = _HELPER_NUMBER.search(name) if names_helper(name) else None
    return (name.replace(match[0], "", 1), _number(match[1] or match[2])) if match else (name, 0)


def names_helper(heading: str) -> bool:
    """Whether a heading speaks of whoever helps a household."""
    return _HELPER_GROUP.search(heading) is not None


def group_role(group: str) -> GroupRole:
    """Whom the columns under a group's heading are about; "" where it names nobody (a subject, a year)."""
    text = _folded(group)
    if _OTHER_PERSON.search(text):
        return "unknown"
    if names_helper(text):
        return "helper"
    if _PERSON_GROUP.search(text) or _PERSON.search(text):
        return "person"
    return "household" if _HOUSEHOLD_GROUP.search(text) else ""
