"""评比汇总表: a round group by group, and every home with its points."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.about import About
from app.archive.blocks import Between, Block, Gap, Heading, Title
from app.archive.ledger import Column, ledger, signed
from app.archive.listed import listed
from app.archive.paper import CELL, LABEL
from app.checklists.ranking import ranking, summary
from app.checklists.results import Result, results, round_kept

TITLE = "评比汇总表"
GROUP = "四净两规范"
ORDER = 50
ABOUT = "round"


def paper(session: Session, about: About) -> Sequence[Block]:
    """The groups, the village as their last line, then the homes in walking order with their place in the village.

    Raises:
        OfficeError: there is no such round
    """
    kept = round_kept(session, about.round)
    found = results(session, about.round)
    lines = summary(found)
    grades = [name for name, _ in lines[0].grades] if lines else []
    groups = [
        [
            line.group if line.group is not None else "全村",
            str(line.homes),
            str(line.seen),
            str(line.passed),
            *(str(many) for _, many in line.grades),
            _points(line.average),
        ]
        for line in lines
        if line.homes
    ]
    columns = [Column("村民组", 34), Column("应评", 16), Column("已评", 16), Column("达标", 16)]
    columns += [*(Column(name, 16) for name in grades), Column("平均分", 20, "right")]
    places = {place.result.home.household_id: place.village_place for place in ranking(found)}
    days = f"{wording.day(kept.started_on)}开始" if kept.started_on else ""
    return [
        Title(TITLE, kept.title),
        Between(f"行政村：{listed(session, about).place}", days),
        ledger(columns, groups[:-1], body=CELL, head=LABEL, total=groups[-1] if groups else ()),
        Gap(2),
        Heading("各户得分"),
        ledger(_HOMES, [_row(one, places) for one in found], body=CELL, head=LABEL),
        signed("填表人", "审核人"),
    ]


_HOMES = (
    Column("村民组", 30),
    Column("户主", 26),
    Column("总分", 18, "right"),
    Column("等级", 18),
    Column("是否达标", 20),
    Column("全村名次", 18),
    Column("评分人", 30),
)


def _points(points: Decimal | None) -> str:
    return "" if points is None else f"{points:.1f}"


def _row(one: Result, places: dict[str, int]) -> list[str]:
    place = places.get(one.home.household_id)
    return [
        one.home.group,
        one.home.name,
        _points(one.points),
        one.grade or ("未评完" if one.begun else "未评"),
        ("是" if one.passed else "否") if one.finished else "",
        str(place) if place else "",
        "、".join(one.inspectors),
    ]
