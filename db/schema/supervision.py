"""Checks from outside, calls to households, petitions."""

from datetime import date

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Record, reference


class SupervisionCheck(Record):
    """督查检查: somebody came to check the village, and what was found. docs/coverage.md 4.3-1, 4.5-1."""

    __tablename__ = "supervision_check"
    LABEL = "督查检查"
    TITLE = ("unit", "kind", "checked_on")
    PARENT = ""
    KEY = ("village", "unit", "kind", "checked_on")
    PRINTED = ("supervision_check_ledger", "supervision_check_record")

    kind: Mapped[str | None] = column("检查方式", "choice", options="check_kind", required=True)
    unit: Mapped[str | None] = column("检查单位", required=True)
    inspectors: Mapped[str | None] = column("检查人员", short=True)
    checked_on: Mapped[date | None] = column("检查日期", "date", required=True)
    subject: Mapped[str | None] = column("检查内容", "long")
    findings: Mapped[str | None] = column("发现的问题", "long")
    rating: Mapped[str | None] = column("评价等次")
    circulated: Mapped[bool | None] = column("是否通报", "yes_no")
    circular_no: Mapped[str | None] = column("通报文号", short=True)
    reply_due_on: Mapped[date | None] = column("整改报告时限", "date")
    replied_on: Mapped[date | None] = column("整改报告日期", "date")
    note: Mapped[str | None] = column("备注", "long")


class CheckedHousehold(Record):
    """受检户: a household that a check looked at."""

    __tablename__ = "checked_household"
    LABEL = "受检户"
    TITLE = ("household_id",)
    PARENT = "check_id"
    KEY = ("check_id", "household_id")
    PRINTED = ("supervision_check_ledger", "supervision_check_record")

    check_id: Mapped[str | None] = reference("督查检查", "supervision_check")
    household_id: Mapped[str | None] = reference("受检户", "household")
    finding: Mapped[str | None] = column("检查情况")


class PhoneCheck(Record):
    """电话抽查: a call to a household that asked what it knows of its helper and its support."""

    __tablename__ = "phone_check"
    LABEL = "电话抽查"
    TITLE = ("called_on", "unit")
    PARENT = "household_id"
    KEY = ("household_id", "called_on")
    PRINTED = ("phone_check", "phone_check_ledger")

    household_id: Mapped[str | None] = reference("户", "household")
    called_on: Mapped[date | None] = column("来电日期", "date", required=True)
    unit: Mapped[str | None] = column("抽查单位")
    answered_by: Mapped[str | None] = column("接听人", short=True)
    outcome: Mapped[str | None] = column("抽查结果")
    explained_on: Mapped[date | None] = column("上门解释日期", "date")
    explained_by: Mapped[str | None] = column("解释人", short=True)
    note: Mapped[str | None] = column("备注", "long")


class PhoneAnswer(Record):
    """电话问答: one question of a call, and whether the answer was right."""

    __tablename__ = "phone_answer"
    LABEL = "电话问答"
    TITLE = ("question",)
    PARENT = "call_id"
    KEY = ("call_id", "question")
    PRINTED = ("phone_check", "phone_check_ledger")

    call_id: Mapped[str | None] = reference("电话抽查", "phone_check")
    question: Mapped[str | None] = column("所问问题", "choice", options="phone_question", required=True)
    answer: Mapped[str | None] = column("回答")
    is_right: Mapped[bool | None] = column("是否答对", "yes_no")


class Petition(Record):
    """信访事项: a matter that somebody raised, until it is closed; the petitioner is shown masked."""

    __tablename__ = "petition"
    LABEL = "信访事项"
    TITLE = ("number", "received_on")
    PARENT = ""
    KEY = ("village", "number")
    PRINTED = ("petition_ledger", "petition_form")

    number: Mapped[str | None] = column("信访编号", required=True, short=True)
    received_on: Mapped[date | None] = column("登记日期", "date", required=True)
    channel: Mapped[str | None] = column("信访渠道", "choice", options="petition_channel", required=True)
    petitioner: Mapped[str | None] = column("信访人", mask="name")
    phone: Mapped[str | None] = column("联系电话", rule="phone", mask="phone")
    matter: Mapped[str | None] = column("反映事项", "long", sensitive=True)
    task_force: Mapped[str | None] = column("工作专班", "choice", options="task_force")
    responsible: Mapped[str | None] = column("承办人", short=True)
    accepted_on: Mapped[date | None] = column("受理日期", "date")
    replied_on: Mapped[date | None] = column("答复日期", "date")
    reply: Mapped[str | None] = column("答复意见", "long", sensitive=True)
    satisfaction: Mapped[str | None] = column("信访人评价", "choice", options="satisfaction")
    closed_on: Mapped[date | None] = column("办结日期", "date")
    declined_on: Mapped[date | None] = column("不予受理日期", "date")
    decline_reason: Mapped[str | None] = column("不予受理原因")
    note: Mapped[str | None] = column("备注", "long")
