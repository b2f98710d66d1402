"""工作清单: who is to do what by when, from the day it is given until it is filed."""

from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import UserError
from app.records.draft import SaveResult, is_taken, new_draft, open_draft, write_draft
from app.registers.engine.recurrence import next_due
from app.registers.engine.register import Children, Count, Layout, Ledger, Overdue, Register, Slip, Step
from app.registers.engine.topic import Topic
from app.workbook.workbook import Workbook
from db.schema.record import derived_id
from db.schema.work_task import TaskHousehold, WorkTask
from resources.limits import Limit

_DAYS = Limit("village_work")["days"]
_REPEATED = ("title", "list_kind", "task_force", "period", "source", "content", "unit", "responsible")
_LEDGER = Ledger(
    "工作清单及完成情况",
    columns=("title", "list_kind", "period", "unit", "responsible", "due_on", "result", "handled_on", "closed_on"),
    widths={"title": 44, "list_kind": 22, "period": 14, "unit": 22, "responsible": 18, "due_on": 24, "result": 36,
            "handled_on": 24, "closed_on": 24},
    signatures=("填表人", "责任人", "审核人"),
    sort="due_on,title",
)  # fmt: skip

REGISTER = Register(
    record=WorkTask,
    topic=Topic.WORK,
    subject="village",
    title="工作清单",
    order=15,
    columns=(
        "title", "list_kind", "task_force", "period", "source", "content", "unit", "responsible", "follows_id",
        "assigned_on", "assigned_by", "due_on", "extended_to", "extension_reason", "extension_approved_by",
        "received_on", "handled_on", "result", "evidence", "reported_on", "reviewed_on", "reviewed_by", "closed_on",
        "filed_on", "returned_on", "return_reason", "cancelled_on", "cancel_reason", "note",
    ),
    groups=(
        ("任务", ("title", "list_kind", "task_force", "period", "source", "content", "unit", "responsible",
                "assigned_on", "assigned_by", "due_on")),
        ("办理", ("received_on", "handled_on", "result", "evidence", "reported_on")),
        ("审核销号", ("reviewed_on", "reviewed_by", "closed_on", "filed_on", "returned_on", "return_reason")),
        ("延期和取消", ("extended_to", "extension_reason", "extension_approved_by", "cancelled_on", "cancel_reason",
                   "note")),
    ),
    starts={"assigned_on": date.today},
    explained={"extended_to": ("extension_reason", "extension_approved_by"), "returned_on": ("return_reason",)},
    author="assigned_by",
    filters=("list_kind", "task_force", "period", "source"),
    sort="step,due",
    dated="assigned_on",
    steps=(
        Step("下达", "assigned_on", needs=("title", "list_kind", "responsible", "due_on")),
        Step("签收", "received_on", within_days=_DAYS["task_receive"], responsible="responsible"),
        Step("办理", "handled_on", due=("extended_to", "due_on"), responsible="responsible"),
        Step("反馈", "reported_on", needs=("result",), due=("extended_to", "due_on"), responsible="responsible"),
        Step("审核", "reviewed_on", needs=("reviewed_by",), within_days=_DAYS["task_review"],
             responsible="assigned_by"),
        Step("销号", "closed_on", responsible="assigned_by"),
        Step("归档", "filed_on", responsible="assigned_by"),
    ),
    abandoned=Step("取消", "cancelled_on", needs=("cancel_reason",)),
    reminds=False,  # 今日 lists each task that is open
    in_archive=False,
    children=(Children(TaskHousehold, ("household_id", "note")),),
    sheet=Layout({
        "title": ("任务名称", "工作事项", "清单事项"),
        "list_kind": ("清单类别", "责任主体"),
        "content": ("工作内容", "具体要求", "任务要求"),
        "unit": ("牵头单位", "承办单位"),
        "responsible": ("责任人姓名", "承办人", "完成人"),
        "assigned_on": ("交办日期", "下达时间"),
        "due_on": ("完成时限", "完成期限", "办结时限"),
        "result": ("完成情况", "落实情况"),
        "handled_on": ("完成日期", "完成时间"),
    }),
    ledger=_LEDGER,
    more_ledgers=tuple(
        replace(_LEDGER, name=name, title=title, only=("list_kind", role))
        for name, title, role in (
            ("double_list", "双包工作清单", "double"),
            ("team_list", "驻村工作队工作清单及完成情况", "team"),
            ("area_list", "片区牵头单位工作清单", "area"),
        )
    ),
    slips=(
        Slip(
            "order", "工作任务交办单",
            ("title", "list_kind", "task_force", "source", "content", "unit", "responsible", "assigned_on",
             "assigned_by", "due_on", "received_on", "handled_on", "result", "evidence", "reported_on", "reviewed_by",
             "closed_on"),
            ("交办单位章", "责任人签收", "审核人"),
        ),
    ),
    figures=(
        Count("任务项数"),
        Count("已反馈", where=WorkTask.reported_on.is_not(None)),
        Count("已销号", where=WorkTask.closed_on.is_not(None)),
        Count("无人负责", where=WorkTask.responsible.is_(None)),
        Overdue(),
    ),
)  # fmt: skip


def send_back(workbook: Workbook, task_id: str, reason: str, on: date) -> SaveResult:
    """退回: what was handled and reported has to be done again, for a reason that is written down.

    Raises:
        UserError: no reason is given, or nothing was handled yet
    """
    if not reason.strip():
        raise UserError("请写退回的原因。")
    with workbook.operation("退回工作任务") as session:
        draft = open_draft(session, "work_task", task_id)
        if not draft.values["handled_on"]:
            raise UserError("这项任务还没有办理，不用退回。")
        undone = dict.fromkeys(("handled_on", "reported_on", "reviewed_on", "reviewed_by", "closed_on", "filed_on"))
        return write_draft(session, draft.with_values(**undone, returned_on=on, return_reason=reason.strip()))


def begin_next_period(workbook: Workbook, today: date) -> int:
    """Begin what is done every week, month, quarter or year anew where its period is over; returns how many.

    The id follows from the former task and the new day, so that two laptops begin one.
    """
    with workbook.operation("生成下一期任务") as session:
        ended = select(WorkTask).where(~WorkTask.withdrawn, WorkTask.due_on < today, WorkTask.cancelled_on.is_(None))
        return sum(_begin_next(session, task, today) for task in session.scalars(ended.order_by(WorkTask.id)).all())


def _begin_next(session: Session, task: WorkTask, today: date) -> bool:
    due_on = task.due_on and next_due(task.due_on, task.period, today)
    if due_on is None:
        return False
    task_id = derived_id("work_task", task.title, task.list_kind, task.unit, task.responsible, due_on)
    if is_taken(session, "work_task", task_id):
        return False
    values = {name: getattr(task, name) for name in _REPEATED}
    begun = new_draft("work_task", task.village, task_id, **values, assigned_on=today, due_on=due_on)
    write_draft(session, begun)
    listed = select(TaskHousehold.household_id).where(TaskHousehold.task_id == task.id, ~TaskHousehold.withdrawn)
    for household_id in session.scalars(listed).all():
        row_id = TaskHousehold.id_of(task_id, household_id)
        write_draft(
            session, new_draft("task_household", task.village, row_id, task_id=task_id, household_id=household_id)
        )
    return True
