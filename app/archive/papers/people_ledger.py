"""人口台账: everybody in the village's households, one a row."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.about import About
from app.archive.blocks import Block, Title
from app.archive.ledger import Column, ledger, signed
from app.archive.listed import group_of, listed
from app.archive.paper import A4_ACROSS
from app.records.field import field, label_of
from app.records.lists import HouseholdRow, MemberRow, member_rows

TITLE = "人口台账"
GROUP = "台账"
ORDER = 20
ABOUT = "village"
FORMAT = A4_ACROSS
ASKS = ("full",)
_NAMED = (("name", 18), ("relation", 16), ("sex", 9), ("birth", 28), ("id_no", 36), ("ethnic", 11), ("education", 14),
          ("school_status", 22), ("health", 20), ("labour", 22), ("work_region", 18), ("work_months", 14))  # fmt: skip


def paper(session: Session, about: About) -> Sequence[Block]:
    """Those who have not left, household by household; ID numbers masked unless asked for."""
    found = listed(session, about)
    people: dict[str, list[MemberRow]] = {}
    for one in member_rows(session, today=about.today):
        if not one.left:
            people.setdefault(one.household_id, []).append(one)
    rows = [_row(home, one, about.full) for home in found.homes for one in people.get(home.id, ())]
    columns = [Column("村民组", 18), Column("户主", 16)]
    columns += [Column(label_of("member", name), mm) for name, mm in _NAMED]
    return [
        Title(f"{found.village}{TITLE}", f"截至 {wording.day(about.today)}"),
        found.heading(),
        ledger(columns, rows),
        signed("填表人", "审核人"),
    ]


def _row(home: HouseholdRow, one: MemberRow, full: bool) -> list[str]:
    return [
        group_of(home),
        home.head,
        one.name,
        one.relation,
        one.sex,
        wording.day(one.birth),
        field("member", "id_no").text(one.id_no, hide=not full),
        one.ethnic,
        one.education,
        one.school_status,
        "、".join(one.health),
        one.labour,
        one.work_region,
        wording.number(one.work_months),
    ]
