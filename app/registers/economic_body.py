"""合作社和基地: what trades together in the village, and the households that take part or are taken along."""

from sqlalchemy import func, select

from app.registers.engine.register import Children, Computed, Count, Layout, Ledger, Register, Roll, Slip, Sum
from app.registers.engine.topic import Topic
from db.schema.economy import BodyHousehold, EconomicBody

_households = (
    select(func.count())
    .where(BodyHousehold.body_id == EconomicBody.id, ~BodyHousehold.withdrawn)
    .correlate(EconomicBody)
    .scalar_subquery()
)

REGISTER = Register(
    record=EconomicBody,
    topic=Topic.PROJECTS,
    subject="village",
    order=55,
    columns=(
        "name", "kind", "credit_code", "leader", "product", "is_main_product", "place", "area", "yearly_output",
        "households", "founded_on", "closed_on", "note",
    ),
    totals=("area", "yearly_output", "households"),
    public=("name", "kind", "leader", "product", "households"),
    filters=("kind", "is_main_product"),
    sort="closed_on,kind,name",
    dated="founded_on",
    computed=(Computed("households", "参与户数", _households, kind="integer", places=0),),
    children=(Children(BodyHousehold, ("household_id", "way", "joined_on", "share", "note"), totals=("share",)),),
    sheet=Layout({
        "name": ("合作社名称", "基地名称", "企业名称", "经济组织名称"),
        "leader": ("理事长", "法定代表人", "法人"),
        "product": ("主营产业", "特色产业", "经营范围"),
        "area": ("基地面积", "面积"),
        "founded_on": ("注册日期", "建成日期"),
    }),
    ledger=Ledger(
        "合作社和特色产业基地台账",
        columns=("name", "kind", "leader", "product", "place", "area", "yearly_output", "households", "founded_on"),
        widths={"name": 48, "place": 30},
        signatures=("填表人", "村党组织书记"),
    ),
    slips=(
        Slip(
            "roll", "入社和带动户名册", ("kind", "leader", "product", "area", "households", "founded_on"),
            ("负责人", "村负责人"), Roll(("household_id", "way", "joined_on", "share"), ("签字",)),
        ),
    ),
    figures=(
        Count("个数"),
        Sum("参与户数", "households"),
        Count("没有带动户", where=_households == 0),
    ),
)  # fmt: skip
