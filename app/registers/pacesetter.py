"""致富带头人: who goes ahead in which trade, with which start-up help, and whom they take along."""

from sqlalchemy import func, select

from app.registers.engine.register import Children, Computed, Count, Layout, Ledger, Register, Roll, Slip, Step, Sum
from app.registers.engine.topic import Topic
from db.schema.economy import Pacesetter, PacesetterHousehold

_households = (
    select(func.count())
    .where(PacesetterHousehold.pacesetter_id == Pacesetter.id, ~PacesetterHousehold.withdrawn)
    .correlate(Pacesetter)
    .scalar_subquery()
)

REGISTER = Register(
    record=Pacesetter,
    topic=Topic.PROJECTS,
    subject="village",
    order=46,
    columns=(
        "name", "trade", "scale", "phone", "recognised_on", "recognised_by", "trained_on", "households", "loan",
        "subsidy", "ended_on", "note",
    ),
    totals=("households", "loan", "subsidy"),
    public=("name", "trade", "households"),
    filters=("trade",),
    sort="ended_on,name",
    dated="recognised_on",
    computed=(Computed("households", "带动户数", _households, kind="integer", places=0),),
    children=(
        Children(PacesetterHousehold, ("household_id", "way", "yearly_gain", "note"), totals=("yearly_gain",)),
    ),
    steps=(
        Step("认定", "recognised_on", needs=("recognised_by",), waiting="培育中"),
        Step("退出", "ended_on", waiting="在册"),
    ),
    sheet=Layout({
        "name": ("致富带头人", "创业致富带头人"),
        "trade": ("产业类型", "从事行业"),
        "scale": ("经营规模",),
        "subsidy": ("扶持资金", "创业扶持资金"),
    }),
    ledger=Ledger(
        "致富带头人台账",
        columns=("name", "trade", "scale", "recognised_on", "trained_on", "households", "loan", "subsidy"),
        widths={"trade": 36, "scale": 40},
        signatures=("填表人", "村党组织书记"),
    ),
    slips=(
        Slip(
            "roll", "致富带头人带动名册", ("trade", "scale", "recognised_on", "recognised_by", "households"),
            ("带头人", "村负责人"), Roll(("household_id", "way", "yearly_gain"), ("签字",)),
        ),
    ),
    figures=(Count("带头人数"), Sum("带动户数", "households"), Count("没有带动户", where=_households == 0)),
)  # fmt: skip
