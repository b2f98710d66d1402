"""Finds the numbers in what was read; a check digit decides whether one is certain."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from stdnum import luhn

from app.certificate_intake.kind import NumberShape
from app.certificate_intake.text_line import PlacedLine
from app.records.validators import current_date, id_birth, id_number_error

# letters that are read where a digit stands; taken for it only between digits, and judged by the check digit
_LOOKALIKES = str.maketrans("OoDQIl|ZSB", "0000111258")
_CROSSES = str.maketrans({"x": "X", "×": "X", "Ⅹ": "X", "Х": "X"})
_RUN = re.compile(r"[0-9OoDQIl|ZSB]{12,}[0-9OoDQIl|ZSBXx×ⅩХ]*")
_LENGTHS: dict[NumberShape, frozenset[int]] = {
    "id": frozenset((18, 20, 22)),  # the front of a disability certificate's number is the ID number
    "disability": frozenset((20, 22)),
    "bank": frozenset(range(16, 20)),
}
_DASHES = str.maketrans("", "", "-—–·. ")
_ID_LENGTH = 18
_MOST_LETTERS = 3  # of a run that is taken for a number
_SEEN_LENGTHS = range(15, 23)  # of a number that was read wrong; others are something else


@dataclass(frozen=True, slots=True)
class FoundNumber:
    """A number in a picture. `error`: why it is not certain, "" where its check digit is right."""

    number: str
    error: str
    place: PlacedLine


def find_numbers(lines: Iterable[PlacedLine], shape: NumberShape) -> list[FoundNumber]:
    """All numbers of a shape: those that are certain first, each once."""
    found: dict[str, FoundNumber] = {}
    for line in lines:
        for run in _RUN.findall(line.text.translate(_DASHES)):
            number = run.translate(_LOOKALIKES).translate(_CROSSES)
            letters = sum(not character.isdigit() for character in run)
            if letters > _MOST_LETTERS or len(number) not in _SEEN_LENGTHS:
                continue
            if shape == "bank" and _is_like_an_id(number):
                continue
            one = FoundNumber(_cut(number, shape), number_error(number, shape), line)
            found.setdefault(one.number, one)
    return sorted(found.values(), key=lambda one: bool(one.error))


def _is_like_an_id(number: str) -> bool:
    """Whether a date of birth stands where an ID number has one, whether its check digit is right or not."""
    birth = id_birth(number)
    return len(number) in _LENGTHS["id"] and birth is not None and date(1900, 1, 1) <= birth <= current_date()


def _cut(number: str, shape: NumberShape) -> str:
    return number[:_ID_LENGTH] if shape == "id" and len(number) in _LENGTHS[shape] else number


def number_error(number: str, shape: NumberShape) -> str:
    """Why a number that was read is not certain, "" where it is."""
    if len(number) not in _LENGTHS[shape]:
        return f"读出 {len(number)} 位，位数不对"
    if shape == "bank":
        return "" if number.isdigit() and luhn.is_valid(number) else "校验位不对"
    return id_number_error(_cut(number, shape))
