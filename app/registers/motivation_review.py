"""内生动力分析: how willing a household is, for which reasons, and what is done; for the team, never in an archive."""

from app.registers.engine.register import Count, Layout, Ledger, Overdue, Register, Step
from app.registers.engine.topic import Topic
from db.county_values import options_of_role
from db.schema.motivation import MotivationReview

_unwilling = MotivationReview.level.in_(options_of_role("motivation_level", "unwilling"))

REGISTER = Register(
    record=MotivationReview,
    topic=Topic.SUPPORT,
    subject="household",
    order=25,
    columns=(
        "reviewed_on", "level", "subjective", "objective", "plan", "responsible", "due_on", "achieved_on", "result",
        "note",
    ),
    filters=("level",),
    sort="-reviewed_on",
    dated="reviewed_on",
    in_archive=False,
    steps=(
        Step("分析", "reviewed_on", needs=("level",)),
        Step("见效", "achieved_on", needs=("plan", "result"), due=("due_on",), responsible="responsible"),
    ),
    sheet=Layout({
        "level": ("内生动力", "动力类别"),
        "subjective": ("主观因素",),
        "objective": ("客观因素",),
        "plan": ("帮扶办法", "施策措施"),
    }),
    ledger=Ledger(
        "内生动力主客观原因分析和分类施策台账",
        columns=("reviewed_on", "level", "subjective", "objective", "plan", "responsible", "due_on"),
        widths={"level": 20, "subjective": 34, "objective": 34, "plan": 45, "responsible": 17, "reviewed_on": 23,
                "due_on": 23},
    ),
    figures=(
        Count("分析户次"),
        Count("分析户数", distinct="household_id"),
        Count("等靠要", distinct="household_id", where=_unwilling & MotivationReview.achieved_on.is_(None)),
        Count("已见效", where=MotivationReview.achieved_on.is_not(None)),
        Overdue("到期未见效"),
    ),
)  # fmt: skip
