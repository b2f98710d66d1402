"""A square sign (QR code), drawn as vectors, so that it is sharp on any printer."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.archive.pen import Pen


@dataclass(frozen=True, slots=True)
class Square:
    """A text as a QR code.

    Attributes:
        side: points
        error: how much of it may be dirty (segno: l, m, q, h)
        mask: its pattern, None for the best of all eight; to try them takes 10 ms
    """

    text: str
    side: float
    error: str = "q"
    mask: int | None = None

    def draw(self, pen: Pen, left: float, top: float) -> None:
        import segno

        rows = [bytes(row) for row in segno.make(self.text, error=self.error, micro=False, mask=self.mask).matrix]
        side = self.side / len(rows)
        pen.ink(
            [
                (left + start * side, top - (n + 1) * side, (end - start) * side, side)
                for n, row in enumerate(rows)
                for start, end in _dark(row)
            ]
        )


def _dark(row: bytes) -> Iterator[tuple[int, int]]:
    """Where dark modules of a row begin and end."""
    start = -1
    for n, module in enumerate((*row, 0)):
        if module and start < 0:
            start = n
        elif not module and start >= 0:
            yield start, n
            start = -1
