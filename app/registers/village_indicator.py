"""村情指标: the figures of the village by year, each against its standard; a standard that is missing is told so."""

from decimal import Decimal
from functools import partial

from sqlalchemy import ColumnElement, String, and_, case, func, null

from app.records.field import options
from app.registers.engine.register import Computed, Count, Layout, Ledger, Register
from app.registers.engine.topic import Topic
from db.county_values import looked_up, options_of_role, options_with
from db.schema.village_year import VillageIndicator
from db.types import ScaledDecimal
from resources.limits import limits
from resources.option_roles import flag_values

_LIST = "village_indicator"
_LAST = 10**6  # behind all that the list has
MET, NOT_MET, NO_STANDARD, NOT_FILLED = "已达标", "未达标", "标准未录入", "未填"


def _unit() -> ColumnElement[str]:
    return func.coalesce(looked_up(VillageIndicator.indicator, partial(flag_values, _LIST, "unit"), String), "")


def _places() -> dict[str, int]:
    return {option.value: n for n, option in enumerate(options(_LIST))}


def _place() -> ColumnElement[int]:
    """Where an indicator stands in its list."""
    return func.coalesce(looked_up(VillageIndicator.indicator, _places), _LAST)


def _standards() -> dict[str, int]:
    return {indicator: int(number) * 100 for indicator, number in limits("village_figures")["standards"].items()}


def _standard() -> ColumnElement[Decimal]:
    """What was entered, else what the county or the program sets for every year."""
    known = looked_up(VillageIndicator.indicator, _standards)
    return func.coalesce(VillageIndicator.standard, known, type_=ScaledDecimal(2))


def _met() -> ColumnElement[str | None]:
    """In words; NULL where an indicator is not measured by anything."""
    indicator, value, standard = VillageIndicator.indicator, VillageIndicator.value, _standard()
    at_least, at_most = (indicator.in_(options_with(_LIST, "compare", way)) for way in ("at_least", "at_most"))
    answered = indicator.in_(options_with(_LIST, "compare", "yes"))
    return case(
        (and_(answered, VillageIndicator.answer.is_(None)), NOT_FILLED),
        (answered, case((VillageIndicator.answer.is_(True), MET), else_=NOT_MET)),
        (~(at_least | at_most), null()),
        (value.is_(None), NOT_FILLED),
        (standard.is_(None), NO_STANDARD),
        (at_least, case((value >= standard, MET), else_=NOT_MET)),
        else_=case((value <= standard, MET), else_=NOT_MET),
    )


REGISTER = Register(
    record=VillageIndicator,
    topic=Topic.REPORTS,
    subject="village",
    title="村情",
    order=91,
    columns=(
        "year", "indicator", "value", "answer", "unit", "standard", "compared_with", "met", "source", "from_records",
        "note",
    ),
    blank_texts={"met": "不考核"},
    filters=("indicator", "from_records"),
    sort="-year,place",
    dated="year",
    in_archive=False,
    computed=(
        Computed("place", "次序", _place(), kind="integer", places=0),
        Computed("unit", "计量单位", _unit(), kind="text"),
        Computed("compared_with", "适用标准", _standard(), kind="decimal"),
        Computed("met", "达标情况", _met(), kind="text"),
    ),
    sheet=Layout({
        "year": ("统计年度",),
        "indicator": ("指标名称", "村情指标"),
        "value": ("指标值", "本年数"),
        "standard": ("达标标准", "省定标准"),
    }),
    ledger=Ledger(
        "村情表",
        columns=("year", "indicator", "value", "answer", "unit", "compared_with", "met", "source"),
        widths={"indicator": 60, "value": 24, "answer": 14, "unit": 18, "compared_with": 24, "met": 24, "source": 50},
        signatures=("填表人", "村党组织书记", "驻村工作队"),
    ),
    figures=(
        Count("已填指标", where=VillageIndicator.value.is_not(None) | VillageIndicator.answer.is_not(None)),
        Count("“两基”指标", where=VillageIndicator.indicator.in_(options_of_role(_LIST, "services"))),
        Count(MET, where=_met() == MET),
        Count(NOT_MET, where=_met() == NOT_MET),
        Count(NO_STANDARD, where=_met() == NO_STANDARD),
    ),
)  # fmt: skip
