"""特色产业: what a household grew or raised, how much came of it, what was sold by which way, and what that earned."""

from functools import partial

from sqlalchemy import ColumnElement, String, func, or_

from app.registers.engine.proposals import IncomeSource
from app.registers.engine.register import Computed, Count, Layout, Ledger, Register, Sum
from app.registers.engine.topic import Topic
from db.county_values import looked_up, options_of_role
from db.schema.production import FarmBusiness
from resources.option_roles import flag_values


def _of_kind(name: str) -> ColumnElement[str]:
    """What resources/dictionaries/industry_kind.toml says of the kind of a row, for kinds of the county as well."""
    return looked_up(FarmBusiness.kind, partial(flag_values, "industry_kind", name), String)


def _accounted(sales: str, costs: str, where: ColumnElement[bool]) -> tuple[IncomeSource, IncomeSource]:
    """What was sold and what it cost, under the items of the account with these roles."""
    return (
        IncomeSource(FarmBusiness.sales, "year", role=sales, what=FarmBusiness.kind, where=where),
        IncomeSource(FarmBusiness.cost, "year", role=costs, what=FarmBusiness.kind, where=where),
    )


_planting = FarmBusiness.kind.in_(options_of_role("industry_kind", "planting"))
_orchard = FarmBusiness.kind.in_(options_of_role("industry_kind", "orchard"))
_livestock = FarmBusiness.kind.in_(options_of_role("industry_kind", "livestock"))
_net = func.coalesce(FarmBusiness.sales, 0) - func.coalesce(FarmBusiness.cost, 0)

REGISTER = Register(
    record=FarmBusiness,
    topic=Topic.INDUSTRY,
    subject="household",
    order=21,
    columns=(
        "year", "kind", "variety", "scale", "unit", "output", "sold", "output_unit", "price", "sales", "cost", "net",
        "channel", "buyer", "unsold", "note",
    ),
    totals=("sales", "cost", "net"),
    public=("year", "kind", "scale", "unit"),
    filters=("kind", "channel"),
    sort="-year,kind",
    dated="year",
    computed=(
        Computed("unit", "规模单位", _of_kind("unit"), kind="text"),
        Computed("output_unit", "产量单位", _of_kind("output_unit"), kind="text"),
        Computed("net", "销售毛利", _net),
    ),
    sheet=Layout({
        "year": ("年份",),
        "kind": ("产业类型", "主导产业", "产业名称", "特色产业"),
        "scale": ("面积", "种植面积", "养殖数量", "发展规模"),
        "output": ("总产量", "出栏量"),
        "sold": ("销售数量", "销售量"),
        "price": ("单价", "销售价格"),
        "sales": ("销售额", "产业收入", "年销售收入"),
        "cost": ("成本", "投入"),
        "channel": ("销售方式", "销售途径"),
        "buyer": ("收购单位", "购买单位"),
    }),
    ledger=Ledger(
        "特色产业发展台账",
        columns=(
            "year", "kind", "scale", "unit", "output", "sold", "output_unit", "sales", "cost", "net", "channel",
        ),
        widths={
            "kind": 20, "scale": 17, "unit": 12, "output": 18, "sold": 18, "output_unit": 12, "sales": 24, "cost": 22,
            "net": 24, "channel": 24,
        },
    ),
    figures=(
        Count("产业项数"),
        Count("发展产业户数", distinct="household_id"),
        Sum("销售收入", "sales"),
        Sum("其中消费帮扶", "sales", where=FarmBusiness.channel.in_(options_of_role("sale_channel", "aid"))),
        Count("有滞销", where=FarmBusiness.unsold.is_not(None)),
    ),
    incomes=(
        *_accounted("planting", "planting_costs", _planting),
        *_accounted("orchard", "orchard_costs", _orchard),
        *_accounted("livestock", "livestock_costs", _livestock),
        *_accounted("other_production", "other_costs", ~or_(_planting, _orchard, _livestock)),
    ),
)  # fmt: skip
