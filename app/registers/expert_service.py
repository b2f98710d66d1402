"""科技特派员服务: who came, which problem was seen, what was advised and what came of it."""

from sqlalchemy import func, select

from app.registers.engine.register import Children, Computed, Count, Layout, Ledger, Register, Slip, Step, Sum
from app.registers.engine.topic import Topic
from db.schema.public_service import ExpertHousehold, ExpertService

_households = (
    select(func.count())
    .where(ExpertHousehold.service_id == ExpertService.id, ~ExpertHousehold.withdrawn)
    .correlate(ExpertService)
    .scalar_subquery()
)

REGISTER = Register(
    record=ExpertService,
    topic=Topic.FACILITIES,
    subject="village",
    order=52,
    columns=(
        "expert", "unit", "field_of_work", "served_on", "place", "problem", "advice", "households", "solved_on",
        "result", "note",
    ),
    totals=("households",),
    filters=("expert",),
    sort="-served_on",
    dated="served_on",
    in_archive=False,
    computed=(Computed("households", "服务户数", _households, kind="integer", places=0),),
    children=(Children(ExpertHousehold, ("household_id", "note")),),
    steps=(
        Step("服务", "served_on", needs=("expert", "problem")),
        Step("解决", "solved_on", needs=("result",), optional=True),
    ),
    sheet=Layout({
        "expert": ("科技特派员", "专家姓名"),
        "field_of_work": ("专业", "服务领域"),
        "problem": ("存在问题", "服务内容"),
        "result": ("成效", "解决情况"),
    }),
    ledger=Ledger(
        "科技特派员服务台账",
        columns=("expert", "unit", "served_on", "problem", "advice", "households", "result"),
        widths={"unit": 34, "problem": 46, "advice": 46, "result": 36},
        progress=False,
    ),
    slips=(
        Slip(
            "record", "科技特派员服务记录",
            ("expert", "unit", "field_of_work", "served_on", "place", "problem", "advice", "solved_on", "result"),
            ("特派员", "服务对象", "村负责人"),
        ),
    ),
    figures=(Count("服务次数"), Sum("服务户次", "households"),
             Count("问题未解决", where=ExpertService.solved_on.is_(None))),
)  # fmt: skip
