"""What documents are made of: flowables, split into fragments that app/pdf/pagination.py places on pages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol

from app.pdf.canvas import PageCanvas
from app.pdf.page_style import BODY, CAPTION, HEADING, LINE_TEXT, MM, SMALL, SUBTITLE, TITLE, TextStyle
from app.pdf.structure import Element
from app.pdf.text_layout import TextBlock, break_lines

_FINGERPRINT_SIZE, _SEAL_SIZE, _DATE_WIDTH = 18 * MM, 42 * MM, 31 * MM

_GAP = "　　"  # between the things that one line names

DrawCallback = Callable[[PageCanvas, float, float], None]


class Volatile(str):
    """A text that holds only on the day of printing, e.g. an age, and is not part of what the record says."""

    __slots__ = ()


class Fragment(NamedTuple):
    """Something that is never split.

    Attributes:
        height: in points
        draw: called with the canvas and the left and upper edge
        keep_with_next: it stays on the page of the fragment after it
        repeat_header: drawn again above it when it begins a page
        is_space: only space, dropped at the top of a page
        heads: the title (level 1) or heading (level 2) that begins here
    """

    height: float
    draw: DrawCallback
    keep_with_next: bool = False
    repeat_header: "Fragment | None" = None
    is_space: bool = False
    heads: tuple[int, str] | None = None


class Flowable(Protocol):
    """A part of a document that can be laid out."""

    def split(self, width: float, max_height: float) -> list[Fragment]:
        """The fragments from top to bottom, none taller than `max_height` points."""


@dataclass(frozen=True, slots=True)
class Title:
    """The title of a form on its first page; `dated` goes into the table of contents."""

    text: str
    subtitle: str = ""
    dated: date | None = None

    def split(self, width: float, max_height: float) -> list[Fragment]:
        block = break_lines(self.text, TITLE, width)
        title = _text_fragment(block, width, Element("H1"), keep_with_next=True)
        fragments = [title._replace(heads=(1, self.text))]
        if self.subtitle:
            subtitle = break_lines(self.subtitle, SUBTITLE, width)
            fragments.append(_text_fragment(subtitle, width, Element("P"), keep_with_next=True))
        return [*fragments, _space_fragment(2 * MM, keep_with_next=True)]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within a form; never the last line of a page."""

    text: str

    def split(self, width: float, max_height: float) -> list[Fragment]:
        heading = _text_fragment(break_lines(self.text, HEADING, width), width, Element("H2"), keep_with_next=True)
        return [_space_fragment(2 * MM), heading._replace(heads=(2, self.text))]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text, split between any two lines."""

    text: str
    style: TextStyle = BODY

    def split(self, width: float, max_height: float) -> list[Fragment]:
        block, element = break_lines(self.text, self.style, width), Element("P")
        return [_text_fragment(TextBlock(self.style, (line,)), width, element) for line in block.lines]


@dataclass(frozen=True, slots=True)
class Note(Paragraph):
    """A small remark on what stands above it, on whose page it is: never alone with the signatures below it."""

    style: TextStyle = SMALL
    keep_with_previous = True

    def split(self, width: float, max_height: float) -> list[Fragment]:
        fragments = Paragraph.split(self, width, max_height)
        return [*(keep_with_next(fragment) for fragment in fragments[:-1]), *fragments[-1:]]


@dataclass(frozen=True, slots=True)
class HeaderLine:
    """One line above a table, with a text at each end."""

    left: str
    right: str = ""

    def split(self, width: float, max_height: float) -> list[Fragment]:
        right = break_lines(self.right, LINE_TEXT.aligned("right"), width * 0.45)
        left = _whole_pieces(self.left, width - right.width - 3 * MM)

        def draw(canvas: PageCanvas, x: float, y: float) -> None:
            canvas.text_block(x, y, width, left)
            canvas.tag(Element("P"))
            canvas.text_block(x + width * 0.55, y, width * 0.45, right)

        return [Fragment(max(left.height, right.height) + 1 * MM, draw, keep_with_next=True)]


@dataclass(frozen=True, slots=True)
class CutLine:
    """A dashed line from edge to edge along which the sheet is cut; no part of the text."""

    def split(self, width: float, max_height: float) -> list[Fragment]:
        def draw(canvas: PageCanvas, x: float, y: float) -> None:
            with canvas.artifacts():
                canvas.dashed_rect(x, y - 1 * MM, width, 0)

        return [Fragment(2 * MM, draw)]


@dataclass(frozen=True, slots=True)
class Spacer:
    """Space between two forms, in millimetres; `keep_at_page_top` keeps it where a page begins."""

    mm: float
    keep_at_page_top: bool = False

    def split(self, width: float, max_height: float) -> list[Fragment]:
        return [Fragment(self.mm * MM, lambda canvas, x, y: None, is_space=not self.keep_at_page_top)]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page; in reports only (app/reports/report_render.py).

    `new_form`: it is a form of its own, whose pages are numbered from 1.
    """

    new_form: bool = True

    def split(self, width: float, max_height: float) -> list[Fragment]:
        return []


