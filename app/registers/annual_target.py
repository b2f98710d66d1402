"""年度任务: what is planned for a year, what has been reached, and how far that is."""

from datetime import date

from sqlalchemy import Integer, case, null, type_coerce

from app.registers.engine.register import Computed, Count, Layout, Ledger, Overdue, Register, Step
from app.registers.engine.topic import Topic
from db.schema.village_year import AnnualTarget
from db.types import ScaledDecimal

# both are kept as whole hundredths, and so is the quotient in per cent, halves rounded up
_planned, _reached = type_coerce(AnnualTarget.planned, Integer), type_coerce(AnnualTarget.reached, Integer)
_rate = type_coerce(
    case((_planned > 0, (_reached * 20000 + _planned) // (2 * _planned)), else_=null()), ScaledDecimal(2)
)

REGISTER = Register(
    record=AnnualTarget,
    topic=Topic.REPORTS,
    subject="village",
    order=92,
    columns=(
        "year", "title", "measured_by", "planned", "reached", "unit", "rate", "reached_on", "responsible", "due_on",
        "completed_on", "note",
    ),
    starts={"year": lambda: date.today().year},
    sort="-year,title",
    dated="year",
    in_archive=False,
    computed=(Computed("rate", "完成率%", _rate, kind="decimal"),),
    steps=(Step("完成", "completed_on", needs=("reached",), due=("due_on",), responsible="responsible",
                waiting="进行中"),),
    sheet=Layout({
        "title": ("任务", "目标任务", "工作任务名称"),
        "planned": ("目标数", "任务数", "计划"),
        "reached": ("实际完成", "已完成数", "完成"),
    }),
    ledger=Ledger(
        "年度任务完成表",
        columns=("title", "planned", "reached", "unit", "rate", "reached_on", "responsible", "due_on"),
        widths={"title": 64, "planned": 24, "reached": 24, "unit": 18, "rate": 18, "reached_on": 26, "responsible": 20,
                "due_on": 26},
        signatures=("填表人", "村党组织书记"),
        sort="title",
    ),
    figures=(
        Count("任务项数"),
        Count("已完成计划", where=AnnualTarget.reached >= AnnualTarget.planned),
        Count("未统计完成数", where=AnnualTarget.reached.is_(None)),
        Overdue(),
    ),
)  # fmt: skip
