"""From the lines that were read in a picture to a certificate: its kind, and a value for each of its columns."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.certificate_intake.kind import HEAD, CertificateKind, Place, certificate_kind, certificate_kinds
from app.certificate_intake.label_search import find_texts
from app.certificate_intake.number_search import FoundNumber, find_numbers
from app.certificate_intake.text_line import Corner, PlacedLine, ReadLine, straightened
from app.errors import ValidationError
from app.records.field import Value, options
from app.records.validators import id_birth, id_sex

_CONFIDENT = 0.9  # of the reader, from which a text is proposed without being asked about
_LISTED_CONFIDENT = 0.8  # of an option or a date: what is misread is seldom another one
_BANK_CONFIDENT = 0.8  # a card's check digit lets one in ten of the numbers pass that were read wrong in several places
_NAME, _BIRTH, _SEX = Place("member", "name"), Place("member", "birth"), Place("member", "sex")
_ID_NO, _DISABILITY_NO = Place("member", "id_no"), Place("member", "disability_no")
_CODED = {Place("member", "disability_kind"): 18, Place("member", "disability_level"): 19}  # places in the long number
_HAN_NAME = re.compile(r"[\u3007\u3400-\u9fff\U00020000-\U0003ffff]+(·[\u3400-\u9fff\U00020000-\U0003ffff]+)*")


@dataclass(frozen=True, slots=True)
class ReadValue:
    """What was read for one column.

    Attributes:
        text: as it was read
        value: as it would be stored; None where it is no value of the column
        doubt: why a person must look, "" where it is certain
        box: left, top, right, bottom in pixels of the picture: what is cut out of it
    """

    text: str
    value: Value
    doubt: str
    box: tuple[int, int, int, int]

    @property
    def is_certain(self) -> bool:
        return self.value is not None and not self.doubt


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate in a picture. `doubt`: about the whole of it, ""."""

    kind: CertificateKind
    values: Mapping[Place, ReadValue]
    doubt: str = ""

    def text(self, table: str, column: str) -> str:
        """What was read as a text value, "" where nothing was."""
        read = self.values.get(Place(table, column))
        return read.value if read and isinstance(read.value, str) else ""

    @property
    def name(self) -> str:
        """Whose it is, or who heads the household that it is of."""
        return self.text("member", "name") or self.text(HEAD, "name")

    @property
    def birth(self) -> date | None:
        read = self.values.get(_BIRTH)
        return read.value if read and isinstance(read.value, date) else None

    def certain(self, table: str, column: str) -> str:
        """A number whose check digit is right, "" where there is none."""
        read = self.values.get(Place(table, column))
        return str(read.value) if read and read.is_certain else ""


def recognise(lines: Sequence[ReadLine]) -> Certificate | None:
    """The certificate that these lines are of; None where it is none that is known."""
    placed = straightened(lines)
    kind = _kind_of(placed)
    if kind is None:
        return None
    values = {place: _read_text(place, found.text, found.confidence, found.places)
              for place, found in find_texts(kind, placed).items()}  # fmt: skip
    values |= _read_phrases(kind, placed)
    doubt = ""
    for place, shape in kind.numbers.items():
        found = find_numbers(placed, shape)
        if found:
            values[place] = _read_number(place, found[0])
        if place == _ID_NO and len({one.number for one in found if not one.error}) > 1:
            doubt = "照片里有几个人的证件，请一张照片拍一个证件，或逐项核对。"
    values = _checked_against_number(values)
    if doubt:
        values = {place: replace(one, doubt=one.doubt or "照片里有几个人的证件") for place, one in values.items()}
    return Certificate(kind, {place: values[place] for place in kind.places() if place in values}, doubt)


def _kind_of(placed: Sequence[PlacedLine]) -> CertificateKind | None:
    text = "\n".join(line.text for line in placed)
    for kind in certificate_kinds():
        if any(word in text for word in kind.words):
            return kind
    has_number = any(not one.error for one in find_numbers(placed, "id"))
    return certificate_kind("id_card") if has_number else None


def _read_text(place: Place, text: str, confidence: float, lines: Sequence[PlacedLine]) -> ReadValue:
    field, value = place.field, None
    try:
        value = field.parse_and_validate(_option_in(place, text) if field.options else text)
        is_listed = bool(field.options) or field.kind == "date"
        doubt = "" if confidence >= (_LISTED_CONFIDENT if is_listed else _CONFIDENT) else "字迹不清，请核对"
    except ValidationError:
        doubt = f"读成“{text[:12]}”，不是“{field.label}”能填的"
    if place.column == _NAME.column and not _HAN_NAME.fullmatch(text):
        doubt = doubt or "姓名里有汉字以外的字符，请核对"
    return ReadValue(text, value, doubt, _box(lines))


def _option_in(place: Place, text: str) -> str:
    """The option that the text is or begins with: 男 of 男民族汉 where the label between them was not read."""
    for length in range(len(text), 0, -1):
        try:
            if place.field.parse(text[:length]) is not None:
                return text[:length]
        except ValidationError:
            continue
    return text


def _read_phrases(kind: CertificateKind, placed: Sequence[PlacedLine]) -> dict[Place, ReadValue]:
    found: dict[Place, ReadValue] = {}
    for place, pattern in kind.phrases.items():
        for line in placed:
            if match := re.search(pattern, line.text):
                found.setdefault(place, _read_text(place, match[0], line.line.confidence, [line]))
    return found


def _read_number(place: Place, found: FoundNumber) -> ReadValue:
    doubt = found.error
    if not doubt and place.column == "bank_card_no" and found.place.line.confidence < _BANK_CONFIDENT:
        doubt = "字迹不清，请核对"
    return ReadValue(found.number, found.number, doubt, _box([found.place]))


def _checked_against_number(values: Mapping[Place, ReadValue]) -> dict[Place, ReadValue]:
    """A number says birth and sex, that of a disability its kind and level: what stands beside it must agree with it,
    or neither is certain."""
    checked = dict(values)
    number = values.get(_DISABILITY_NO) or values.get(_ID_NO)
    if number is None or number.doubt:
        return checked
    told: dict[Place, Value] = {_BIRTH: id_birth(number.text), _SEX: id_sex(number.text)}
    for place, at in _CODED.items():
        if len(number.text) > at:
            codes = {option.code: option.value for option in options(place.field.spec.options)}
            told[place] = codes.get(number.text[at])
    for place, value in told.items():
        other = values.get(place)
        if other is None or other.value is None or value is None:
            continue
        if other.value == value:
            checked[place] = replace(other, doubt="")  # two ways to read it, and the check digit for one of them
        else:
            doubt = f"号码和“{place.field.label}”对不上，请核对"
            for one in (place, _ID_NO, _DISABILITY_NO):
                if one in checked:
                    checked[one] = replace(checked[one], doubt=doubt)
    return checked


def _box(lines: Sequence[PlacedLine]) -> tuple[int, int, int, int]:
    corners: list[Corner] = [corner for line in lines for corner in line.line.corners]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return int(min(xs)), int(min(ys)), int(max(xs)) + 1, int(max(ys)) + 1
