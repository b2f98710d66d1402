"""Chinese line breaking: texts become lines of runs, measured with the fonts that will print them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.archive import fonts
from app.archive.paper import Style
from app.archive.pdf import face_of

Run = tuple[str, str]  # font name, text

_OPENING = "（《〈「『【〔〖［｛“‘([{￥＄$"
_CLOSING = "、，。．；：？！…—～）》〉」』】〕〗］｝”’％‰℃°·,.;:?!)\\]}%㎡"
# what is never torn apart: brackets with what they hold on to, and numbers or Latin words
_UNIT = re.compile(
    rf"[{re.escape(_OPENING)}]*(?:[A-Za-z0-9#+\-−*/._@&'=]+|——|……|[^\s])[{_CLOSING}]*|\s+"
)  # fmt: skip
_BREAK = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_KEPT = 24  # texts up to so many characters are labels, options and names, which come again and again


class _Widths(dict[str, float]):
    """Widths of one font's characters in ems."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._face = face_of(name)

    def __missing__(self, character: str) -> float:
        width = self[character] = float(self._face.charWidths.get(ord(character), self._face.defaultWidth)) / 1000
        return width


@lru_cache(maxsize=64)
def widths(font_name: str) -> _Widths:
    """The widths of a font by the name that app/archive/fonts gives."""
    return _Widths(font_name)


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `width` in points; `ends` marks a paragraph's last line, which is never stretched."""

    runs: tuple[Run, ...]
    width: float
    ends: bool


@dataclass(frozen=True, slots=True)
class Lines:
    """A text set to a width."""

    style: Style
    lines: tuple[Line, ...]

    @property
    def height(self) -> float:
        return len(self.lines) * self.style.pitch

    @property
    def width(self) -> float:
        return max((line.width for line in self.lines), default=0.0)

    def cut(self, height: float) -> "tuple[Lines, Lines | None]":
        """What fits in a height (at least one line), and the rest."""
        fitting = max(1, int(height // self.style.pitch))
        if fitting >= len(self.lines):
            return self, None
        return Lines(self.style, self.lines[:fitting]), Lines(self.style, self.lines[fitting:])


def fit(text: str, style: Style, width: float) -> Lines:
    """A text as lines no longer than `width` points.

    No punctuation begins a line and no opening bracket ends one; numbers and Latin words stay whole unless they are
    longer than a line. Line breaks in the text are kept.
    """
    return _fit_kept(text, style, width) if len(text) <= _KEPT else _fit(text, style, width)


def _fit(text: str, style: Style, width: float) -> Lines:
    paragraphs = _BREAK.split(text)
    return Lines(style, tuple(line for one in paragraphs for line in _paragraph(one, style, width)))


@lru_cache(maxsize=20000)
def _fit_kept(text: str, style: Style, width: float) -> Lines:
    return _fit(text, style, width)


def _paragraph(text: str, style: Style, width: float) -> Iterator[Line]:
    if style.indent:
        text = "\u3000" * style.indent + text
    runs = fonts.runs(text, style.font)
    if not runs:
        yield Line((), 0.0, True)
        return
    whole = "".join(piece for _, piece in runs)
    advance = [width for name, piece in runs for width in map(widths(name).__getitem__, piece)]
    room = width / style.size + 1e-6
    if sum(advance) <= room:
        yield Line(tuple(runs), sum(advance) * style.size, True)
        return
    spans = list(_spans(whole, advance, room))
    for start, end in spans:
        yield Line(_cut(runs, start, end), sum(advance[start:end]) * style.size, end == spans[-1][1])


def _spans(text: str, advance: list[float], room: float) -> Iterator[tuple[int, int]]:
    """Where lines begin and end."""
    start = end = 0
    used = 0.0
    for first, last in _units(text, advance, room):
        wide = sum(advance[first:last])
        if used + wide > room and end > start:
            yield start, end
            start, used = first, 0.0
        if text[first].isspace() and first and first == start and text[first] != "\u3000":
            start = end = last  # a blank between words is not carried over to the next line
            continue
        used += wide
        end = last
    if end > start:
        yield start, end


def _units(text: str, advance: list[float], room: float) -> Iterator[tuple[int, int]]:
    """What stays together; a unit longer than a line is given out character by character."""
    for found in _UNIT.finditer(text):
        first, last = found.span()
        if last - first > 1 and sum(advance[first:last]) > room:
            yield from ((n, n + 1) for n in range(first, last))
        else:
            yield first, last


def _cut(runs: list[Run], start: int, end: int) -> tuple[Run, ...]:
    found, at = [], 0
    for name, piece in runs:
        part = piece[max(0, start - at) : max(0, end - at)]
        if part:
            found.append((name, part))
        at += len(piece)
    return tuple(found)
