"""E01: each visit as a form of its own, the latest first."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, KeepTogether, SignatureBlock, SignatureField, Spacer, Title
from app.pdf.page_style import LABEL
from app.pdf.table import Cell, ImageCell, Table, TableRow
from app.records.field import field, table_label
from app.reports import formatting
from app.reports.household_context import household_records, load_context, load_image
from db.schema.aid import Visit
from db.schema.photo import Photo
from db.schema.policy import Policy
from db.schema.visit import VisitPolicy

ORDER = 110
TITLE = "走访记录"
_TEXT_FIELDS = ("found", "explained", "asked_for", "solution", "promised", "carried_out", "together", "labour", "note")
_SHARED = ("meals", "nights", "labour_hours")  # stand behind 三同, in one cell with it
_MAX_PHOTOS = 2


def section(session: Session, household_id: str) -> list[Flowable]:
    """A short visit takes half a page; a form is split only if no page can hold it."""
    context = load_context(session, household_id)
    visits = household_records(session, Visit, household_id)
    visits.sort(key=lambda visit: (visit.visited_on is not None, visit.visited_on, visit.id), reverse=True)
    if not visits:
        return []
    policies = _policies(session, [visit.id for visit in visits])
    photos_by_visit: dict[str, list[Photo]] = {}
    for visit in context.photos:
        photos_by_visit.setdefault(visit.visit_id or "", []).append(visit)
    flowables: list[Flowable] = [Title(TITLE, "", visits[0].visited_on), context.header_line(f"共 {len(visits)} 次")]
    for visit in visits:
        forms = _visit_form(session, visit, photos_by_visit.get(visit.id, []), policies.get(visit.id, ()))
        flowables += [KeepTogether(forms), Spacer(4)]
    return flowables[:-1]


def _policies(session: Session, visit_ids: list[str]) -> dict[str, list[str]]:
    """Visit → names of the policies that were explained."""
    found: dict[str, list[str]] = {}
    statement = (
        select(VisitPolicy.visit_id, Policy.name)
        .join(Policy, Policy.id == VisitPolicy.policy_id)
        .where(VisitPolicy.visit_id.in_(visit_ids), ~VisitPolicy.withdrawn)
        .order_by(Policy.name)
    )
    for visit_id, name in session.execute(statement):
        found.setdefault(visit_id or "", []).append(name or "")
    return found


def _visit_form(session: Session, visit: Visit, photos: list[Photo], policies: Sequence[str]) -> list[Flowable]:
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
    table_rows += [TableRow([_label_cell(name), _text_cell(visit, name)]) for name in filled_fields]
    if policies:
        label = Cell(table_label("visit_policy"), LABEL)
        table_rows.append(TableRow([label, Cell("、".join(policies), col_span=3)]))
    flowables: list[Flowable] = [Table((33, 52, 33, 52), table_rows, min_height=7, keep_together=True)]
    images = [image for image in (load_image(session, photo) for photo in photos[:_MAX_PHOTOS]) if image]
    if images:
        flowables.append(Table([1] * len(images), [TableRow([Cell(ImageCell(image, (78, 56))) for image in images])]))
    return [*flowables, SignatureBlock([SignatureField("走访人签字"), SignatureField("户主签字")])]


def _label_cell(name: str) -> Cell:
    return formatting.label_cell("visit", name, LABEL)


def _text_cell(visit: Visit, name: str) -> Cell:
    """A line over the whole width; 三同 with how often and how long."""
    if name != "together":
        return _value_cell(visit, name, 3)
    parts = [formatting.format_field(field("visit", name), visit.together)]
    for shared in _SHARED:
        value = getattr(visit, shared)
        if value:
            one = field("visit", shared)
            parts.append(f"{one.label} {formatting.format_field(one, value)}")
    return Cell("　".join(parts), col_span=3)


def _value_cell(visit: Visit, name: str, col_span: int = 1) -> Cell:
    return Cell(formatting.format_field(field("visit", name), getattr(visit, name)), col_span=col_span)
