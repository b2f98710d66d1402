"""帮扶资产: what projects left to the village, who keeps it, what it earned and what its upkeep cost."""

from sqlalchemy import ColumnElement, String, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.registers.engine.register import Children, Computed, Count, Layout, Ledger, Overdue, Register, Slip, Step, Sum
from app.registers.engine.topic import Topic
from db.schema.asset import Asset, AssetMonth, AssetYear
from resources.limits import Limit


def _of_years(column: InstrumentedAttribute[object]) -> ColumnElement[object]:
    """The sum of a column over the years of an asset."""
    of_asset = (AssetYear.asset_id == Asset.id, ~AssetYear.withdrawn)
    return select(func.coalesce(func.sum(column), 0)).where(*of_asset).scalar_subquery()


# of the years that are told month by month, and what was written down of these years as a whole
_month_income = (
    select(func.coalesce(func.sum(AssetMonth.income), 0))
    .where(AssetMonth.asset_id == Asset.id, ~AssetMonth.withdrawn)
    .scalar_subquery()
)
_told_years = (
    select(func.substr(AssetMonth.month, 1, 4))
    .where(AssetMonth.asset_id == Asset.id, ~AssetMonth.withdrawn)
    .correlate(Asset)
)
_year_income = (
    select(func.coalesce(func.sum(AssetYear.income), 0))
    .where(AssetYear.asset_id == Asset.id, ~AssetYear.withdrawn, cast(AssetYear.year, String).in_(_told_years))
    .correlate(Asset)
    .scalar_subquery()
)

REGISTER = Register(
    record=Asset,
    topic=Topic.PROJECTS,
    subject="village",
    order=41,
    columns=(
        "name", "kind", "project_id", "place", "scale", "capacity", "value", "owner", "operator", "keeper",
        "contract_no", "acquired_on", "registered_on", "contract_until", "condition", "income", "month_income",
        "upkeep", "disposed_on", "disposal", "note",
    ),
    blank_texts={"project_id": "没有项目"},
    totals=("value", "income", "upkeep"),
    public=("name", "kind", "place", "scale", "value", "owner", "operator", "keeper", "condition"),
    filters=("kind", "condition"),
    sort="-acquired_on",
    dated="acquired_on",
    computed=(
        Computed("income", "累计收益", _of_years(AssetYear.income)),
        Computed("upkeep", "累计管护支出", _of_years(AssetYear.upkeep)),
        Computed("month_income", "按月结算收益", _month_income),
    ),
    children=(
        Children(AssetYear, ("year", "income", "upkeep", "work"), ("income", "upkeep")),
        Children(AssetMonth, ("month", "power", "income", "received_on", "fault"), ("power", "income")),
    ),
    steps=(
        Step("移交", "acquired_on", needs=("name", "kind")),
        Step("确权", "registered_on", needs=("owner", "keeper")),
        Step(
            "处置", "disposed_on", needs=("disposal",), due=("contract_until",), waiting="管护中",
            warn_days=Limit("village_work")["contract_warn_days"],
        ),
    ),
    sheet=Layout({
        "name": ("资产名称及规格", "名称"),
        "kind": ("资产类型", "资产分类"),
        "value": ("原值", "资产价值", "购建金额"),
        "owner": ("产权归属", "权属"),
        "keeper": ("管护人", "管护责任人姓名"),
        "operator": ("经营者", "使用单位", "承租人"),
        "condition": ("使用状况", "资产现状"),
    }),
    ledger=Ledger(
        "帮扶资产登记台账",
        columns=("name", "kind", "place", "value", "owner", "operator", "keeper", "condition", "income", "upkeep"),
        widths={"name": 34, "kind": 20, "place": 20, "owner": 24, "operator": 26, "keeper": 18},
    ),
    slips=(
        Slip(
            "card", "帮扶资产登记表",
            ("name", "kind", "project_id", "place", "scale", "capacity", "value", "owner", "operator", "keeper",
             "contract_no", "acquired_on", "registered_on", "contract_until", "condition"),
            ("登记人", "管护责任人", "村民委员会盖章"),
        ),
    ),
    figures=(
        Count("资产件数"),
        Sum("资产原值", "value"),
        Sum("累计收益", "income"),
        Sum("累计管护支出", "upkeep"),
        Count("年收益与各月之和不符", where=(_month_income != 0) & (_month_income != _year_income)),
        Overdue("合同到期"),
    ),
)  # fmt: skip
