"""Income: sums that do not come out, and amounts that do not fit the household."""

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

import resources
from app.quality.home import Account, Home
from app.quality.rule import DOUBT, ERROR, HINT, Clash, clash, rule, said
from app.records.income import items, poverty_line

_YUAN = Decimal(1)


@cache
def _limits() -> dict[str, Any]:
    return resources.read("thresholds", "income")


def _group(account: Account, group: str) -> Decimal:
    """The sum of a group's items, or the amount that was brought in as its total."""
    known = [one for one in items() if one.group == group and one.value in account.amounts]
    parts = [one for one in known if not one.sums]
    return sum((account.amounts[one.value] for one in parts or known), Decimal())


def _yuan(amount: Decimal | None) -> str:
    return "未填" if amount is None else f"{amount:,.2f} 元"


@rule("net_differs", ERROR, "收入各项之和与系统纯收入不符", "§6-19；R087")
def net_differs(home: Home) -> Iterator[Clash]:
    """纯收入 = A + B + C + D - E, to the yuan."""
    for one in home.accounts:
        told, net = one.row.reported_net, one.total.net
        if told is not None and net is not None and not one.total.reported and abs(told - net) >= _YUAN:
            sentence = f"{one.row.year} 年各项合计纯收入 {_yuan(net)}，系统纯收入填的是 {_yuan(told)}。"
            yield clash(one.row, sentence, "reported_net", also=(net,))


@rule("per_head_differs", ERROR, "人均纯收入与核算不符", "§6-19；R087")
def per_head_differs(home: Home) -> Iterator[Clash]:
    """人均 = 纯收入 / 人口, to the yuan."""
    for one in home.accounts:
        told, net, people = one.row.reported_per_head, one.total.net, one.total.people
        if told is None or net is None or not people:
            continue
        counted = net / people
        if abs(told - counted) >= _YUAN and (not one.total.reported or one.row.people):
            sentence = (
                f"{one.row.year} 年纯收入 {_yuan(net)}，{people} 人，人均应是 {_yuan(counted)}，填的是 {_yuan(told)}。"
            )
            yield clash(one.row, sentence, "reported_per_head", "people", also=(net, people))


@rule("income_missing", HINT, "没有收入核算", "R079")
def missing(home: Home) -> Iterator[Clash]:
    """A registered household has an account."""
    if home.registered and home.account is None:
        yield clash(home.row, "这一户还没有年度收入。", lacks=("income_year", "people"))


@rule("income_odd", DOUBT, "人均纯收入异常", "§6-20；R079")
def odd(home: Home) -> Iterator[Clash]:
    """Nothing, below 4,000 without being poor, or above 100,000."""
    one = home.account
    head = one.total.per_head if one else None
    if one and head is not None:
        poor = home.registered and not home.exited
        limits = _limits()["per_head"]
        if head <= 0 or head > limits["high"] or (head < limits["low"] and not poor):
            yield clash(one.row, f"{one.row.year} 年人均纯收入 {_yuan(head)}，请核对。", "people", also=(head, poor))


@rule("exited_below_line", DOUBT, "已脱贫而收入低于贫困线", "§6-20")
def below_line(home: Home) -> Iterator[Clash]:
    """Of the years since the exit, by the line of the year."""
    one = home.account
    line = poverty_line(one.row.year or 0) if one else None
    if one and line and line.line and home.exited and one.total.per_head is not None and one.total.per_head < line.line:
        sentence = (
            f"已脱贫，但 {one.row.year} 年人均纯收入 {_yuan(one.total.per_head)}，低于当年贫困线 {_yuan(line.line)}。"
        )
        yield clash(one.row, sentence, "people", also=(one.total.per_head, line.line, home.row.exit_status))


@rule("unmonitored_below", DOUBT, "低于监测范围而未监测", "R080")
def unmonitored_below(home: Home) -> Iterator[Clash]:
    """By the monitoring line of the year, where the county has one."""
    one = home.account
    line = poverty_line(one.row.year or 0) if one else None
    known = line.monitoring if line else None
    if one and known and not home.monitored and one.total.per_head is not None and one.total.per_head < known:
        sentence = f"{one.row.year} 年人均纯收入 {_yuan(one.total.per_head)}，低于监测范围 {_yuan(known)}，未纳入监测。"
        yield clash(one.row, sentence, "people", also=(one.total.per_head, known, home.row.household_kind))


@rule("income_jump", DOUBT, "比上年变动过大", "§6-20；R088")
def jump(home: Home) -> Iterator[Clash]:
    """More than half up or down per head."""
    one = home.account
    last = next((other for other in home.accounts if one and other.row.year == (one.row.year or 0) - 1), None)
    if one and last and last.total.per_head and one.total.per_head is not None and last.total.per_head > 0:
        share = (one.total.per_head - last.total.per_head) / last.total.per_head
        if abs(share) > Decimal(str(_limits()["change_share"])):
            sentence = (
                f"{one.row.year} 年人均纯收入 {_yuan(one.total.per_head)}，上年 {_yuan(last.total.per_head)}，"
                f"{'增加' if share > 0 else '减少'} {abs(share):.0%}。"
            )
            yield clash(one.row, sentence, "people", also=(one.total.per_head, last.total.per_head))


