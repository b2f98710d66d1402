"""A square sign (QR code), drawn as vectors, so that it is sharp on any printer."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.pdf.canvas import PageCanvas


@dataclass(frozen=True, slots=True)
class QrCode:
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

    def draw(self, canvas: PageCanvas, left: float, top: float) -> None:
        import segno

        rows = [bytes(row) for row in segno.make(self.text, error=self.error, micro=False, mask=self.mask).matrix]
        module_size = self.side / len(rows)
        canvas.fill_rects(
            [
                (left + start * module_size, top - (n + 1) * module_size, (end - start) * module_size, module_size)
                for n, row in enumerate(rows)
                for start, end in _dark_spans(row)
            ]
        )


def _dark_spans(row: bytes) -> Iterator[tuple[int, int]]:
    """Where dark modules of a row begin and end."""
    start = -1
    for n, module in enumerate((*row, 0)):
        if module and start < 0:
            start = n
        elif not module and start >= 0:
            yield start, n
            start = -1
