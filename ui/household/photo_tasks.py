"""Taking files into the photographs of a household: pictures as photographs, PDFs as attachments."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.errors import UserError
from app.picture_file import PICTURE_SUFFIXES
from app.progress import Progress, Task
from app.records.attachment import PDF_SUFFIX, add_attachment
from app.records.attachment_owner import AttachmentOwner
from app.records.page_pictures import page_pictures
from app.records.photo import add_photo, load_content, thumbnail
from app.workbook.files import atomic_write
from app.workbook.workbook import Workbook
from ui.household.photo_wall import THUMBNAIL_SIZE
from ui.widgets.picture_filter import PICTURE_PATTERNS

PAPERS = f"*{PDF_SUFFIX} {PICTURE_PATTERNS}"
TAKEN = (*PICTURE_SUFFIXES, PDF_SUFFIX)  # what can be dropped


def is_pdf(path: Path) -> bool:
    """Whether a file can only be an attachment."""
    return path.suffix.lower() == PDF_SUFFIX


def add_files(
    workbook: Workbook, owner: AttachmentOwner, files: Sequence[Path], kind: str | None, attach: bool
) -> Task[str]:
    """Each is saved by itself; what is refused is told at the end, the others stay. Returns what was added.

    Args:
        owner: a household; where all are attached, a row of a register or a form as well
        kind: of photographs
        attach: pictures are scans of papers, too

    Raises:
        UserError: what was refused, a sentence each
    """
    photos = papers = 0
    refusals: list[str] = []
    for done, path in enumerate(files):
        yield Progress(done, len(files), path.name)
        try:
            if attach or is_pdf(path):
                yield from add_attachment(workbook, owner, path)
                papers += 1
            else:
                add_photo(workbook, owner.id, path, kind)
                photos += 1
        except UserError as error:
            refusals.append(str(error))
    told = [text for count, text in ((photos, f"{photos} 张照片"), (papers, f"{papers} 份附件")) if count]
    added = f"已添加 {'、'.join(told)}" if told else ""
    if refusals:
        raise UserError("".join((f"{added}。" if added else "", *refusals)))
    return added


def thumbnails(session: Any, ids: Sequence[str]) -> dict[str, bytes]:
    """Photo id → a small picture."""
    return {photo_id: thumbnail(session, photo_id, THUMBNAIL_SIZE) for photo_id in ids}


def load_pages(session: Any, photo_id: str) -> tuple[bytes, ...]:
    """The pages of a scan, a photograph as its only page, as JPEG; none where it has not arrived."""
    return page_pictures(load_content(session, photo_id))


def save_scan(workbook: Workbook, photo_id: str, path: Path) -> str:
    """Write a scan as the PDF that it is; returns the file's name.

    Raises:
        UserError: the place cannot be written to
    """
    with workbook.reading() as session:
        content = load_content(session, photo_id)
    try:
        with atomic_write(path) as temporary:
            temporary.write_bytes(content)
    except OSError as error:
        raise UserError(f"“{path.name}”写不进去。请换一个文件夹，或检查磁盘是否已满。") from error
    return path.name
