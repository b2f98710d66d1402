"""Problems that were found, and their rectification. docs/domain/mechanisms.md 4.5-3, 5.2-5."""

from datetime import date

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Event, Record, reference


class Rectification(Record):
    """问题整改: one problem from the day it was assigned until it is closed out.

    It is closed out only after a follow-up visit (回访销号, docs/domain/mechanisms.md 5.2-5).
    """

    __tablename__ = "rectification"
    LABEL = "问题整改"
    TITLE = ("number", "found_on")
    PARENT = "household_id"
    KEY = ("household_id", "found_on", "problem")
    BLANK_IN_KEY = ("household_id",)
    REVIEWED = (*Record.REVIEWED, "reviewed_by", "closed_on")
    PRINTED = ("rectifications", "rectification_ledger")
    EVENTS = (
        Event("发现问题", ("found_on",), ("problem",)),
        Event("整改完成", ("done_on",), ("outcome",)),
        Event("回访", ("followup_on",), ("followup_by", "opinion")),
        Event("销号", ("closed_on",), ("reviewed_by",)),
    )

    household_id: Mapped[str | None] = reference("户", "household", required=False)
    inspection_id: Mapped[str | None] = reference("入户检查", "inspection", required=False)
    check_id: Mapped[str | None] = reference("督查检查", "supervision_check", required=False)
    call_id: Mapped[str | None] = reference("电话抽查", "phone_check", required=False)
    check: Mapped[str | None] = column("检查要点", derived=True)
    number: Mapped[str | None] = column("整改编号", short=True)
    source: Mapped[str | None] = column("问题来源", "choice", options="rectification_source", required=True)
    level: Mapped[str | None] = column("交办方式", "choice", options="rectification_level")
    issued_by: Mapped[str | None] = column("下发单位")
    problem_class: Mapped[str | None] = column("问题类别", "choice", options="problem_class")
    task_force: Mapped[str | None] = column("工作专班", "choice", options="task_force")
    found_on: Mapped[date | None] = column("发现日期", "date", required=True)
    problem: Mapped[str | None] = column("存在问题", "long", required=True)
    responsible: Mapped[str | None] = column("责任人", short=True)
    plan: Mapped[str | None] = column("整改措施", "long")
    due_on: Mapped[date | None] = column("整改时限", "date")
    extended_to: Mapped[date | None] = column("延期至", "date")
    extension_reason: Mapped[str | None] = column("延期原因")
    extension_approved_by: Mapped[str | None] = column("延期批准人", short=True)
    done_on: Mapped[date | None] = column("完成日期", "date")
    outcome: Mapped[str | None] = column("完成情况", "long")
    evidence: Mapped[str | None] = column("佐证材料")
    before_photo_id: Mapped[str | None] = reference("整改前照片", "photo", required=False)
    after_photo_id: Mapped[str | None] = reference("整改后照片", "photo", required=False)
    reviewed_by: Mapped[str | None] = column("销号审核人", short=True)
    closed_on: Mapped[date | None] = column("销号日期", "date")
    followup_on: Mapped[date | None] = column("回访日期", "date")
    followup_by: Mapped[str | None] = column("回访人", short=True)
    opinion: Mapped[str | None] = column("回访结果", "long")
    rechecked_on: Mapped[date | None] = column("回头看日期", "date")
    recheck_result: Mapped[str | None] = column("回头看结果")
    note: Mapped[str | None] = column("备注", "long")
