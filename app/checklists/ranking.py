"""Evaluation of a round: ranks, 流动红旗, red list, failed items, groups, comparison with the previous round.

Everything is computed from the results of app/checklists/results.py. Practice: docs/domain/checklists.md §1.4.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from app.checklists.households import RoundHousehold
from app.checklists.results import HouseholdResult, average_points, load_round, load_rounds, round_results


@dataclass(frozen=True, slots=True)
class Rank:
    """A finished household with its rank in the village and in its group; equal points share a rank.

    `flag`: it holds the 流动红旗 of its group.
    """

    village_rank: int
    group_rank: int
    has_flag: bool
    result: HouseholdResult


@dataclass(frozen=True, slots=True)
class FailedHousehold:
    """A household that did not pass: items, check points, hard fails and the day of the re-inspection."""

    result: HouseholdResult
    items: tuple[str, ...]
    checks: tuple[str, ...]
    hard_fails: tuple[str, ...]
    recheck_on: date | None


@dataclass(frozen=True, slots=True)
class GroupSummary:
    """One group of a round, or the village where `group` is None. `grades`: name → households, from best to worst."""

    group: str | None
    households: int
    inspected: int
    passed: int
    grades: tuple[tuple[str, int], ...]
    average: Decimal | None


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """One household in this round and in the previous one; points of 100, None where it was not finished."""

    household: RoundHousehold
    current: Decimal | None
    previous: Decimal | None
    current_grade: str
    previous_grade: str

    @property
    def difference(self) -> Decimal | None:
        """Points gained since, None where one of the two is missing."""
        return None if self.current is None or self.previous is None else self.current - self.previous


@dataclass(frozen=True, slots=True)
class RoundComparison:
    """This round and the previous one with the same checklist; households in walking order of this round."""

    previous_id: str
    previous_title: str
    current_average: Decimal | None
    previous_average: Decimal | None
    changes: tuple[ScoreChange, ...]

    @property
    def improved(self) -> int:
        return sum(change.difference is not None and change.difference > 0 for change in self.changes)

    @property
    def declined(self) -> int:
        return sum(change.difference is not None and change.difference < 0 for change in self.changes)

    @property
    def unchanged(self) -> int:
        return sum(change.difference == 0 for change in self.changes)


def rank_households(household_results: Sequence[HouseholdResult]) -> tuple[Rank, ...]:
    """The finished households from most to fewest points, equal ones in walking order; 1, 2, 2, 4.

    Ranked by the rounded points, so that nobody is behind a household with the same points. A group's 流动红旗 goes to
    its first household, if it passed and its grade carries a mark (where the checklist marks any grade).
    """
    scored = sorted(
        (
            (points, household_result)
            for household_result in household_results
            if (points := household_result.points) is not None
        ),
        key=lambda pair: -pair[0],
    )
    village_ranks = _ranks_by_points(points for points, _ in scored)
    by_group: dict[str, list[Decimal]] = {}
    for points, household_result in scored:
        by_group.setdefault(household_result.household.group, []).append(points)
    group_ranks = {group: _ranks_by_points(points) for group, points in by_group.items()}
    return tuple(
        Rank(
            village_ranks[points],
            group_rank := group_ranks[household_result.household.group][points],
            group_rank == 1 and _deserves_flag(household_result),
            household_result,
        )
        for points, household_result in scored
    )


def red_list(household_results: Sequence[HouseholdResult]) -> tuple[HouseholdResult, ...]:
    """红榜: the households of the best grade that passed, most points first."""
    return tuple(
        rank.result
        for rank in rank_households(household_results)
        if rank.result.passed and rank.result.grade == rank.result.checklist.grades[0].name
    )


def find_failed_households(household_results: Sequence[HouseholdResult]) -> tuple[FailedHousehold, ...]:
    """The finished households that did not pass or have a hard fail, in walking order.

    The grade says how many days after the inspection the re-inspection is due.
    """
    return tuple(
        FailedHousehold(result, result.items_to_rectify, result.failed_checks, result.hard_fails, _recheck_date(result))
        for result in household_results
        if result.finished and (not result.passed or result.hard_fails)
    )


def group_summaries(household_results: Sequence[HouseholdResult]) -> tuple[GroupSummary, ...]:
    """Each group in walking order, and the village as the last line."""
    groups: dict[str, list[HouseholdResult]] = {}
    for household_result in household_results:
        groups.setdefault(household_result.household.group, []).append(household_result)
    return (
        *(_group_summary(group, group_results) for group, group_results in groups.items()),
        _group_summary(None, household_results),
    )


def compare_rounds(session: Session, round_id: str) -> RoundComparison | None:
    """This round and the previous one with the same checklist in the same village; None where there is none.

    Raises:
        UserError: there is no such round
    """
    round_version = load_round(session, round_id)
    started = round_version.started_on or date.max
    earlier = [
        candidate
        for candidate in load_rounds(session)
        if candidate.village == round_version.village
        and candidate.checklist.code == round_version.checklist.code
        and candidate.id != round_version.id
        and (candidate.started_on or date.min, candidate.title, candidate.id)
        < (started, round_version.title, round_version.id)
    ]
    if not earlier:
        return None
    current, previous = round_results(session, round_id), round_results(session, earlier[-1].id)
    previous_by_household = {result.household.household_id: result for result in previous}
    return RoundComparison(
        earlier[-1].id,
        earlier[-1].title,
        average_points(current),
        average_points(previous),
        tuple(_score_change(result, previous_by_household.get(result.household.household_id)) for result in current),
    )


def _score_change(current: HouseholdResult, previous: HouseholdResult | None) -> ScoreChange:
    return ScoreChange(
        current.household,
        current.points,
        previous.points if previous else None,
        current.grade,
        previous.grade if previous else "",
    )


def _ranks_by_points(points: Iterable[Decimal]) -> dict[Decimal, int]:
    """Points → place, of points in falling order."""
    ranks: dict[Decimal, int] = {}
    for rank, value in enumerate(points, 1):
        ranks.setdefault(value, rank)
    return ranks


def _deserves_flag(result: HouseholdResult) -> bool:
    marks = any(grade.mark for grade in result.checklist.grades)
    band = result.score.band if result.score else None
    return result.passed and (not marks or (band is not None and bool(band.mark)))


def _recheck_date(result: HouseholdResult) -> date | None:
    band = result.score.band if result.score else None
    if band is None or band.recheck_days is None or result.seen_on is None:
        return None
    return result.seen_on + timedelta(days=band.recheck_days)


def _group_summary(group: str | None, household_results: Sequence[HouseholdResult]) -> GroupSummary:
    names = [grade.name for grade in household_results[0].checklist.grades] if household_results else []
    grade_counts = Counter(result.grade for result in household_results)
    return GroupSummary(
        group,
        households=len(household_results),
        inspected=sum(result.finished for result in household_results),
        passed=sum(result.passed for result in household_results),
        grades=tuple((name, grade_counts[name]) for name in names),
        average=average_points(household_results),
    )
