"""村出列验收: asked for, seen by the township and the county, posted, approved; what each indicator came to."""

from typing import Any

from sqlalchemy import ColumnElement, func, select

from app.registers.engine.register import Children, Computed, Count, Layout, Ledger, Register, Roll, Slip, Step
from app.registers.engine.topic import Topic
from db.schema.village_year import ExitCriterion, VillageExit


def _criteria(*conditions: ColumnElement[bool]) -> ColumnElement[Any]:
    of_exit = (ExitCriterion.exit_id == VillageExit.id, ~ExitCriterion.withdrawn, *conditions)
    return select(func.count()).select_from(ExitCriterion).where(*of_exit).correlate(VillageExit).scalar_subquery()


_listed, _met = _criteria(), _criteria(ExitCriterion.met.is_(True))

REGISTER = Register(
    record=VillageExit,
    topic=Topic.REPORTS,
    subject="village",
    order=96,
    columns=(
        "year", "proposed_on", "listed", "met", "town_on", "town_opinion", "county_on", "county_opinion",
        "published_on", "approved_on", "approval_no", "refused_on", "refusal", "note",
    ),
    sort="-year",
    dated="year",
    in_archive=False,
    computed=(
        Computed("listed", "验收指标数", _listed, kind="integer", places=0),
        Computed("met", "达标指标数", _met, kind="integer", places=0),
    ),
    children=(Children(
            ExitCriterion, ("criterion", "standard", "actual", "met", "evidence"),
            widths={"criterion": 60, "standard": 26, "actual": 26, "evidence": 40},
        ),),
    steps=(
        Step("村级申请", "proposed_on", needs=("year",)),
        Step("乡镇核查", "town_on", needs=("town_opinion",)),
        Step("县级验收", "county_on", needs=("county_opinion",)),
        Step("公示", "published_on"),
        Step("批准", "approved_on"),
    ),
    abandoned=Step("不予出列", "refused_on", needs=("refusal",)),
    sheet=Layout({"year": ("出列年份",), "approved_on": ("出列日期", "批准日期")}),
    ledger=Ledger(
        "村出列验收台账",
        columns=("year", "proposed_on", "listed", "met", "town_on", "county_on", "published_on", "approved_on",
                 "approval_no"),
        signatures=("填表人", "村党组织书记"),
    ),
    slips=(
        Slip(
            "acceptance", "贫困村出列验收表",
            ("year", "proposed_on", "town_on", "town_opinion", "county_on", "county_opinion", "published_on",
             "approved_on", "approval_no"),
            ("村民委员会章", "乡镇政府章", "县级验收组"),
            Roll(("criterion", "standard", "actual", "met", "evidence")),
        ),
    ),
    figures=(
        Count("验收次数"),
        Count("有未达标指标", where=_met < _listed),
        Count("没有填指标", where=_listed == 0),
    ),
)  # fmt: skip
