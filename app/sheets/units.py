"""Units that numbers are written in, and what turns them into the unit of a field."""

import re
import unicodedata
from decimal import Decimal
from types import MappingProxyType

# unit of a field → spelling → how many of the field's units it is
_FACTORS = MappingProxyType(
    {
        "元": {
            "元": "1",
            "块": "1",
            "百元": "100",
            "千元": "1000",
            "万": "10000",
            "万元": "10000",
            "角": "0.1",
            "分": "0.01",
        },
        "亩": {"亩": "1", "分": "0.1", "分地": "0.1", "公顷": "15"},
        "公里": {"公里": "1", "km": "1", "千米": "1", "里": "0.5", "米": "0.001", "m": "0.001"},
        "㎡": {"㎡": "1", "m2": "1", "平方米": "1", "平米": "1", "平方": "1", "平": "1"},
        "月": {"月": "1", "个月": "1", "年": "12"},
        "人": {"人": "1", "口": "1", "口人": "1"},
    }
)
_UNIT_WORDS = sorted({unit for factors in _FACTORS.values() for unit in factors} - {"年", "平", "m"}, key=len)[::-1]
_IN_BRACKETS = re.compile(rf"\((?:单位:?)?({'|'.join(map(re.escape, _UNIT_WORDS))})(?:/[年月])?\)")
_ABOVE_TABLE = re.compile(rf"单位[:/]?\s*({'|'.join(map(re.escape, _UNIT_WORDS))})(?![\u4e00-\u9fff])")
_QUANTITY = re.compile(r"[¥$]?\s*([+-]?[\d,]*\.?\d+|[+-]?[\d,]+\.)\s*([^\d\s.,]*)")


def factor(field_unit: str, unit: str) -> Decimal | None:
    """How many of the field's units one of `unit` is, None where the two do not measure the same.

    Args:
        field_unit: of the field in db/schema; money has 元
        unit: as a sheet writes it
    """
    written = _FACTORS.get(field_unit, {}).get(unit)
    return None if written is None else Decimal(written)


def units_of(field_unit: str) -> tuple[str, ...]:
    """The spellings that a field's numbers may be written in."""
    return tuple(_FACTORS.get(field_unit, {}))


def unit_in_brackets(header: str) -> str:
    """The unit that stands in brackets in a heading, "" where none does: “收入（万元）” is in 万元."""
    match = _IN_BRACKETS.search(unicodedata.normalize("NFKC", header))
    return match[1] if match else ""


def units_above_table(line: str) -> list[str]:
    """The units that a line above the table names: “单位：万元”, “金额单位：千元；面积单位：亩”."""
    return _ABOVE_TABLE.findall(unicodedata.normalize("NFKC", line))


def is_unit(text: str) -> bool:
    """Whether a cell says a unit and nothing else, in brackets or not."""
    return unicodedata.normalize("NFKC", text).strip("() ").removeprefix("单位:") in _UNIT_WORDS


def split_quantity(text: str) -> tuple[str, str] | None:
    """Number and unit of “￥1,200.00”, “2.4万” or “3 亩”; None where it is no number with a unit."""
    match = _QUANTITY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return (match[1], match[2]) if match else None
