"""措施台账: what the households and their people were given, with the sum."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.about import About
from app.archive.blocks import Block, Title
from app.archive.ledger import Column, ledger, signed, summed
from app.archive.listed import group_of, listed
from app.archive.paper import A4_ACROSS
from app.records.field import label_of
from db.schema.aid import Measure
from db.schema.household import Member

TITLE = "帮扶措施台账"
GROUP = "台账"
ORDER = 40
ABOUT = "village"
FORMAT = A4_ACROSS
ASKS = ("year",)
_NAMED = (("kind", 24), ("title", 44), ("year", 13), ("quantity", 22), ("amount", 22), ("fund_source", 30),
          ("state", 16), ("effect", 34))  # fmt: skip


def paper(session: Session, about: About) -> Sequence[Block]:
    """All measures of the households, or those of one year."""
    found = listed(session, about)
    kept: dict[str, list[Measure]] = {}
    query = select(Measure).where(~Measure.withdrawn)
    for one in session.scalars(query.where(Measure.year == about.year) if about.year else query):
        kept.setdefault(one.household_id or "", []).append(one)
    people = {id: name or "" for id, name in session.execute(select(Member.id, Member.name))}
    rows, amounts = [], []
    for home in found.homes:
        for one in sorted(kept.get(home.id, ()), key=lambda one: (-(one.year or 0), one.kind or "", one.id)):
            rows.append([group_of(home), home.head, people.get(one.member_id or "", "全户"), *_said(one)])
            amounts.append(one.amount)
    columns = [Column("村民组", 20), Column("户主", 17), Column(label_of("measure", "member_id"), 17)]
    aligned = {"amount": "right", "title": "left", "effect": "left"}
    columns += [
        Column(label_of("measure", name) + ("（元）" if name == "amount" else ""), mm, aligned.get(name, "center"))  # type: ignore[arg-type]
        for name, mm in _NAMED
    ]
    return [
        Title(f"{found.village}{TITLE}", f"{about.year}年" if about.year else f"截至 {wording.day(about.today)}"),
        found.heading(f"共 {len(found.homes)} 户，{len(rows)} 项"),
        ledger(columns, rows, total=[*[" "] * 7, summed(amounts), *[" "] * 3]),
        signed("填表人", "审核人"),
    ]


def _said(one: Measure) -> list[str]:
    return [
        one.kind or "",
        one.title or "",
        str(one.year or ""),
        one.quantity or "",
        wording.money(one.amount),
        one.fund_source or "",
        one.state or "",
        one.effect or "",
    ]
