"""兜底保障: who is in 低保, 特困供养 or a subsidy for the disabled, in which class, with how much, since when."""

from typing import Any

from sqlalchemy import ColumnElement

from app.registers.engine.proposals import IncomeSource, MemberMark
from app.registers.engine.register import Count, Layout, Ledger, Register, Step, Sum
from app.registers.engine.topic import Topic
from db.county_values import options_of_role
from db.schema.assistance import SocialAssistance

_current = SocialAssistance.approved_on.is_not(None) & SocialAssistance.ended_on.is_(None)
_disabled = SocialAssistance.kind.in_(options_of_role("social_assistance_kind", "disabled"))
_sustenance = SocialAssistance.kind.in_(options_of_role("social_assistance_kind", "sustenance"))
_dibao = SocialAssistance.kind.in_(options_of_role("social_assistance_kind", "dibao"))
_tekun = SocialAssistance.kind.in_(options_of_role("social_assistance_kind", "tekun"))
_approved = SocialAssistance.approved_on.is_not(None)


def _paid_monthly(role: str, what: Any, of: ColumnElement[bool]) -> IncomeSource:
    return IncomeSource(
        SocialAssistance.amount, "started_in", role=role, what=what, until="ended_on", where=of & _approved
    )


REGISTER = Register(
    record=SocialAssistance,
    topic=Topic.SECURITY,
    subject="member",
    order=37,
    columns=(
        "kind", "level", "certificate_no", "applied_on", "approved_on", "started_in", "amount", "reviewed_on",
        "ended_on", "end_reason", "note",
    ),
    totals=("amount",),
    filters=("kind", "level"),
    sort="kind",
    dated="approved_on",
    steps=(
        Step("申请", "applied_on", needs=("kind",)),
        Step("审批", "approved_on", needs=("started_in", "amount")),
        Step("停发", "ended_on", needs=("end_reason",), waiting="享受中"),
    ),
    sheet=Layout({
        "kind": ("救助类别", "保障类型", "救助类型", "补贴类型"),
        "level": ("档次类别", "低保类别", "保障等级", "护理等级"),
        "certificate_no": ("低保证号", "特困证号", "证号"),
        "started_in": ("享受起始时间", "起始时间", "开始享受时间", "起保年月"),
        "amount": ("保障金额", "月保障金", "月补助金额", "补差金额"),
        "ended_on": ("停保日期", "退出日期", "停发时间"),
    }),
    ledger=Ledger(
        "兜底保障人员名册",
        columns=("kind", "level", "certificate_no", "approved_on", "started_in", "amount", "ended_on"),
        widths={"kind": 34, "level": 16, "certificate_no": 32, "amount": 20},
    ),
    figures=(
        Count("正在享受人数", distinct="member_id", where=_current),
        Count("其中低保和特困", distinct="member_id", where=_current & _sustenance),
        Count("其中残疾人补贴", distinct="member_id", where=_current & _disabled),
        Sum("每月保障金额", "amount", where=_current),
    ),
    ends_with_member="ended_on",
    incomes=(
        _paid_monthly("dibao", SocialAssistance.kind, _dibao),
        _paid_monthly("tekun", SocialAssistance.kind, _tekun),
        _paid_monthly("other_transfer", "残疾人两项补贴", _disabled),
    ),
    marks=(MemberMark("dibao", _current & _dibao, _dibao), MemberMark("tekun", _current & _tekun, _tekun)),
)  # fmt: skip
