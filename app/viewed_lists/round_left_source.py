"""未评: the households of a round without a finished inspection, in walking order."""

from collections.abc import Iterator

from app.checklists.results import HouseholdResult
from app.list_views.catalogue import ROUND_LEFT
from app.viewed_lists.round_list import RoundLine, RoundList, RoundOutcome, household_cells, round_fields


def _lines(outcome: RoundOutcome) -> Iterator[RoundLine]:
    for result in outcome.results:
        if not result.finished:
            cells = {"state": _progress(result), "address": result.household.address}
            yield RoundLine(result.household, household_cells(result.household) | cells, result.in_progress)


def _progress(result: HouseholdResult) -> str:
    return "未评" if result.score is None else f"评到一半，还有 {len(result.score.open)} 项"


LEFT_LIST = RoundList(
    ROUND_LEFT,
    "未评",
    round_fields(ROUND_LEFT, ("state", "进度", "text"), ("address", "住址", "text")),
    ("group", "head", "state", "address"),
    _lines,
)
