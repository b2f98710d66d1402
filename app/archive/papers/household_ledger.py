"""户台账: the households of the village, one a row."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.about import About
from app.archive.blocks import Block, Title
from app.archive.ledger import Column, ledger, signed
from app.archive.listed import Listed, group_of, listed
from app.archive.paper import A4_ACROSS
from app.records.field import field, label_of
from app.records.lists import HouseholdRow

TITLE = "户台账"
GROUP = "台账"
ORDER = 10
ABOUT = "village"
FORMAT = A4_ACROSS
ASKS = ("full",)


def paper(session: Session, about: About) -> Sequence[Block]:
    """Number, head, size, kind, cause, helper, income and last visit; the phone masked unless asked for."""
    found = listed(session, about)
    return [
        Title(f"{found.village}{TITLE}", f"截至 {wording.day(about.today)}"),
        found.heading(),
        ledger(_columns(found), [_row(one, about.full) for one in found.homes]),
        signed("填表人", "审核人"),
    ]


def _columns(found: Listed) -> list[Column]:
    named = [("household_no", 30), ("head", 16), ("group_name", 17), ("population", 9), ("phone", 24),
             ("household_kind", 20), ("household_attribute", 22), ("registration_state", 15), ("exit_year", 12),
             ("cause_main", 17)]  # fmt: skip
    columns = [
        Column("户主" if name == "head" else "人口" if name == "population" else label_of("household", name), mm)
        for name, mm in named
    ]
    return [*columns, Column(found.helper_word, 18), Column("人均纯收入（元）", 20, "right"), Column("最近走访", 27)]


def _row(one: HouseholdRow, full: bool) -> list[str]:
    return [
        one.household_no,
        one.head,
        group_of(one),
        str(one.size),
        field("household", "phone").text(one.phone, hide=not full),
        one.kind,
        one.attribute,
        one.state or one.exit_status,
        f"{one.exit_year}" if one.exit_year else "",
        one.cause,
        "、".join(one.helpers),
        wording.money(one.per_head),
        wording.day(one.last_visit),
    ]
