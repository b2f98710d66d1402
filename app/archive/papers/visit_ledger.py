"""走访台账: the visits of the households, the latest first."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.about import About
from app.archive.blocks import Block, Title
from app.archive.ledger import Column, ledger, signed
from app.archive.listed import group_of, listed
from app.archive.paper import A4_ACROSS
from app.records.field import label_of
from app.records.lists import visit_rows

TITLE = "走访台账"
GROUP = "台账"
ORDER = 60
ABOUT = "village"
FORMAT = A4_ACROSS
ASKS = ("year",)
_NAMED = (("visited_on", 29), ("visitors", 28), ("found", 62), ("asked_for", 44), ("promised", 40),
          ("carried_out", 34))  # fmt: skip


def paper(session: Session, about: About) -> Sequence[Block]:
    """Date, household, who came, what was found, asked for and promised."""
    found = listed(session, about)
    homes = {home.id: home for home in found.homes}
    rows = []
    for one in visit_rows(session):
        home = homes.get(one.household_id)
        if home and (not about.year or (one.visited_on and one.visited_on.year == about.year)):
            words = [one.found, one.asked_for, one.promised, one.carried_out]
            rows.append([group_of(home), home.head, wording.day(one.visited_on), one.visitors, *words])
    columns = [Column("村民组", 20), Column("户主", 18)]
    columns += [
        Column(label_of("visit", name), mm, "center" if name in ("visited_on", "visitors") else "left")
        for name, mm in _NAMED
    ]
    return [
        Title(f"{found.village}{TITLE}", f"{about.year}年" if about.year else f"截至 {wording.day(about.today)}"),
        found.heading(f"共 {len(found.homes)} 户，走访 {len(rows)} 次"),
        ledger(columns, rows),
        signed("填表人", "审核人"),
    ]
