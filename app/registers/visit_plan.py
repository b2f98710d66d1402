"""走访计划: which helper visits which household in which month, and whether somebody was there."""

from sqlalchemy import Date, case, func, literal, select, type_coerce

from app.registers.engine.register import Computed, Count, Layout, Ledger, Register
from app.registers.engine.topic import Topic
from db.schema.aid import Visit
from db.schema.visit import VisitPlan

_visited_on = (
    select(func.min(Visit.visited_on))
    .where(
        Visit.household_id == VisitPlan.household_id,
        ~Visit.withdrawn,
        func.substr(Visit.visited_on, 1, 7) == VisitPlan.month,
    )
    .correlate(VisitPlan)
    .scalar_subquery()
)
_is_open = _visited_on.is_(None)

REGISTER = Register(
    record=VisitPlan,
    topic=Topic.SUPPORT,
    subject="household",
    order=13,
    columns=("month", "helper_id", "target_on", "reason", "visited_on", "state", "note"),
    filters=("month", "reason"),
    sort="-month,target_on",
    dated="month",
    in_archive=False,
    computed=(
        Computed("visited_on", "实际走访", type_coerce(_visited_on, Date), kind="date"),
        Computed("state", "完成情况", case((_is_open, literal("未走访")), else_=literal("已走访")), kind="text"),
    ),
    sheet=Layout({
        "month": ("月份", "走访月份"),
        "helper_id": ("走访人", "责任人", "帮扶责任人"),
        "target_on": ("拟走访日期", "计划走访时间"),
        "reason": ("走访目的", "走访原因"),
    }),
    ledger=Ledger(
        "走访计划表",
        columns=("month", "helper_id", "target_on", "reason", "visited_on", "note"),
        widths={"helper_id": 28, "reason": 30, "note": 60},
        by_household=True,
        signatures=("填表人", "审核人"),
    ),
    figures=(
        Count("计划户次"),
        Count("计划户数", distinct="household_id"),
        Count("未走访", where=_is_open),
    ),
)  # fmt: skip
