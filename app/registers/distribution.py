"""收益分配: planned, voted, posted, approved, paid; the lines must add up to the total, and nobody is paid twice."""

from typing import Any

from sqlalchemy import ColumnElement, func, select

from app.registers.engine.proposals import IncomeSource
from app.registers.engine.register import (
    Children,
    Computed,
    Count,
    Layout,
    Ledger,
    Overdue,
    Register,
    Roll,
    Slip,
    Step,
    Sum,
)
from app.registers.engine.topic import Topic
from db.county_values import options_of_role
from db.schema.asset import Distribution, DistributionLine
from db.schema.household import Member
from resources.limits import Limit

_DAYS = Limit("village_work")["days"]
_paid = Distribution.paid_on.is_not(None) & Distribution.stopped_on.is_(None)


def _given(reason: str, role: str) -> IncomeSource:
    """The lines of distributions for one reason, in the year for which they are given."""
    for_reason = Distribution.reason.in_(options_of_role("distribution_reason", reason))
    return IncomeSource(DistributionLine.amount, "year", role=role, what=Distribution.name, record=DistributionLine,
                        where=for_reason & _paid)  # fmt: skip


def _of_lines(value: ColumnElement[Any], *conditions: ColumnElement[bool]) -> ColumnElement[Any]:
    """A figure over the lines of a distribution and the people whom they name."""
    lines = select(value).join_from(DistributionLine, Member, DistributionLine.member_id == Member.id, isouter=True)
    of_distribution = (DistributionLine.distribution_id == Distribution.id, ~DistributionLine.withdrawn)
    return lines.where(*of_distribution, *conditions).correlate(Distribution).scalar_subquery()


_listed = _of_lines(func.coalesce(func.sum(DistributionLine.amount), 0))
_difference = func.coalesce(Distribution.total, 0) - _listed
_people = _of_lines(func.count())
_households = _of_lines(func.count(Member.household_id.distinct()))
_left = _of_lines(func.count(), Member.left.is_not(None))

REGISTER = Register(
    record=Distribution,
    topic=Topic.PROJECTS,
    subject="village",
    order=42,
    columns=(
        "name", "year", "reason", "asset_id", "total", "listed", "difference", "people", "households", "left", "rule",
        "drafted_on", "meeting_on", "published_on", "approved_on", "paid_on", "stopped_on", "stop_reason", "note",
    ),
    blank_texts={"asset_id": "没有资产"},
    totals=("total", "listed", "difference"),
    public=("name", "year", "reason", "total", "rule"),
    filters=("reason",),
    sort="-year,name",
    dated="year",
    computed=(
        Computed("listed", "明细合计", _listed),
        Computed("difference", "未分金额", _difference),
        Computed("people", "发放人数", _people, kind="integer", places=0),
        Computed("households", "发放户数", _households, kind="integer", places=0),
        Computed("left", "已减少人员", _left, kind="integer", places=0),
    ),
    children=(
        Children(DistributionLine, ("member_id", "amount", "account", "paid_on", "signed", "note"), ("amount",)),
    ),
    steps=(
        Step("拟定方案", "drafted_on", needs=("name", "year", "reason", "total")),
        Step("村民代表会", "meeting_on"),
        Step("公示", "published_on", within_days=_DAYS["distribution_publish"]),
        Step("批复", "approved_on"),
        Step("发放", "paid_on", within_days=_DAYS["distribution_pay"]),
    ),
    abandoned=Step("终止", "stopped_on", needs=("stop_reason",)),
    sheet=Layout({
        "name": ("分配项目", "发放名称"),
        "year": ("分配年度", "年度"),
        "reason": ("分配类别", "发放类别"),
        "total": ("发放总额", "总金额"),
        "paid_on": ("发放时间",),
    }),
    ledger=Ledger(
        "收益分配台账",
        columns=("name", "year", "reason", "total", "listed", "difference", "people", "meeting_on", "published_on",
                 "paid_on"),
        widths={"name": 36, "reason": 24, "total": 23, "listed": 23, "difference": 20, "people": 14},
        signatures=("制表人", "村务监督委员会", "村党组织书记"),
    ),
    slips=(
        Slip(
            "roll", "发放花名册", ("reason", "year", "total", "people"),
            ("制表人", "发放人", "村务监督委员会"),
            Roll(("member_id", "amount"), ("领取人签字（按指印）", "领取日期"), height=14),
        ),
        Slip(
            "notice", "收益分配公示", ("reason", "total", "people", "rule"), ("村民委员会盖章",),
            Roll(("member_id", "amount")), public=True,
        ),
    ),
    figures=(
        Count("分配次数"),
        Sum("分配总额", "total"),
        Count("合计不符", where=_difference != 0),
        Count("有已减少人员", where=_left > 0),
        Count("同户多人", where=_people > _households),
        Overdue("超期未办"),
    ),
    incomes=(
        _given("dividend", "dividend"),
        _given("post", "village_post"),
        _given("reward", "other_transfer"),
        _given("relief", "other_transfer"),
    ),
)  # fmt: skip
