"""Two photographs of one thing beside each other on paper: before and after it was put right."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.pdf.cells import Cell, ImageCell
from app.pdf.page_style import SMALL, SMALL_LABEL
from app.pdf.table import Table, TableRow
from app.reports.household_context import load_image
from db.schema.photo import Photo

_COLUMN, _HEIGHT = 85, 56  # millimetres: of a picture's column, and of the picture
_NO_PHOTO, _NOT_HERE = "（没有照片）", "（照片还没有收到或不能显示）"


def photo_pair_table(session: Session, shown: Sequence[tuple[str, str]]) -> Table:
    """The pictures with their labels below; `shown`: label and id of each photograph, "" where there is none."""
    photos = [session.get(Photo, id) if id else None for _, id in shown]
    pictures = [
        Cell(
            ImageCell(
                load_image(session, photo),
                (_COLUMN - 3, _HEIGHT),
                _NOT_HERE if photo else _NO_PHOTO,
                described=f"照片：{label}",
            )
        )
        for (label, _), photo in zip(shown, photos, strict=True)
    ]
    labels = [Cell(label, SMALL_LABEL, shaded=True) for label, _ in shown]
    taken = [Cell((photo.taken_at if photo else "") or " ", SMALL) for photo in photos]
    rows = [TableRow(pictures, min_height=_HEIGHT + 2), TableRow(labels), TableRow(taken)]
    return Table([_COLUMN] * len(shown), rows, min_height=5, row_padding=0.5)
