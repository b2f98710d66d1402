"""Insurance of a member year by year, and what insurance against falling into poverty pays to a household."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Record, reference


class InsuranceEnrolment(Record):
    """参保: a member insured in one scheme for one year, and who paid."""

    __tablename__ = "insurance_enrolment"
    LABEL = "参保缴费"
    TITLE = ("member_id", "year", "kind")
    PARENT = "member_id"
    KEY = ("member_id", "year", "kind")
    PRINTED = ("insurance_enrolment", "insurance_enrolment_ledger")

    member_id: Mapped[str | None] = reference("参保人", "member")
    year: Mapped[int | None] = column("参保年度", "year", required=True)
    kind: Mapped[str | None] = column("险种", "choice", options="insurance_kind", required=True)
    payer: Mapped[str | None] = column("缴费方式", "choice", options="insurance_payer", required=True)
    fee: Mapped[Decimal | None] = column("缴费标准", "money", minimum=0)
    subsidised: Mapped[Decimal | None] = column("其中资助", "money", minimum=0)
    paid_on: Mapped[date | None] = column("缴费日期", "date")
    receipt_no: Mapped[str | None] = column("缴费凭证号", short=True)
    note: Mapped[str | None] = column("备注", "long")


class InsuranceClaim(Record):
    """防贫保险: a case of a household from the day it is reported until it is paid."""

    __tablename__ = "insurance_claim"
    LABEL = "防贫保险"
    TITLE = ("cause", "reported_on")
    PARENT = "household_id"
    KEY = ("household_id", "cause", "reported_on")
    PRINTED = ("insurance_claim", "insurance_claim_ledger")

    household_id: Mapped[str | None] = reference("户", "household")
    member_id: Mapped[str | None] = reference("涉及成员", "member", required=False)
    cause: Mapped[str | None] = column("出险原因", "choice", options="claim_cause", required=True)
    happened_on: Mapped[date | None] = column("出险日期", "date")
    reported_on: Mapped[date | None] = column("报案日期", "date", required=True)
    insurer: Mapped[str | None] = column("承保公司")
    loss: Mapped[Decimal | None] = column("自付费用或损失", "money", minimum=0)
    surveyed_on: Mapped[date | None] = column("查勘日期", "date")
    survey: Mapped[str | None] = column("查勘结论", "long", sensitive=True)
    published_on: Mapped[date | None] = column("公示日期", "date")
    claim: Mapped[Decimal | None] = column("赔付金额", "money", minimum=0)
    paid_on: Mapped[date | None] = column("赔付日期", "date")
    rejected_on: Mapped[date | None] = column("拒赔日期", "date")
    reject_reason: Mapped[str | None] = column("拒赔原因")
    note: Mapped[str | None] = column("备注", "long")
