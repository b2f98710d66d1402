"""材料报送: the calendar of what is due to whom, and when it was sent."""

import resources
from app.registers.engine.register import Count, Layout, Ledger, Overdue, Register, Step
from db.schema.period_report import ReportDuty

_WARN_DAYS = int(resources.read("thresholds", "village_figures")["report_warn_days"])
_late = ReportDuty.sent_on > ReportDuty.due_on

REGISTER = Register(
    record=ReportDuty,
    group="统计调度",
    subject="village",
    title="材料报送",
    order=94,
    columns=(
        "title", "period", "recipient", "responsible", "due_on", "report_id", "sent_on", "sent_way", "receipt", "note",
    ),
    filters=("period",),
    sort="step,due",
    dated="due_on",
    in_archive=False,
    steps=(Step("报送", "sent_on", due=("due_on",), warn_days=_WARN_DAYS, responsible="responsible"),),
    sheet=Layout({
        "title": ("报表名称", "材料", "报送材料"),
        "period": ("报送周期",),
        "recipient": ("报送对象", "收件单位"),
        "due_on": ("上报时限", "截止时间"),
        "sent_on": ("上报日期", "实际报送日期"),
    }),
    ledger=Ledger(
        "材料报送台账",
        columns=("title", "period", "recipient", "responsible", "due_on", "sent_on", "sent_way", "receipt"),
        widths={"title": 46, "recipient": 34, "receipt": 34},
        signatures=("填表人", "驻村工作队队长"),
        sort="due_on,title",
    ),
    figures=(
        Count("应报材料"),
        Count("已报送", where=ReportDuty.sent_on.is_not(None)),
        Count("迟报", where=_late),
        Overdue("超期未报"),
    ),
)  # fmt: skip
