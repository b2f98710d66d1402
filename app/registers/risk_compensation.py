"""贷款风险补偿: loans that were not repaid, from the reminder until the fund paid and the money came back."""

from app.registers.engine.register import Count, Layout, Ledger, Register, Step, Sum
from app.registers.engine.topic import Topic
from db.schema.economy import RiskCompensation

REGISTER = Register(
    record=RiskCompensation,
    topic=Topic.INDUSTRY,
    subject="household",
    order=47,
    columns=(
        "bank", "contract_no", "overdue_on", "overdue_amount", "cause", "called_on", "called_by", "applied_on",
        "compensated_on", "compensated", "recovered_on", "recovered", "note",
    ),
    totals=("overdue_amount", "compensated", "recovered"),
    sort="-overdue_on",
    dated="overdue_on",
    steps=(
        Step("登记逾期", "overdue_on", needs=("bank", "overdue_amount")),
        Step("催收", "called_on", needs=("called_by",)),
        Step("申请补偿", "applied_on"),
        Step("补偿", "compensated_on", needs=("compensated",)),
        Step("追回", "recovered_on", needs=("recovered",), settles_earlier=True),
    ),
    sheet=Layout({
        "bank": ("承贷银行",),
        "overdue_amount": ("逾期金额", "不良贷款金额"),
        "compensated": ("风险补偿金额", "代偿金额"),
    }),
    ledger=Ledger(
        "小额信贷风险补偿台账",
        columns=("bank", "overdue_on", "overdue_amount", "called_on", "applied_on", "compensated", "recovered"),
    ),
    figures=(Count("逾期笔数"), Sum("逾期本息", "overdue_amount"), Sum("补偿金额", "compensated"),
             Sum("追回金额", "recovered")),
)  # fmt: skip
