"""What illness costs a member, and the cards that let chronic illness be treated for less."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Record, reference


class MedicalExpense(Record):
    """医疗费用: one stay in hospital or one bill, with what each scheme paid of it."""

    __tablename__ = "medical_expense"
    LABEL = "医疗费用"
    TITLE = ("member_id", "settled_on", "hospital")
    PARENT = "member_id"
    KEY = ("member_id", "settled_on", "hospital", "total")
    BLANK_IN_KEY = ("hospital", "total")
    PRINTED = ("medical_expense", "medical_expense_ledger", "medical_settlement")

    member_id: Mapped[str | None] = reference("患者", "member")
    settled_on: Mapped[date | None] = column("结算日期", "date", required=True)
    care: Mapped[str | None] = column("就医类型", "choice", options="medical_care", required=True)
    hospital: Mapped[str | None] = column("就诊医院")
    level: Mapped[str | None] = column("医院级别", "choice", options="hospital_level", required=True)
    illness: Mapped[str | None] = column("疾病名称", sensitive=True)
    total: Mapped[Decimal | None] = column("医疗总费用", "money", minimum=0, required=True)
    eligible: Mapped[Decimal | None] = column("其中合规费用", "money", minimum=0)
    basic: Mapped[Decimal | None] = column("基本医保报销", "money", minimum=0)
    serious: Mapped[Decimal | None] = column("大病保险报销", "money", minimum=0)
    rescue: Mapped[Decimal | None] = column("医疗救助", "money", minimum=0)
    supplement: Mapped[Decimal | None] = column("兜底补充报销", "money", minimum=0)
    note: Mapped[str | None] = column("备注", "long")


class ChronicCard(Record):
    """慢病证: a member's card for one chronic illness."""

    __tablename__ = "chronic_card"
    LABEL = "慢病证"
    TITLE = ("member_id", "disease")
    PARENT = "member_id"
    KEY = ("member_id", "disease", "issued_on")
    BLANK_IN_KEY = ("issued_on",)
    PRINTED = ("chronic_card", "chronic_card_ledger")

    member_id: Mapped[str | None] = reference("持证人", "member")
    disease: Mapped[str | None] = column("慢性病病种", sensitive=True, required=True)
    card_no: Mapped[str | None] = column("慢病证号", mask="id", sensitive=True)
    applied_on: Mapped[date | None] = column("申请日期", "date")
    issued_on: Mapped[date | None] = column("发证日期", "date")
    valid_until: Mapped[date | None] = column("有效期至", "date")
    renewed_on: Mapped[date | None] = column("换证或注销日期", "date")
    doctor: Mapped[str | None] = column("签约家庭医生", short=True)
    doctor_phone: Mapped[str | None] = column("医生电话", rule="phone", mask="phone")
    note: Mapped[str | None] = column("备注", "long")
