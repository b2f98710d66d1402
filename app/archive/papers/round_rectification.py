"""整改清单: the homes of a round that did not pass, what to put right, and until when; answered by hand."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.about import About
from app.archive.blocks import Between, Block, Title
from app.archive.ledger import Column, ledger, signed
from app.archive.listed import listed
from app.archive.paper import A4_ACROSS
from app.checklists.ranking import ToPutRight, to_put_right
from app.checklists.results import results, round_kept

TITLE = "整改清单"
GROUP = "四净两规范"
ORDER = 60
ABOUT = "round"
FORMAT = A4_ACROSS
_COLUMNS = (
    Column("村民组", 22),
    Column("户主", 20),
    Column("总分", 14, "right"),
    Column("需整改的项目", 34, "left"),
    Column("不达标的要点", 66, "left"),
    Column("须立即处理", 34, "left"),
    Column("复查日期", 24),
    Column("责任人", 18),
    Column("整改情况", 26),
    Column("户主签字", 20),
)


def paper(session: Session, about: About) -> Sequence[Block]:
    """One row a home; who is responsible and what was done is written in.

    Raises:
        OfficeError: there is no such round
    """
    kept = round_kept(session, about.round)
    wrong = to_put_right(results(session, about.round))
    return [
        Title(f"{kept.checklist.title}{TITLE}", kept.title),
        Between(f"行政村：{listed(session, about).place}", f"共 {len(wrong)} 户"),
        ledger(_COLUMNS, [_row(one) for one in wrong], least=12),
        signed("交办人", "检查人", "销号审核人"),
    ]


def _row(one: ToPutRight) -> list[str]:
    return [
        one.result.home.group,
        one.result.home.name,
        f"{one.result.points:.1f}" if one.result.points is not None else "",
        "、".join(one.items),
        "；".join(one.checks),
        "；".join(one.hard_fails) or " ",
        wording.day(one.recheck_on),
        *[" "] * 3,
    ]
