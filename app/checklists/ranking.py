"""What a round comes to: places, 流动红旗, honour roll, what is to put right, groups, the last round beside this one.

Everything is reckoned from the results of app/checklists/results.py. Practice: domain/checklists.md §1.4.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from app.checklists.homes import Home
from app.checklists.results import Result, average, results, round_kept, rounds_kept


@dataclass(frozen=True, slots=True)
class Place:
    """A finished home with its place in the village and in its group; homes with equal points share a place.

    `flag`: it holds the 流动红旗 of its group.
    """

    village_place: int
    group_place: int
    flag: bool
    result: Result


@dataclass(frozen=True, slots=True)
class ToPutRight:
    """A home that did not pass: the items and check points, what a hard fail asks for, and the day of the re-check."""

    result: Result
    items: tuple[str, ...]
    checks: tuple[str, ...]
    hard_fails: tuple[str, ...]
    recheck_on: date | None


@dataclass(frozen=True, slots=True)
class GroupSummary:
    """One group of a round, or the village where `group` is None. `grades`: name → homes, from best to worst."""

    group: str | None
    homes: int
    seen: int
    passed: int
    grades: tuple[tuple[str, int], ...]
    average: Decimal | None


@dataclass(frozen=True, slots=True)
class Step:
    """One home in this round and in the last one; points of 100, None where it was not finished."""

    home: Home
    now: Decimal | None
    before: Decimal | None
    grade_now: str
    grade_before: str

    @property
    def difference(self) -> Decimal | None:
        """Points gained since, None where one of the two is missing."""
        return None if self.now is None or self.before is None else self.now - self.before


@dataclass(frozen=True, slots=True)
class Comparison:
    """This round beside the last one with the same checklist; homes in walking order of this round."""

    before_id: str
    before_title: str
    average_now: Decimal | None
    average_before: Decimal | None
    steps: tuple[Step, ...]

    @property
    def better(self) -> int:
        return sum(step.difference is not None and step.difference > 0 for step in self.steps)

    @property
    def worse(self) -> int:
        return sum(step.difference is not None and step.difference < 0 for step in self.steps)

    @property
    def same(self) -> int:
        return sum(step.difference == 0 for step in self.steps)


def ranking(found: Sequence[Result]) -> tuple[Place, ...]:
    """The finished homes from most to fewest points, equal ones in walking order; 1, 2, 2, 4.

    By the points that are shown, so that nobody is behind a home with the same points. A group's 流动红旗 goes to its
    first home, if it passed and its grade carries a mark (where the checklist marks any grade).
    """
    done = sorted(((points, one) for one in found if (points := one.points) is not None), key=lambda pair: -pair[0])
    in_village = _places(points for points, _ in done)
    by_group: dict[str, list[Decimal]] = {}
    for points, one in done:
        by_group.setdefault(one.home.group, []).append(points)
    in_group = {group: _places(points) for group, points in by_group.items()}
    return tuple(
        Place(
            in_village[points],
            place := in_group[one.home.group][points],
            place == 1 and _deserves_flag(one),
            one,
        )
        for points, one in done
    )


def honour_roll(found: Sequence[Result]) -> tuple[Result, ...]:
    """红榜: the homes of the best grade that passed, most points first."""
    return tuple(
        place.result
        for place in ranking(found)
        if place.result.passed and place.result.grade == place.result.checklist.grades[0].name
    )


def to_put_right(found: Sequence[Result]) -> tuple[ToPutRight, ...]:
    """The finished homes that did not pass or have a hard fail, in walking order.

    The re-check is due so many days after the inspection as the home's grade says.
    """
    return tuple(
        ToPutRight(result, result.failing, result.failed_checks, result.hard_fails, _recheck(result))
        for result in found
        if result.finished and (not result.passed or result.hard_fails)
    )


def summary(found: Sequence[Result]) -> tuple[GroupSummary, ...]:
    """Each group in walking order, and the village as the last line."""
    groups: dict[str, list[Result]] = {}
    for one in found:
        groups.setdefault(one.home.group, []).append(one)
    return (*(_line(group, its) for group, its in groups.items()), _line(None, found))


def compare(session: Session, round_id: str) -> Comparison | None:
    """This round beside the last one before it with the same checklist in the same village; None where there is none.

    Raises:
        OfficeError: there is no such round
    """
    kept = round_kept(session, round_id)
    started = kept.started_on or date.max
    earlier = [
        one
        for one in rounds_kept(session)
        if one.village == kept.village
        and one.checklist.code == kept.checklist.code
        and one.id != kept.id
        and (one.started_on or date.min, one.title, one.id) < (started, kept.title, kept.id)
    ]
    if not earlier:
        return None
    now, last = results(session, round_id), results(session, earlier[-1].id)
    before = {result.home.household_id: result for result in last}
    return Comparison(
        earlier[-1].id,
        earlier[-1].title,
        average(now),
        average(last),
        tuple(_step(result, before.get(result.home.household_id)) for result in now),
    )


def _step(now: Result, before: Result | None) -> Step:
    return Step(now.home, now.points, before.points if before else None, now.grade, before.grade if before else "")


def _places(points: Iterable[Decimal]) -> dict[Decimal, int]:
    """Points → place, of points in falling order."""
    found: dict[Decimal, int] = {}
    for place, one in enumerate(points, 1):
        found.setdefault(one, place)
    return found


def _deserves_flag(result: Result) -> bool:
    marks = any(grade.mark for grade in result.checklist.grades)
    band = result.score.band if result.score else None
    return result.passed and (not marks or (band is not None and bool(band.mark)))


def _recheck(result: Result) -> date | None:
    band = result.score.band if result.score else None
    if band is None or band.recheck_days is None or result.seen_on is None:
        return None
    return result.seen_on + timedelta(days=band.recheck_days)


def _line(group: str | None, found: Sequence[Result]) -> GroupSummary:
    names = [grade.name for grade in found[0].checklist.grades] if found else []
    counted = Counter(result.grade for result in found)
    return GroupSummary(
        group,
        homes=len(found),
        seen=sum(result.finished for result in found),
        passed=sum(result.passed for result in found),
        grades=tuple((name, counted[name]) for name in names),
        average=average(found),
    )
