"""What is printed around the text of a page: page number, running head and footer."""

from app.pdf.canvas import PageCanvas
from app.pdf.page_style import CAPTION, FOOTER, MM, OFFICIAL_NUMBER, PageGeometry

_GRAY = 0.45


def draw_frame(
    canvas: PageCanvas,
    geometry: PageGeometry,
    page_label: str,
    running_head: str,
    footer: str,
    landscape: bool,
    back: bool,
    *,
    archive_number: bool = True,
) -> None:
    """Draw the page number at the outer lower corner of the sheet, and space for the archive's at the outer upper one.

    On a landscape sheet the corners are those of the volume held upright (GB/T 9704).

    Args:
        archive_number: leave space for the number that is stamped or pencilled on every page of a volume
    """
    right = geometry.left + geometry.frame_width
    extra_height = footer.count("\n") * FOOTER.leading
    if landscape:
        edge = geometry.top if back else geometry.top - geometry.frame_height
        canvas.rotated_text(11 * MM, edge, page_label, CAPTION, "left" if back else "right")
        corner = edge - 12 * MM if back else edge
        if archive_number:
            _archive_number_box(canvas, geometry.width - 13 * MM, corner, 8 * MM, 12 * MM)
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
    canvas.text(
        geometry.left,
        geometry.height - 12 * MM,
        geometry.frame_width,
        running_head,
        FOOTER.aligned("right" if back else "left"),
        _GRAY,
    )
    if archive_number:
        _archive_number_box(
            canvas, geometry.left if back else right - 12 * MM, geometry.height - 17 * MM, 12 * MM, 8 * MM
        )


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


def _archive_number_box(canvas: PageCanvas, x: float, y: float, width: float, height: float) -> None:
    """Draw the 12 × 8 mm box for the stamped or pencilled page number of the archive (docs/domain/archive.md §3.4)."""
    canvas.dashed_rect(x, y, width, height, 0.7)
