"""What is printed around the text of a page: page number, running head and footer."""

from dataclasses import dataclass

from app.pdf.canvas import PageCanvas
from app.pdf.page_style import CAPTION, FOOTER, MM, OFFICIAL_NUMBER, PageGeometry

_GRAY = 0.45
_NUMBER = CAPTION.aligned("center")
_NUMBER_WIDTH, _NUMBER_HEIGHT = 12 * MM, 8 * MM  # of the archive's page number (docs/domain/archive.md §3.4)


@dataclass(frozen=True, slots=True)
class PageFrame:
    """What stands around a page's text.

    Attributes:
        back: whether it is the back of a leaf, whose outer edge is the left one
        archive_number: the number that counts in the volume's contents, in the place where it is otherwise stamped;
            None for a page that is not counted
    """

    page_label: str
    running_head: str
    footer: str
    back: bool
    archive_number: str | None = None


def draw_frame(canvas: PageCanvas, geometry: PageGeometry, frame: PageFrame, *, landscape: bool) -> None:
    """Draw the page number at the outer lower corner of the sheet, and the archive's at the outer upper one.

    On a landscape sheet the corners are those of the volume held upright (GB/T 9704).
    """
    draw = _draw_landscape if landscape else _draw_portrait
    draw(canvas, geometry, frame)


def _draw_landscape(canvas: PageCanvas, geometry: PageGeometry, frame: PageFrame) -> None:
    back = frame.back
    edge = geometry.top if back else geometry.top - geometry.frame_height
    canvas.rotated_text(11 * MM, edge, frame.page_label, CAPTION, "left" if back else "right")
    if frame.archive_number is not None:
        corner = edge - _NUMBER_WIDTH if back else edge
        canvas.dashed_rect(geometry.width - 13.5 * MM, corner, _NUMBER_HEIGHT, _NUMBER_WIDTH, 0.7)
        canvas.rotated_text(geometry.width - 12.3 * MM, corner + 6 * MM, frame.archive_number, _NUMBER, "center")
    canvas.text(geometry.left, geometry.height - 8 * MM, geometry.frame_width, frame.running_head, FOOTER, _GRAY)
    footer_top = 10 * MM + frame.footer.count("\n") * FOOTER.leading
    canvas.text(geometry.left, footer_top, geometry.frame_width, frame.footer, FOOTER, _GRAY)


def _draw_portrait(canvas: PageCanvas, geometry: PageGeometry, frame: PageFrame) -> None:
    back = frame.back
    left, top, width = geometry.left, geometry.height, geometry.frame_width
    small = FOOTER.aligned("right" if back else "left")
    canvas.text(left, 13 * MM, width, frame.page_label, CAPTION.aligned("left" if back else "right"))
    canvas.text(left, 12.5 * MM + frame.footer.count("\n") * FOOTER.leading, width, frame.footer, small, _GRAY)
    number_space = _NUMBER_WIDTH + 2 * MM
    head_left = left + (number_space if back else 0)
    canvas.text(head_left, top - 12 * MM, width - number_space, frame.running_head, small, _GRAY)
    if frame.archive_number is not None:
        x, y = left if back else left + width - _NUMBER_WIDTH, top - 17 * MM
        canvas.dashed_rect(x, y, _NUMBER_WIDTH, _NUMBER_HEIGHT, 0.7)
        canvas.text(x, y + 6.5 * MM, _NUMBER_WIDTH, frame.archive_number, _NUMBER)


def draw_gb9704_number(canvas: PageCanvas, geometry: PageGeometry, number: int, back: bool) -> None:
    """Draw — 3 — below the text, one character in from its outer edge (GB/T 9704)."""
    x, width = geometry.left + OFFICIAL_NUMBER.size, geometry.frame_width - 2 * OFFICIAL_NUMBER.size
    canvas.text(
        x,
        geometry.top - geometry.frame_height - 7 * MM,
        width,
        f"— {number} —",
        OFFICIAL_NUMBER.aligned("left" if back else "right"),
    )
