"""Money that a household borrows: 扶贫小额信贷 and how it is paid back."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Event, Record, reference


class SmallLoan(Record):
    """扶贫小额信贷: at most 50,000 yuan and three years, without pledge, the interest paid by the county."""

    __tablename__ = "small_loan"
    LABEL = "扶贫小额信贷"
    TITLE = ("bank", "issued_on")
    PARENT = "household_id"
    KEY = ("household_id", "issued_on", "contract_no")
    BLANK_IN_KEY = ("contract_no",)
    PRINTED = ("small_loan", "small_loan_ledger", "small_loan_reminder", "loan_reminders")

    household_id: Mapped[str | None] = reference("户", "household")
    member_id: Mapped[str | None] = reference("借款人", "member", required=False)
    bank: Mapped[str | None] = column("贷款银行", required=True)
    contract_no: Mapped[str | None] = column("借款合同号", short=True)
    amount: Mapped[Decimal | None] = column("贷款金额", "money", minimum=0, maximum=50000, required=True)
    rate: Mapped[Decimal | None] = column("年利率", "decimal", unit="%", minimum=0, maximum=24)
    interest_paid_by: Mapped[str | None] = column("贴息方式", "choice", options="interest_subsidy")
    purpose: Mapped[str | None] = column("贷款用途", "choice", options="loan_purpose", required=True)
    purpose_note: Mapped[str | None] = column("用途说明")
    issued_on: Mapped[date | None] = column("放款日期", "date", required=True)
    due_on: Mapped[date | None] = column("到期日期", "date", required=True)
    extended_to: Mapped[date | None] = column("展期至", "date")
    repaid_on: Mapped[date | None] = column("结清日期", "date")
    compensated_on: Mapped[date | None] = column("代偿日期", "date")
    note: Mapped[str | None] = column("备注", "long")


class LoanRepayment(Record):
    """One payment back."""

    __tablename__ = "loan_repayment"
    LABEL = "还款记录"
    TITLE = ("paid_on", "principal")
    PARENT = "loan_id"
    KEY = ("loan_id", "paid_on", "principal")
    BLANK_IN_KEY = ("principal",)
    PRINTED = ("small_loan", "small_loan_ledger")
    EVENTS = (Event("还款", ("paid_on",)),)

    loan_id: Mapped[str | None] = reference("扶贫小额信贷", "small_loan")
    paid_on: Mapped[date | None] = column("还款日期", "date", required=True)
    principal: Mapped[Decimal | None] = column("偿还本金", "money", minimum=0)
    interest: Mapped[Decimal | None] = column("支付利息", "money", minimum=0)
    subsidised: Mapped[Decimal | None] = column("其中贴息", "money", minimum=0)
    note: Mapped[str | None] = column("备注", "long")
