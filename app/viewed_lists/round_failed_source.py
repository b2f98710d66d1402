"""待整改: the households of a round that did not pass or must be told of something, in walking order."""

from collections.abc import Iterator

from app.checklists.ranking import find_failed_households
from app.list_views.catalogue import ROUND_FAILED
from app.viewed_lists.round_list import RoundLine, RoundList, RoundOutcome, household_cells, round_fields


def _lines(outcome: RoundOutcome) -> Iterator[RoundLine]:
    for failed in find_failed_households(outcome.results):
        household = failed.result.household
        cells = household_cells(household) | {
            "points": failed.result.points,
            "recheck": failed.recheck_on,
            "items": "、".join(failed.items),
            "checks": "；".join(failed.checks),
            "hard_fails": "；".join(failed.hard_fails),
        }
        yield RoundLine(household, cells, not failed.result.passed)


FAILED_LIST = RoundList(
    ROUND_FAILED,
    "待整改",
    round_fields(
        ROUND_FAILED,
        ("points", "得分", "decimal"),
        ("recheck", "复查日期", "date"),
        ("items", "待整改项目", "long"),
        ("checks", "不达标要点", "long"),
        ("hard_fails", "安全与核对提示", "long"),
    ),
    ("group", "head", "points", "recheck", "items", "checks", "hard_fails"),
    _lines,
)
