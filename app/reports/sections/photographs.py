"""J01: photographs, two on a page, with the captions that GB/T 11821 requires."""

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, KeepTogether, Spacer, Title
from app.pdf.page_style import LABEL
from app.pdf.table import Cell, Table, TableRow
from app.reports.household_context import HouseholdContext, load_context, load_image
from app.reports.photo_print import PhotoPrint
from db.schema.photo import Photo
from resources.option_roles import value_of

ORDER = 150
TITLE = "照片页"
_DOCUMENTS = value_of("photo_kind", "document")  # printed by C03


def section(session: Session, household_id: str) -> list[Flowable]:
    """Photographs of the household, the earliest first; those of documents and forms are printed in their own parts."""
    context = load_context(session, household_id)
    photos = [photo for photo in context.photos if photo.kind != _DOCUMENTS and not photo.entry_id]
    if not photos:
        return []
    flowables: list[Flowable] = [Title(TITLE), context.header_line()]
    for n, photo in enumerate(photos, 1):
        photo_print = PhotoPrint(load_image(session, photo), photo.content or "")
        flowables += [
            KeepTogether([photo_print, Table((20, 48, 18, 84), _caption_rows(context, n, photo))], photographs=1),
            Spacer(4),
        ]
    return flowables[:-1]


def _caption_rows(context: HouseholdContext, n: int, photo: Photo) -> list[TableRow]:
    subject_text = "，".join(text for text in (photo.kind, photo.caption) if text)
    return [
        TableRow(
            [
                _label_cell(f"第 {n} 张"),
                Cell(_format_time(photo.taken_at)),
                _label_cell("事由"),
                Cell(subject_text or "—"),
            ]
        ),
        TableRow([_label_cell("地点"), Cell(photo.place or "—"), _label_cell("人物"), Cell(photo.people or "—")]),
        TableRow(
            [
                _label_cell("摄影者"),
                Cell(photo.photographer or "—"),
                _label_cell("所属户"),
                Cell(f"{context.head_name}（{context.place}）"),
            ]
        ),
    ]


def _label_cell(text: str) -> Cell:
    return Cell(text, LABEL, shaded=True)


def _format_time(taken_at: str | None) -> str:
    """YYYY-MM-DD hh:mm as 2018年8月10日 09:30."""
    day, _, hour = (taken_at or "").partition(" ")
    parts = day.split("-")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        return taken_at or "—"
    return f"{parts[0]}年{int(parts[1])}月{int(parts[2])}日 {hour}".strip()