@rule("dibao_money", ERROR, "低保金与低保不符", "§6-21；R061")
def dibao_money(home: Home) -> Iterator[Clash]:
    """Money without anybody who gets it, or the reverse; only where the account has items."""
    yield from _support(home, "低保", "低保金", any(one.row.dibao for one in (*home.members, *home.left)))


@rule("tekun_money", ERROR, "特困供养金与特困不符", "§6-21；R061")
def tekun_money(home: Home) -> Iterator[Clash]:
    """Money without anybody who gets it, or the reverse; only where the account has items."""
    yield from _support(home, "特困", "特困供养金", any(one.row.tekun for one in (*home.members, *home.left)))


def _support(home: Home, family: str, item: str, somebody: bool) -> Iterator[Clash]:
    one = home.account
    if one is None or one.total.reported or not one.amounts or set(one.amounts) <= {i.value for i in items() if i.sums}:
        return
    money = one.amounts.get(item, Decimal())
    entitled = home.attribute == family or somebody
    sentence = ""
    if money > 0 and not entitled:
        sentence = f"{one.row.year} 年有{item} {_yuan(money)}，但不是{family}户，成员也没有享受{family}。"
    elif money == 0 and home.attribute == family and home.members:
        sentence = f"贫困户属性是{family}，但 {one.row.year} 年没有{item}。"
    if sentence:
        yield clash(one.row, sentence, "year", also=(money, home.row.household_attribute, somebody))


@rule("support_twice", ERROR, "低保金与特困供养金同领", "R061")
def support_twice(home: Home) -> Iterator[Clash]:
    """One person gets one; a household with both is looked at person by person."""
    for one in home.members:
        if one.row.dibao and one.row.tekun:
            columns = ("dibao", "tekun")
            yield clash(one.row, f"{one.name}的{said(one.row, *columns)}，只能享受一项。", *columns)


@rule("no_costs", DOUBT, "有生产经营收入无支出", "R082")
def no_costs(home: Home) -> Iterator[Clash]:
    """What is grown costs something."""
    one = home.account
    if one and _group(one, "B") > 0 and _group(one, "E") == 0:
        sentence = f"{one.row.year} 年有生产经营性收入 {_yuan(_group(one, 'B'))}，没有生产经营性支出。"
        yield clash(one.row, sentence, "year", also=(_group(one, "B"),))


@rule("wage_nobody", DOUBT, "有工资性收入无务工人员", "§6-18；R083")
def wage_nobody(home: Home) -> Iterator[Clash]:
    """Somebody works away or has a public job; who left meanwhile counts."""
    one = home.account
    people = (*home.members, *home.left)
    working = any(person.works_away or person.row.public_job_kind for person in people)
    if one and _group(one, "A") > 0 and not working:
        sentence = f"{one.row.year} 年有工资性收入 {_yuan(_group(one, 'A'))}，但没有登记务工或公益岗位的人。"
        yield clash(one.row, sentence, "year", also=(_group(one, "A"),))


@rule("worker_no_wage", DOUBT, "有务工无工资性收入", "R083")
def worker_no_wage(home: Home) -> Iterator[Clash]:
    """The reverse; only where the account has amounts."""
    one = home.account
    working = [person.name for person in home.members if person.works_away]
    if one and one.amounts and working and _group(one, "A") == 0:
        sentence = f"{'、'.join(working)}在务工，但 {one.row.year} 年没有工资性收入。"
        yield clash(one.row, sentence, "year", also=tuple(working))


@rule("wage_odd", DOUBT, "工资性收入异常", "R084")
def wage_odd(home: Home) -> Iterator[Clash]:
    """A yearly sum below 300 or above 300,000 yuan."""
    one = home.account
    wage = _group(one, "A") if one else Decimal()
    limits = _limits()["wage"]
    if one and wage > 0 and not limits["low"] <= wage <= limits["high"]:
        sentence = f"{one.row.year} 年工资性收入 {_yuan(wage)}，请核对是不是全年合计。"
        yield clash(one.row, sentence, "year", also=(wage,))


@rule("transfer_small", DOUBT, "转移性收入金额过小", "R085")
def transfer_small(home: Home) -> Iterator[Clash]:
    """Yearly sums below what a month or two would give."""
    one = home.account
    small = [
        f"{item} {_yuan(amount)}"
        for item, amount in sorted((one.amounts if one else {}).items())
        if 0 < amount < _limits()["least"].get(item, 0)
    ]
    if one and small:
        sentence = f"{one.row.year} 年{'、'.join(small)}，请核对是不是全年合计。"
        yield clash(one.row, sentence, "year", also=tuple(small))


@rule("ecology_without", DOUBT, "有生态补偿金无退耕还林", "R086")
def ecology_without(home: Home) -> Iterator[Clash]:
    """It is paid for land that was returned."""
    one, now = home.account, home.now
    money = one.amounts.get("生态补偿金", Decimal()) if one else Decimal()
    if one and now and money > 0 and not now.land_returned:
        sentence = f"{one.row.year} 年有生态补偿金 {_yuan(money)}，但退耕还林面积是 {now.land_returned or 0} 亩。"
        yield clash(one.row, sentence, "year", also=(money, now.land_returned))
