"""意见建议: what a household asked for or criticised, who answers, and whether it is content with the answer."""

from datetime import date

from app.registers.engine.register import Count, Layout, Ledger, Overdue, Register, Step
from app.registers.engine.topic import Topic
from db.schema.social import Suggestion

REGISTER = Register(
    record=Suggestion,
    topic=Topic.SUPERVISION,
    subject="household",
    order=58,
    columns=(
        "raised_on", "channel", "content", "task_force", "responsible", "due_on", "replied_on", "reply",
        "satisfaction", "note",
    ),
    starts={"raised_on": date.today},
    filters=("channel", "task_force", "satisfaction"),
    sort="step,due",
    dated="raised_on",
    in_archive=False,
    steps=(
        Step("反映", "raised_on", needs=("content",)),
        Step("答复", "replied_on", needs=("reply",), due=("due_on",), responsible="responsible"),
        Step("回访满意度", outcome="satisfaction", optional=True),
    ),
    sheet=Layout({
        "raised_on": ("反映时间", "登记日期"),
        "content": ("群众诉求", "意见内容", "建议内容"),
        "responsible": ("承办人", "经办人"),
        "reply": ("办理结果", "答复情况"),
    }),
    ledger=Ledger(
        "群众意见建议台账",
        columns=("raised_on", "channel", "content", "responsible", "due_on", "replied_on", "reply", "satisfaction"),
        widths={"content": 42, "reply": 30},
        progress=False,
    ),
    figures=(
        Count("意见建议条数"),
        Count("已答复", where=Suggestion.replied_on.is_not(None)),
        Overdue("超期未答复"),
    ),
)  # fmt: skip
