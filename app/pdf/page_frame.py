"""What is printed around the text of a page: page number, running head and footer."""

from app.pdf.canvas import PageCanvas
from app.pdf.page_style import CAPTION, FOOTER, MM, OFFICIAL_NUMBER, PageGeometry

_GRAY = 0.45
_NUMBER = CAPTION.aligned("center")
_NUMBER_WIDTH, _NUMBER_HEIGHT = 12 * MM, 8 * MM  # of the archive's page number (docs/domain/archive.md §3.4)


def draw_frame(
    canvas: PageCanvas,
    geometry: PageGeometry,
    page_label: str,
    running_head: str,
    footer: str,
    landscape: bool,
    back: bool,
    *,
    archive_number: str | None = None,
) -> None:
    """Draw the page number at the outer lower corner of the sheet, and the archive's at the outer upper one.

    On a landscape sheet the corners are those of the volume held upright (GB/T 9704).

    Args:
        archive_number: the number that counts in the volume's contents, in the place where it is otherwise stamped;
            None for a page that is not counted
    """
    right = geometry.left + geometry.frame_width
    extra_height = footer.count("\n") * FOOTER.leading
    if landscape:
        edge = geometry.top if back else geometry.top - geometry.frame_height
        canvas.rotated_text(11 * MM, edge, page_label, CAPTION, "left" if back else "right")
        corner = edge - 12 * MM if back else edge
        if archive_number is not None:
            canvas.dashed_rect(geometry.width - 13 * MM, corner, _NUMBER_HEIGHT, _NUMBER_WIDTH, 0.7)
            canvas.rotated_text(geometry.width - 10.5 * MM, corner + 6 * MM, archive_number, _NUMBER, "center")
        canvas.text(geometry.left, geometry.height - 8 * MM, geometry.frame_width, running_head, FOOTER, _GRAY)
        canvas.text(geometry.left, 10 * MM + extra_height, geometry.frame_width, footer, FOOTER, _GRAY)
        return
    canvas.text(geometry.left, 13 * MM, geometry.frame_width, page_label, CAPTION.aligned("left" if back else "right"))
    canvas.text(
        geometry.left,
        12.5 * MM + extra_height,
        geometry.frame_width,
        footer,
        FOOTER.aligned("right" if back else "left"),
        _GRAY,
    )
    number_space = _NUMBER_WIDTH + 2 * MM
    canvas.text(
        geometry.left + (number_space if back else 0),
        geometry.height - 12 * MM,
        geometry.frame_width - number_space,
        running_head,
        FOOTER.aligned("right" if back else "left"),
        _GRAY,
    )
    if archive_number is not None:
        x, y = geometry.left if back else right - _NUMBER_WIDTH, geometry.height - 17 * MM
        canvas.dashed_rect(x, y, _NUMBER_WIDTH, _NUMBER_HEIGHT, 0.7)
        canvas.text(x, y + 6.5 * MM, _NUMBER_WIDTH, archive_number, _NUMBER)


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
