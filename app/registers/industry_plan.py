"""产业规划: what the village means to grow and build year by year, and how far it came."""

from app.registers.engine.register import Count, Layout, Ledger, Overdue, Register, Step, Sum
from app.registers.engine.topic import Topic
from db.schema.economy import IndustryPlan

REGISTER = Register(
    record=IndustryPlan,
    topic=Topic.PROJECTS,
    subject="village",
    order=45,
    columns=(
        "title", "year", "document", "place", "unit", "planned", "reached", "investment", "planned_households",
        "responsible", "due_on", "completed_on", "note",
    ),
    totals=("investment", "planned_households"),
    filters=("responsible",),
    sort="-year,title",
    dated="year",
    in_archive=False,
    steps=(Step("完成", "completed_on", needs=("reached",), due=("due_on",), responsible="responsible", warn_days=30),),
    sheet=Layout({
        "title": ("规划内容", "产业项目"),
        "planned": ("规划规模", "计划数"),
        "reached": ("完成数", "实际规模"),
        "investment": ("投资估算", "总投资"),
    }),
    ledger=Ledger(
        "村级产业规划实施表",
        columns=("title", "year", "place", "unit", "planned", "reached", "investment", "planned_households", "due_on"),
        widths={"title": 50, "place": 36},
        signatures=("填表人", "村党组织书记"),
    ),
    figures=(Count("规划项目"), Sum("计划投资", "investment"), Overdue("超期未完成")),
)  # fmt: skip
