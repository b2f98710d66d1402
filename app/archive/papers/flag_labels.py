"""流动红旗: a card for each group's best home of a round, to be pinned beside its door."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.about import About
from app.archive.blocks import Block, Gap, NewLeaf, Text
from app.archive.listed import listed, public_heads
from app.archive.paper import A5_ACROSS, Style
from app.checklists.ranking import ranking
from app.checklists.results import results, round_kept
from app.errors import OfficeError

TITLE = "流动红旗"
GROUP = "四净两规范"
ORDER = 40
ABOUT = "round"
FORMAT = A5_ACROSS
EDGE = "bare"
PUBLIC = True
_TITLE = Style("song_bold", 54, 72, "center")
_NAME = Style("kai", 30, 44, "center")
_UNDER = Style("fangsong", 16, 26, "center")


def paper(session: Session, about: About) -> Sequence[Block]:
    """One card a leaf.

    Raises:
        OfficeError: there is no such round, or nobody has earned a flag in it yet
    """
    kept = round_kept(session, about.round)
    heads, unit = public_heads(session, about.today), listed(session, about).unit
    blocks: list[Block] = []
    for place in ranking(results(session, about.round)):
        if place.flag:
            home = place.result.home
            blocks += [
                NewLeaf(),
                Gap(10, firm=True),
                Text("流动红旗", _TITLE),
                Gap(4),
                Text(f"{home.group}　{heads.get(home.household_id) or wording.EMPTY} 户", _NAME),
                Gap(6),
                Text(kept.title, _UNDER),
                Text(unit, _UNDER),
            ]
    if not blocks:
        raise OfficeError("这一轮还没有得流动红旗的户。评完各组的户再打印。")
    return blocks
