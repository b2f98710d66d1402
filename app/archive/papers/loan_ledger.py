"""小额信贷台账: the measures of that kind by the day they are due: who owes how much, until when."""

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

TITLE = "扶贫小额信贷台账"
GROUP = "台账"
ORDER = 50
ABOUT = "village"
FORMAT = A4_ACROSS
ASKS = ("year",)
_LOAN = "扶贫小额信贷"  # a value of measure_kind
_SOON = 90  # days before it is due that a loan is pointed out


def paper(session: Session, about: About) -> Sequence[Block]:
    """Loans by the day they are due; what is due soon or overdue says so."""
    found = listed(session, about)
    homes = {home.id: home for home in found.homes}
    query = select(Measure).where(~Measure.withdrawn, Measure.kind == _LOAN, Measure.household_id.in_(homes))
    kept = sorted(
        session.scalars(query.where(Measure.year == about.year) if about.year else query),
        key=lambda one: (one.ended_on is None, one.ended_on, one.id),
    )
    people = {id: name or "" for id, name in session.execute(select(Member.id, Member.name))}
    rows = []
    for one in kept:
        home = homes[one.household_id or ""]
        rows.append([group_of(home), home.head, people.get(one.member_id or "", home.head), *_said(one, about)])
    columns = [
        Column("村民组", 24),
        Column("户主", 20),
        Column("借款人", 20),
        Column(label_of("measure", "title"), 62, "left"),
        Column("借款金额（元）", 26, "right"),
        Column("借款日期", 28),
        Column("到期日期", 28),
        Column("到期提醒", 20),
        Column(label_of("measure", "responsible"), 34),
        Column(label_of("measure", "state"), 18),
        Column(label_of("measure", "note"), 24, "left"),
    ]
    return [
        Title(f"{found.village}{TITLE}", f"{about.year}年" if about.year else f"截至 {wording.day(about.today)}"),
        found.heading(f"共 {len(rows)} 笔"),
        ledger(columns, rows, total=[*[" "] * 4, summed(one.amount for one in kept), *[" "] * 6]),
        signed("填表人", "审核人"),
    ]


def _said(one: Measure, about: About) -> list[str]:
    left = (one.ended_on - about.today).days if one.ended_on else None
    return [
        "：".join(text for text in (one.title, one.content) if text),
        wording.money(one.amount),
        wording.day(one.started_on),
        wording.day(one.ended_on),
        "" if left is None or left > _SOON else f"还有{left}天" if left >= 0 else "已过期",
        one.responsible or "",
        one.state or "",
        one.note or " ",
    ]
