"""QR codes drawn as vectors, sharp on any printer."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.pdf.canvas import PageCanvas


@dataclass(frozen=True, slots=True)
class QrCode:
    """A text as a QR code.

    Attributes:
        side: points
        error: error correction level (segno: l, m, q, h)
        mask: mask pattern, None for the best of all eight; trying them takes 10 ms
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
    """Start and end of each run of dark modules in a row."""
    start = -1
    for n, module in enumerate((*row, 0)):
        if module and start < 0:
            start = n
        elif not module and start >= 0:
            yield start, n
            start = -1
