"""Cleaning rules about 防返贫监测: risks, the measures against them, and removal."""

from collections.abc import Iterator
from datetime import date

from app.issues.household_facts import HouseholdFacts, flag_values, threshold
from app.issues.rule import ERROR, WARNING, Finding, describe_fields, finding, rule
from app.records.income import poverty_line
from resources.option_roles import value_of, values_with_role


@rule("monitor_risk_missing", ERROR, "监测户无风险类型", "R092")
def monitor_risk_missing(household: HouseholdFacts) -> Iterator[Finding]:
    """A monitored household has at least one risk."""
    if household.is_monitored and not household.row.monitor_risks:
        yield finding(
            household.row, f"{describe_fields(household.row, 'household_kind', 'monitor_risks')}。", "monitor_risks"
        )


@rule("monitor_since_missing", ERROR, "监测户无识别时间", "R092")
def monitor_since_missing(household: HouseholdFacts) -> Iterator[Finding]:
    """A monitored household has the month of its identification."""
    if household.is_monitored and not household.row.monitor_since:
        yield finding(
            household.row, f"{describe_fields(household.row, 'household_kind', 'monitor_since')}。", "monitor_since"
        )


@rule("monitor_note_missing", ERROR, "其他风险未说明", "R092")
def monitor_note_missing(household: HouseholdFacts) -> Iterator[Finding]:
    """The risks 其他 and natural disaster come with a description."""
    risks_needing_note = values_with_role("risk", "needs_note") & set(household.row.monitor_risks or ())
    if household.is_monitored and risks_needing_note and not household.row.monitor_note:
        columns = ("monitor_note", "monitor_risks")
        yield finding(
            household.row,
            f"{describe_fields(household.row, 'monitor_risks')}，但{describe_fields(household.row, 'monitor_note')}。",
            *columns,
        )


@rule("monitor_phone_missing", ERROR, "无监测采集人电话", "R107")
def monitor_phone_missing(household: HouseholdFacts) -> Iterator[Finding]:
    """Whoever filled in the form gave a telephone number."""
    if household.is_monitored and not household.row.filler_phone:
        yield finding(
            household.row, f"监测户的{describe_fields(household.row, 'filler_phone')}。", "filler_phone", "filler"
        )


@rule("monitor_unaided", ERROR, "识别一个月后仍无帮扶措施", "R093")
def monitored_without_measure(household: HouseholdFacts) -> Iterator[Finding]:
    """A monitored household has a measure within a month."""
    months = _months_between(household.row.monitor_since, household.today)
    if (
        household.is_monitored
        and months is not None
        and months > threshold("measure_months")
        and not _kinds_since_monitoring(household)
    ):
        message = f"{describe_fields(household.row, 'monitor_since')}，至今没有帮扶措施。"
        yield finding(household.row, message, "monitor_since")


@rule("monitor_no_development", ERROR, "有劳动力六个月未落实开发式帮扶", "R094")
def no_development(household: HouseholdFacts) -> Iterator[Finding]:
    """A monitored household with somebody able to work has a measure that raises its income."""
    months = _months_between(household.row.monitor_since, household.today)
    measure_kinds = _kinds_since_monitoring(household)
    development = values_with_role("measure_kind", "development")
    has_able_member = any(member.labour_capacity == "full" for member in household.members)
    if not household.is_monitored or not has_able_member or not measure_kinds or months is None:
        return
    if months > threshold("monitor_months") and development.isdisjoint(measure_kinds):
        message = f"{describe_fields(household.row, 'monitor_since')}，家有劳动力，但没有产业、就业等开发式帮扶。"
        yield finding(household.row, message, "monitor_since", context_values=tuple(sorted(measure_kinds)))


@rule("monitor_unanswered", ERROR, "风险没有相应的帮扶措施", "R095")
def unaddressed_risk(household: HouseholdFacts) -> Iterator[Finding]:
    """Every risk is met by a measure of its kind: illness by health care, schooling by education, and so on."""
    answers = flag_values("risk", "answered_by")
    open_risks = [
        one for one in household.row.monitor_risks or () if one in answers and not household.has_measure(*answers[one])
    ]
    if household.is_monitored and open_risks and household.measures:
        message = f"风险“{'、'.join(open_risks)}”没有相应的帮扶措施。"
        yield finding(
            household.row,
            message,
            "monitor_risks",
            context_values=tuple(sorted({one.kind or "" for one in household.measures})),
        )


