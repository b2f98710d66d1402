"""产业带动: 四带一自, who takes a household along, what was agreed, and what was paid under it year by year."""

from sqlalchemy import func, select

from app.registers.engine.proposals import IncomeSource
from app.registers.engine.register import Children, Computed, Count, Layout, Ledger, Overdue, Register, Step, Sum
from app.registers.engine.topic import Topic
from db.schema.asset import IndustryLink, IndustryYield
from resources.limits import Limit

_paid = (
    select(func.coalesce(func.sum(IndustryYield.amount), 0))
    .where(IndustryYield.link_id == IndustryLink.id, ~IndustryYield.withdrawn)
    .scalar_subquery()
)

REGISTER = Register(
    record=IndustryLink,
    topic=Topic.INDUSTRY,
    subject="household",
    order=43,
    columns=(
        "mode", "leader", "produce", "contract_no", "signed_on", "valid_until", "share", "paid", "ended_on", "note",
    ),
    totals=("paid",),
    filters=("mode",),
    sort="due",
    dated="signed_on",
    computed=(Computed("paid", "累计兑现", _paid),),
    children=(Children(IndustryYield, ("year", "amount", "paid_on"), ("amount",)),),
    steps=(
        Step("签订", "signed_on", needs=("mode", "leader")),
        Step(
            "终止", "ended_on", due=("valid_until",), waiting="带动中",
            warn_days=Limit("village_work")["contract_warn_days"],
        ),
    ),
    sheet=Layout({
        "mode": ("带动类型", "四带一自类型"),
        "leader": ("带动主体名称", "经营主体"),
        "produce": ("带动产业", "产业类型"),
        "signed_on": ("签订时间", "协议日期"),
        "share": ("利益联结机制", "利益联结方式"),
    }),
    ledger=Ledger(
        "产业带动关系和利益联结台账",
        columns=("mode", "leader", "produce", "signed_on", "valid_until", "share", "paid"),
        widths={"mode": 26, "leader": 30, "share": 44, "produce": 20},
        signatures=("填表人", "带动主体", "村负责人"),
    ),
    figures=(
        Count("带动户次"),
        Count("带动户数", distinct="household_id", where=IndustryLink.ended_on.is_(None)),
        Sum("累计兑现", "paid"),
        Overdue("协议到期"),
    ),
    incomes=(IncomeSource(IndustryYield.amount, "year", role="other_property", what="带动收益", record=IndustryYield),),
)  # fmt: skip
