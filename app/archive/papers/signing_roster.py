"""签到表: who came to a meeting, a training or the evening school, to be signed."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.archive.about import About
from app.archive.blocks import Between, Block, Title
from app.archive.ledger import Column, ledger, signed
from app.archive.listed import group_of, listed
from app.archive.paper import CELL, LABEL

TITLE = "签到表"
GROUP = "其他"
ORDER = 10
ABOUT = "village"
EDGE = "plain"
ASKS = ("title", "blank")
_BLANKS = 20


def paper(session: Session, about: About) -> Sequence[Block]:
    """A row for each household, or twenty empty ones."""
    found = listed(session, about)
    rows = [] if about.blank else [[one.head, group_of(one) or " ", " ", " ", " "] for one in found.homes]
    columns = [Column("姓名", 28), Column("村民组（单位）", 36), Column("签到", 36), Column("时间", 26)]
    return [
        Title(about.title or TITLE),
        Between(f"{found.place}", "日期：　　　　年　　月　　日"),
        Between("地点：　　　　　　　　　　　　", "主持人：　　　　　　　　"),
        ledger(
            [*columns, Column("备注", 30)],
            rows,
            body=CELL,
            head=LABEL,
            least=10,
            blanks=0 if rows else _BLANKS,
        ),
        signed("记录人"),
    ]
