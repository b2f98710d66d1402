"""与上轮比: homes that both rounds saw first, those that lost most at the top."""

from collections.abc import Iterator
from decimal import Decimal

from app.list_views.catalogue import ROUND_CHANGES
from app.viewed_lists.round_list import RoundLine, RoundList, RoundOutcome, household_cells, round_fields


def _lines(outcome: RoundOutcome) -> Iterator[RoundLine]:
    changes = outcome.comparison.changes if outcome.comparison is not None else ()
    for change in sorted(changes, key=lambda one: (one.difference is None, one.difference or Decimal())):
        cells = household_cells(change.household) | {
            "before": change.previous,
            "now": change.current,
            "gain": change.difference,
            "grade_before": change.previous_grade,
            "grade_now": change.current_grade,
        }
        yield RoundLine(change.household, cells, change.difference is not None and change.difference < 0)


CHANGES_LIST = RoundList(
    ROUND_CHANGES,
    "与上轮比",
    round_fields(
        ROUND_CHANGES,
        ("before", "上轮得分", "decimal"),
        ("now", "本轮得分", "decimal"),
        ("gain", "增减", "decimal"),
        ("grade_before", "上轮等级", "text"),
        ("grade_now", "本轮等级", "text"),
    ),
    ("group", "head", "before", "now", "gain", "grade_before", "grade_now"),
    _lines,
)
