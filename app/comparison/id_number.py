"""ID numbers as offices write them, brought to one form: 18 characters, or the reason why that cannot be done."""

from functools import lru_cache

from stdnum.cn import ric

from app.records.validators import VALIDATORS, id_number_error

STAR = "*"  # stands for a digit that an office does not give
_OLD_LENGTH, _LENGTH = 15, 18
_CENTURY = "19"  # numbers of 15 digits were given to people born before 2000
_normalize = VALIDATORS["id_number"].normalize


@lru_cache(maxsize=4096)
def fold_id_number(text: str) -> tuple[str, str]:
    """The number with 18 characters, and what is wrong with it, "" where nothing is.

    Blanks, full-width characters, a small x and a leading G are put right; 15 digits become 18; of a disability card's
    20 characters the front is the ID number. What cannot be an ID number comes back as it is written.
    """
    number = _normalize(text)
    if not number:
        return "", "没有证件号码"
    if STAR in number:
        return number, "证件号码打了星号"
    if len(number) == _OLD_LENGTH and number.isdigit():
        front = f"{number[:6]}{_CENTURY}{number[6:]}"
        number = front + ric.calc_check_digit(f"{front}0")
    elif len(number) in (20, 22):
        number = number[:_LENGTH]
    fault = id_number_error(number)
    return number, f"证件号码{fault}" if fault else ""


def own_number(stored: str | None) -> str:
    """A stored number in the same form; what is whole already is not looked at twice."""
    if not stored:
        return ""
    return stored.upper() if len(stored) == _LENGTH else fold_id_number(stored)[0]
