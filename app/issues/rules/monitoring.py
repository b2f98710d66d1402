"""Cleaning rules about 防返贫监测: risks, the measures against them, and removal."""

from collections.abc import Iterator
from datetime import date

from app.issues.household_facts import HouseholdFacts, threshold
from app.issues.rule import ERROR, WARNING, Finding, describe_fields, finding, rule
from app.records.monitoring import is_identified
from app.records.standards import MONITORED_HIGH, MONITORING
from db.former_monitoring import differing_cells, household_kind_of, registered_role
from db.schema.monitoring import Monitoring
from resources.option_roles import flag_values, value_of, values_with_role


@rule("monitor_kind_missing", ERROR, "监测对象类别未填", "R092")
def monitor_kind_missing(household: HouseholdFacts) -> Iterator[Finding]:
    """A monitoring that the county has decided about has its kind."""
    for row in household.monitorings:
        if not row.kind and not row.excluded_on and (row.identified or not row.lead_on):
            yield finding(row, f"{describe_fields(row, 'kind', 'identified')}。请对照全国系统补上。", "kind")


@rule("monitor_risk_missing", ERROR, "监测户无风险类型", "R092")
def monitor_risk_missing(household: HouseholdFacts) -> Iterator[Finding]:
    """A monitored household has at least one risk."""
    row = household.monitoring
    if row is not None and not row.risks:
        yield finding(row, f"{describe_fields(row, 'kind', 'risks')}。", "risks")


@rule("monitor_since_missing", ERROR, "监测户无识别时间", "R092")
def monitor_since_missing(household: HouseholdFacts) -> Iterator[Finding]:
    """A monitored household has the month of its identification."""
    row = household.monitoring
    if row is not None and not row.identified:
        yield finding(row, f"{describe_fields(row, 'kind', 'identified')}。", "identified")


@rule("monitor_note_missing", ERROR, "其他风险未说明", "R092")
def monitor_note_missing(household: HouseholdFacts) -> Iterator[Finding]:
    """The risks 其他 and natural disaster come with a description."""
    row = household.monitoring
    if row is None or row.risk_note or row.disasters:
        return
    if values_with_role("risk", "needs_note") & set(row.risks or ()):
        yield finding(
            row, f"{describe_fields(row, 'risks')}，但{describe_fields(row, 'risk_note')}。", "risk_note", "risks"
        )


@rule("monitor_phone_missing", ERROR, "无监测采集人电话", "R107")
def monitor_phone_missing(household: HouseholdFacts) -> Iterator[Finding]:
    """Whoever filled in the form gave a telephone number."""
    if household.is_monitored and not household.row.filler_phone:
        yield finding(
            household.row, f"监测户的{describe_fields(household.row, 'filler_phone')}。", "filler_phone", "filler"
        )


@rule("monitor_kinds_differ", WARNING, "监测对象类别与户类型不符", "R092；R117")
def monitor_kinds_differ(household: HouseholdFacts) -> Iterator[Finding]:
    """A 脱贫不稳定户 is a 脱贫户, a 边缘易致贫户 is a 一般农户."""
    row = household.monitoring
    expected = household_kind_of(row.kind if row else None)
    if row is not None and expected and household.row.household_kind not in (None, expected):
        message = f"{describe_fields(row, 'kind')}，{describe_fields(household.row, 'household_kind')}。请核对。"
        yield finding(household.row, message, "household_kind", context_values=(row.kind,))


@rule("monitor_kind_guessed", WARNING, "户类型是升级时推定的", "§6-11")
def kind_guessed(household: HouseholdFacts) -> Iterator[Finding]:
    """户类型 is known, not guessed from a former version that had one column for both."""
    for row in household.monitorings:
        was_guessed = row.former is not None and row.kind is not None and not household_kind_of(row.kind)
        is_ordinary = household.row.household_kind == value_of("household_kind", "ordinary")
        if was_guessed and is_ordinary and not registered_role(household.row):
            message = (
                f"旧版本里的户类型是“{row.kind}”，看不出是不是脱贫户，"
                f"升级时记为“{household.row.household_kind}”。请核对。"
            )
            yield finding(household.row, message, "household_kind", context_values=(row.kind,))


