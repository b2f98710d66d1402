"""What a section is made of. A block gives the pieces it may be torn into; app/archive/layout stacks them on pages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from app.archive.paper import BODY, FOOT, HEADING, LINE, MM, SUBTITLE, TITLE, Style
from app.archive.pen import Pen
from app.archive.typesetting import Lines, fit

_FINGER, _SEAL, _DATE = 18 * MM, 42 * MM, 31 * MM

Draw = Callable[[Pen, float, float], None]


class Passing(str):
    """A text that is true on the day of printing only, e.g. an age: no part of what the record says."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """Something that is never torn.

    Attributes:
        height: in points
        draw: with a pen, the left edge and the upper edge
        keep: it stays on the page of the piece after it
        head: what is drawn again above it when it begins a page
        blank: only space, dropped where a page begins
    """

    height: float
    draw: Draw
    keep: bool = False
    head: "Piece | None" = None
    blank: bool = False


class Block(Protocol):
    """A part of a section."""

    def pieces(self, width: float, tall: float) -> list[Piece]:
        """The pieces from top to bottom, none taller than `tall` points."""


@dataclass(frozen=True, slots=True)
class Title:
    """The name of a form over its first page; `dated` goes into the table of contents."""

    text: str
    under: str = ""
    dated: date | None = None

    def pieces(self, width: float, tall: float) -> list[Piece]:
        found = [_set(fit(self.text, TITLE, width), width, keep=True)]
        if self.under:
            found.append(_set(fit(self.under, SUBTITLE, width), width, keep=True))
        return [*found, _space(2 * MM, keep=True)]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within a form; never the last line of a page."""

    text: str

    def pieces(self, width: float, tall: float) -> list[Piece]:
        return [_space(2 * MM), _set(fit(self.text, HEADING, width), width, keep=True)]


@dataclass(frozen=True, slots=True)
class Text:
    """Running text, torn between any two lines."""

    text: str
    style: Style = BODY

    def pieces(self, width: float, tall: float) -> list[Piece]:
        lines = fit(self.text, self.style, width)
        return [_set(Lines(self.style, (line,)), width) for line in lines.lines]


@dataclass(frozen=True, slots=True)
class Between:
    """One line over a table: something at its left end, something at its right."""

    left: str
    right: str = ""

    def pieces(self, width: float, tall: float) -> list[Piece]:
        right = fit(self.right, LINE.at("right"), width * 0.45)
        left = fit(self.left, LINE, width - right.width - 3 * MM)

        def draw(pen: Pen, x: float, y: float) -> None:
            pen.lines(x, y, width, left)
            pen.lines(x + width * 0.55, y, width * 0.45, right)

        return [Piece(max(left.height, right.height) + 1 * MM, draw, keep=True)]


@dataclass(frozen=True, slots=True)
class Gap:
    """Space of so many millimetres between two forms; `firm` also where a page begins."""

    mm: float
    firm: bool = False

    def pieces(self, width: float, tall: float) -> list[Piece]:
        return [Piece(self.mm * MM, lambda pen, x, y: None, blank=not self.firm)]


@dataclass(frozen=True, slots=True)
class NewLeaf:
    """What follows begins on a new page; in papers only (app/archive/printing.py).

    `form`: it is a form of its own, whose pages are numbered anew.
    """

    form: bool = True

    def pieces(self, width: float, tall: float) -> list[Piece]:
        return []


@dataclass(frozen=True, slots=True)
class Whole:
    """Blocks that are not torn where they fit on one page: a form of its own, a picture with its caption.

    `photographs`: how many the blocks show, for the closing note.
    """

    blocks: Sequence[Block]
    photographs: int = 0

    def pieces(self, width: float, tall: float) -> list[Piece]:
        found = joined(self.blocks, width, tall)
        if sum(piece.height for piece in found) > tall:
            return found
        return [_kept(piece) for piece in found[:-1]] + found[-1:]


@dataclass(frozen=True, slots=True)
class Slot:
    """One place to sign: what stands before the line, and what is kept clear beside it.

    `finger`: a square for the print of a finger; `seal`: a circle's room for a seal, over which the date is written.
    """

    label: str
    finger: bool = False
    seal: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """Lines to sign, never on another page than the end of their form. The date is left open on purpose."""

    slots: Sequence[Slot]
    columns: int = 2
    follows = True

    def pieces(self, width: float, tall: float) -> list[Piece]:
        rows = [self.slots[n : n + self.columns] for n in range(0, len(self.slots), self.columns)]
        heights = [max(_signing_height(slot) for slot in row) for row in rows]

        def draw(pen: Pen, x: float, y: float) -> None:
            y -= 3 * MM
            for row, height in zip(rows, heights, strict=True):
                for n, slot in enumerate(row):
                    _sign(pen, x + n * width / self.columns, y, width / self.columns - 8 * MM, height, slot)
                y -= height

        return [Piece(sum(heights) + 3 * MM, draw)]


def _signing_height(slot: Slot) -> float:
    return (_SEAL + 4 * MM if slot.seal else _FINGER + 2 * MM if slot.finger else 0) or 11 * MM


def _sign(pen: Pen, x: float, y: float, width: float, height: float, slot: Slot) -> None:
    """The label and a line; the date beside it, or below it where the row has room."""
    high = height > 11 * MM
    base = y - 8 * MM
    label = fit(f"{slot.label}：", LINE, width)
    pen.lines(x, base + 12, width, label)
    end = x + width - (_FINGER + 3 * MM if slot.finger else 0) - (0 if high else _DATE)
    pen.line(x + label.width + 1, base - 2, end, base - 2, 0.5)
    below = (_SEAL - 6 * MM if slot.seal else 9 * MM) if high else 0
    dated = end if high else x + width
    pen.text(dated - _DATE, base + 12 - below, _DATE, "年　　月　　日", LINE.at("right"))
    if slot.finger:
        pen.dashes(x + width - _FINGER, y - _FINGER - 1 * MM, _FINGER, _FINGER)
        pen.text(x + width - _FINGER, y - 8 * MM, _FINGER, "按指印", FOOT.at("center"), 0.55)
    if slot.seal:
        pen.text(x, y - 24 * MM, width, "（盖章）", FOOT.at("center"), 0.55)


def joined(blocks: Sequence[Block], width: float, tall: float) -> list[Piece]:
    """The pieces of several blocks; what must not leave its form (`follows`) holds the last piece before it."""
    found: list[Piece] = []
    for block in blocks:
        pieces = block.pieces(width, tall)
        if found and pieces and getattr(block, "follows", False):
            found[-1] = _kept(found[-1])
        found += pieces
    return found


def _kept(piece: Piece) -> Piece:
    return Piece(piece.height, piece.draw, True, piece.head, piece.blank)


def _space(height: float, *, keep: bool = False) -> Piece:
    return Piece(height, lambda pen, x, y: None, keep, blank=True)


def _set(lines: Lines, width: float, *, keep: bool = False) -> Piece:
    return Piece(lines.height, lambda pen, x, y: pen.lines(x, y, width, lines), keep)
