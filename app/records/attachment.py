"""Attachments: papers that came as PDF, or were scanned as pictures, kept with a household, a row or a form.

What is kept is how their pages look, and nothing else of the file (docs/decisions/0040-attachments.md).
"""

import hashlib
import re
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import UserError
from app.pdf_process import PAGE_QUALITY, PAGE_SIDE, PdfOutline, UnreadablePdfError, drawn_pages
from app.picture_file import encode_jpeg
from app.progress import Progress, Task
from app.records.attachment_owner import AttachmentOwner, owner_columns, owner_village
from app.records.field import Value, field
from app.records.page_pictures import MOST_PAGES, bind_pages
from app.records.photo import opened_picture, read_taken_at, store_picture, upright
from app.workbook.masking import mask_numbers
from app.workbook.workbook import Workbook
from db.schema.household import Household
from db.schema.photo import Photo, format_taken_at
from resources.option_roles import value_of

PDF_SUFFIX = ".pdf"
_UNTITLED = "附件"
_MOST_BYTES = 60 << 20  # what a package takes as one picture is 64 MB
_REFUSALS = {
    "password": "“{name}”设了打开口令，读不出内容。请先去掉口令（或打印后扫描），再添加。",
    "damaged": "“{name}”不是能用的 PDF，或没有复制完整。请重新复制或重新扫描后再添加。",
    "empty": "“{name}”里一页也没有。请换一份再添加。",
    "long": "“{name}”有 {pages} 页，一份附件最多 " + str(MOST_PAGES) + " 页。请只留要归档的几页，或拆成几份再添加。",
    "heavy": "“{name}”的页面太复杂，画不出来。请打印后扫描，再添加扫描件。",
}
_CREATED = re.compile(r"(?:D:)?(\d{4})(\d{2})(\d{2})")


@dataclass(frozen=True, slots=True)
class PreparedAttachment:
    """A paper ready to be kept: its pages as a PDF, their SHA-256, how many, and when it was made ("" if unknown)."""

    content: bytes
    sha256: str
    pages: int
    made_on: str


def add_attachment(
    workbook: Workbook, owner: AttachmentOwner, path: Path, archive_part: str = "", title: str = ""
) -> Task[str]:
    """Add a PDF or a picture of a paper to a household, a row of a register or a form; returns the record's id.

    Args:
        archive_part: an option of archive_part behind which it is bound; where there is none, the part of the row or
            form, for a household 其他材料
        title: the name of the file where there is none, with the numbers of persons in it masked

    Raises:
        UserError: it cannot be read, has too many pages, or is here already; nothing is written
        ValidationError: there is no such part
    """
    other = value_of("archive_part", "other") if owner.table == Household.__tablename__ else None
    part = field("photo", "archive_part").parse_and_validate(archive_part or other)
    prepared = yield from prepare_attachment(path)
    values: dict[str, Value] = {"archive_part": part, "caption": title.strip() or mask_numbers(path.stem)}
    with workbook.operation(f"添加附件：{mask_numbers(str(values['caption']))}") as session:
        return store_attachment(session, owner, prepared, values)


def prepare_attachment(path: Path) -> Task[PreparedAttachment]:
    """Read a paper, page by page.

    Raises:
        UserError: it has a password, is damaged, empty or too long
    """
    if path.suffix.lower() == PDF_SUFFIX:
        jpegs, made_on = yield from _drawn(path)
    else:
        jpegs, made_on = _photographed(path)
    content = bind_pages(jpegs)
    if len(content) > _MOST_BYTES:
        raise UserError(f"“{path.name}”太大了（{len(content) >> 20} MB）。请拆成几份，或用低一些的分辨率扫描后再添加。")
    return PreparedAttachment(content, hashlib.sha256(content).hexdigest(), len(jpegs), made_on)


def store_attachment(
    session: Session, owner: AttachmentOwner, prepared: PreparedAttachment, values: Mapping[str, Value]
) -> str:
    """Write an attachment within an operation that is under way; returns its id.

    Raises:
        UserError: what it is to be attached to is gone, or has this very paper already
    """
    village, belongs = owner_village(session, owner), owner_columns(session, owner)
    same = session.scalars(
        select(Photo).where(
            Photo.content == prepared.sha256,
            ~Photo.withdrawn,
            *(getattr(Photo, name) == belongs.get(name) for name in ("household_id", "entry_id", "about_id")),
        )
    ).first()
    if same is not None:
        raise UserError(f"“{values['caption']}”已经添加过，题名是“{same.caption or '未填'}”，不用再添加。")
    stored: dict[str, Value] = {
        **belongs,
        "pages": prepared.pages,
        "taken_at": prepared.made_on or None,
        **values,
    }
    return store_picture(session, village, prepared.sha256, prepared.content, stored)


def is_attachment(photo: Photo) -> bool:
    """Whether it is bound as a document of its own, rather than shown among the photographs."""
    return photo.pages is not None or photo.archive_part is not None


def title_of(photo: Photo) -> str:
    """What the table of contents calls it."""
    return photo.caption or photo.kind or _UNTITLED


def _drawn(path: Path) -> Task[tuple[list[bytes], str]]:
    jpegs: list[bytes] = []
    outline = PdfOutline(0, "")
    try:
        with closing(drawn_pages(path, MOST_PAGES)) as answers:
            for answer in answers:
                if isinstance(answer, PdfOutline):
                    outline = answer
                elif answer is not None:
                    jpegs.append(answer)
                yield Progress(len(jpegs), outline.pages, path.name)
    except UnreadablePdfError as error:
        raise UserError(_REFUSALS[error.refusal].format(name=path.name, pages=error.pages)) from error
    return jpegs, _day(outline.created)


def _photographed(path: Path) -> tuple[list[bytes], str]:
    with opened_picture(path, PAGE_SIDE) as image:
        taken_at = read_taken_at(image)
        jpeg = encode_jpeg(upright(image, PAGE_SIDE), PAGE_QUALITY)
    return [jpeg], format_taken_at(taken_at) if taken_at else ""


def _day(created: str) -> str:
    """The day in the date of a PDF, "" where it has none or one that is still to come."""
    found = _CREATED.match(created)
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError:
        return ""
    return day.isoformat() if day and day <= datetime.now().date() else ""