@rule("monitor_former_differs", WARNING, "旧版本程序改过监测情况", "§6-11")
def former_program_differs(household: HouseholdFacts) -> Iterator[Finding]:
    """No colleague with a former program wrote something else than is kept here."""
    for row in household.monitorings:
        for name, value in differing_cells(household.row, row).items():
            kept = tuple(value) if isinstance(value, list) else value
            text = "、".join(value) if isinstance(value, list) else value or "空白"
            message = f"同事用旧版本的程序改成了“{text}”，这里是{describe_fields(row, name)}。请核对用哪一个。"
            yield finding(row, message, name, context_values=(value,), fix=(name, kept, f"改为“{text}”"))
            break


@rule("monitor_notice_short", ERROR, "监测公示不足规定天数", "R092")
def notice_too_short(household: HouseholdFacts) -> Iterator[Finding]:
    """Both notices, of identification and of removal, hang as long as the county says."""
    days = threshold("notice_days", "monitoring")
    for row in household.monitorings:
        for first, last in (("notice_on", "notice_until"), ("removal_notice_on", "removal_notice_until")):
            begun, ended = getattr(row, first), getattr(row, last)
            if begun and ended and (ended - begun).days < days:
                yield finding(row, f"{describe_fields(row, first, last)}，不足 {days} 天。", last, first)
                break


@rule("monitor_twice", ERROR, "同时有两条未消除的监测", "R092")
def monitored_twice(household: HouseholdFacts) -> Iterator[Finding]:
    """A household has at most one monitoring that is not removed."""
    running = [row for row in household.monitorings if is_identified(row) and not row.removed and not row.excluded_on]
    if len(running) > 1:
        message = f"这一户有 {len(running)} 条监测没有消除。请核对，重复的撤回，已消除的补上消除时间。"
        yield finding(running[-1], message, "removed", context_values=tuple(sorted(row.id for row in running[:-1])))


@rule("monitor_unaided", ERROR, "识别一个月后仍无帮扶措施", "R093")
def monitored_without_measure(household: HouseholdFacts) -> Iterator[Finding]:
    """A monitored household has a measure within a month."""
    row = household.monitoring
    months = _months_between(row.identified, household.today) if row else None
    if row is None or months is None or months <= threshold("measure_months"):
        return
    if not _kinds_since(household, row):
        yield finding(row, f"{describe_fields(row, 'identified')}，至今没有帮扶措施。", "identified")


@rule("monitor_no_development", ERROR, "有劳动力六个月未落实开发式帮扶", "R094")
def no_development(household: HouseholdFacts) -> Iterator[Finding]:
    """A monitored household with somebody able to work has a measure that raises its income."""
    row = household.monitoring
    months = _months_between(row.identified, household.today) if row else None
    has_able_member = any(member.labour_capacity == "full" for member in household.members)
    if row is None or months is None or not has_able_member:
        return
    measure_kinds = _kinds_since(household, row)
    development = values_with_role("measure_kind", "development")
    if measure_kinds and months > threshold("monitor_months") and development.isdisjoint(measure_kinds):
        message = f"{describe_fields(row, 'identified')}，家有劳动力，但没有产业、就业等开发式帮扶。"
        yield finding(row, message, "identified", context_values=tuple(sorted(measure_kinds)))


@rule("monitor_unanswered", ERROR, "风险没有相应的帮扶措施", "R095")
def unaddressed_risk(household: HouseholdFacts) -> Iterator[Finding]:
    """Every risk is met by a measure of its kind: illness by health care, schooling by education, and so on."""
    row, answers = household.monitoring, flag_values("risk", "answered_by")
    if row is None or not household.measures:
        return
    open_risks = [one for one in row.risks or () if one in answers and not household.has_measure(*answers[one])]
    if open_risks:
        message = f"风险“{'、'.join(open_risks)}”没有相应的帮扶措施。"
        kinds = tuple(sorted({one.kind or "" for one in household.measures}))
        yield finding(row, message, "risks", context_values=kinds)


