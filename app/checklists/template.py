"""Checklists as data: resources/checklists/*.toml → Checklist. The keys of such a file are described at Checklist."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any, Literal, cast, get_args

import resources
from app.errors import UserError
from resources.overlay import cached

Aggregation = Literal["latest", "mean", "strictest"]


class InvalidChecklist(UserError):
    """A checklist file that cannot be scored with; the message names the part to fix."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check point, answered with a value of the scale.

    `photo`: a photograph belongs to it. `hard_fail`: what to do when it is wholly failed; empty where a failure is
    only lost points. A hard fail is flagged, it does not take off more points.
    """

    code: str
    label: str
    photo: bool = False
    hard_fail: str = ""


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One scored line, e.g. 厕所净; `points` of the full score, shared evenly by its check points."""

    code: str
    label: str
    points: Fraction
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class ScaleStep:
    """One value of the scale; `points` is the share of the check point it earns, None leaves the check point out."""

    value: str
    points: Fraction | None


@dataclass(frozen=True, slots=True)
class Grade:
    """`least` points of 100 for this grade.

    `mark`: what the household is given; `recheck_days`: to be seen again within.
    """

    min_points: Fraction
    name: str
    mark: str = ""
    recheck_days: int | None = None


@dataclass(frozen=True, slots=True)
class Bonus:
    """A reason to enter points beside the score; `reset` takes the whole balance instead. Never part of a score."""

    code: str
    label: str
    points: Fraction
    reset: bool = False


@dataclass(frozen=True, slots=True)
class Checklist:
    """A way to score a household, as one file of resources/checklists says it.

    Keys of the file: title, code, version, source, preset (optional), period (a value of round_period), counts
    (latest, mean, strictest), pass_item_share (0–1), pass_total (0–100), hard_fail_grade (optional: the grade that a
    hard fail means whatever the points), [[scale]] value, points (absent: does not apply), [[grades]] from best to
    worst: least, name, mark, recheck_days, [[items]] code, label, points, checks = [{ code, label, photo, hard_fail }],
    [[bonus]] code, label, points or reset. Source of the default: docs/domain/checklists.md §1.3.
    """

    title: str
    code: str
    version: int
    source: str
    preset: str
    period: str
    counts: Aggregation
    pass_item_share: Fraction
    pass_total: Fraction
    hard_fail_grade: str
    scale: tuple[ScaleStep, ...]
    grades: tuple[Grade, ...]
    items: tuple[ChecklistItem, ...]
    bonus: tuple[Bonus, ...]

    def checks(self) -> Iterator[Check]:
        """All check points in the order of the sheet."""
        return (check for item in self.items for check in item.checks)

    def check(self, code: str) -> Check:
        """One check point by its code; KeyError when this checklist has none of it."""
        for check in self.checks():
            if check.code == code:
                return check
        raise KeyError(code)

    def grade_of(self, points: Fraction) -> Grade:
        """The best grade that `points` of 100 reach."""
        return next(grade for grade in self.grades if points >= grade.min_points)


def checklist_text(name: str) -> str:
    """The text of a checklist; a workbook stores it, so that an old round is scored by its own version.

    One that the county worded and this program cannot score with (a newer program's) gives way to the program's own.
    """
    text = resources.text("checklists", name)
    if name in resources.program_names("checklists"):
        try:
            parse_checklist(text)
        except InvalidChecklist:
            return resources.program_text("checklists", name)
    return text


@cached
def checklist(name: str) -> Checklist:
    """The checklist resources/checklists/<name>.toml.

    Raises:
        InvalidChecklist: when the file cannot be scored with
    """
    return parse_checklist(checklist_text(name))


@cache
def parse_checklist(toml_text: str) -> Checklist:
    """The checklist that a text describes, e.g. the one that a workbook stored.

    Raises:
        InvalidChecklist: when it cannot be scored with
    """
    try:
        raw = tomllib.loads(toml_text, parse_float=Fraction)
    except ValueError as error:
        raise InvalidChecklist(f"评分标准的文本读不出来：{error}。请改正后再用。") from error
    try:
        definition = _build(raw)
    except KeyError as error:
        raise InvalidChecklist(f"评分标准缺少“{error.args[0]}”一项，请补上后再用。") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise InvalidChecklist(f"评分标准有一处写法不对：{error}。请改正后再用。") from error
    if problem := _definition_error(definition):
        raise InvalidChecklist(f"评分标准“{definition.title}”{problem}，请改正后再用。")
    return definition


def is_readable(toml_text: str) -> bool:
    """Whether this program can score with the checklist that a text describes."""
    try:
        parse_checklist(toml_text)
    except InvalidChecklist:
        return False
    return True


def _build(raw: dict[str, Any]) -> Checklist:
    return Checklist(
        title=raw["title"],
        code=raw["code"],
        version=raw["version"],
        source=raw.get("source", ""),
        preset=raw.get("preset", ""),
        period=raw.get("period", ""),
        counts=cast(Aggregation, raw.get("counts", "latest")),
        pass_item_share=Fraction(raw["pass_item_share"]),
        pass_total=Fraction(raw["pass_total"]),
        hard_fail_grade=raw.get("hard_fail_grade", ""),
        scale=tuple(ScaleStep(s["value"], Fraction(s["points"]) if "points" in s else None) for s in raw["scale"]),
        grades=tuple(
            Grade(Fraction(g["least"]), g["name"], g.get("mark", ""), g.get("recheck_days")) for g in raw["grades"]
        ),
        items=tuple(
            ChecklistItem(i["code"], i["label"], Fraction(i["points"]), tuple(Check(**c) for c in i["checks"]))
            for i in raw["items"]
        ),
        bonus=tuple(
            Bonus(b["code"], b["label"], Fraction(b.get("points", 0)), b.get("reset", False))
            for b in raw.get("bonus", ())
        ),
    )


def _definition_error(definition: Checklist) -> str:
    """What makes a checklist unfit, to follow its title in a sentence; empty when it is fit."""
    checks = [check.code for check in definition.checks()]
    items = [item.code for item in definition.items]
    values = [step.value for step in definition.scale]
    scale_points = {step.points for step in definition.scale if step.points is not None}
    thresholds = [grade.min_points for grade in definition.grades]
    if not items or any(not item.checks for item in definition.items):
        return "有项目没有检查要点"
    if len(set(checks)) < len(checks) or len(set(items)) < len(items):
        return "有重复的项目或检查要点代码"
    if any(item.points <= 0 for item in definition.items):
        return "有项目的分值不大于 0"
    if len(set(values)) < len(values) or not {Fraction(0), Fraction(1)} <= scale_points:
        return "的评分尺度要有不重复的结果，其中要有得满分和不得分的"
    if min(scale_points) < 0 or max(scale_points) > 1:
        return "的评分尺度要在 0 到 1 之间"
    if not thresholds or thresholds != sorted(set(thresholds), reverse=True) or thresholds[-1] != 0:
        return "的等级要从高到低排列，最后一级从 0 分起"
    if definition.hard_fail_grade and definition.hard_fail_grade not in {grade.name for grade in definition.grades}:
        return f"没有“{definition.hard_fail_grade}”这一等级"
    if definition.counts not in get_args(Aggregation):
        return "的 counts 要写 latest、mean 或 strictest"
    return ""
