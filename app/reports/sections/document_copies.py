"""C03: copies of documents: photographs, two on a page, and space for those still to be pasted in."""

from sqlalchemy.orm import Session

from app.certificate_intake.kind import certificate_kind
from app.pdf.flowables import Flowable, Heading, KeepTogether, Spacer, Title
from app.pdf.page_style import CELL, LABEL
from app.pdf.table import Cell, ImageCell, Table, TableRow
from app.records.attachment import is_attachment
from app.records.row_views import HEAD_RELATION
from app.reports.household_context import HouseholdContext, load_context, load_image
from db.schema.photo import Photo
from resources.option_roles import value_of, values_with_role

ORDER = 72
KEY = "copies"  # the name stored by earlier versions
TITLE = "证件复印件粘贴页"
DOCUMENTS = value_of("photo_kind", "document")
_CARD_SIZE = (85.6, 54.0)  # millimetres of an ID card (GB/T 14916)
_PAGE_IMAGE_SIZE = (140, 98)


def section(session: Session, household_id: str) -> list[Flowable]:
    """The photographs there are; below them space for the household register and the cards of members who have one."""
    context = load_context(session, household_id)
    photos = [photo for photo in context.photos if photo.kind == DOCUMENTS and not is_attachment(photo)]
    if not context.members and not photos:
        return []
    flowables: list[Flowable] = [Title(TITLE), context.header_line()]
    for photo in photos:
        flowables += [KeepTogether([_photo_table(session, photo)], photographs=1), Spacer(4)]
    if len(flowables) > 2:
        flowables.append(Heading("其余证件在此粘贴"))
    return [*flowables, _paste_places(context)]


def _photo_table(session: Session, photo: Photo) -> Table:
    caption = "，".join(text for text in (photo.people, photo.caption) if text) or "证件"
    image = ImageCell(load_image(session, photo), _PAGE_IMAGE_SIZE, "（照片还没有收到或不能显示）")
    return Table(
        (170,),
        [TableRow([Cell(caption, LABEL, shaded=True)]), TableRow([Cell(image)], min_height=_PAGE_IMAGE_SIZE[1] + 4)],
        keep_together=True,
    )


def _paste_places(context: HouseholdContext) -> Table:
    """Two spaces side by side, each a little larger than a card; none for what the photographs above are copies of."""
    head = context.head
    name = (head.name or "") if head else ""
    shown = name or HEAD_RELATION
    places = [("户口簿首页", "booklet_first_page", name), ("户口簿户主页", "booklet_page", name)]
    if head:
        places += [(f"身份证正面（{shown}）", "id_card", name), (f"身份证背面（{shown}）", "id_card_back", name)]
    disabled, chronic = value_of("health", "disabled"), values_with_role("health", "ill")
    for member in context.members:
        if disabled in (member.health or ()):
            places.append((f"残疾证（{member.name}）", "disability_certificate", member.name or ""))
    copies = {(photo.caption, photo.people) for photo in context.photos if photo.kind == DOCUMENTS}
    captions = [text for text, kind, whose in places if (certificate_kind(kind).title, whose) not in copies]
    captions += [
        f"慢性病证（{member.name}）" for member in context.members if not chronic.isdisjoint(member.health or ())
    ]
    captions += [""] * (len(captions) % 2)
    rows = []
    for n in range(0, len(captions), 2):
        pair = [ImageCell(None, _CARD_SIZE, f"（{text}粘贴处）" if text else "") for text in captions[n : n + 2]]
        rows.append(TableRow([Cell(item, CELL) for item in pair], min_height=_CARD_SIZE[1] + 3))
    return Table((85, 85), rows)
