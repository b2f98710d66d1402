"""Photographs for a check point, from files, from what was copied, or dropped on the page."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

from app.progress import Work
from app.records.photo import add_photo

if TYPE_CHECKING:
    from app.workbook.workbook import Workbook

FILTER = "照片 (*.jpg *.jpeg *.png *.bmp *.webp)"


def files_in(copied: QMimeData) -> list[Path]:
    """The files that were copied or are dragged; empty where it is something else."""
    return [Path(url.toLocalFile()) for url in copied.urls() if url.isLocalFile()]


def picture_in(copied: QMimeData) -> QImage | None:
    """The picture that was copied, e.g. from a chat window; None where there is none."""
    picture = copied.imageData() if copied.hasImage() else None
    return picture if isinstance(picture, QImage) and not picture.isNull() else None


def add_photos(
    workbook: "Workbook",
    household_id: str,
    inspection_id: str,
    check: str,
    caption: str,
    photographer: str,
    pictures: Sequence[Path | QImage],
    by: object,
) -> Work[int]:
    """Hang pictures on one check point of an inspection; returns how many.

    A copied picture goes through a file in a folder of its own that is gone afterwards.

    Raises:
        OfficeError: see app.records.photo.taken_in; those before it are kept
    """
    with tempfile.TemporaryDirectory(prefix="hudang-") as folder:
        for number, picture in enumerate(pictures):
            path = picture if isinstance(picture, Path) else Path(folder) / f"粘贴的照片{number + 1}.png"
            if isinstance(picture, QImage):
                picture.save(str(path))
            yield from add_photo(
                workbook,
                household_id,
                path,
                inspection_id=inspection_id,
                check=check,
                by=by,
                caption=caption,
                photographer=photographer,
            )
    return len(pictures)
