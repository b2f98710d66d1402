"""I01: each problem as a notice of rectification and, below it, how it was closed out."""

from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.blocks import Block, Gap, Signature, Slot, Title, Whole
from app.archive.paper import LABEL
from app.archive.subject import rows, subject
from app.archive.tables import Cell, Row, Table
from app.records.field import field
from app.work.rectification import state_of
from db.schema.work import Rectification

ORDER = 152
TITLE = "问题整改通知单及销号单"
_NOTICE = (("number", "found_on"), ("issued_by", "source"), ("level", "responsible"))
_LONG = ("problem", "plan")
_CLOSING = (("due_on", "done_on"), ("followup_on", "followup_by"), ("reviewed_by", "closed_on"))
_RESULTS = ("outcome", "evidence", "opinion", "note")


def section(session: Session, household_id: str) -> list[Block]:
    """The latest first."""
    home = subject(session, household_id)
    kept = rows(session, Rectification, household_id)
    kept.sort(key=lambda one: (one.found_on is not None, one.found_on, one.id), reverse=True)
    blocks: list[Block] = []
    for one in kept:
        said: list[Block] = [Title(TITLE, "", one.found_on), home.heading(f"状态：{state_of(one)}"), *_form(one)]
        blocks += [*([Gap(8)] if blocks else []), Whole(said)]
    return blocks


def _form(one: Rectification) -> list[Block]:
    notice = [_pair(one, pair) for pair in _NOTICE] + [_long(one, name, 16) for name in _LONG]
    closing = [_pair(one, pair) for pair in _CLOSING] + [_long(one, name, 9) for name in _RESULTS]
    return [
        Table((30, 55, 30, 55), notice),
        Signature([Slot("下发单位", seal=True), Slot("责任人签收")]),
        Table((30, 55, 30, 55), closing),
        Signature([Slot("回访人签字"), Slot("户主签字", finger=True), Slot("销号审核人签字")], 3),
    ]


def _pair(one: Rectification, names: tuple[str, str]) -> Row:
    return Row([cell for name in names for cell in (wording.label("rectification", name, LABEL), _value(one, name))])


def _long(one: Rectification, name: str, least: float) -> Row:
    return Row([wording.label("rectification", name, LABEL), _value(one, name, 3)], least=least)


def _value(one: Rectification, name: str, cells: int = 1) -> Cell:
    return Cell(wording.said(field("rectification", name), getattr(one, name)), span=cells)
