"""医疗费用: what a treatment cost, what each scheme paid, and what the patient paid."""

from typing import Any

from sqlalchemy import func, type_coerce

from app.registers.engine.proposals import IncomeSource
from app.registers.engine.register import Computed, Count, Layout, Ledger, Register, Sum
from app.registers.engine.topic import Topic
from db.schema.health import MedicalExpense
from db.types import ScaledDecimal

_SCHEMES = ("basic", "serious", "rescue", "supplement")
_paid_by_schemes: Any = sum(func.coalesce(getattr(MedicalExpense, name), 0) for name in _SCHEMES)
_reimbursed = type_coerce(_paid_by_schemes, ScaledDecimal(2))
_self_paid = MedicalExpense.total - _reimbursed
# of what the schemes count; of all where nobody wrote down what they do
_eligible_self_paid = func.max(func.coalesce(MedicalExpense.eligible, MedicalExpense.total) - _reimbursed, 0)

REGISTER = Register(
    record=MedicalExpense,
    topic=Topic.SCHOOL_AND_HEALTH,
    subject="member",
    order=34,
    columns=(
        "settled_on", "care", "hospital", "level", "illness", "total", "eligible", *_SCHEMES, "reimbursed",
        "self_paid", "note",
    ),
    totals=("total", "reimbursed", "self_paid"),
    filters=("care", "level"),
    sort="-settled_on",
    dated="settled_on",
    computed=(
        Computed("reimbursed", "报销金额", _reimbursed),
        Computed("self_paid", "个人自付", _self_paid),
    ),
    sheet=Layout({
        "settled_on": ("结算时间", "出院日期", "就诊日期"),
        "care": ("就诊类型", "医疗类别"),
        "hospital": ("医疗机构", "医疗机构名称", "就医机构"),
        "level": ("医疗机构级别", "就医地"),
        "illness": ("病种", "诊断", "疾病诊断"),
        "total": ("总费用", "医药费总额", "医疗费用总额"),
        "eligible": ("合规费用", "合规医药费用", "政策范围内费用"),
        "basic": ("基本医保", "新农合报销", "基本医保支付"),
        "serious": ("大病保险", "大病保险支付"),
        "rescue": ("民政救助", "医疗救助支付"),
        "supplement": ("兜底和补充医保", "政府兜底", "兜底保障", "补充医保", "180补充医保"),
    }),
    ledger=Ledger(
        "医疗费用核算台账",
        columns=("settled_on", "care", "hospital", "total", *_SCHEMES, "self_paid"),
        widths={
            "settled_on": 22, "care": 18, "hospital": 26, "total": 19, "basic": 19, "serious": 17, "rescue": 17,
            "supplement": 17, "self_paid": 17,
        },
    ),
    figures=(
        Count("就医人次"),
        Count("就医人数", distinct="member_id"),
        Sum("医疗总费用", "total"),
        Sum("报销合计", "reimbursed"),
        Sum("个人自付", "self_paid"),
    ),
    incomes=(
        IncomeSource(type_coerce(_eligible_self_paid, ScaledDecimal(2)), "settled_on", cell="medical_self_paid"),
    ),
)  # fmt: skip
