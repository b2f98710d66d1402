"""A square sign (QR code), drawn as vectors, so that it is sharp on any printer."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.archive.pen import Pen


@dataclass(frozen=True, slots=True)
class Square:
    """A text as a QR code, `side` points wide. `error`: how much of it may be dirty (segno: l, m, q, h)."""

    text: str
    side: float
    error: str = "q"

    def draw(self, pen: Pen, left: float, top: float) -> None:
        import segno

        rows = [bytes(row) for row in segno.make(self.text, error=self.error, micro=False).matrix]
        side = self.side / len(rows)
        for n, row in enumerate(rows):
            for start, end in _dark(row):
                pen.shade(left + start * side, top - (n + 1) * side, (end - start) * side, side, 0)


def _dark(row: bytes) -> Iterator[tuple[int, int]]:
    """Where dark modules of a row begin and end."""
    start = -1
    for n, module in enumerate((*row, 0)):
        if module and start < 0:
            start = n
        elif not module and start >= 0:
            yield start, n
            start = -1
