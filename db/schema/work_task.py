"""What somebody is to do by a day, and the households that it concerns."""

from datetime import date

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Record, reference


class WorkTask(Record):
    """工作任务: an entry of a work list, from being given to being filed (docs/coverage.md 4.3-7)."""

    __tablename__ = "work_task"
    LABEL = "工作任务"
    TITLE = ("title",)
    PARENT = ""
    KEY = ("village", "title", "assigned_on", "responsible")
    BLANK_IN_KEY = ("assigned_on", "responsible")
    PRINTED = ("work_task_ledger", "work_task_order")

    title: Mapped[str | None] = column("工作任务", required=True)
    list_kind: Mapped[str | None] = column("所属清单", "choice", options="task_list", required=True)
    task_force: Mapped[str | None] = column("工作专班", "choice", options="task_force")
    period: Mapped[str | None] = column("频次", "choice", options="task_period")
    source: Mapped[str | None] = column("任务来源", "choice", options="task_source")
    content: Mapped[str | None] = column("工作要求", "long")
    unit: Mapped[str | None] = column("责任单位")
    responsible: Mapped[str | None] = column("责任人", short=True)
    follows_id: Mapped[str | None] = reference("前一项任务", "work_task", required=False)
    assigned_on: Mapped[date | None] = column("下达日期", "date")
    assigned_by: Mapped[str | None] = column("下达人", short=True)
    due_on: Mapped[date | None] = column("办理时限", "date")
    extended_to: Mapped[date | None] = column("延期至", "date")
    extension_reason: Mapped[str | None] = column("延期原因")
    extension_approved_by: Mapped[str | None] = column("延期批准人", short=True)
    received_on: Mapped[date | None] = column("签收日期", "date")
    handled_on: Mapped[date | None] = column("办理日期", "date")
    result: Mapped[str | None] = column("办理结果", "long")
    evidence: Mapped[str | None] = column("佐证材料")
    reported_on: Mapped[date | None] = column("反馈日期", "date")
    reviewed_on: Mapped[date | None] = column("审核日期", "date")
    reviewed_by: Mapped[str | None] = column("审核人", short=True)
    closed_on: Mapped[date | None] = column("销号日期", "date")
    filed_on: Mapped[date | None] = column("归档日期", "date")
    returned_on: Mapped[date | None] = column("最近退回日期", "date")
    return_reason: Mapped[str | None] = column("退回原因")
    cancelled_on: Mapped[date | None] = column("取消日期", "date")
    cancel_reason: Mapped[str | None] = column("取消原因")
    note: Mapped[str | None] = column("备注", "long")


class TaskHousehold(Record):
    """涉及户: a household that a task is about."""

    __tablename__ = "task_household"
    LABEL = "任务涉及户"
    TITLE = ("household_id",)
    PARENT = "task_id"
    KEY = ("task_id", "household_id")
    PRINTED = ("work_task_ledger", "work_task_order")

    task_id: Mapped[str | None] = reference("工作任务", "work_task")
    household_id: Mapped[str | None] = reference("涉及户", "household")
    note: Mapped[str | None] = column("办理情况")
