"""Charts of the village's households; each bar says by which conditions its households are found."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from sqlalchemy.orm import Session

import resources
from app.checklists.results import HouseholdResult, average_points, load_rounds, results_by_round
from app.figures.income import mean_income
from app.list_views.definition import Condition, ConditionGroup, chosen_rows
from app.records.field import field_label, options
from app.records.income import YearlyIncome, yearly_incomes
from app.records.row_views import HouseholdRow, household_rows
from resources.option_roles import values_with_role

UNKNOWN = "未填"
_MOST_YEARS, _MOST_ROUNDS = 8, 6  # of a trend, the latest


@dataclass(frozen=True, slots=True)
class ChartBar:
    """One bar; `where` finds its households in the list of households."""

    label: str
    value: Decimal
    where: ConditionGroup


@dataclass(frozen=True, slots=True)
class ChartData:
    """One chart. `missing` says why it has no bars; `is_trend`: its bars are years, from the earliest."""

    key: str
    title: str
    unit: str
    bars: tuple[ChartBar, ...]
    missing: str = ""
    is_trend: bool = False

    @property
    def largest(self) -> Decimal:
        return max((bar.value for bar in self.bars), default=Decimal())


def village_charts(session: Session) -> tuple[ChartData, ...]:
    """By kind, by kind of monitoring, by cause, by income, the trend of income, and how clean they are; over the
    households that are not closed."""
    closed = values_with_role("registration_state", "closed")
    rows = [row for row in household_rows(session) if row.state not in closed]
    incomes = yearly_incomes(session, households=[row.id for row in rows])
    return (
        _by_value("kind", field_label("household", "household_kind"), [row.kind for row in rows], "household_kind"),
        _by_value(
            "monitored", field_label("monitoring", "kind"), [row.monitored for row in rows if row.monitored],
            "monitoring_kind",
        ),
        _by_value("cause", field_label("household", "cause_main"), [row.cause for row in rows], "poverty_cause"),
        _by_income(rows),
        _income_trend(incomes),
        *_cleanliness(session),
    )  # fmt: skip


def _by_value(key: str, title: str, values: Sequence[str], dictionary: str) -> ChartData:
    """A bar for each value of a field that occurs, in the order of its options; what is not filled in comes last."""
    counts = Counter(values)
    order = [option.value for option in options(dictionary) if counts[option.value]]
    others = [value for value, _ in counts.most_common() if value and value not in order]
    bars = [ChartBar(value, Decimal(counts[value]), bar_condition(key, value)) for value in (*order, *others)]
    if counts[""]:
        bars.append(ChartBar(UNKNOWN, Decimal(counts[""]), bar_condition(key, UNKNOWN)))
    return ChartData(key, title, "户", tuple(bars), "" if bars else "没有这样的户")


def _by_income(rows: Iterable[HouseholdRow]) -> ChartData:
    """Bands of the income per head of each household's newest year; a band ends where the next begins."""
    edges = [Decimal(edge) for edge in resources.read("thresholds", "village_figures")["income_bands"]]
    known = [row.per_capita_income for row in rows if row.per_capita_income is not None]
    if not known:
        return ChartData("income", "最近年度人均纯收入", "户", (), "还没有收入核算")
    bars = [_band(f"{edges[0]:,} 元以下", known, None, edges[0])]
    bars += [_band(f"{low:,}—{high:,} 元", known, low, high) for low, high in pairwise(edges)]
    bars.append(_band(f"{edges[-1]:,} 元以上", known, edges[-1], None))
    unknown = sum(row.per_capita_income is None for row in rows)
    if unknown:
        bars.append(ChartBar("没有核算", Decimal(unknown), open_households(Condition("per_head", "empty"))))
    return ChartData("income", "最近年度人均纯收入", "户", tuple(bars))


def _band(label: str, incomes: Sequence[Decimal], low: Decimal | None, high: Decimal | None) -> ChartBar:
    count = sum((low is None or one >= low) and (high is None or one < high) for one in incomes)
    conditions = [Condition("per_head", "at_least", (str(low),))] if low is not None else []
    conditions += [Condition("per_head", "less", (str(high),))] if high is not None else []
    return ChartBar(label, Decimal(count), open_households(*conditions))


def _income_trend(incomes: Iterable[YearlyIncome]) -> ChartData:
    """Income per head year by year: what all households have together, over all their people."""
    by_year: dict[int, list[YearlyIncome]] = {}
    for one in incomes:
        if one.per_capita is not None:
            by_year.setdefault(one.year, []).append(one)
    bars = []
    for year in sorted(by_year)[-_MOST_YEARS:]:
        mean = mean_income(by_year[year])
        if mean is not None:
            bars.append(ChartBar(f"{year}年", mean, chosen_rows(one.household_id for one in by_year[year])))
    missing = "" if bars else "还没有收入核算"
    return ChartData("trend", "人均纯收入逐年变化", "元", tuple(bars), missing, is_trend=True)


def _cleanliness(session: Session) -> Iterator[ChartData]:
    """The grades of the latest round with a household inspected to the end, and the means of the last rounds."""
    versions = load_rounds(session)[-_MOST_ROUNDS:]
    results = results_by_round(session, versions)
    ended = [(one.title, results[one.id]) for one in versions if any(result.finished for result in results[one.id])]
    if not ended:
        yield ChartData("clean", "环境卫生等次", "户", (), "还没有评完的检查")
        return
    yield _grades(*ended[-1])
    bars = tuple(_round_bar(title, of_round) for title, of_round in ended)
    yield ChartData("clean_trend", "环境卫生逐轮平均分", "分", bars, is_trend=True)


def _round_bar(title: str, results: Sequence[HouseholdResult]) -> ChartBar:
    inspected = chosen_rows(one.household.household_id for one in results if one.finished)
    return ChartBar(title, average_points(results) or Decimal(), inspected)


def _grades(title: str, results: Sequence[HouseholdResult]) -> ChartData:
    by_grade: dict[str, list[str]] = {}
    best_first = sorted(results, key=lambda one: (one.points is None, -(one.points or 0)))
    for one in best_first:
        by_grade.setdefault(one.grade or "没有评", []).append(one.household.household_id)
    bars = tuple(ChartBar(grade, Decimal(len(ids)), chosen_rows(ids)) for grade, ids in by_grade.items())
    return ChartData("clean", title, "户", bars)


def open_households(*conditions: Condition) -> ConditionGroup:
    """In the list of households: those that fit and are not closed, which are what charts count."""
    closed = sorted(values_with_role("registration_state", "closed"))
    return ConditionGroup((*conditions, Condition("state", "not_one_of", tuple(closed))))


def bar_condition(key: str, label: str, others: Sequence[str] = ()) -> ConditionGroup:
    """The households of a bar of a field: with this value, with none where that is what it says, or with none of
    `others` where it stands for what is left over."""
    if others:
        return open_households(Condition(key, "not_one_of", tuple(one for one in others if one != UNKNOWN)))
    return open_households(Condition(key, "empty") if label == UNKNOWN else Condition(key, "is", (label,)))
