"""生产奖补: declared, verified on the spot, posted, paid; what was verified by the standard, up to a cap."""

from functools import partial

from sqlalchemy import Integer, String, cast, func, type_coerce

from app.registers.engine.proposals import IncomeSource
from app.registers.engine.register import Computed, Count, Layout, Ledger, Overdue, Register, Slip, Step, Sum
from app.registers.engine.topic import Topic
from db.county_values import looked_up, number_of_year
from db.schema.production import ProductionSubsidy
from db.types import ScaledDecimal
from resources.limits import Limit
from resources.option_roles import flag_values

_DAYS = Limit("aid")["days"]
NO_STANDARD = "标准未录入"
_FEN = 100  # money is kept in fen

_unit = looked_up(ProductionSubsidy.item, partial(flag_values, "production_item", "unit"), String)
_of_line = partial(number_of_year, "production_subsidy", year=ProductionSubsidy.year, item=ProductionSubsidy.item)
_standard, _cap = _of_line("standard"), _of_line("cap")
# a quantity is kept in hundredths: a hundredth of a unit at so many yuan is so many fen
_by_standard = func.round(type_coerce(ProductionSubsidy.verified, Integer) * _standard)
_entitled = cast(func.min(_by_standard, func.coalesce(_cap * _FEN, _by_standard)), Integer)

REGISTER = Register(
    record=ProductionSubsidy,
    topic=Topic.INDUSTRY,
    subject="household",
    order=28,
    columns=(
        "year", "item", "unit", "declared_on", "declared", "verified_on", "verified", "verified_by", "photo_id",
        "standard", "entitled", "published_on", "paid", "paid_on", "rejected_on", "reject_reason", "note",
    ),
    totals=("entitled", "paid"),
    public=("year", "item", "unit", "verified", "entitled"),
    filters=("item",),
    sort="-year",
    dated="year",
    blank_texts={"standard": NO_STANDARD, "photo_id": "没有照片"},
    computed=(
        Computed("unit", "单位", _unit, kind="text"),
        Computed("standard", "奖补标准", type_coerce(cast(_standard * _FEN, Integer), ScaledDecimal(2))),
        Computed("entitled", "应补金额", type_coerce(_entitled, ScaledDecimal(2))),
    ),
    steps=(
        Step("申报", "declared_on", needs=("year", "item", "declared")),
        Step("核验", "verified_on", needs=("verified", "verified_by"), responsible="verified_by"),
        Step("公示", "published_on", within_days=_DAYS["production_publish"]),
        Step("发放", "paid_on", needs=("paid",), within_days=_DAYS["production_pay"]),
    ),
    abandoned=Step("不予奖补", "rejected_on", needs=("reject_reason",)),
    sheet=Layout({
        "item": ("奖补类别", "产业项目", "奖补名称", "产业类型"),
        "declared": ("申报规模", "申报面积"),
        "verified": ("验收数量", "核验规模", "验收规模", "核实数量"),
        "verified_on": ("验收日期", "核验时间", "验收时间"),
        "verified_by": ("验收人", "核验人员"),
        "paid": ("奖补金额", "补助金额", "实补金额"),
        "paid_on": ("发放时间", "兑现日期"),
    }),
    ledger=Ledger(
        "产业奖补核验和发放台账",
        columns=(
            "year", "item", "unit", "declared", "verified", "standard", "entitled", "paid", "paid_on", "verified_by",
        ),
        widths={"item": 22, "unit": 12, "standard": 18, "entitled": 20, "paid": 20, "verified_by": 18},
        signatures=("填表人", "核验人", "村党组织书记"),
    ),
    more_ledgers=(
        Ledger(
            "生产奖补发放花名册",
            columns=("year", "item", "verified", "unit", "entitled", "paid"),
            widths={"item": 22, "verified": 18, "unit": 12, "entitled": 22, "paid": 22},
            signatures=("制表人", "发放人", "村务监督委员会"),
            by_household=True,
            progress=False,
            name="roll",
            blanks=("领取人签字",),
        ),
    ),
    slips=(
        Slip(
            "acceptance", "生产奖补申报验收表",
            ("year", "item", "declared_on", "declared", "unit", "verified_on", "verified", "verified_by", "standard",
             "entitled", "published_on", "paid", "paid_on"),
            ("申报人", "核验人", "村民委员会盖章"),
            photographs=("photo_id",),
        ),
    ),
    figures=(
        Count("申报项数"),
        Count("奖补户数", distinct="household_id", where=ProductionSubsidy.paid_on.is_not(None)),
        Count("核验没有照片", where=ProductionSubsidy.verified_on.is_not(None) & ProductionSubsidy.photo_id.is_(None)),
        Sum("应补金额", "entitled"),
        Sum("实发金额", "paid"),
        Count(NO_STANDARD, where=ProductionSubsidy.verified.is_not(None) & _standard.is_(None)),
        Overdue("超期未办"),
    ),
    incomes=(IncomeSource(ProductionSubsidy.paid, "paid_on", role="other_transfer", what="生产奖补"),),
)  # fmt: skip
