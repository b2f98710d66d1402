"""救急难: what has struck a household, who went to see within three days, and what was granted and paid."""

from app.registers.engine.proposals import IncomeSource
from app.registers.engine.register import Count, Layout, Ledger, Overdue, Register, Slip, Step, Sum
from app.registers.engine.topic import Topic
from db.schema.assistance import EmergencyAid
from resources.limits import Limit

_DAYS = Limit("aid")["days"]
_open = EmergencyAid.paid_on.is_(None) & EmergencyAid.declined_on.is_(None)

REGISTER = Register(
    record=EmergencyAid,
    topic=Topic.SECURITY,
    subject="household",
    order=38,
    columns=(
        "member_id", "cause", "applied_on", "situation", "requested", "verified_on", "verified_by", "finding",
        "approved_on", "approved", "fund_source", "paid_on", "declined_on", "decline_reason", "note",
    ),
    totals=("requested", "approved"),
    filters=("cause", "fund_source"),
    sort="due",
    dated="applied_on",
    steps=(
        Step("申请", "applied_on", needs=("cause", "situation")),
        Step(
            "核实", "verified_on", needs=("verified_by", "finding"), within_days=_DAYS["emergency_verify"],
            responsible="verified_by",
        ),
        Step("审批", "approved_on", needs=("approved",), within_days=_DAYS["emergency_approve"]),
        Step("发放", "paid_on", within_days=_DAYS["emergency_pay"]),
    ),
    abandoned=Step("不予救助", "declined_on", needs=("decline_reason",)),
    sheet=Layout({
        "member_id": ("救助对象", "患者"),
        "cause": ("困难类型", "致困原因", "救助类型"),
        "applied_on": ("申请时间", "申报日期"),
        "situation": ("困难情形", "申请理由", "困难情况说明"),
        "verified_on": ("核实日期", "核查日期"),
        "approved": ("救助金额", "批准救助金额"),
        "paid_on": ("发放时间", "救助时间"),
    }),
    ledger=Ledger(
        "边缘户救急难台账",
        columns=("member_id", "cause", "applied_on", "verified_on", "approved_on", "approved", "paid_on", "note"),
        widths={"cause": 24, "approved": 20, "note": 24},
        signatures=("填表人", "审核人", "村党组织书记"),
    ),
    slips=(
        Slip(
            "application", "救急难申请审批表",
            ("member_id", "cause", "applied_on", "situation", "requested", "verified_on", "verified_by", "finding",
             "approved_on", "approved", "fund_source", "paid_on"),
            ("申请人", "村民委员会盖章", "乡镇人民政府盖章"),
        ),
    ),
    figures=(
        Count("申请件数"),
        Count("办理中", where=_open),
        Count("已救助户数", distinct="household_id", where=EmergencyAid.paid_on.is_not(None)),
        Sum("救助金额", "approved", where=EmergencyAid.paid_on.is_not(None)),
        Overdue("超期未办"),
    ),
    incomes=(IncomeSource(EmergencyAid.approved, "paid_on", role="other_transfer", what="救急难"),),
)  # fmt: skip
