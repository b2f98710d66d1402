"""公益性岗位: who holds which post until when, how many days a month, and what was paid."""

from typing import Any

from sqlalchemy import ColumnElement, exists, func, select

from app.registers.engine.proposals import IncomeSource, MemberMark
from app.registers.engine.register import Children, Computed, Count, Layout, Ledger, Overdue, Register, Step, Sum
from app.registers.engine.topic import Topic
from db.county_values import options_of_role
from db.schema.employment import PublicJob, PublicJobMonth
from resources.limits import Limit


def _of_months(expression: ColumnElement[Any]) -> ColumnElement[Any]:
    """A figure over the months of a post."""
    return select(expression).where(PublicJobMonth.job_id == PublicJob.id, ~PublicJobMonth.withdrawn).scalar_subquery()


_current = PublicJob.started_on.is_not(None) & PublicJob.ended_on.is_(None)
_sector = func.coalesce(PublicJob.kind.in_(options_of_role("public_job_kind", "sector")), False)
_has_months = exists().where(
    PublicJobMonth.job_id == PublicJob.id, PublicJobMonth.paid.is_not(None), ~PublicJobMonth.withdrawn
)


def _pay(role: str, where: ColumnElement[bool]) -> tuple[IncomeSource, ...]:
    """What was paid month by month, or the pay of each month where the months were not kept."""
    return (
        IncomeSource(PublicJobMonth.paid, "month", role=role, by_person=True, record=PublicJobMonth, where=where),
        IncomeSource(
            PublicJob.pay, "started_on", role=role, by_person=True, until="ended_on", where=where & ~_has_months
        ),
    )


REGISTER = Register(
    record=PublicJob,
    topic=Topic.EMPLOYMENT,
    subject="member",
    order=31,
    columns=(
        "kind", "unit", "place", "contract_no", "started_on", "contract_until", "pay", "fund_source", "months", "paid",
        "ended_on", "end_reason", "note",
    ),
    totals=("months", "paid"),
    public=("kind", "unit", "started_on", "pay"),
    filters=("kind", "fund_source"),
    sort="due",
    dated="started_on",
    computed=(
        Computed("months", "已上岗月数", _of_months(func.count()), kind="integer", places=0),
        Computed("paid", "已发补贴", _of_months(func.coalesce(func.sum(PublicJobMonth.paid), 0))),
    ),
    children=(Children(PublicJobMonth, ("month", "days", "appraisal", "paid", "paid_on"), ("days", "paid")),),
    steps=(
        Step("上岗", "started_on", needs=("kind", "unit", "pay")),
        Step(
            "离岗", "ended_on", due=("contract_until",), waiting="在岗",
            warn_days=Limit("aid")["job_warn_days"],
        ),
    ),
    sheet=Layout({
        "kind": ("岗位名称", "公益岗类型", "岗位类别", "公益性岗位类型"),
        "unit": ("岗位开发单位", "用人单位"),
        "started_on": ("上岗时间", "协议开始日期", "聘用时间"),
        "contract_until": ("协议截止日期", "聘用截止时间", "合同到期日"),
        "pay": ("月工资", "补贴标准", "岗位补贴标准", "工资标准"),
        "ended_on": ("退出日期", "离岗时间"),
    }),
    ledger=Ledger(
        "公益性岗位花名册和补贴台账",
        columns=("kind", "unit", "started_on", "contract_until", "pay", "months", "paid", "ended_on"),
        widths={"kind": 22, "unit": 26, "pay": 18, "months": 14, "paid": 20},
        signatures=("填表人", "用工单位负责人", "村负责人"),
    ),
    figures=(
        Count("岗位数"),
        Count("在岗人数", distinct="member_id", where=PublicJob.ended_on.is_(None)),
        Sum("已发补贴", "paid"),
        Overdue("协议到期未续"),
    ),
    ends_with_member="ended_on",
    incomes=(*_pay("sector_post", _sector), *_pay("village_post", ~_sector)),
    marks=(MemberMark("public_job_kind", _current, PublicJob.started_on.is_not(None), value="kind"),),
)  # fmt: skip
