"""红榜: the best homes of a round, to be posted: name, group, place, nothing of hardship."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.about import About
from app.archive.blocks import Block, Gap, Text
from app.archive.ledger import Column, ledger
from app.archive.listed import listed, public_heads
from app.archive.paper import Style
from app.checklists.ranking import honour_roll, ranking
from app.checklists.results import results, round_kept

TITLE = "红榜"
GROUP = "四净两规范"
ORDER = 30
ABOUT = "round"
EDGE = "bare"
PUBLIC = True
ASKS = ("title",)
_TITLE = Style("song_bold", 40, 56, "center")
_UNDER = Style("kai", 18, 28, "center")
_CELL = Style("fangsong", 16, 24)
_HEAD = Style("hei", 14, 22, "center")
_UNIT = Style("song_bold", 16, 26, "right")


def paper(session: Session, about: About) -> Sequence[Block]:
    """The homes of the best grade that passed, and the holders of a 流动红旗.

    Raises:
        OfficeError: there is no such round
    """
    kept = round_kept(session, about.round)
    found = results(session, about.round)
    best = {one.home.household_id for one in honour_roll(found)}
    places = [place for place in ranking(found) if place.flag or place.result.home.household_id in best]
    heads = public_heads(session, about.today)
    rows = [
        [
            f"第 {place.village_place} 名",
            heads.get(place.result.home.household_id, ""),
            place.result.home.group,
            place.result.grade,
            "流动红旗" if place.flag else " ",
        ]
        for place in places
    ]
    columns = [Column("名次", 26), Column("户主", 36), Column("村民组", 44), Column("等级", 26), Column("荣誉", 34)]
    days = [one.seen_on for one in found if one.seen_on]
    return [
        Text("红　榜", _TITLE),
        Text(about.title or kept.title, _UNDER),
        Gap(6),
        ledger(columns, rows, body=_CELL, head=_HEAD, least=13),
        Gap(8),
        Text(listed(session, about).unit, _UNIT),
        Text(wording.day(max(days) if days else about.today), _UNIT),
    ]
