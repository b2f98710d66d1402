"""Points, grade and failures of one inspection and of several.

The scheme itself is data: app/checklists/template.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from app.checklists.template import Aggregation, Checklist, ChecklistItem, Grade
from app.errors import UserError


class UnknownAnswer(UserError):
    """An answer that the checklist's scale does not have; the sentence names the check point."""


@dataclass(frozen=True, slots=True)
class ItemScore:
    """One item of a score.

    Attributes:
        share: of its `weight` in points that it earned, 0–1, exact; None while nothing is answered or nothing applies
        earned: points to show, of `possible`; those of all items add up to what their exact points come to
        failed: its share is below what 达标 asks
    """

    code: str
    label: str
    weight: Fraction
    share: Fraction | None
    earned: Decimal | None
    failed: bool

    @property
    def possible(self) -> Decimal:
        """The item's full points, to show."""
        return round_to_one_decimal(self.weight)


@dataclass(frozen=True, slots=True)
class Score:
    """The score of one inspection, or of several combined.

    While check points are open it is the score so far: of what is answered. `exact` of 100 is None when nothing that
    counts was answered. Grade and `passed` follow the rounded points, so that they never contradict what is shown.
    `failed`: codes of the check points that earned nothing. `hard_fails`: those of them that the checklist flags.
    """

    checklist: Checklist = field(repr=False)
    exact: Fraction | None
    items: tuple[ItemScore, ...]
    failed: tuple[str, ...]
    hard_fails: tuple[str, ...]
    open: tuple[str, ...]

    @property
    def points(self) -> Decimal | None:
        """Of 100, halves rounded up to one decimal."""
        return None if self.exact is None else round_to_one_decimal(self.exact)

    @property
    def band(self) -> Grade | None:
        """The grade with its mark and re-check days."""
        if self.points is None:
            return None
        if self.hard_fails and self.checklist.hard_fail_grade:
            return next(grade for grade in self.checklist.grades if grade.name == self.checklist.hard_fail_grade)
        return self.checklist.grade_of(Fraction(self.points))

    @property
    def grade(self) -> str:
        """The name of the grade, e.g. 优秀; empty while there is none."""
        return self.band.name if self.band else ""

    @property
    def failed_items(self) -> tuple[str, ...]:
        """Codes of the items that earned too little for 达标."""
        return tuple(item.code for item in self.items if item.failed)

    @property
    def items_to_rectify(self) -> tuple[str, ...]:
        """Codes of the items that earned too little, or in which a check point failed."""
        with_failed_check = {
            item.code for item in self.checklist.items if {c.code for c in item.checks} & set(self.failed)
        }
        return tuple(item.code for item in self.items if item.failed or item.code in with_failed_check)

    @property
    def passed(self) -> bool:
        """达标: nothing open, no item failing, the total high enough, and no hard fail that decides the grade."""
        if self.open or self.points is None or (self.hard_fails and self.checklist.hard_fail_grade):
            return False
        return not self.failed_items and Fraction(self.points) >= self.checklist.pass_total

    @property
    def obstacles(self) -> tuple[str, ...]:
        """What stands between the household and 达标, as phrases for paper and page; empty where it passed."""
        if self.open:
            return (f"还有{len(self.open)}个要点未评",)
        share = f"{float(self.checklist.pass_item_share):.0%}"
        phrases = [f"{item.label}得分不到{share}" for item in self.items if item.failed]
        if self.points is not None and Fraction(self.points) < self.checklist.pass_total:
            phrases.append(f"总分低于{float(self.checklist.pass_total):g}分")
        if self.hard_fails and self.checklist.hard_fail_grade:
            phrases.append("有须立即处理的问题")
        return tuple(phrases)