@dataclass(frozen=True, slots=True)
class KeepTogether:
    """Flowables that stay on one page if they fit on one: a form of its own, an image with its caption.

    `photographs`: how many they show, for the closing note.
    """

    flowables: Sequence[Flowable]
    photographs: int = 0

    def split(self, width: float, max_height: float) -> list[Fragment]:
        fragments = concat(self.flowables, width, max_height)
        if sum(fragment.height for fragment in fragments) > max_height:
            return fragments
        return [keep_with_next(fragment) for fragment in fragments[:-1]] + fragments[-1:]


@dataclass(frozen=True, slots=True)
class SignatureField:
    """One place to sign: the label before the line, and what is kept clear beside it.

    `fingerprint`: a square for a fingerprint; `seal`: room for a round seal, over which the date is written.
    """

    label: str
    fingerprint: bool = False
    seal: bool = False


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """Lines to sign, always on the page where their form ends. The date is left blank on purpose."""

    fields: Sequence[SignatureField]
    columns: int = 2
    keep_with_previous = True

    def split(self, width: float, max_height: float) -> list[Fragment]:
        rows = [self.fields[n : n + self.columns] for n in range(0, len(self.fields), self.columns)]
        heights = [max(_signature_height(field) for field in row) for row in rows]

        def draw(canvas: PageCanvas, x: float, y: float) -> None:
            y -= 3 * MM
            for row, height in zip(rows, heights, strict=True):
                for n, slot in enumerate(row):
                    canvas.tag(Element("P"))
                    _draw_signature(
                        canvas, x + n * width / self.columns, y, width / self.columns - 8 * MM, height, slot
                    )
                y -= height

        return [Fragment(sum(heights) + 3 * MM, draw)]


def _whole_pieces(text: str, width: float) -> TextBlock:
    """A line of several things, broken between them rather than inside one: a number stays beside its name."""
    block = break_lines(text, LINE_TEXT, width)
    if len(block.lines) == 1 or _GAP not in text:
        return block
    lines: list[str] = []
    for piece in text.split(_GAP):
        joined = f"{lines[-1]}{_GAP}{piece}" if lines else piece
        if lines and len(break_lines(joined, LINE_TEXT, width).lines) == len(
            break_lines(lines[-1], LINE_TEXT, width).lines
        ):
            lines[-1] = joined
        else:
            lines.append(piece)
    return break_lines("\n".join(lines), LINE_TEXT, width)


def _signature_height(field: SignatureField) -> float:
    return (_SEAL_SIZE + 4 * MM if field.seal else _FINGERPRINT_SIZE + 2 * MM if field.fingerprint else 0) or 11 * MM


def _draw_signature(canvas: PageCanvas, x: float, y: float, width: float, height: float, field: SignatureField) -> None:
    """Draw the label and a line; the date beside it, or below it in a tall row."""
    tall_row = height > 11 * MM
    baseline = y - 8 * MM
    label = break_lines(f"{field.label}：", LINE_TEXT, width)
    canvas.text_block(x, baseline + 12, width, label)
    end = x + width - (_FINGERPRINT_SIZE + 3 * MM if field.fingerprint else 0) - (0 if tall_row else _DATE_WIDTH)
    canvas.line(x + label.width + 1, baseline - 2, end, baseline - 2, 0.5)
    date_offset = (_SEAL_SIZE - 6 * MM if field.seal else 9 * MM) if tall_row else 0
    date_right = end if tall_row else x + width
    canvas.text(
        date_right - _DATE_WIDTH, baseline + 12 - date_offset, _DATE_WIDTH, "年　　月　　日", LINE_TEXT.aligned("right")
    )
    if field.fingerprint:
        canvas.dashed_rect(
            x + width - _FINGERPRINT_SIZE, y - _FINGERPRINT_SIZE - 1 * MM, _FINGERPRINT_SIZE, _FINGERPRINT_SIZE
        )
        canvas.text(
            x + width - _FINGERPRINT_SIZE, y - 8 * MM, _FINGERPRINT_SIZE, "按指印", CAPTION.aligned("center"), 0.55
        )
    if field.seal:
        canvas.text(x, y - 24 * MM, width, "（盖章）", CAPTION.aligned("center"), 0.55)


def concat(flowables: Sequence[Flowable], width: float, max_height: float) -> list[Fragment]:
    """The fragments of several flowables; one with `keep_with_previous` holds the last fragment before it."""
    fragments: list[Fragment] = []
    for flowable in flowables:
        new_fragments = flowable.split(width, max_height)
        if fragments and new_fragments and getattr(flowable, "keep_with_previous", False):
            fragments[-1] = keep_with_next(fragments[-1])
        fragments += new_fragments
    return fragments


def keep_with_next(fragment: Fragment) -> Fragment:
    """The same fragment, on the page of the one after it."""
    return fragment if fragment.keep_with_next else fragment._replace(keep_with_next=True)


def _space_fragment(height: float, *, keep_with_next: bool = False) -> Fragment:
    return Fragment(height, lambda canvas, x, y: None, keep_with_next, is_space=True)


def _text_fragment(block: TextBlock, width: float, element: Element, *, keep_with_next: bool = False) -> Fragment:
    def draw(canvas: PageCanvas, x: float, y: float) -> None:
        canvas.tag(element)
        canvas.text_block(x, y, width, block)

    return Fragment(block.height, draw, keep_with_next)
