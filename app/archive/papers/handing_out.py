"""发放表: goods or money given to households, each signed for."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.archive.about import About
from app.archive.blocks import Between, Block, Title
from app.archive.ledger import Column, ledger, signed
from app.archive.listed import group_of, listed
from app.archive.paper import CELL, LABEL

TITLE = "发放表"
GROUP = "其他"
ORDER = 20
ABOUT = "village"
EDGE = "plain"
ASKS = ("title", "blank")
_BLANKS = 14


def paper(session: Session, about: About) -> Sequence[Block]:
    """A row for each household, high enough for the print of a finger; fourteen empty ones for a blank form."""
    found = listed(session, about)
    rows = [] if about.blank else [[one.head, group_of(one) or " ", str(one.size), *[" "] * 4] for one in found.homes]
    columns = [
        Column("户主", 24),
        Column("村民组", 24),
        Column("人口", 12),
        Column("物品或金额", 34),
        Column("领取人签字（按指印）", 40),
        Column("领取日期", 24),
        Column("备注", 18),
    ]
    return [
        Title(about.title or TITLE),
        Between(f"{found.place}", "日期：　　　　年　　月　　日"),
        ledger(columns, rows, body=CELL, head=LABEL, least=14, blanks=0 if rows else _BLANKS),
        signed("发放人", "监督人"),
    ]