def score(checklist: Checklist, answers: Mapping[str, str | None]) -> Score:
    """Score one inspection, finished or not.

    An item earns its points times the mean of its check points; what does not apply is left out of the mean. An item
    with nothing left leaves the sum, and the rest is scaled to 100 (docs/domain/checklists.md §1.3). Codes that the
    checklist does not have are passed over.

    Args:
        answers: check code → a value of the checklist's scale; absent, None or empty is open

    Raises:
        UnknownAnswer: at an answer that the scale does not have
    """
    points_of_value = {step.value: step.points for step in checklist.scale}
    earned: dict[str, Fraction | None] = {}
    for check in checklist.checks():
        if answer := answers.get(check.code):
            if answer not in points_of_value:
                raise UnknownAnswer(f"“{check.label}”填了“{answer}”，请从“{'”“'.join(points_of_value)}”里选。")
            earned[check.code] = points_of_value[answer]
    shares = [_mean_share([earned.get(check.code) for check in item.checks]) for item in checklist.items]
    weighted_shares = [
        (item.points, share) for item, share in zip(checklist.items, shares, strict=True) if share is not None
    ]
    failed = [check for check in checklist.checks() if earned.get(check.code) == 0]
    return Score(
        checklist,
        exact=sum((p * s for p, s in weighted_shares), Fraction()) * 100 / sum(p for p, _ in weighted_shares)
        if weighted_shares
        else None,
        items=_item_scores(checklist, shares),
        failed=tuple(check.code for check in failed),
        hard_fails=tuple(check.code for check in failed if check.hard_fail),
        open=tuple(check.code for check in checklist.checks() if check.code not in earned),
    )


def combine(scores: Sequence[Score], counts: Aggregation | None = None) -> Score:
    """The score of a household that several inspectors scored in one round.

    Unfinished scores count only when none is finished. "latest" takes the last, "strictest" the lowest total (the
    later of two equal ones), "mean" the mean of the totals and of each item's shares, with every failed check point
    that any inspector found.

    Args:
        scores: from the earliest to the latest, at least one, all by the same checklist
        counts: what the checklist says when left out
    """
    finished = [candidate for candidate in scores if not candidate.open] or list(scores)
    scored = [candidate for candidate in finished if candidate.exact is not None] or finished
    match counts or scored[-1].checklist.counts:
        case "latest":
            return finished[-1]
        case "strictest":
            return min(reversed(scored), key=lambda candidate: candidate.exact or Fraction())
        case "mean":
            return _mean_score(scored)


def round_to_one_decimal(exact: Fraction) -> Decimal:
    """Halves rounded up to one decimal, without a float in between; `exact` is not negative."""
    return Decimal(int(exact * 10 + Fraction(1, 2))).scaleb(-1)


def apportion(parts: Sequence[Fraction], total: Decimal | None = None) -> list[Decimal]:
    """Parts to one decimal that add up to `total`, which is their rounded sum when left out.

    Each is cut to one decimal; the tenths that are missing go to the largest remainders, the first of equal ones, and
    never to what is nothing. No part is negative, and `total` is less than a tenth away from their sum.
    """
    tenths = [int(part * 10) for part in parts]
    target = int((total if total is not None else round_to_one_decimal(sum(parts, Fraction()))) * 10)
    by_remainder = sorted((n for n, part in enumerate(parts) if part), key=lambda n: tenths[n] - parts[n] * 10)
    for n in by_remainder[: target - sum(tenths)]:
        tenths[n] += 1
    return [Decimal(value).scaleb(-1) for value in tenths]


def _mean_score(scores: Sequence[Score]) -> Score:
    checklist = scores[0].checklist
    shares = [
        _mean_share([each.share for each in column]) for column in zip(*(part.items for part in scores), strict=True)
    ]
    failed = {code for part in scores for code in part.failed}
    open_checks = {code for part in scores for code in part.open}
    return Score(
        checklist,
        exact=_mean_share([part.exact for part in scores]),
        items=_item_scores(checklist, shares),
        failed=tuple(check.code for check in checklist.checks() if check.code in failed),
        hard_fails=tuple(check.code for check in checklist.checks() if check.code in failed and check.hard_fail),
        open=tuple(check.code for check in checklist.checks() if check.code in open_checks),
    )


def _mean_share(parts: Sequence[Fraction | None]) -> Fraction | None:
    """The mean of those that count; None when none does."""
    known_parts = [part for part in parts if part is not None]
    return sum(known_parts, Fraction()) / len(known_parts) if known_parts else None


def _item_scores(checklist: Checklist, shares: Sequence[Fraction | None]) -> tuple[ItemScore, ...]:
    weighted = [share * item.points for item, share in zip(checklist.items, shares, strict=True) if share is not None]
    shown_points = iter(apportion(weighted))

    def item_score(item: ChecklistItem, share: Fraction | None) -> ItemScore:
        earned = None if share is None else next(shown_points)
        failed = share is not None and share < checklist.pass_item_share
        return ItemScore(item.code, item.label, item.points, share, earned, failed)

    return tuple(item_score(item, share) for item, share in zip(checklist.items, shares, strict=True))
