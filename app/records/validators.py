"""Validators of single values, by the names that db/schema gives them. Source: docs/domain/records.md §2.7."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from stdnum import luhn
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from resources.option_roles import value_of

_EARLIEST_TODAY = date(2026, 1, 1)  # no correct clock shows an earlier day
_WRONG_CHECK_DIGIT = "校验码不对，请核对每一位"
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def current_date() -> date:
    """Today. A clock whose battery is empty (1970) must not make births and years of our time look like the future."""
    return max(date.today(), _EARLIEST_TODAY)


def _no_message(label: str, value: str) -> str:
    return ""


def _normalize_number(text: str) -> str:
    """Half-width, without spaces and the marks that sheets leave around numbers; X in capitals."""
    return re.sub(r"[\s\-'`\u200b\ufeff]", "", text.translate(FULL_WIDTH)).upper()


def _normalize_id_number(text: str) -> str:
    """As any number; without the G that schools put before an ID number (学籍号)."""
    return re.sub(r"^G(?=\d{17}[\dX]$)", "", _normalize_number(text))


def _normalize_name(text: str) -> str:
    """A name as it is, blanks between characters taken out where all are Chinese, every dot the standard one (B7)."""
    text = re.sub(r"[•‧∙⋅・．]", "·", text.strip())
    return text if re.search(r"[A-Za-z]", text) else re.sub(r"\s+", "", text)


@dataclass(frozen=True, slots=True)
class Validator:
    """`normalize` repairs what is certain, `error` and `warning` give a message or ""."""

    normalize: Callable[[str], str]
    error: Callable[[str, str], str]
    warning: Callable[[str, str], str] = _no_message


def id_birth(id_no: str) -> date | None:
    """The date in an 18-digit ID number (or the front of a 20-digit disability card), None where there is none."""
    try:
        return date(int(id_no[6:10]), int(id_no[10:12]), int(id_no[12:14]))
    except ValueError:
        return None


def id_sex(id_no: str) -> str | None:
    """男 or 女 by the 17th digit."""
    if len(id_no) < 18 or not id_no[16].isdigit():
        return None
    return value_of("sex", "male" if int(id_no[16]) % 2 else "female")


def id_number_error(number: str) -> str:
    """What is wrong with an ID number, or "": length, characters, date, check digit (GB 11643)."""
    if len(number) == 15 and number.isdigit():
        return "是 15 位旧号，需升级为 18 位"
    if len(number) not in (18, 20, 22):
        return f"是 {len(number)} 位，应为 18 位(残疾人证 20 位)"
    front = number[:18]
    if not re.fullmatch(r"\d{17}[\dX]", front):
        return "含有数字以外的字符"
    if front.startswith("999999"):
        return "是 999999 开头的虚拟号"
    birth = id_birth(front)
    if birth is None or not date(1900, 1, 1) <= birth <= current_date():
        return f"第 7–14 位“{front[6:14]}”不是有效的出生日期"
    if ric.calc_check_digit(front) != front[17]:
        return _WRONG_CHECK_DIGIT
    if len(number) >= 20 and (number[18] not in "1234567" or number[19] not in "1234"):
        return "末两位不是残疾类别(1–7)和等级(1–4)"
    return ""


def _id_error(label: str, value: str) -> str:
    problem = id_number_error(value)
    return f"“{label}”{problem}。" if problem not in ("", _WRONG_CHECK_DIGIT) else ""


def _id_warning(label: str, value: str) -> str:
    """A wrong check digit stands on many a card that was copied wrong years ago: it is taken as it is, and doubted."""
    is_wrong = id_number_error(value) == _WRONG_CHECK_DIGIT
    return f"“{label}”{_WRONG_CHECK_DIGIT}（疑点，已按原样取）。" if is_wrong else ""


def _disability_no_error(label: str, value: str) -> str:
    if len(value) not in (20, 22):
        return f"“{label}”是 {len(value)} 位，应为 20 位(身份证号+类别+等级)。"
    return _id_error(label, value)


def _phone_error(label: str, value: str) -> str:
    if re.fullmatch(r"1[3-9]\d{9}", value) or re.fullmatch(r"0\d{2,3}\d{7,8}", value):
        return ""
    return f"“{label}”应是 11 位手机号(1 开头)或带区号的座机号，现在是 {len(value)} 位。"


def _phone_warning(label: str, value: str) -> str:
    return "" if value.startswith("1") else f"“{label}”是座机号，系统只收手机号。"


def _bank_card_error(label: str, value: str) -> str:
    return "" if value.isdigit() and 8 <= len(value) <= 30 else f"“{label}”只能是数字，一般 16–19 位。"


def _bank_card_warning(label: str, value: str) -> str:
    if not 16 <= len(value) <= 19:
        return f"“{label}”是 {len(value)} 位，一般 16–19 位，请核对。"
    try:
        luhn.validate(value)
    except ValidationError:
        return f"“{label}”校验位不对，请核对(存折号可以不管)。"
    return ""


def _name_error(label: str, value: str) -> str:
    if len(value) > 50:
        return f"“{label}”有 {len(value)} 个字，最多 50 个。"
    if re.search(r"[\x00-\x1f\u200e\u200f\u202a-\u202e\u2066-\u2069<>]", value):
        return f"“{label}”里有看不见的字符或尖括号，请重新输入。"
    return ""


def _number_error(length: int) -> Callable[[str, str], str]:
    def error(label: str, value: str) -> str:
        if re.fullmatch(rf"[0-9A-Z]{{4,{length}}}", value):
            return ""
        return f"“{label}”应是 4–{length} 位数字，现在是“{value[:30]}”。"

    return error


def _normalize_clock(text: str) -> str:
    """09:30 from 9:30, 9：30, 9点30分, 0930; what is no time stays as it is, for the message."""
    digits = re.fullmatch(r"(\d{1,2})(?:[:.时点]?(\d{2})?分?)", re.sub(r"\s+", "", text.translate(FULL_WIDTH)))
    return f"{int(digits[1]):02}:{digits[2] or '00'}" if digits else text.strip()


def _clock_error(label: str, value: str) -> str:
    if re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        return ""
    return f"“{label}”应是几点几分，如 09:30，现在是“{value[:20]}”。"


def _village_code_error(label: str, value: str) -> str:
    return "" if re.fullmatch(r"[1-9]\d{11}", value) else f"“{label}”应是 12 位数字，现在是“{value[:20]}”。"


def _stored_view_error(label: str, value: str) -> str:
    """A condition is made by the program; what an officer types into a sheet instead is none."""
    try:
        stored = json.loads(value)
    except (ValueError, RecursionError):
        stored = None
    return "" if isinstance(stored, dict) else f"“{label}”不是本程序写出的条件，请在“政策库”页里设置。"


VALIDATORS = {
    "id_number": Validator(_normalize_id_number, _id_error, _id_warning),
    "disability_no": Validator(_normalize_number, _disability_no_error, _id_warning),
    "phone": Validator(_normalize_number, _phone_error, _phone_warning),
    "bank_card": Validator(_normalize_number, _bank_card_error, _bank_card_warning),
    "person_name": Validator(_normalize_name, _name_error),
    "household_no": Validator(_normalize_number, _number_error(20)),
    "person_no": Validator(_normalize_number, _number_error(24)),
    "village_code": Validator(_normalize_number, _village_code_error),
    "clock": Validator(_normalize_clock, _clock_error),
    "stored_view": Validator(str.strip, _stored_view_error),
}
