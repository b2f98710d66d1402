"""防贫保险: what was reported to the insurer, looked at, posted and paid."""

from app.registers.engine.proposals import IncomeSource
from app.registers.engine.register import Count, Layout, Ledger, Overdue, Register, Step, Sum
from app.registers.engine.topic import Topic
from db.schema.insurance import InsuranceClaim
from resources.limits import Limit

_DAYS = Limit("aid")["days"]
_paid = InsuranceClaim.paid_on.is_not(None)

REGISTER = Register(
    record=InsuranceClaim,
    topic=Topic.INDUSTRY,
    subject="household",
    order=29,
    columns=(
        "member_id", "cause", "happened_on", "reported_on", "insurer", "loss", "surveyed_on", "survey", "published_on",
        "claim", "paid_on", "rejected_on", "reject_reason", "note",
    ),
    totals=("loss", "claim"),
    filters=("cause",),
    sort="due",
    dated="reported_on",
    steps=(
        Step("报案", "reported_on", needs=("cause",)),
        Step("查勘", "surveyed_on", needs=("survey",), within_days=_DAYS["claim_survey"]),
        Step("公示", "published_on", optional=True),
        Step("赔付", "paid_on", needs=("claim",), within_days=_DAYS["claim_pay"]),
    ),
    abandoned=Step("拒赔", "rejected_on", needs=("reject_reason",)),
    sheet=Layout({
        "cause": ("出险类型", "理赔原因"),
        "happened_on": ("出险时间",),
        "reported_on": ("报案时间",),
        "insurer": ("保险公司", "承保机构"),
        "loss": ("自付费用", "损失金额"),
        "claim": ("理赔金额", "赔款金额", "赔付金额（元）"),
        "paid_on": ("理赔日期", "赔款到账日期"),
    }),
    ledger=Ledger(
        "防贫保险理赔台账",
        columns=("member_id", "cause", "happened_on", "reported_on", "loss", "surveyed_on", "claim", "paid_on"),
        widths={"cause": 24, "loss": 22, "claim": 22},
    ),
    figures=(
        Count("报案件数"),
        Count("已赔付", where=_paid),
        Sum("赔付金额", "claim", where=_paid),
        Overdue("超期未办"),
    ),
    incomes=(IncomeSource(InsuranceClaim.claim, "paid_on", cell="claim_income"),),
)  # fmt: skip
