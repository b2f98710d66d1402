"""扶贫小额信贷: who borrowed how much for what, when it is due, and what is still owed."""

from sqlalchemy import case, func, select

from app.registers.engine.register import Children, Computed, Count, Layout, Ledger, Overdue, Register, Step, Sum
from db.schema.finance import LoanRepayment, SmallLoan

_repaid = (
    select(func.coalesce(func.sum(LoanRepayment.principal), 0))
    .where(LoanRepayment.loan_id == SmallLoan.id, ~LoanRepayment.withdrawn)
    .scalar_subquery()
)
_balance = case((SmallLoan.repaid_on.is_(None), SmallLoan.amount - _repaid), else_=0)
_open = SmallLoan.repaid_on.is_(None) & SmallLoan.compensated_on.is_(None)

REGISTER = Register(
    record=SmallLoan,
    group="金融帮扶",
    subject="household",
    order=30,
    columns=(
        "member_id", "bank", "contract_no", "amount", "rate", "interest_paid_by", "purpose", "purpose_note",
        "issued_on", "due_on", "extended_to", "balance", "repaid_on", "compensated_on", "note",
    ),
    totals=("amount", "balance"),
    sort="due",
    dated="issued_on",
    computed=(Computed("balance", "贷款余额", _balance),),
    children=(Children(LoanRepayment, ("paid_on", "principal", "interest", "subsidised", "note"), ("principal",)),),
    steps=(
        Step("发放", "issued_on", needs=("bank", "amount", "purpose")),
        Step("结清", "repaid_on", due=("extended_to", "due_on"), warn_days=90),
    ),
    abandoned=Step("代偿", "compensated_on"),
    sheet=Layout({
        "bank": ("放贷银行", "承贷银行", "贷款机构"),
        "amount": ("借款金额", "放款金额", "贷款额度"),
        "purpose": ("用途", "借款用途"),
        "issued_on": ("贷款日期", "借款日期", "发放日期", "贷款发放时间"),
        "due_on": ("到期时间", "贷款到期日", "还款日期"),
        "rate": ("利率", "贷款利率"),
        "member_id": ("贷款人", "贷款人姓名", "借款人姓名"),
        "repaid_on": ("还清日期", "结清时间"),
    }),
    ledger=Ledger(
        "小额信贷发放和还款台账",
        columns=("member_id", "bank", "amount", "purpose", "issued_on", "due_on", "balance", "repaid_on", "note"),
        widths={"bank": 24, "amount": 20, "balance": 20, "note": 18, "purpose": 18, "member_id": 18},
    ),
    figures=(
        Count("贷款笔数"),
        Count("贷款户数", distinct="household_id"),
        Sum("贷款余额", "balance", where=_open),
        Overdue("逾期未还"),
    ),
)  # fmt: skip
