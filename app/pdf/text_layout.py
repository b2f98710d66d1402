"""Chinese line breaking: texts become lines of runs, measured with the fonts that will print them."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from app.pdf import fonts
from app.pdf.document import font_face
from app.pdf.page_style import TextStyle

TextRun = tuple[str, str]  # font name, text

_OPENING = "（《〈「『【〔〖［｛“‘([{￥＄$"
_CLOSING = "、，。．；：？！…—～）》〉」』】〕〗］｝”’％‰℃°·,.;:?!)\\]}%㎡"
_WORD = r"[A-Za-z0-9#+\-−*/._@&'=]+"
_DAY = r"\d{4}年\d{1,2}月(?:\d{1,2}日)?|\d{1,2}月\d{1,2}日"
_AMOUNT = r"[0-9](?:[0-9.,]*[0-9])?(?:万元|平方米|公里|千瓦|[元亩户人次件份页张天年月日岁只头株棵吨])"
# what is never split: brackets with what they enclose at that end, dates, numbers with their unit, and Latin words
_UNBREAKABLE = re.compile(
    rf"[{re.escape(_OPENING)}]*(?:{_DAY}|{_AMOUNT}|{_WORD}|——|……|[^\s])[{_CLOSING}]*|\s+"
)  # fmt: skip
_PARTS = re.compile(rf"(?:{_WORD}|.)[年月日元{_CLOSING}]*")  # where one that is longer than a line may be split
_CODE = re.compile("[A-Za-z0-9]")
_LINE_BREAK = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_CACHED_LENGTH = 24  # shorter texts are labels, options and names, which recur


class _Widths(dict[str, float]):
    """Widths of one font's characters in ems."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._face = font_face(name)

    def __missing__(self, character: str) -> float:
        width = self[character] = float(self._face.charWidths.get(ord(character), self._face.defaultWidth)) / 1000
        return width


@lru_cache(maxsize=64)
def widths(font_name: str) -> _Widths:
    """The widths of a font by the name that app/pdf/fonts.py gives it."""
    return _Widths(font_name)


class TextLine(NamedTuple):
    """One line, ready to draw.

    Attributes:
        width: in points
        is_last: the last line of its paragraph, which is never stretched
        unprintable: the paragraph as it was written, where it has characters that no font has; "" otherwise
    """

    runs: tuple[TextRun, ...]
    width: float
    is_last: bool
    unprintable: str = ""


class TextBlock(NamedTuple):
    """A text laid out to a width.

    `cut`: how wide its widest number, date or code is that had to be split, in points; 0 where none was.
    """

    style: TextStyle
    lines: tuple[TextLine, ...]
    cut: float = 0.0

    @property
    def height(self) -> float:
        return len(self.lines) * self.style.leading

    @property
    def width(self) -> float:
        return max((line.width for line in self.lines), default=0.0)

    def split_at(self, height: float) -> "tuple[TextBlock, TextBlock | None]":
        """What fits into a height (at least one line), and the rest."""
        line_count = max(1, int(height // self.style.leading))
        if line_count >= len(self.lines):
            return self, None
        return TextBlock(self.style, self.lines[:line_count]), TextBlock(self.style, self.lines[line_count:])


def break_lines(text: str, style: TextStyle, width: float) -> TextBlock:
    """A text as lines no longer than `width` points.

    No line begins with punctuation or ends with an opening bracket; dates, numbers with their unit and Latin words stay
    whole unless they are longer than a line. Line breaks in the text are kept.
    """
    return _break_cached(text, style, width) if len(text) <= _CACHED_LENGTH else _break_text(text, style, width)


def _break_text(text: str, style: TextStyle, width: float) -> TextBlock:
    paragraphs, cuts = _LINE_BREAK.split(text), [0.0]
    lines = [line for paragraph in paragraphs for line in _break_paragraph(paragraph, style, width, cuts)]
    return TextBlock(style, tuple(lines), max(cuts) * style.size)


@lru_cache(maxsize=20000)
def _break_cached(text: str, style: TextStyle, width: float) -> TextBlock:
    return _break_text(text, style, width)


def widest_unit(text: str, style: TextStyle) -> float:
    """The width of the widest piece of a text that stays whole, in points."""
    return break_lines(text, style, style.size).cut if _CODE.search(text) else style.size * min(len(text), 2)


def _break_paragraph(text: str, style: TextStyle, width: float, cuts: list[float]) -> Iterator[TextLine]:
    """Its lines. `cuts`: takes the widths in ems of what had to be split."""
    if style.indent:
        text = "\u3000" * style.indent + text
    runs = fonts.split_runs(text, style.font)
    if not runs:
        yield TextLine((), 0.0, True)
        return
    full_text = "".join(chunk for _, chunk in runs)
    unprintable = text if fonts.SUBSTITUTE_START in full_text and fonts.missing_characters(text) else ""
    advances = [width for name, chunk in runs for width in map(widths(name).__getitem__, chunk)]
    available = width / style.size + 1e-6
    if sum(advances) <= available:
        yield TextLine(tuple(runs), sum(advances) * style.size, True, unprintable)
        return
    spans = list(_line_spans(full_text, advances, available, cuts))
    for start, end in spans:
        line_width, is_last = sum(advances[start:end]) * style.size, end == spans[-1][1]
        yield TextLine(_slice_runs(runs, start, end), line_width, is_last, unprintable)


def _line_spans(text: str, advances: list[float], available: float, cuts: list[float]) -> Iterator[tuple[int, int]]:
    """Start and end of each line."""
    start = end = 0
    used = 0.0
    for first, last in _unbreakable_spans(text, advances, available, cuts):
        unit_width = advances[first] if last - first == 1 else sum(advances[first:last])
        if used + unit_width > available and end > start:
            yield start, end
            start, used = first, 0.0
        if first == start and first and text[first].isspace() and text[first] != "\u3000":
            start = end = last  # a space between words is not carried over to the next line
            continue
        used += unit_width
        end = last
    if end > start:
        yield start, end


def _unbreakable_spans(
    text: str, advances: list[float], available: float, cuts: list[float]
) -> Iterator[tuple[int, int]]:
    """What stays together; a unit longer than a line is split, a date behind its year or month, else anywhere."""
    for match in _UNBREAKABLE.finditer(text):
        first, last = match.span()
        if last - first == 1 or sum(advances[first:last]) <= available:
            yield first, last
            continue
        if _CODE.search(text, first, last):
            cuts.append(sum(advances[first:last]))
        for part in _PARTS.finditer(text, first, last):
            start, end = part.span()
            if sum(advances[start:end]) <= available:
                yield start, end
            else:
                yield from ((n, n + 1) for n in range(start, end))


def _slice_runs(runs: list[TextRun], start: int, end: int) -> tuple[TextRun, ...]:
    sliced, offset = [], 0
    for name, chunk in runs:
        part = chunk[max(0, start - offset) : max(0, end - offset)]
        if part:
            sliced.append((name, part))
        offset += len(chunk)
    return tuple(sliced)
