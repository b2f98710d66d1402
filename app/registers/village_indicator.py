"""村情指标: the figures of the village by year, each against its standard; a standard that is missing is told so."""

from decimal import Decimal

from sqlalchemy import ColumnElement, and_, case, func, null

import resources
from app.records.field import options
from app.registers.engine.register import Computed, Count, Layout, Ledger, Register
from db.county_values import limit_value, options_of_role
from db.schema.village_year import VillageIndicator
from db.types import ScaledDecimal
from resources.limits import Limit

_STANDARDS = Limit("village_figures")["standards"]
_OPTIONS = {option.value: option for option in options("village_indicator")}
MET, NOT_MET, NO_STANDARD, NOT_FILLED = "已达标", "未达标", "标准未录入", "未填"


def _of_options(key: str, wanted: object) -> list[str]:
    return [value for value, option in _OPTIONS.items() if option.extra.get(key) == wanted]


def _unit() -> ColumnElement[str]:
    units = {value: option.extra.get("unit", "") for value, option in _OPTIONS.items()}
    return case(units, value=VillageIndicator.indicator, else_="")


def _place() -> ColumnElement[int]:
    """Where an indicator stands in its list."""
    places = {value: n for n, value in enumerate(_OPTIONS)}
    return case(places, value=VillageIndicator.indicator, else_=len(places))


def _standard() -> ColumnElement[Decimal]:
    """What was entered, else what the program brings along."""
    shipped = {
        value: limit_value(_STANDARDS[value]) * 100
        for value in resources.program_data("thresholds", _STANDARDS.name)["standards"]
    }
    known = case(shipped, value=VillageIndicator.indicator, else_=null())
    return func.coalesce(VillageIndicator.standard, known, type_=ScaledDecimal(2))


def _met() -> ColumnElement[str | None]:
    """In words; NULL where an indicator is not measured by anything."""
    indicator, value, standard = VillageIndicator.indicator, VillageIndicator.value, _standard()
    at_least, at_most = (indicator.in_(_of_options("compare", way)) for way in ("at_least", "at_most"))
    answered = indicator.in_(_of_options("compare", "yes"))
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
    group="村务台账",
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
        Count("“两基”指标", where=VillageIndicator.indicator.in_(options_of_role("village_indicator", "services"))),
        Count(MET, where=_met() == MET),
        Count(NOT_MET, where=_met() == NOT_MET),
        Count(NO_STANDARD, where=_met() == NO_STANDARD),
    ),
)  # fmt: skip
