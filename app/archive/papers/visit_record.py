"""走访记录: a household's visits, each a form to sign, or an empty form for the next one."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.about import About
from app.archive.blocks import Block, Signature, Slot, Title
from app.archive.paper import LABEL
from app.archive.sections import visits
from app.archive.subject import subject
from app.archive.tables import Cell, Row, Table
from app.records.field import field

TITLE = "走访记录"
GROUP = "走访与整改"
ORDER = 10
ABOUT = "household"
ASKS = ("blank",)
_SHORT = (("visited_on", "way"), ("visitors", "visitor_unit"))
_LONG = (("found", 42), ("explained", 26), ("asked_for", 32), ("solution", 26), ("carried_out", 26))


def paper(session: Session, about: About) -> Sequence[Block]:
    """The visits as in the archive; an empty form where there are none or a blank one is asked for."""
    (household,) = about.households
    kept = [] if about.blank else visits.section(session, household)
    if kept:
        return kept
    rows = [Row([cell for name in pair for cell in (_label(name), _empty(name))], 10) for pair in _SHORT]
    rows.append(Row([_label("purpose"), _empty("purpose", 3)], 10))
    rows += [Row([_label(name), Cell("", span=3)], high) for name, high in _LONG]
    return [
        Title(TITLE),
        subject(session, household).heading(),
        Table((33, 52, 33, 52), rows),
        Signature([Slot("走访人签字"), Slot("户主签字")]),
    ]


def _label(name: str) -> Cell:
    return wording.label("visit", name, LABEL)


def _empty(name: str, cells: int = 1) -> Cell:
    """Options to tick where there are some, else room to write."""
    one = field("visit", name)
    return Cell(wording.ticks(one, None), span=cells) if one.options else Cell("", span=cells)
