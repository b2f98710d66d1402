"""政策库: which policies there are, for whom, by which document, and which record proves that somebody has one."""

from sqlalchemy import func, select

from app.registers.engine.register import Computed, Count, Layout, Ledger, Register
from app.registers.engine.topic import Topic
from db.schema.policy import Policy
from db.schema.visit import VisitPolicy

_explained = (
    select(func.count())
    .where(VisitPolicy.policy_id == Policy.id, ~VisitPolicy.withdrawn)
    .correlate(Policy)
    .scalar_subquery()
)

REGISTER = Register(
    record=Policy,
    title="政策库",
    topic=Topic.REPORTS,
    subject="village",
    order=97,
    columns=(
        "name", "level", "document_no", "given_to", "whom", "standard", "content", "proof", "yearly", "valid_from",
        "valid_until", "explained", "note", "condition", "proof_condition",
    ),
    computed=(Computed("explained", "宣讲户次", _explained, kind="integer", places=0),),
    form_excludes=("condition", "proof_condition"),
    filters=("level", "given_to", "proof"),
    sort="name",
    dated="valid_from",
    in_archive=False,
    sheet=Layout({
        "name": ("政策", "文件名称", "项目名称"),
        "document_no": ("文件号", "文件依据", "依据"),
        "whom": ("享受对象", "政策对象", "补助对象"),
        "standard": ("标准", "享受标准", "资助标准"),
        "content": ("政策要点", "主要内容"),
        "valid_from": ("起始日期", "生效日期", "执行时间"),
        "valid_until": ("截止日期", "失效日期"),
    }),
    ledger=Ledger(
        "政策一览表",
        columns=("name", "level", "document_no", "whom", "standard", "proof", "valid_from", "valid_until"),
        widths={"name": 36, "level": 14, "document_no": 34, "whom": 56, "standard": 38, "proof": 22},
        signatures=("填表人", "审核人"),
    ),
    figures=(
        Count("政策项数"),
        Count("未设置条件", where=Policy.condition.is_(None)),
        Count("未设置享受记录", where=Policy.proof.is_(None)),
    ),
)  # fmt: skip