@rule("monitor_risk_house", ERROR, "住房饮水有问题而未列入风险", "R096")
def housing_risk_missing(household: HouseholdFacts) -> Iterator[Finding]:
    """Unsafe housing and water in the living conditions are among the risks."""
    conditions, row = household.latest_conditions, household.monitoring
    if row is not None and conditions:
        risks = row.risks or ()
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
    row = household.monitoring
    if row is None or income is None or per_head is None:
        return
    line = household.line(MONITORED_HIGH, income.row.year)
    if per_head > (line.amount if line else threshold("monitored_income_high")):
        message = f"{describe_fields(row, 'kind')}，{income.row.year} 年人均纯收入 {per_head:,.2f} 元，请核对。"
        yield finding(income.row, message, "people", context_values=(per_head,))


@rule("removed_early", ERROR, "消除监测过早", "R101")
def removed_early(household: HouseholdFacts) -> Iterator[Finding]:
    """A risk is removed no sooner than half a year after identification."""
    for row in household.removed_monitorings:
        months = _months_between(row.identified, date.fromisoformat(f"{row.removed}-01"))
        if months is not None and months < threshold("monitor_months"):
            columns = ("removed", "identified")
            message = f"{describe_fields(row, *columns)}，不足 {threshold('monitor_months')} 个月。"
            yield finding(row, message, *columns)


@rule("removed_unaided", ERROR, "消除监测而无任何措施", "R102")
def removed_without_measure(household: HouseholdFacts) -> Iterator[Finding]:
    """A risk is removed only after a measure."""
    for row in household.removed_monitorings[:1]:
        if not household.measures:
            yield finding(row, f"{describe_fields(row, 'removed')}，但没有任何帮扶措施。", "removed")


@rule("removed_unsafe", ERROR, "消除监测仍有危房或饮水不安全", "R103")
def removed_unsafe(household: HouseholdFacts) -> Iterator[Finding]:
    """After removal, housing and water are safe by the newest living conditions."""
    conditions, row = household.latest_conditions, _last_removed(household)
    if row is not None and conditions and (conditions.house_unsafe or conditions.water_safe is False):
        columns = ("house_unsafe", "water_safe")
        message = (
            f"{describe_fields(row, 'removed')}，但 {conditions.year} 年度{describe_fields(conditions, *columns)}。"
        )
        yield finding(conditions, message, *columns, context_values=(row.removed,))


@rule("removed_poor", ERROR, "消除监测时收入低于监测范围", "R104")
def removed_below_line(household: HouseholdFacts) -> Iterator[Finding]:
    """In the year of removal the income per head is above the line."""
    removals = {int((row.removed or "0")[:4]): row for row in reversed(household.removed_monitorings)}
    for income in household.income_years:
        row, per_head = removals.get(income.row.year or 0), income.totals.per_capita
        line = household.line(MONITORING, income.row.year)
        if row is not None and line and per_head is not None and per_head < line.amount:
            message = (
                f"{describe_fields(row, 'removed')}，当年人均纯收入 "
                f"{per_head:,.2f} 元，低于{line.kind} {line.amount:,.2f} 元。"
            )
            yield finding(income.row, message, "people", context_values=(per_head, line.amount, row.removed))


@rule("removed_no_labour", WARNING, "整户无劳动力消除监测", "R104")
def removed_without_labour(household: HouseholdFacts) -> Iterator[Finding]:
    """A household whose risk was removed has somebody able to work; without, the risk seldom goes away for good."""
    row = _last_removed(household)
    if row is not None and household.members and all(one.labour_capacity == "none" for one in household.members):
        yield finding(row, f"{describe_fields(row, 'removed')}，但全家没有劳动力。", "removed")


def _months_between(since: str | None, until: date) -> int | None:
    """Whole months since a month."""
    return (until.year - int(since[:4])) * 12 + until.month - int(since[5:7]) if since else None


def _last_removed(household: HouseholdFacts) -> Monitoring | None:
    """Kinds of the measures since the household has been monitored."""
    return None if household.is_monitored else next(iter(household.removed_monitorings), None)


def _kinds_since(household: HouseholdFacts, row: Monitoring) -> list[str]:
    """Kinds of the measures since the household is monitored."""
    year, planned = int((row.identified or "0")[:4]), value_of("measure_state", "planned")
    return [
        measure.kind or ""
        for measure in household.measures
        if (measure.year or (measure.started_on.year if measure.started_on else 0)) >= year and measure.state != planned
    ]
