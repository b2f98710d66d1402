"""内生动力: how each household stands to its own way out, its causes, what is done, what changed."""

from datetime import date

from app.registers.engine.register import Count, Layout, Ledger, Overdue, Register, Step
from db.schema.social import Motivation

REGISTER = Register(
    record=Motivation,
    group="帮扶台账",
    subject="household",
    order=21,
    columns=(
        "judged_on", "level", "own_causes", "outer_causes", "plan", "points", "responsible", "judge_again_on",
        "changed_on", "result", "note",
    ),
    starts={"judged_on": date.today},
    filters=("level",),
    sort="-judged_on",
    dated="judged_on",
    in_archive=False,
    steps=(
        Step("研判", "judged_on", needs=("level",)),
        Step("再次研判", "changed_on", needs=("result",), due=("judge_again_on",), responsible="responsible",
             optional=True),
    ),
    sheet=Layout({
        "level": ("内生动力", "动力类型"),
        "own_causes": ("主观因素",),
        "outer_causes": ("客观因素",),
        "plan": ("激励措施", "帮扶措施"),
    }),
    ledger=Ledger(
        "内生动力分类施策台账",
        columns=("judged_on", "level", "own_causes", "outer_causes", "plan", "responsible", "result"),
        widths={"own_causes": 34, "outer_causes": 34, "plan": 42, "result": 32},
        progress=False,
    ),
    figures=(
        Count("研判户次"),
        Count("已有转变", where=Motivation.changed_on.is_not(None)),
        Count("没有施策措施", where=Motivation.plan.is_(None)),
        Overdue("到期未再研判"),
    ),
)  # fmt: skip
