"""请假: asked for, approved by the township and where it is long by the county, and reported back from."""

from sqlalchemy import Integer, cast, func

from app.registers.engine.register import Computed, Count, Layout, Ledger, Overdue, Register, Slip, Step, Sum
from app.registers.engine.topic import Topic
from db.county_values import limit_value
from db.schema.work_team import LeaveRequest
from resources.limits import Limit

_NORMS = Limit("village_work")
_days = cast(func.julianday(LeaveRequest.ended_on) - func.julianday(LeaveRequest.started_on), Integer) + 1

REGISTER = Register(
    record=LeaveRequest,
    topic=Topic.TEAM,
    subject="helper",
    order=62,
    columns=(
        "kind", "reason", "started_on", "ended_on", "days", "destination", "substitute", "applied_on",
        "village_opinion", "town_approved_on", "town_approved_by", "county_approved_on", "county_approved_by",
        "returned_on", "refused_on", "note",
    ),
    totals=("days",),
    filters=("kind",),
    sort="-started_on",
    dated="started_on",
    computed=(Computed("days", "请假天数", _days, kind="integer", places=0),),
    steps=(
        Step("申请", "applied_on", needs=("kind", "reason", "started_on", "ended_on")),
        Step("乡镇批准", "town_approved_on", needs=("town_approved_by",), due=("started_on",)),
        Step("县级批准", "county_approved_on", needs=("county_approved_by",), optional=True),
        Step(
            "销假", "returned_on", waiting="休假中", counted_from="ended_on",
            within_days=_NORMS["days"]["leave_return"],
        ),
    ),
    abandoned=Step("不准假", "refused_on"),
    sheet=Layout({
        "kind": ("假别", "请假类型"),
        "reason": ("请假原因", "事由"),
        "started_on": ("请假开始日期", "起"),
        "ended_on": ("请假结束日期", "止"),
        "town_approved_by": ("批准人",),
        "returned_on": ("返岗日期",),
    }),
    ledger=Ledger(
        "请假销假台账",
        columns=(
            "kind", "reason", "started_on", "ended_on", "days", "town_approved_by", "county_approved_by",
            "returned_on",
        ),
        widths={"reason": 34, "town_approved_by": 18, "county_approved_by": 18},
        signatures=("填表人", "队长"),
    ),
    slips=(
        Slip(
            "slip", "请假条",
            ("kind", "reason", "started_on", "ended_on", "days", "destination", "substitute", "applied_on",
             "village_opinion", "town_approved_by", "town_approved_on", "county_approved_by", "county_approved_on",
             "returned_on"),
            ("请假人", "驻村工作队队长", "村党组织书记", "乡镇党委盖章", "县级组织部门盖章"),
        ),
    ),
    figures=(
        Count("请假次数"),
        Sum("请假天数", "days"),
        Count(
            "应报县而未报",
            where=(_days > limit_value(_NORMS["county_leave_days"]))
            & LeaveRequest.county_approved_on.is_(None) & LeaveRequest.refused_on.is_(None),
        ),
        Overdue("超期未批未销"),
    ),
)  # fmt: skip
