"""Money for those who cannot earn their living, and for those whom something has struck."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Record, reference


class SocialAssistance(Record):
    """兜底保障: a member in 低保, 特困供养 or a subsidy for the disabled, from a month until a month."""

    __tablename__ = "social_assistance"
    LABEL = "兜底保障"
    TITLE = ("member_id", "kind", "started_in")
    PARENT = "member_id"
    KEY = ("member_id", "kind", "started_in")
    PRINTED = ("social_assistance", "social_assistance_ledger")

    member_id: Mapped[str | None] = reference("享受人", "member")
    kind: Mapped[str | None] = column("保障类别", "choice", options="social_assistance_kind", required=True)
    level: Mapped[str | None] = column("档次", "choice", options="assistance_class")
    certificate_no: Mapped[str | None] = column("证件或批文号", short=True)
    applied_on: Mapped[date | None] = column("申请日期", "date")
    approved_on: Mapped[date | None] = column("审批日期", "date")
    started_in: Mapped[str | None] = column("享受起始月", "month", required=True)
    amount: Mapped[Decimal | None] = column("月保障金额", "money", minimum=0)
    reviewed_on: Mapped[date | None] = column("最近复核日期", "date")
    ended_on: Mapped[date | None] = column("停发日期", "date")
    end_reason: Mapped[str | None] = column("停发原因")
    note: Mapped[str | None] = column("备注", "long")


class EmergencyAid(Record):
    """救急难: help for a household that something has struck, from the application until the money is paid."""

    __tablename__ = "emergency_aid"
    LABEL = "救急难"
    TITLE = ("cause", "applied_on")
    PARENT = "household_id"
    KEY = ("household_id", "cause", "applied_on")
    PRINTED = ("emergency_aid", "emergency_aid_ledger")

    household_id: Mapped[str | None] = reference("户", "household")
    member_id: Mapped[str | None] = reference("涉及成员", "member", required=False)
    cause: Mapped[str | None] = column("困难原因", "choice", options="claim_cause", required=True)
    applied_on: Mapped[date | None] = column("申请日期", "date", required=True)
    situation: Mapped[str | None] = column("困难情况", "long", sensitive=True)
    requested: Mapped[Decimal | None] = column("申请金额", "money", minimum=0)
    verified_on: Mapped[date | None] = column("入户核实日期", "date")
    verified_by: Mapped[str | None] = column("核实人", short=True)
    finding: Mapped[str | None] = column("核实意见", "long", sensitive=True)
    approved_on: Mapped[date | None] = column("审批日期", "date")
    approved: Mapped[Decimal | None] = column("批准金额", "money", minimum=0)
    paid_on: Mapped[date | None] = column("发放日期", "date")
    fund_source: Mapped[str | None] = column("资金来源", "choice", options="fund_source")
    declined_on: Mapped[date | None] = column("不予救助日期", "date")
    decline_reason: Mapped[str | None] = column("不予救助原因")
    note: Mapped[str | None] = column("备注", "long")
