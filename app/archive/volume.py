"""What is known of a volume once its pages are counted, and the blocks that wait for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from app.archive.blocks import Block, Piece, joined
from app.archive.sign import Sign

_UNKNOWN = Sign("", "0" * 32)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the table of contents. `page`: where the part begins; `code`: the form's number in the catalogue."""

    code: str
    title: str
    page: int
    pages: int
    dated: date | None
    copies: int


@dataclass(frozen=True, slots=True)
class Volume:
    """A household's archive as a whole: listed parts, all pages, photographs printed, the code on its cover."""

    entries: tuple[Entry, ...]
    pages: int
    photos: int
    sign: Sign = _UNKNOWN


@dataclass(frozen=True, slots=True)
class Later:
    """Blocks that need the counted volume; of the same height whatever the numbers are."""

    make: Callable[[Volume], Sequence[Block]]
    volume: Volume | None = None

    def pieces(self, width: float, tall: float) -> list[Piece]:
        return joined(self.make(self.volume or Volume((), 0, 0)), width, tall)
