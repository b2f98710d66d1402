"""What stands behind the words of a certificate: on the same line, to the right of it, and on the lines below."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.certificate_intake.kind import CertificateKind, Place
from app.certificate_intake.text_line import PlacedLine
from app.errors import ValidationError

_SAME_ROW = 0.75  # of a line's height: how far apart the middles of what stands side by side may be
_NEXT_ROW = 0.9  # of a line's height: how far below the one above a line of the same text begins
_SAME_LEFT = 2.0  # of a line's height: how far apart lines of the same text begin
_OVERLAP = (
    0.75  # of a line's height: how far what stands to the right may reach into a label, in a picture that is askew
)
_SHORT = 6  # characters before a label in a line that says several things: 男民族汉
_BETWEEN = ":：，,。.、;；"


@dataclass(frozen=True, slots=True)
class FoundText:
    """What was read for a column, and the lines that it stands in."""

    text: str
    places: tuple[PlacedLine, ...]

    @property
    def confidence(self) -> float:
        return min(one.line.confidence for one in self.places)


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of a line: behind a label, or a line without one. `place` is None behind a word that is not taken."""

    place: Place | None
    is_labelled: bool
    rest: PlacedLine


def find_texts(kind: CertificateKind, lines: Sequence[PlacedLine]) -> dict[Place, FoundText]:
    """Column → what stands behind its label, for those of whom anything is there."""
    words: dict[str, Place | None] = dict.fromkeys(kind.stops)
    words |= {word: place for place, labels in kind.labels.items() for word in labels}
    ordered = sorted(words, key=len, reverse=True)
    parts = [part for line in lines for part in _parts(line, words, ordered)]
    result: dict[Place, FoundText] = {}
    for part in parts:
        if part.place is not None and part.place not in result and (found := _value(part, parts)):
            result[part.place] = found
    return result


def _parts(line: PlacedLine, words: Mapping[str, Place | None], ordered: Sequence[str]) -> list[_Part]:
    """A line cut before each of its labels."""
    parts: list[_Part] = []
    rest, place, is_labelled = line, None, False
    while rest.text:
        at, word = _next_label(rest.text, words, ordered)
        if at < 0:
            break
        if at or is_labelled:
            parts.append(_Part(place, is_labelled, rest.before(at)))
        place, is_labelled, rest = words[word], True, rest.behind(at + len(word))
    return [*parts, _Part(place, is_labelled, rest)]


def _next_label(text: str, words: Mapping[str, Place | None], ordered: Sequence[str]) -> tuple[int, str]:
    """Where the next label begins, and which it is; -1 where none does.

    A line of an address may hold the word of another column (民族村): a word is a label only behind a few characters,
    and that of a column with options only before one of them.
    """
    for at in range(min(len(text), _SHORT + 1)):
        for word in ordered:
            if text.startswith(word, at) and _can_follow(words[word], text[at + len(word) :]):
                return at, word
    return -1, ""


def _can_follow(place: Place | None, rest: str) -> bool:
    if place is None or not rest or not place.field.options:
        return True
    return any(_is_option(place, rest[:length]) for length in range(1, min(len(rest), _SHORT) + 1))


def _is_option(place: Place, text: str) -> bool:
    try:
        return place.field.parse(text) is not None
    except ValidationError:
        return False


def _value(label: _Part, parts: Sequence[_Part]) -> FoundText | None:
    """What is behind a label: the rest of its line, else what stands to the right of it up to the next label."""
    assert label.place is not None
    is_long = not label.place.field.options and label.place.field.kind == "text" and not label.place.field.spec.rule
    row = [label.rest] if label.rest.text.strip(_BETWEEN) else []
    if not row or label.place.field.kind == "date":
        row += _to_the_right(label, parts)
    if not row:
        return None
    found = _block(row[0], row, parts) if is_long else row if label.place.field.kind == "date" else row[:1]
    text = "".join(one.text for one in found).strip(_BETWEEN)
    return FoundText(text, tuple(found)) if text else None


def _to_the_right(label: _Part, parts: Sequence[_Part]) -> list[PlacedLine]:
    """Unlabelled lines of the same row, up to the next label."""
    height = label.rest.height
    row = [
        one
        for one in parts
        if one.rest.line is not label.rest.line
        and one.rest.left > label.rest.left - _OVERLAP * height
        and abs(one.rest.middle - label.rest.middle) < _SAME_ROW * max(height, one.rest.height)
    ]
    result: list[PlacedLine] = []
    for one in sorted(row, key=lambda part: part.rest.left):
        if one.is_labelled:
            break
        result.append(one.rest)
    return result


def _block(first: PlacedLine, row: Sequence[PlacedLine], parts: Sequence[_Part]) -> list[PlacedLine]:
    """A text of several lines: those of its row, and above and below what begins where it begins."""
    values = [line for one in parts if one.is_labelled and not one.rest.text for line in _to_the_right(one, parts)[:1]]
    free = [one.rest for one in parts if not one.is_labelled and one.rest not in row and one.rest not in values]
    block = list(row)
    for step in (-1, 1):
        edge = first
        for one in sorted(free, key=lambda line: step * line.middle):
            gap = one.top - edge.bottom if step > 0 else edge.top - one.bottom
            is_beyond = step * (one.middle - edge.middle) > _SAME_ROW / 2 * edge.height
            begins_there = abs(one.left - first.left) < _SAME_LEFT * first.height
            if is_beyond and begins_there and gap < _NEXT_ROW * edge.height:
                block.append(one)
                edge = one
    return sorted(block, key=lambda line: (round(line.middle / max(1.0, first.height)), line.left))
