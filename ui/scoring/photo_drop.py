"""Photographs for a check point, from files, from what was copied, or dropped on the page."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QMimeData
from PySide6.QtGui import QImage

from app.picture_file import CopiedPicture
from app.records.photo import add_photo

if TYPE_CHECKING:
    from app.workbook.workbook import Workbook


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

    Raises:
        UserError: see app.records.photo.prepare_photo; those before it are kept
    """
    for number, photo in enumerate(photos, start=1):
        add_photo(
            workbook,
            household_id,
            photo if isinstance(photo, Path) else _copied(photo, f"粘贴的照片{number}"),
            inspection_id=inspection_id,
            check=check,
            caption=caption,
            photographer=photographer,
        )
    return len(photos)


def _copied(image: QImage, name: str) -> CopiedPicture:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs want bytes, which Qt does not take
    return CopiedPicture(name, bytes(buffer.data().data()))
