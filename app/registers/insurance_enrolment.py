"""参保缴费: who is insured in what in which year, and who paid."""

from sqlalchemy import ColumnElement

from app.registers.engine.proposals import MemberMark
from app.registers.engine.register import Count, Layout, Ledger, Register, Step, Sum
from app.registers.engine.topic import Topic
from db.county_values import options_with
from db.schema.insurance import InsuranceEnrolment


def _of(column: str) -> ColumnElement[bool]:
    """Rows of the schemes that the member's column tells of."""
    return InsuranceEnrolment.kind.in_(options_with("insurance_kind", "member_column", column))


REGISTER = Register(
    record=InsuranceEnrolment,
    topic=Topic.SECURITY,
    subject="member",
    order=36,
    columns=("year", "kind", "payer", "fee", "subsidised", "paid_on", "receipt_no", "note"),
    totals=("fee", "subsidised"),
    filters=("kind", "payer"),
    sort="-year",
    dated="year",
    steps=(Step("缴费", "paid_on", needs=("year", "kind", "payer")),),
    sheet=Layout({
        "year": ("年度", "缴费年度"),
        "kind": ("参保险种", "参保类型", "保险类型"),
        "payer": ("缴费类型", "缴费人", "代缴情况"),
        "fee": ("缴费金额", "应缴金额", "个人缴费标准"),
        "subsidised": ("资助金额", "财政资助", "代缴金额"),
        "paid_on": ("缴费时间", "参保日期"),
    }),
    ledger=Ledger(
        "参保缴费名单",
        columns=("year", "kind", "payer", "fee", "subsidised", "paid_on", "receipt_no"),
        widths={"kind": 40, "receipt_no": 30},
    ),
    figures=(
        Count("参保人次"),
        Count("参保人数", distinct="member_id"),
        Count("未缴费", where=InsuranceEnrolment.paid_on.is_(None)),
        Sum("缴费合计", "fee"),
        Sum("其中资助", "subsidised"),
    ),
    marks=tuple(
        MemberMark(column, _of(column) & InsuranceEnrolment.paid_on.is_not(None), _of(column), year="year")
        for column in ("med_ins", "emp_med_ins", "serious_ins", "comm_ins", "pension", "emp_pension")
    ),
)  # fmt: skip