@rule("monitor_risk_house", ERROR, "住房饮水有问题而未列入风险", "R096")
def housing_risk_missing(household: HouseholdFacts) -> Iterator[Finding]:
    """Unsafe housing and water in the living conditions are among the risks."""
    conditions, risks = household.latest_conditions, household.row.monitor_risks or ()
    if household.is_monitored and conditions:
        for is_unsafe, risk, column in (
            (conditions.house_unsafe, value_of("risk", "unsafe_house"), "house_unsafe"),
            (conditions.water_safe is False, value_of("risk", "unsafe_water"), "water_safe"),
        ):
            if is_unsafe and risk not in risks:
                message = f"{conditions.year} 年度{describe_fields(conditions, column)}，但致贫返贫风险没有“{risk}”。"
                yield finding(conditions, message, column, context_values=risks)
                break


@rule("monitor_rich", WARNING, "监测户收入偏高", "R081")
def monitored_high_income(household: HouseholdFacts) -> Iterator[Finding]:
    """A monitored household has at most 20,000 yuan per head."""
    income = household.latest_income_year
    per_head = income.totals.per_capita if income else None
    if household.is_monitored and income and per_head is not None and per_head > threshold("monitored_income_high"):
        message = (
            f"{describe_fields(household.row, 'household_kind')}，"
            f"{income.row.year} 年人均纯收入 {per_head:,.2f} 元，请核对。"
        )
        yield finding(income.row, message, "people", context_values=(per_head,))


@rule("removed_early", ERROR, "消除监测过早", "R101")
def removed_early(household: HouseholdFacts) -> Iterator[Finding]:
    """A risk is removed no sooner than half a year after identification."""
    monitored_since, removed = household.row.monitor_since, household.row.monitor_removed
    months = (
        _months_between(monitored_since, date.fromisoformat(f"{removed}-01")) if monitored_since and removed else None
    )
    if months is not None and months < threshold("monitor_months"):
        columns = ("monitor_removed", "monitor_since")
        yield finding(
            household.row,
            f"{describe_fields(household.row, *columns)}，不足 {threshold('monitor_months')} 个月。",
            *columns,
        )


@rule("removed_unaided", ERROR, "消除监测而无任何措施", "R102")
def removed_without_measure(household: HouseholdFacts) -> Iterator[Finding]:
    """A risk is removed only after a measure."""
    if household.row.monitor_removed and not household.measures:
        yield finding(
            household.row,
            f"{describe_fields(household.row, 'monitor_removed')}，但没有任何帮扶措施。",
            "monitor_removed",
        )


@rule("removed_unsafe", ERROR, "消除监测仍有危房或饮水不安全", "R103")
def removed_unsafe(household: HouseholdFacts) -> Iterator[Finding]:
    """After removal, housing and water are safe by the newest living conditions."""
    conditions = household.latest_conditions
    if household.row.monitor_removed and conditions and (conditions.house_unsafe or conditions.water_safe is False):
        columns = ("house_unsafe", "water_safe")
        message = (
            f"{describe_fields(household.row, 'monitor_removed')}，但 "
            f"{conditions.year} 年度{describe_fields(conditions, *columns)}。"
        )
        yield finding(conditions, message, *columns, context_values=(household.row.monitor_removed,))


@rule("removed_poor", ERROR, "消除监测时收入低于监测范围", "R104")
def removed_below_line(household: HouseholdFacts) -> Iterator[Finding]:
    """In the year of removal the income per head is above the line."""
    year = int((household.row.monitor_removed or "0")[:4])
    line = poverty_line(year)
    monitoring_line = line.monitoring_threshold if line else None
    for income in household.income_years:
        per_head = income.totals.per_capita
        if income.row.year == year and monitoring_line and per_head is not None and per_head < monitoring_line:
            message = (
                f"{describe_fields(household.row, 'monitor_removed')}，当年人均纯收入 "
                f"{per_head:,.2f} 元，低于监测范围 {monitoring_line:,.2f} 元。"
            )
            yield finding(
                income.row, message, "people", context_values=(per_head, monitoring_line, household.row.monitor_removed)
            )


@rule("removed_no_labour", WARNING, "整户无劳动力消除监测", "R104")
def removed_without_labour(household: HouseholdFacts) -> Iterator[Finding]:
    """A household whose risk was removed has somebody able to work; without, the risk seldom goes away for good."""
    if (
        household.row.monitor_removed
        and household.members
        and all(member.labour_capacity == "none" for member in household.members)
    ):
        yield finding(
            household.row, f"{describe_fields(household.row, 'monitor_removed')}，但全家没有劳动力。", "monitor_removed"
        )


def _months_between(since: str | None, until: date) -> int | None:
    """Whole months since a month."""
    return (until.year - int(since[:4])) * 12 + until.month - int(since[5:7]) if since else None


def _kinds_since_monitoring(household: HouseholdFacts) -> list[str]:
    """Kinds of the measures since the household has been monitored."""
    year, planned = int((household.row.monitor_since or "0")[:4]), value_of("measure_state", "planned")
    return [
        measure.kind or ""
        for measure in household.measures
        if (measure.year or (measure.started_on.year if measure.started_on else 0)) >= year and measure.state != planned
    ]
