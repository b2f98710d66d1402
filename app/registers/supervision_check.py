"""督查检查: who came to check what, which households were seen, and whether the village has answered."""

from sqlalchemy import ColumnElement, func, select

from app.registers.engine.register import Children, Computed, Count, Layout, Ledger, Overdue, Register, Slip, Step, Sum
from app.registers.engine.topic import Topic
from db.schema.rectification import Rectification
from db.schema.supervision import CheckedHousehold, SupervisionCheck


def _count(record: type[CheckedHousehold] | type[Rectification]) -> ColumnElement[int]:
    """How many rows of a kind belong to a check."""
    of_check = (record.check_id == SupervisionCheck.id, ~record.withdrawn)
    return select(func.count()).select_from(record).where(*of_check).correlate(SupervisionCheck).scalar_subquery()


REGISTER = Register(
    record=SupervisionCheck,
    topic=Topic.SUPERVISION,
    subject="village",
    order=16,
    columns=(
        "kind", "unit", "inspectors", "checked_on", "subject", "households", "problems", "findings", "rating",
        "circulated", "circular_no", "reply_due_on", "replied_on", "note",
    ),
    totals=("households", "problems"),
    filters=("kind", "circulated"),
    sort="-checked_on",
    dated="checked_on",
    in_archive=False,
    computed=(
        Computed("households", "受检户数", _count(CheckedHousehold), kind="integer", places=0),
        Computed("problems", "列入整改", _count(Rectification), kind="integer", places=0),
    ),
    children=(Children(CheckedHousehold, ("household_id", "finding")),),
    steps=(
        Step("检查", "checked_on", needs=("kind", "unit")),
        Step("报告整改", "replied_on", if_filled="reply_due_on", due=("reply_due_on",), warn_days=7),
    ),
    sheet=Layout({
        "kind": ("督查方式", "检查类型"),
        "unit": ("督查单位", "督查组"),
        "checked_on": ("督查日期", "督查时间", "检查时间"),
        "findings": ("存在问题", "问题描述", "反馈问题"),
        "reply_due_on": ("反馈时限", "整改时限"),
    }),
    ledger=Ledger(
        "督查检查台账",
        columns=("kind", "unit", "checked_on", "households", "findings", "problems", "circular_no", "replied_on"),
        widths={"kind": 24, "unit": 36, "findings": 62, "circular_no": 28},
    ),
    slips=(
        Slip(
            "record", "督查检查记录",
            ("kind", "unit", "inspectors", "checked_on", "subject", "findings", "rating", "reply_due_on"),
            ("检查人员", "村党组织书记"),
        ),
    ),
    figures=(
        Count("检查次数"),
        Sum("受检户次", "households"),
        Count("被通报", where=SupervisionCheck.circulated.is_(True)),
        Overdue("未按时报告"),
    ),
)  # fmt: skip
