"""材料报送: the calendar of what is due to whom, and when it was sent."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.records.draft import is_taken, new_draft, write_draft
from app.registers.engine.recurrence import next_due
from app.registers.engine.register import Count, Layout, Ledger, Overdue, Register, Step
from app.registers.engine.topic import Topic
from app.workbook.workbook import Workbook
from db.schema.period_report import ReportDuty
from resources.limits import Limit

_WARN_DAYS = Limit("village_figures")["report_warn_days"]
_late = ReportDuty.sent_on > ReportDuty.due_on

REGISTER = Register(
    record=ReportDuty,
    topic=Topic.WORK,
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


def begin_next_duties(workbook: Workbook, today: date) -> int:
    """Begin what is due every month, quarter or year anew where its last day is over; returns how many.

    The id follows from what is due and the new day, so that two laptops begin one.
    """
    with workbook.operation("生成下一期报送") as session:
        ended = select(ReportDuty).where(~ReportDuty.withdrawn, ReportDuty.due_on < today)
        return sum(_begin_next(session, duty, today) for duty in session.scalars(ended.order_by(ReportDuty.id)).all())


def _begin_next(session: Session, duty: ReportDuty, today: date) -> bool:
    due_on = duty.due_on and next_due(duty.due_on, duty.period, today)
    if due_on is None:
        return False
    duty_id = ReportDuty.id_of(duty.village, duty.title, due_on)
    if is_taken(session, "report_duty", duty_id):
        return False
    repeated = {name: getattr(duty, name) for name in ("title", "period", "recipient", "responsible")}
    write_draft(session, new_draft("report_duty", duty.village, duty_id, **repeated, due_on=due_on))
    return True
