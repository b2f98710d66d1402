"""Attachments in an archive: each is a document of its own behind the part that it belongs to.

It has a line in the table of contents with its own title, day and pages, and its pages carry the numbers of the
archive, because they are drawn like any other page: a scan is pictures of pages, so that nothing of the file that it
came from gets into ours (docs/decisions/0040-attachments.md).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from app.pdf.canvas import PageCanvas
from app.pdf.document import Jpeg, read_jpeg
from app.pdf.flowables import Flowable, Fragment
from app.pdf.page_style import CELL
from app.records.attachment import is_attachment, title_of
from app.records.page_pictures import page_pictures
from app.records.photo import load_content
from app.reports.catalogue import Part, papers_of_table, parts_of_form
from app.reports.household_context import load_context
from app.reports.unprintable import note_unprintable
from db.schema.form import FormEntry
from db.schema.photo import Photo
from resources.option_roles import flag_values, value_of

_NOT_HERE = "（附件还没有收到或不能显示）"


@dataclass(frozen=True, slots=True)
class AttachedPage:
    """One page of an attachment, as large as fits on a page of ours.

    Attributes:
        content_hash: the hash in its record, and which page it is
        described: what it shows, for who does not see it
        dated: the day of the paper, for the table of contents
    """

    image: Jpeg | None
    content_hash: str
    described: str
    dated: date | None = None

    def split(self, width: float, max_height: float) -> list[Fragment]:
        return [Fragment(max_height, lambda canvas, x, y: self._draw(canvas, x, y, width, max_height))]

    def _draw(self, canvas: PageCanvas, left: float, top: float, width: float, height: float) -> None:
        if self.image is None:
            canvas.dashed_rect(left, top - height, width, height)
            canvas.text(left, top - height / 2, width, _NOT_HERE, CELL.aligned("center"))
            return
        scale = min(width / self.image.width, height / self.image.height)
        drawn_width, drawn_height = self.image.width * scale, self.image.height * scale
        x, y = left + (width - drawn_width) / 2, top - (height + drawn_height) / 2
        canvas.image(self.image, x, y, drawn_width, drawn_height, self.described)


def attached_parts(session: Session, household_id: str, part: Part) -> Iterator[tuple[Part, Sequence[Flowable]]]:
    """The attachments of a household behind one part of its archive, the earliest first."""
    for photo in load_context(session, household_id).photos:
        if is_attachment(photo) and part_behind(session, photo) == part.name:
            pages = attached_pages(session, photo)
            yield _bound(part, photo, pages), pages


def part_behind(session: Session, photo: Photo) -> str:
    """The part behind which it is bound: the chosen one, else that of its row or form, else that of other papers."""
    by_option = flag_values("archive_part", "part")
    if photo.archive_part is not None and photo.archive_part in by_option:
        return str(by_option[photo.archive_part])
    known = papers_of_table(photo.about_table)[0] if photo.about_table else []
    if photo.entry_id and (entry := session.get(FormEntry, photo.entry_id)):
        known = list(parts_of_form(entry.form or ""))
    return next(iter(known), str(by_option[value_of("archive_part", "other")]))


def attached_pages(session: Session, photo: Photo) -> list[AttachedPage]:
    """The pages of an attachment; empty ones where it has not arrived yet."""
    content = load_content(session, photo.id)
    pictures = [read_jpeg(picture) for picture in page_pictures(content)]
    images = pictures or [None] * (photo.pages or 1)
    title, day = title_of(photo), _day(photo.taken_at)
    if content and None in images:
        note_unprintable(session, f"附件“{title}”已损坏，请重新放入这份附件")
    return [
        AttachedPage(image, f"{photo.content}/{n}", f"{title}，第 {n} 页，共 {len(images)} 页", day)
        for n, image in enumerate(images, 1)
    ]


def _bound(part: Part, photo: Photo, pages: Sequence[AttachedPage]) -> Part:
    """The attachment as a part: listed, and on landscape sheets where all its pages are wide."""
    return replace(
        part,
        title=title_of(photo),
        landscape=all(page.image is not None and page.image.width > page.image.height for page in pages),
        listed=True,
        bare=False,
        copies=1,
        log=False,
        county_title=True,
    )


def _day(taken_at: str | None) -> date | None:
    try:
        return date.fromisoformat((taken_at or "")[:10])
    except ValueError:
        return None
