"""Cleaning rules about income: sums that do not add up, and amounts that do not fit the household."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import resources
from app.issues.household_facts import HouseholdFacts, IncomeYearFacts
from app.issues.rule import ERROR, HINT, WARNING, CountyPlace, Finding, describe_fields, finding, rule
from app.records.income import income_items
from app.records.standards import MONITORING, POVERTY, MissingLine
from resources.option_roles import value_of
from resources.overlay import cached

_YUAN = Decimal(1)


@cached
def _limits() -> dict[str, Any]:
    return resources.read("thresholds", "income")


def _group_total(income: IncomeYearFacts, role: str) -> Decimal:
    """The sum of the items below a total (wages, production, costs), or the imported total where there are none."""
    group = next(item.group for item in income_items() if item.value == value_of("income_item", role))
    present_items = [item for item in income_items() if item.group == group and item.value in income.amounts]
    detail_items = [item for item in present_items if not item.is_subtotal]
    return sum((income.amounts[item.value] for item in detail_items or present_items), Decimal())


def _format_yuan(amount: Decimal | None) -> str:
    return "未填" if amount is None else f"{amount:,.2f} 元"


@rule("net_differs", ERROR, "收入各项之和与系统纯收入不符", "§6-19；R087")
def net_mismatch(household: HouseholdFacts) -> Iterator[Finding]:
    """纯收入 = A + B + C + D − E, to the yuan."""
    for income in household.income_years:
        reported, net = income.row.reported_net, income.totals.net
        if reported is not None and net is not None and not income.totals.reported and abs(reported - net) >= _YUAN:
            message = (
                f"{income.row.year} 年各项合计纯收入 {_format_yuan(net)}，系统纯收入填的是 {_format_yuan(reported)}。"
            )
            yield finding(income.row, message, "reported_net", context_values=(net,))


@rule("per_head_differs", ERROR, "人均纯收入与核算不符", "§6-19；R087")
def per_head_mismatch(household: HouseholdFacts) -> Iterator[Finding]:
    """人均纯收入 = 纯收入 / 人口, to the yuan."""
    for income in household.income_years:
        reported, net, people = income.row.reported_per_head, income.totals.net, income.totals.people
        if reported is None or net is None or not people:
            continue
        computed = net / people
        if abs(reported - computed) >= _YUAN and (not income.totals.reported or income.row.people):
            message = (
                f"{income.row.year} 年纯收入 {_format_yuan(net)}，{people} 人，"
                f"人均应是 {_format_yuan(computed)}，填的是 {_format_yuan(reported)}。"
            )
            yield finding(income.row, message, "reported_per_head", "people", context_values=(net, people))


@rule("income_missing", HINT, "没有收入核算", "R079")
def income_missing(household: HouseholdFacts) -> Iterator[Finding]:
    """A household that is registered or monitored has an income year."""
    if household.needs_helper and household.latest_income_year is None:
        yield finding(household.row, "这一户还没有年度收入。", missing=("income_year", "people"))


@rule("income_odd", WARNING, "人均纯收入异常", "§6-20；R079")
def income_unusual(household: HouseholdFacts) -> Iterator[Finding]:
    """The income per head is neither nothing, nor below 4,000 yuan outside the register, nor above 100,000."""
    income = household.latest_income_year
    per_head = income.totals.per_capita if income else None
    if income and per_head is not None:
        is_poor = household.is_registered and not household.has_exited
        limits = _limits()["per_head"]
        if per_head <= 0 or per_head > limits["high"] or (per_head < limits["low"] and not is_poor):
            yield finding(
                income.row,
                f"{income.row.year} 年人均纯收入 {_format_yuan(per_head)}，请核对。",
                "people",
                context_values=(per_head, is_poor),
            )


@rule("exited_below_line", WARNING, "已脱贫而收入低于贫困线", "§6-20")
def exited_below_line(household: HouseholdFacts) -> Iterator[Finding]:
    """A household that is out of poverty has been above the poverty line of every year since."""
    income = household.latest_income_year
    line = household.line(POVERTY, income.row.year) if income else None
    per_head = income.totals.per_capita if income else None
    if income and line and household.has_exited and per_head is not None and per_head < line.amount:
        message = (
            f"已脱贫，但 {income.row.year} 年人均纯收入 {_format_yuan(per_head)}"
            f"，低于当年{line.kind} {_format_yuan(line.amount)}。"
        )
        yield finding(income.row, message, "people", context_values=(per_head, line.amount, household.row.exit_status))


@rule("unmonitored_below", WARNING, "低于监测范围而未监测", "R080")
def unmonitored_below_line(household: HouseholdFacts) -> Iterator[Finding]:
    """A household below the monitoring line of the year is monitored, where the county has such a line."""
    income = household.latest_income_year
    line = household.line(MONITORING, income.row.year) if income else None
    per_head = income.totals.per_capita if income else None
    if income and line and not household.is_monitored and per_head is not None and per_head < line.amount:
        message = (
            f"{income.row.year} 年人均纯收入 {_format_yuan(per_head)}"
            f"，低于{line.kind} {_format_yuan(line.amount)}，未纳入监测。"
        )
        yield finding(
            income.row, message, "people", context_values=(per_head, line.amount, household.row.household_kind)
        )


@rule("line_missing", HINT, "当年标准没有录入", "R080")
def line_missing(household: HouseholdFacts) -> Iterator[Finding]:
    """The line of the newest income has been entered, and that of each year in which a risk was removed."""
    removed = {int(row.removed[:4]) for row in household.removed_monitorings if row.removed}
    for income in household.income_years:
        year, per_head = income.row.year, income.totals.per_capita
        if not year or per_head is None or not (income is household.latest_income_year or year in removed):
            continue
        line = household.standards.income_line(year, household.row.village)
        if isinstance(line, MissingLine):
            message = f"{line.message}，人均纯收入 {_format_yuan(per_head)} 没有比较。请在“年度标准”里录入。"
            place = CountyPlace("standard", year=year, column=line.kind)
            yield finding(income.row, message, "people", context_values=(per_head,), county=place)


@rule("income_jump", WARNING, "比上年变动过大", "§6-20；R088")
def income_jump(household: HouseholdFacts) -> Iterator[Finding]:
    """The income per head changes by no more than half from one year to the next."""
    income = household.latest_income_year
    previous = next(
        (other for other in household.income_years if income and other.row.year == (income.row.year or 0) - 1), None
    )
    if (
        income
        and previous
        and previous.totals.per_capita
        and income.totals.per_capita is not None
        and previous.totals.per_capita > 0
    ):
        change = (income.totals.per_capita - previous.totals.per_capita) / previous.totals.per_capita
        if abs(change) > Decimal(str(_limits()["change_share"])):
            message = (
                f"{income.row.year} 年人均纯收入 {_format_yuan(income.totals.per_capita)}"
                f"，上年 {_format_yuan(previous.totals.per_capita)}，"
                f"{'增加' if change > 0 else '减少'} {abs(change):.0%}。"
            )
            yield finding(
                income.row, message, "people", context_values=(income.totals.per_capita, previous.totals.per_capita)
            )


@rule("dibao_money", ERROR, "低保金与低保不符", "§6-21；R061")
def dibao_money(household: HouseholdFacts) -> Iterator[Finding]:
    """There is 低保 money exactly where a member gets 低保. Judged only where the year has items."""
    yield from _support_mismatch(
        household, "低保", "dibao", any(member.row.dibao for member in (*household.members, *household.former_members))
    )


@rule("tekun_money", ERROR, "特困供养金与特困不符", "§6-21；R061")
def tekun_money(household: HouseholdFacts) -> Iterator[Finding]:
    """There is 特困 money exactly where a member is provided for. Judged only where the year has items."""
    yield from _support_mismatch(
        household, "特困", "tekun", any(member.row.tekun for member in (*household.members, *household.former_members))
    )


def _support_mismatch(household: HouseholdFacts, attribute: str, role: str, has_recipient: bool) -> Iterator[Finding]:
    income = household.latest_income_year
    if (
        income is None
        or income.totals.reported
        or not income.amounts
        or set(income.amounts) <= {spec.value for spec in income_items() if spec.is_subtotal}
    ):
        return
    item = value_of("income_item", role)
    amount = income.amounts.get(item, Decimal())
    entitled = household.attribute_is(role) or has_recipient
    message = ""
    if amount > 0 and not entitled:
        message = (
            f"{income.row.year} 年有{item} {_format_yuan(amount)}，但不是{attribute}户，成员也没有享受{attribute}。"
        )
    elif amount == 0 and household.attribute_is(role) and household.members:
        message = f"贫困户属性是{attribute}，但 {income.row.year} 年没有{item}。"
    if message:
        yield finding(
            income.row, message, "year", context_values=(amount, household.row.household_attribute, has_recipient)
        )


@rule("support_twice", ERROR, "低保金与特困供养金同领", "R061")
def support_duplicate(household: HouseholdFacts) -> Iterator[Finding]:
    """Nobody gets both 低保 and 特困 money; a household with both is checked person by person."""
    for member in household.members:
        if member.row.dibao and member.row.tekun:
            columns = ("dibao", "tekun")
            yield finding(
                member.row, f"{member.name}的{describe_fields(member.row, *columns)}，只能享受一项。", *columns
            )


@rule("no_costs", WARNING, "有生产经营收入无支出", "R082")
def no_costs(household: HouseholdFacts) -> Iterator[Finding]:
    """Income from production comes with costs."""
    income = household.latest_income_year
    if income and _group_total(income, "production") > 0 and _group_total(income, "costs") == 0:
        message = (
            f"{income.row.year} 年有生产经营性收入 "
            f"{_format_yuan(_group_total(income, 'production'))}，没有生产经营性支出。"
        )
        yield finding(income.row, message, "year", context_values=(_group_total(income, "production"),))


@rule("wage_nobody", WARNING, "有工资性收入无务工人员", "§6-18；R083")
def wage_without_worker(household: HouseholdFacts) -> Iterator[Finding]:
    """A household with wages has somebody who works away or in a public job, former members included."""
    income = household.latest_income_year
    all_members = (*household.members, *household.former_members)
    has_worker = any(member.works_away or member.row.public_job_kind for member in all_members)
    if income and _group_total(income, "wages") > 0 and not has_worker:
        message = (
            f"{income.row.year} 年有工资性收入 "
            f"{_format_yuan(_group_total(income, 'wages'))}，但没有登记务工或公益岗位的人。"
        )
        yield finding(income.row, message, "year", context_values=(_group_total(income, "wages"),))


@rule("worker_no_wage", WARNING, "有务工无工资性收入", "R083")
def worker_without_wage(household: HouseholdFacts) -> Iterator[Finding]:
    """A household with such a worker has wages. Judged only where the year has amounts."""
    income = household.latest_income_year
    worker_names = [member.name for member in household.members if member.works_away]
    if income and income.amounts and worker_names and _group_total(income, "wages") == 0:
        message = f"{'、'.join(worker_names)}在务工，但 {income.row.year} 年没有工资性收入。"
        yield finding(income.row, message, "year", context_values=tuple(worker_names))


@rule("wage_odd", WARNING, "工资性收入异常", "R084")
def wage_unusual(household: HouseholdFacts) -> Iterator[Finding]:
    """Yearly wages lie between 300 and 300,000 yuan."""
    income = household.latest_income_year
    wage = _group_total(income, "wages") if income else Decimal()
    limits = _limits()["wage"]
    if income and wage > 0 and not limits["low"] <= wage <= limits["high"]:
        message = f"{income.row.year} 年工资性收入 {_format_yuan(wage)}，请核对是不是全年合计。"
        yield finding(income.row, message, "year", context_values=(wage,))


@rule("transfer_small", WARNING, "转移性收入金额过小", "R085")
def transfer_small(household: HouseholdFacts) -> Iterator[Finding]:
    """A yearly transfer is more than a month or two of it would be."""
    income = household.latest_income_year
    small_amounts = [
        f"{item} {_format_yuan(amount)}"
        for item, amount in sorted((income.amounts if income else {}).items())
        if 0 < amount < _limits()["least"].get(item, 0)
    ]
    if income and small_amounts:
        message = f"{income.row.year} 年{'、'.join(small_amounts)}，请核对是不是全年合计。"
        yield finding(income.row, message, "year", context_values=tuple(small_amounts))


@rule("ecology_without", WARNING, "有生态补偿金无退耕还林", "R086")
def ecology_without_land(household: HouseholdFacts) -> Iterator[Finding]:
    """Ecological compensation is paid only to a household that returned land."""
    income, conditions = household.latest_income_year, household.latest_conditions
    item = value_of("income_item", "ecology")
    amount = income.amounts.get(item, Decimal()) if income else Decimal()
    if income and conditions and amount > 0 and not conditions.land_returned:
        message = (
            f"{income.row.year} 年有{item} {_format_yuan(amount)}，"
            f"但退耕还林面积是 {conditions.land_returned or 0} 亩。"
        )
        yield finding(income.row, message, "year", context_values=(amount, conditions.land_returned))
