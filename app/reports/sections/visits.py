"""E01: each visit as a form of its own, the latest first."""

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, KeepTogether, SignatureBlock, SignatureField, Spacer, Title
from app.pdf.page_style import LABEL
from app.pdf.table import Cell, ImageCell, Table, TableRow
from app.records.field import field
from app.reports import formatting
from app.reports.household_context import household_records, load_context, load_image
from db.schema.aid import Visit
from db.schema.photo import Photo

ORDER = 110
TITLE = "走访记录"
_TEXT_FIELDS = ("found", "explained", "asked_for", "solution", "promised", "carried_out", "note")
_MAX_PHOTOS = 2


def section(session: Session, household_id: str) -> list[Flowable]:
    """A short visit takes half a page; a form is split only if no page can hold it."""
    context = load_context(session, household_id)
    visits = household_records(session, Visit, household_id)
    visits.sort(key=lambda visit: (visit.visited_on is not None, visit.visited_on, visit.id), reverse=True)
    if not visits:
        return []
    photos_by_visit: dict[str, list[Photo]] = {}
    for visit in context.photos:
        photos_by_visit.setdefault(visit.visit_id or "", []).append(visit)
    flowables: list[Flowable] = [Title(TITLE, "", visits[0].visited_on), context.header_line(f"共 {len(visits)} 次")]
    for visit in visits:
        flowables += [KeepTogether(_visit_form(session, visit, photos_by_visit.get(visit.id, []))), Spacer(4)]
    return flowables[:-1]


def _visit_form(session: Session, visit: Visit, photos: list[Photo]) -> list[Flowable]:
    table_rows = [
        TableRow(
            [_label_cell("visited_on"), _value_cell(visit, "visited_on"), _label_cell("way"), _value_cell(visit, "way")]
        ),
        TableRow(
            [
                _label_cell("visitors"),
                _value_cell(visit, "visitors"),
                _label_cell("visitor_unit"),
                _value_cell(visit, "visitor_unit"),
            ]
        ),
        TableRow(
            [
                _label_cell("purpose"),
                _value_cell(visit, "purpose"),
                _label_cell("promised_by"),
                _value_cell(visit, "promised_by"),
            ]
        ),
    ]
    filled_fields = [name for name in _TEXT_FIELDS if getattr(visit, name)] or ["found"]
    table_rows += [TableRow([_label_cell(name), _value_cell(visit, name, 3)]) for name in filled_fields]
    flowables: list[Flowable] = [Table((33, 52, 33, 52), table_rows, min_height=7, keep_together=True)]
    images = [image for image in (load_image(session, photo) for photo in photos[:_MAX_PHOTOS]) if image]
    if images:
        flowables.append(Table([1] * len(images), [TableRow([Cell(ImageCell(image, (78, 56))) for image in images])]))
    return [*flowables, SignatureBlock([SignatureField("走访人签字"), SignatureField("户主签字")])]


def _label_cell(name: str) -> Cell:
    return formatting.label_cell("visit", name, LABEL)


def _value_cell(visit: Visit, name: str, col_span: int = 1) -> Cell:
    return Cell(formatting.format_field(field("visit", name), getattr(visit, name)), col_span=col_span)
