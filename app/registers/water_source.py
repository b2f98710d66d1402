"""饮水水源: who drinks of which source, what its tests showed, when it runs short, and what is done then."""

from sqlalchemy import func, select

from app.registers.engine.register import Children, Computed, Count, Layout, Ledger, Register, Slip
from app.registers.engine.topic import Topic
from db.county_values import options_of_role
from db.schema.water import WaterHousehold, WaterSource, WaterTest

_of_source = (WaterTest.source_id == WaterSource.id, ~WaterTest.withdrawn)
_latest = select(WaterTest.result).where(*_of_source).order_by(WaterTest.tested_on.desc(), WaterTest.id).limit(1)
_latest_result = _latest.correlate(WaterSource).scalar_subquery()
_tested_on = select(func.max(WaterTest.tested_on)).where(*_of_source).correlate(WaterSource).scalar_subquery()
_households = (
    select(func.count())
    .where(WaterHousehold.source_id == WaterSource.id, ~WaterHousehold.withdrawn)
    .correlate(WaterSource)
    .scalar_subquery()
)

REGISTER = Register(
    record=WaterSource,
    topic=Topic.FACILITIES,
    subject="village",
    order=44,
    columns=(
        "name", "kind", "place", "built_on", "capacity", "households", "keeper", "protected", "disinfected",
        "tested_on", "test_result", "short_months", "short_measure", "closed_on", "note",
    ),
    totals=("households",),
    filters=("kind", "protected", "disinfected"),
    sort="name",
    dated="built_on",
    in_archive=False,
    computed=(
        Computed("households", "供水户数", _households, kind="integer", places=0),
        Computed("tested_on", "最近检测日期", _tested_on, kind="date"),
        Computed("test_result", "最近检测结论", _latest_result, kind="text"),
    ),
    children=(
        Children(WaterHousehold, ("household_id", "note")),
        Children(WaterTest, ("tested_on", "unit", "report_no", "result", "exceeded")),
    ),
    sheet=Layout({
        "name": ("水源", "供水工程名称", "工程名称"),
        "kind": ("供水类型", "工程类型"),
        "keeper": ("管水员", "管护员"),
        "capacity": ("供水规模", "日供水量"),
        "short_months": ("缺水季节", "缺水月份"),
    }),
    ledger=Ledger(
        "饮水水源和水质检测台账",
        columns=(
            "name", "kind", "place", "households", "keeper", "protected", "disinfected", "tested_on", "test_result",
            "short_months",
        ),
        widths={"name": 42, "kind": 26, "place": 34, "keeper": 20, "short_months": 30, "protected": 18,
                "disinfected": 18},
        signatures=("填表人", "管水员", "村负责人"),
    ),
    slips=(
        Slip(
            "card", "饮水水源登记卡",
            ("name", "kind", "place", "built_on", "capacity", "households", "keeper", "protected", "disinfected",
             "tested_on", "test_result", "short_months", "short_measure"),
            ("登记人", "管水员", "村民委员会盖章"),
        ),
    ),
    figures=(
        Count("水源数", where=WaterSource.closed_on.is_(None)),
        Count("没有检测", where=_tested_on.is_(None) & WaterSource.closed_on.is_(None)),
        Count("最近检测不合格", where=_latest_result.in_(options_of_role("water_result", "unclean"))),
        Count("季节性缺水", where=WaterSource.short_months.is_not(None)),
    ),
)  # fmt: skip
