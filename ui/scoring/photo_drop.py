"""Photographs for a check point, from files, from what was copied, or dropped on the page."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

from app.records.photo import add_photo

if TYPE_CHECKING:
    from app.workbook.workbook import Workbook

PHOTO_FILTER = "照片 (*.jpg *.jpeg *.png *.bmp *.webp)"


def local_files(mime_data: QMimeData) -> list[Path]:
    """The files that were copied or are dragged; empty where it is something else."""
    return [Path(url.toLocalFile()) for url in mime_data.urls() if url.isLocalFile()]


def image_from_mime(mime_data: QMimeData) -> QImage | None:
    """The picture that was copied, e.g. from a chat window; None where there is none."""
    image = mime_data.imageData() if mime_data.hasImage() else None
    return image if isinstance(image, QImage) and not image.isNull() else None


def add_check_photos(
    workbook: "Workbook",
    household_id: str,
    inspection_id: str,
    check: str,
    caption: str,
    photographer: str,
    photos: Sequence[Path | QImage],
) -> int:
    """Hang pictures on one check point of an inspection; returns how many.

    A copied picture goes through a file in a folder of its own that is gone afterwards.

    Raises:
        UserError: see app.records.photo.taken_in; those before it are kept
    """
    with tempfile.TemporaryDirectory(prefix="hudang-") as folder:
        for number, photo in enumerate(photos):
            path = photo if isinstance(photo, Path) else Path(folder) / f"粘贴的照片{number + 1}.png"
            if isinstance(photo, QImage):
                photo.save(str(path))
            add_photo(
                workbook,
                household_id,
                path,
                inspection_id=inspection_id,
                check=check,
                caption=caption,
                photographer=photographer,
            )
    return len(photos)
