"""帮扶车间: what each worker made by the piece in a month, and the wage for it, to be signed for."""

from typing import Any

from sqlalchemy import ColumnElement, Integer, func, select, type_coerce

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
from db.schema.employment import WorkshopPay, WorkshopPayLine
from db.types import ScaledDecimal
from resources.limits import Limit


def _of_lines(expression: ColumnElement[Any]) -> ColumnElement[Any]:
    """A figure over the workers of a month."""
    of_pay = (WorkshopPayLine.pay_id == WorkshopPay.id, ~WorkshopPayLine.withdrawn)
    return select(expression).where(*of_pay).correlate(WorkshopPay).scalar_subquery()


_wages = _of_lines(func.coalesce(func.sum(WorkshopPayLine.wage), 0))
_by_piece = func.sum(type_coerce(WorkshopPayLine.pieces, Integer) * type_coerce(WorkshopPayLine.rate, Integer))
_pieces = _of_lines(func.coalesce(func.sum(WorkshopPayLine.pieces), 0))
_difference = type_coerce(_wages - _of_lines(func.coalesce(_by_piece, 0)), ScaledDecimal(2))

REGISTER = Register(
    record=WorkshopPay,
    title="帮扶车间计件工资",
    topic=Topic.EMPLOYMENT,
    subject="village",
    order=24,
    columns=(
        "workshop", "month", "operator", "product", "workers", "pieces", "wages", "difference", "counted_on",
        "published_on", "paid_on", "note",
    ),
    totals=("pieces", "wages"),
    sort="-month,workshop",
    dated="month",
    computed=(
        Computed("workers", "务工人数", _of_lines(func.count()), kind="integer", places=0),
        Computed("pieces", "完成件数", _pieces, kind="decimal", places=0),
        Computed("wages", "应发工资", _wages),
        Computed("difference", "与件数乘单价之差", _difference),
    ),
    children=(
        Children(
            WorkshopPayLine, ("member_id", "pieces", "rate", "wage", "paid_on", "note"), ("pieces", "wage"),
        ),
    ),
    steps=(
        Step("核对计件", "counted_on", needs=("workshop", "month")),
        Step("公示", "published_on", optional=True),
        Step("发放", "paid_on", within_days=Limit("aid")["days"]["piece_pay"], counted_from="counted_on"),
    ),
    sheet=Layout({
        "workshop": ("扶贫车间", "车间", "帮扶车间"),
        "month": ("工资月份", "所属月份"),
        "operator": ("经营单位", "负责人"),
        "paid_on": ("发放时间",),
    }),
    ledger=Ledger(
        "帮扶车间用工和计件工资台账",
        columns=("workshop", "month", "operator", "product", "workers", "pieces", "wages", "counted_on", "paid_on"),
        widths={"workshop": 40, "operator": 36, "product": 26, "pieces": 22},
        signatures=("制表人", "车间负责人", "村负责人"),
    ),
    slips=(
        Slip(
            "roll", "帮扶车间计件工资发放表", ("operator", "product", "month", "workers", "pieces", "wages"),
            ("制表人", "车间负责人", "村务监督委员会"),
            Roll(("member_id", "pieces", "rate", "wage"), ("领取人签字（按指印）",), height=12),
        ),
    ),
    figures=(
        Count("发放次数"),
        Count("车间数", distinct="workshop"),
        Sum("应发工资", "wages"),
        Count("工资与计件不符", where=_difference != 0),
        Overdue("超期未发"),
    ),
    incomes=(
        IncomeSource(WorkshopPayLine.wage, "month", role="migrant_work", by_person=True, record=WorkshopPayLine),
    ),
)  # fmt: skip
