"""年度考核记分: 90 points of the provincial assessment and 10 of nine items of everyday work."""

from typing import Any

from sqlalchemy import ColumnElement, func, select

from app.registers.engine.register import Children, Computed, Count, Layout, Ledger, Register, Roll, Slip, Step
from app.registers.engine.topic import Topic
from db.county_values import limit_value, options_of_role
from db.schema.assessment import Assessment, AssessmentItem
from db.types import ScaledDecimal
from resources.limits import Limit

_FULL = Limit("village_figures")["assessment_points"]


def _of_items(value: ColumnElement[Any], *conditions: ColumnElement[bool]) -> ColumnElement[Any]:
    of_assessment = (AssessmentItem.assessment_id == Assessment.id, ~AssessmentItem.withdrawn, *conditions)
    return select(value).select_from(AssessmentItem).where(*of_assessment).correlate(Assessment).scalar_subquery()


def _sum(column: Any, *conditions: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.coalesce(_of_items(func.sum(column), *conditions), 0, type_=ScaledDecimal(2))


_daily = AssessmentItem.item.in_(options_of_role("assessment_item", "daily"))
_weight = _sum(AssessmentItem.weight)
_items = _of_items(func.count())
_open = _of_items(func.count(), AssessmentItem.points.is_(None))
_over = _of_items(func.count(), AssessmentItem.points > AssessmentItem.weight)

REGISTER = Register(
    record=Assessment,
    topic=Topic.REPORTS,
    subject="village",
    order=95,
    columns=(
        "year", "unit", "weight", "points", "daily_points", "open_items", "self_scored_on", "scored_by", "reviewed_on",
        "result", "note",
    ),
    sort="-year,unit",
    dated="year",
    author="scored_by",
    in_archive=False,
    computed=(
        Computed("weight", "分值合计", _weight, kind="decimal"),
        Computed("points", "总得分", _sum(AssessmentItem.points), kind="decimal"),
        Computed("daily_points", "日常得分", _sum(AssessmentItem.points, _daily), kind="decimal"),
        Computed("open_items", "未记分项目", _open, kind="integer", places=0),
    ),
    children=(
        Children(
            AssessmentItem, ("item", "weight", "occurrences", "points", "evidence"), totals=("weight", "points"),
            widths={"item": 50, "evidence": 80},
        ),
    ),
    steps=(
        Step("自评", "self_scored_on", needs=("year",)),
        Step("考核确认", "reviewed_on", needs=("result",)),
    ),
    sheet=Layout({"year": ("年度",), "unit": ("组织考核单位",), "result": ("等次", "考核结果")}),
    ledger=Ledger(
        "年度考核记分台账",
        columns=("year", "unit", "weight", "points", "daily_points", "self_scored_on", "reviewed_on", "result"),
        signatures=("填表人", "村党组织书记"),
    ),
    slips=(
        Slip(
            "sheet", "日常考核记分表",
            ("year", "unit", "points", "daily_points", "self_scored_on", "scored_by", "reviewed_on", "result"),
            ("记分人", "村党组织书记", "考核单位章"),
            Roll(("item", "weight", "occurrences", "points", "evidence")),
        ),
    ),
    figures=(
        Count("考核次数"),
        Count("分值合计不等于满分", where=(_items > 0) & (_weight != limit_value(_FULL))),
        Count("有项目得分高于分值", where=_over > 0),
    ),
)  # fmt: skip
