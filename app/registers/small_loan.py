"""扶贫小额信贷: who borrowed how much for what, when it is due, and what is still owed."""

from collections.abc import Mapping

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.records.draft import is_taken, new_draft, write_draft
from app.records.field import Value
from app.records.measure_roles import has_role
from app.registers.engine.proposals import IncomeSource
from app.registers.engine.register import Children, Computed, Count, Layout, Ledger, Overdue, Register, Slip, Step, Sum
from app.registers.engine.topic import Topic
from app.workbook.workbook import Workbook
from db.schema.aid import Measure
from db.schema.finance import LoanRepayment, SmallLoan
from db.schema.record import derived_id

_repaid = (
    select(func.coalesce(func.sum(LoanRepayment.principal), 0))
    .where(LoanRepayment.loan_id == SmallLoan.id, ~LoanRepayment.withdrawn)
    .scalar_subquery()
)
_balance = case((SmallLoan.repaid_on.is_(None), SmallLoan.amount - _repaid), else_=0)
# what of the interest the county does not pay
_own_interest = LoanRepayment.interest - func.coalesce(LoanRepayment.subsidised, 0)
_open = SmallLoan.repaid_on.is_(None) & SmallLoan.compensated_on.is_(None)

REGISTER = Register(
    record=SmallLoan,
    topic=Topic.INDUSTRY,
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
        "扶贫小额信贷台账",
        columns=("member_id", "bank", "amount", "purpose", "issued_on", "due_on", "balance", "repaid_on", "note"),
        widths={"bank": 24, "amount": 20, "balance": 20, "note": 18, "purpose": 18, "member_id": 18},
    ),
    slips=(
        Slip(
            "reminder", "扶贫小额信贷到期提醒单",
            ("member_id", "bank", "contract_no", "amount", "issued_on", "due_on", "extended_to", "balance"),
            ("贷款户签收", "送达人", "村民委员会盖章"),
            text="{about}：您家在{bank}的扶贫小额信贷应于{last_day}归还，{days}，尚欠本金{balance}元。请备好资金，"
            "尽早还清，保持好信用；确有困难的，请及早告诉村里和银行，商量续贷或展期。"
            "贷款由您家自己借、自己用、自己还，不要转给他人或企业使用。",
        ),
    ),
    figures=(
        Count("贷款笔数"),
        Count("贷款户数", distinct="household_id"),
        Sum("贷款余额", "balance", where=_open),
        Overdue("逾期未还"),
    ),
    incomes=(
        IncomeSource(_own_interest, "paid_on", role="other_costs", what="小额信贷利息", record=LoanRepayment),
    ),
)  # fmt: skip


def take_over_measures(workbook: Workbook) -> int:
    """Begin a loan for each measure that tells of one, so that it can be repaid; the measure stays. Returns how many.

    The id follows from the measure: two laptops that do this begin one loan, and nothing is taken over twice. A loan
    that was written into the register by hand, of the same household and day, is the loan of the measure.
    """
    taken_over = 0
    with workbook.operation("转入措施里的小额信贷") as session:
        for measure in _measures_of_loans(session):
            id = derived_id("small_loan", measure.id)
            if not is_taken(session, SmallLoan.__tablename__, id) and not _is_registered(session, measure):
                write_draft(session, new_draft(SmallLoan.__tablename__, measure.village, id, **_loan_values(measure)))
                taken_over += 1
    return taken_over


def _measures_of_loans(session: Session) -> list[Measure]:
    kept = select(Measure).where(~Measure.withdrawn, Measure.merged_into.is_(None)).order_by(Measure.id)
    return [measure for measure in session.scalars(kept) if has_role(measure.kind, measure.title, "loan")]


def _is_registered(session: Session, measure: Measure) -> bool:
    same = (SmallLoan.household_id == measure.household_id, SmallLoan.issued_on == measure.started_on)
    return session.scalar(select(SmallLoan.id).where(*same, ~SmallLoan.withdrawn).limit(1)) is not None


def _loan_values(measure: Measure) -> Mapping[str, Value]:
    return {
        "household_id": measure.household_id,
        "member_id": measure.member_id,
        "bank": measure.responsible,
        "amount": measure.amount,
        "purpose_note": "：".join(text for text in (measure.title, measure.content) if text) or None,
        "issued_on": measure.started_on,
        "due_on": measure.ended_on,
        "note": measure.note,
    }
