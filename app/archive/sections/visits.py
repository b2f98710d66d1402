"""E01: each visit as a form of its own, the latest first."""

from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.blocks import Block, Gap, Signature, Slot, Title, Whole
from app.archive.paper import LABEL
from app.archive.subject import picture, rows, subject
from app.archive.tables import Cell, Row, Shown, Table
from app.records.field import field
from db.schema.aid import Visit
from db.schema.photo import Photo

ORDER = 110
TITLE = "走访记录"
_WORDS = ("found", "explained", "asked_for", "solution", "promised", "carried_out", "note")
_PICTURES = 2


def section(session: Session, household_id: str) -> list[Block]:
    """A short visit takes half a page; a form is torn only where no page can hold it."""
    home = subject(session, household_id)
    kept = rows(session, Visit, household_id)
    kept.sort(key=lambda one: (one.visited_on is not None, one.visited_on, one.id), reverse=True)
    if not kept:
        return []
    of_visit: dict[str, list[Photo]] = {}
    for one in home.photos:
        of_visit.setdefault(one.visit_id or "", []).append(one)
    blocks: list[Block] = [Title(TITLE, "", kept[0].visited_on), home.heading(f"共 {len(kept)} 次")]
    for one in kept:
        blocks += [Whole(_form(session, one, of_visit.get(one.id, []))), Gap(4)]
    return blocks[:-1]


def _form(session: Session, one: Visit, photos: list[Photo]) -> list[Block]:
    said = [
        Row([_label("visited_on"), _value(one, "visited_on"), _label("way"), _value(one, "way")]),
        Row([_label("visitors"), _value(one, "visitors"), _label("visitor_unit"), _value(one, "visitor_unit")]),
        Row([_label("purpose"), _value(one, "purpose"), _label("promised_by"), _value(one, "promised_by")]),
    ]
    words = [name for name in _WORDS if getattr(one, name)] or ["found"]
    said += [Row([_label(name), _value(one, name, 3)]) for name in words]
    blocks: list[Block] = [Table((33, 52, 33, 52), said, least=7, joined=True)]
    found = [shown for shown in (picture(session, photo) for photo in photos[:_PICTURES]) if shown]
    if found:
        blocks.append(Table([1] * len(found), [Row([Cell(Shown(shown, (78, 56))) for shown in found])]))
    return [*blocks, Signature([Slot("走访人签字"), Slot("户主签字")])]


def _label(name: str) -> Cell:
    return wording.label("visit", name, LABEL)


def _value(one: Visit, name: str, cells: int = 1) -> Cell:
    return Cell(wording.said(field("visit", name), getattr(one, name)), span=cells)
