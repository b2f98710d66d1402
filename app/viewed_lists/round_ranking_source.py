"""排名: the finished households of a round from most to fewest points."""

from collections.abc import Iterator

from app.checklists.ranking import rank_households
from app.list_views.catalogue import ROUND_RANKING
from app.records.field import field_label
from app.viewed_lists.round_list import RoundLine, RoundList, RoundOutcome, household_cells, round_fields


def _lines(outcome: RoundOutcome) -> Iterator[RoundLine]:
    for rank in rank_households(outcome.results):
        result = rank.result
        cells = household_cells(result.household) | {
            "village_place": rank.village_rank,
            "group_place": rank.group_rank,
            "points": result.points,
            "grade": result.grade,
            "passed": "达标" if result.passed else "未达标",
            "flag": "流动红旗" if rank.has_flag else "",
            "inspectors": "、".join(result.inspectors),
            "seen_on": result.seen_on,
            "failing": "、".join(result.items_to_rectify),
        }
        yield RoundLine(result.household, cells, not result.passed)


RANKING_LIST = RoundList(
    ROUND_RANKING,
    "排名",
    round_fields(
        ROUND_RANKING,
        ("village_place", "名次", "integer"),
        ("group_place", "组名次", "integer"),
        ("points", "得分", "decimal"),
        ("grade", "等级", "text"),
        ("passed", "达标", "text"),
        ("flag", "荣誉", "text"),
        ("inspectors", field_label("inspection", "inspector"), "text"),
        ("seen_on", field_label("inspection", "seen_on"), "date"),
        ("failing", "待整改项目", "long"),
    ),
    ("village_place", "group_place", "group", "head", "points", "grade", "passed", "flag", "inspectors", "failing"),
    _lines,
)
