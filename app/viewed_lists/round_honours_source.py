"""红榜 of a round, and the households with the 流动红旗 of their group, which need not be of the best grade."""

from collections.abc import Iterator

from app.checklists.ranking import rank_households, red_list
from app.list_views.catalogue import ROUND_HONOURS
from app.viewed_lists.round_list import RoundLine, RoundList, RoundOutcome, household_cells, round_fields


def _lines(outcome: RoundOutcome) -> Iterator[RoundLine]:
    honoured = {result.household.household_id for result in red_list(outcome.results)}
    for rank in rank_households(outcome.results):
        household = rank.result.household
        is_honoured = household.household_id in honoured
        if is_honoured or rank.has_flag:
            honours = ("流动红旗" if rank.has_flag else "", "红榜" if is_honoured else "")
            cells = {
                "points": rank.result.points, "grade": rank.result.grade, "honour": "、".join(filter(None, honours)),
            }  # fmt: skip
            yield RoundLine(household, household_cells(household) | cells)


HONOURS_LIST = RoundList(
    ROUND_HONOURS,
    "红榜",
    round_fields(ROUND_HONOURS, ("points", "得分", "decimal"), ("grade", "等级", "text"), ("honour", "荣誉", "text")),
    ("group", "head", "points", "grade", "honour"),
    _lines,
)
