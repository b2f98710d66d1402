"""A photograph on paper, as large as a 5-inch print."""

from dataclasses import dataclass

from app.pdf.canvas import PageCanvas
from app.pdf.document import Jpeg
from app.pdf.flowables import Fragment
from app.pdf.page_style import CELL, MM

_IMAGE_WIDTH, _IMAGE_HEIGHT = 127 * 0.92, 89 * 0.92  # millimetres: the ratio of a 5-inch print


@dataclass(frozen=True, slots=True)
class PhotoPrint:
    """One photograph in the middle of the page; `content_hash`: the hash in its record."""

    image: Jpeg | None
    content_hash: str

    def split(self, width: float, max_height: float) -> list[Fragment]:
        return [
            Fragment(
                _IMAGE_HEIGHT * MM + 2 * MM,
                lambda canvas, x, y: self._draw(canvas, x + width / 2, y - 1 * MM),
                keep_with_next=True,
            )
        ]

    def _draw(self, canvas: PageCanvas, centered: float, top: float) -> None:
        max_width, max_height = _IMAGE_WIDTH * MM, _IMAGE_HEIGHT * MM
        if self.image is None:
            canvas.dashed_rect(centered - max_width / 2, top - max_height, max_width, max_height)
            canvas.text(
                centered - max_width / 2,
                top - max_height / 2 + 7,
                max_width,
                "（照片还没有收到或不能显示）",
                CELL.aligned("center"),
            )
            return
        scale = min(max_width / self.image.width, max_height / self.image.height)
        image_width, image_height = self.image.width * scale, self.image.height * scale
        left, bottom = centered - image_width / 2, top - (max_height + image_height) / 2
        canvas.image(self.image, left, bottom, image_width, image_height, "照片")
