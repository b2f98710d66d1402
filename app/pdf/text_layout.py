"""Chinese line breaking: texts become lines of runs, measured with the fonts that will print them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.pdf import fonts
from app.pdf.document import font_face
from app.pdf.page_style import TextStyle

TextRun = tuple[str, str]  # font name, text

_OPENING = "（《〈「『【〔〖［｛“‘([{￥＄$"
_CLOSING = "、，。．；：？！…—～）》〉」』】〕〗］｝”’％‰℃°·,.;:?!)\\]}%㎡"
# what is never split: brackets with what they enclose at that end, and numbers or Latin words
_UNBREAKABLE = re.compile(
    rf"[{re.escape(_OPENING)}]*(?:[A-Za-z0-9#+\-−*/._@&'=]+|——|……|[^\s])[{_CLOSING}]*|\s+"
)  # fmt: skip
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


@dataclass(frozen=True, slots=True)
class TextLine:
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


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A text laid out to a width."""

    style: TextStyle
    lines: tuple[TextLine, ...]

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

    No line begins with punctuation or ends with an opening bracket; numbers and Latin words stay whole unless they are
    longer than a line. Line breaks in the text are kept.
    """
    return _break_cached(text, style, width) if len(text) <= _CACHED_LENGTH else _break_text(text, style, width)


def _break_text(text: str, style: TextStyle, width: float) -> TextBlock:
    paragraphs = _LINE_BREAK.split(text)
    return TextBlock(
        style, tuple(line for paragraph in paragraphs for line in _break_paragraph(paragraph, style, width))
    )


@lru_cache(maxsize=20000)
def _break_cached(text: str, style: TextStyle, width: float) -> TextBlock:
    return _break_text(text, style, width)


def _break_paragraph(text: str, style: TextStyle, width: float) -> Iterator[TextLine]:
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
    spans = list(_line_spans(full_text, advances, available))
    for start, end in spans:
        line_width, is_last = sum(advances[start:end]) * style.size, end == spans[-1][1]
        yield TextLine(_slice_runs(runs, start, end), line_width, is_last, unprintable)


def _line_spans(text: str, advances: list[float], available: float) -> Iterator[tuple[int, int]]:
    """Start and end of each line."""
    start = end = 0
    used = 0.0
    for first, last in _unbreakable_spans(text, advances, available):
        unit_width = sum(advances[first:last])
        if used + unit_width > available and end > start:
            yield start, end
            start, used = first, 0.0
        if text[first].isspace() and first and first == start and text[first] != "\u3000":
            start = end = last  # a space between words is not carried over to the next line
            continue
        used += unit_width
        end = last
    if end > start:
        yield start, end


def _unbreakable_spans(text: str, advances: list[float], available: float) -> Iterator[tuple[int, int]]:
    """What stays together; a unit longer than a line is split into characters."""
    for match in _UNBREAKABLE.finditer(text):
        first, last = match.span()
        if last - first > 1 and sum(advances[first:last]) > available:
            yield from ((n, n + 1) for n in range(first, last))
        else:
            yield first, last


def _slice_runs(runs: list[TextRun], start: int, end: int) -> tuple[TextRun, ...]:
    sliced, offset = [], 0
    for name, chunk in runs:
        part = chunk[max(0, start - offset) : max(0, end - offset)]
        if part:
            sliced.append((name, part))
        offset += len(chunk)
    return tuple(sliced)
