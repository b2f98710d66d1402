"""帮扶联系人包保户名单: the households of one helper, to take along."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.about import About
from app.archive.blocks import Between, Block, Title
from app.archive.ledger import Column, ledger, signed
from app.archive.listed import group_of
from app.archive.paper import A4_ACROSS
from app.archive.subject import setting
from app.errors import OfficeError
from app.records.field import field, label_of
from app.records.lists import assignment_rows, household_rows
from db.schema.aid import Helper
from db.schema.household import Household

TITLE = "包保户名单"
GROUP = "台账"
ORDER = 70
ABOUT = "helper"
FORMAT = A4_ACROSS
ASKS = ("full",)


def paper(session: Session, about: About) -> Sequence[Block]:
    """The households in force, with what a helper needs on the way.

    Raises:
        OfficeError: no helper is chosen, or the one chosen is gone
    """
    helper = session.get(Helper, about.helper) if about.helper else None
    if helper is None or helper.withdrawn:
        raise OfficeError("请先选择一位帮扶联系人。")
    began = {
        one.household_id: one.started_on for one in assignment_rows(session, helper_id=about.helper) if one.in_force
    }
    addresses = {id: text or "" for id, text in session.execute(select(Household.id, Household.address))}
    phone = field("household", "phone")
    rows = [
        [
            group_of(home),
            home.head,
            str(home.size),
            home.kind,
            addresses.get(home.id, ""),
            phone.text(home.phone, hide=not about.full),
            home.cause,
            wording.day(began[home.id]),
            wording.day(home.last_visit),
            " ",
        ]
        for home in household_rows(session)
        if home.id in began
    ]
    columns = [
        Column("村民组", 24),
        Column("户主", 22),
        Column("人口", 12),
        Column(label_of("household", "household_kind"), 26),
        Column(label_of("household", "address"), 50, "left"),
        Column(label_of("household", "phone"), 28),
        Column(label_of("household", "cause_main"), 22),
        Column(label_of("assignment", "started_on"), 26),
        Column("最近走访", 26),
        Column("本次情况", 36, "left"),
    ]
    word = setting(session, "helper_word") or "帮扶联系人"
    who = f"{word}：{helper.name or wording.EMPTY}　单位：{helper.unit or wording.EMPTY}　职务：{helper.post or '—'}"
    return [
        Title(f"{helper.name or word}{TITLE}", f"截至 {wording.day(about.today)}"),
        Between(who, f"共 {len(rows)} 户"),
        ledger(columns, rows, least=12),
        signed(f"{word}签字", "审核人"),
    ]
