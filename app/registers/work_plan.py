"""工作计划: the team's plan of a week or a month, thing by thing, with what came of it."""

from typing import Any

from sqlalchemy import ColumnElement, func, select

from app.registers.engine.register import Children, Computed, Count, Layout, Ledger, Overdue, Register, Roll, Slip, Step
from app.registers.engine.topic import Topic
from db.schema.work_team import PlanItem, WorkPlan


def _items(*conditions: ColumnElement[bool]) -> ColumnElement[Any]:
    of_plan = (PlanItem.plan_id == WorkPlan.id, ~PlanItem.withdrawn, *conditions)
    return select(func.count()).select_from(PlanItem).where(*of_plan).correlate(WorkPlan).scalar_subquery()


REGISTER = Register(
    record=WorkPlan,
    topic=Topic.TEAM,
    subject="village",
    order=64,
    columns=(
        "kind", "first_on", "last_on", "goal", "items", "done", "made_by", "approved_by", "summed_up_on", "summary",
        "note",
    ),
    author="made_by",
    totals=("items", "done"),
    filters=("kind",),
    sort="-first_on",
    dated="first_on",
    in_archive=False,
    computed=(
        Computed("items", "计划事项数", _items(), kind="integer", places=0),
        Computed("done", "已完成事项", _items(PlanItem.is_done.is_(True)), kind="integer", places=0),
    ),
    children=(Children(PlanItem, ("planned_on", "matter", "responsible", "is_done", "result")),),
    steps=(
        Step("制定", "first_on", needs=("kind",)),
        Step("小结", "summed_up_on", needs=("summary",), due=("last_on",)),
    ),
    sheet=Layout({
        "first_on": ("开始日期",),
        "last_on": ("结束日期",),
        "goal": ("工作目标", "重点工作"),
    }),
    ledger=Ledger(
        "驻村工作计划台账",
        columns=("kind", "first_on", "last_on", "goal", "items", "done", "summed_up_on", "summary"),
        widths={"goal": 54, "summary": 52},
        signatures=("填表人", "工作队队长"),
    ),
    slips=(
        Slip(
            "sheet", "驻村工作队工作计划",
            ("kind", "first_on", "last_on", "goal", "made_by", "approved_by", "summary"),
            ("制定人", "工作队队长", "村党组织书记"),
            Roll(("planned_on", "matter", "responsible", "is_done", "result")),
        ),
    ),
    figures=(
        Count("计划份数"),
        Count("没有计划事项", where=_items() == 0),
        Overdue("到期未小结"),
    ),
)  # fmt: skip
