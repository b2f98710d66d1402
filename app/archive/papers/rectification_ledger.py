"""问题整改台账: every problem handed over, from its finding to the day it was closed out and seen again."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.about import About
from app.archive.blocks import Block, Title
from app.archive.ledger import Column, ledger, signed
from app.archive.listed import listed
from app.archive.paper import A4_ACROSS
from app.records.field import field, label_of
from db.schema.work import Rectification

TITLE = "问题整改台账"
GROUP = "走访与整改"
ORDER = 30
ABOUT = "village"
FORMAT = A4_ACROSS
ASKS = ("year",)
_NAMED = (("number", 18), ("source", 22), ("found_on", 28), ("problem", 48), ("responsible", 18), ("plan", 36),
          ("due_on", 28), ("outcome", 34), ("closed_on", 28), ("followup_on", 28))  # fmt: skip
_LONG = ("problem", "plan", "outcome")


def paper(session: Session, about: About) -> Sequence[Block]:
    """By the day of finding; problems of the village itself stand among them unless households were chosen."""
    found = listed(session, about)
    homes = {home.id: home.head for home in found.homes}
    rows = []
    query = select(Rectification).where(~Rectification.withdrawn)
    for one in session.scalars(query.order_by(Rectification.found_on, Rectification.number, Rectification.id)):
        of_village = one.household_id is None and not about.households
        in_year = not about.year or (one.found_on is not None and one.found_on.year == about.year)
        if in_year and (of_village or one.household_id in homes):
            head = homes.get(one.household_id or "", "村级")
            rows.append([head, *(_said(one, name) for name, _ in _NAMED)])
    columns = [Column("户主", 18)]
    for name, mm in _NAMED:
        columns.append(Column(label_of("rectification", name), mm, "left" if name in _LONG else "center"))
    return [
        Title(f"{found.village}{TITLE}", f"{about.year}年" if about.year else f"截至 {wording.day(about.today)}"),
        found.heading(f"共 {len(rows)} 条"),
        ledger(columns, rows),
        signed("填表人", "审核人"),
    ]


def _said(one: Rectification, name: str) -> str:
    return wording.said(field("rectification", name), getattr(one, name))
