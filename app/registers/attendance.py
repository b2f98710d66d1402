"""驻村考勤: where each member of the work team was, day by day."""

from app.registers.engine.register import Count, Layout, Ledger, Register
from app.registers.engine.topic import Topic
from db.county_values import options_of_role
from db.schema.work_team import Attendance


def _of_role(label: str, role: str) -> Count:
    return Count(label, where=Attendance.state.in_(options_of_role("attendance_state", role)))


REGISTER = Register(
    record=Attendance,
    topic=Topic.TEAM,
    subject="helper",
    order=60,
    columns=("day", "half", "state", "place", "work", "leave_approved_by", "note"),
    sort="-day",
    dated="day",
    sheet=Layout({
        "day": ("考勤日期", "驻村日期"),
        "state": ("考勤情况", "出勤情况", "状态"),
        "work": ("工作内容及成效", "主要工作", "工作情况"),
        "leave_approved_by": ("准假人", "批准人"),
    }),
    ledger=Ledger(widths={"work": 60, "note": 20}, signatures=("队员", "队长", "村党组织书记")),
    figures=(
        Count("考勤记录"),
        _of_role("在村", "in_village"),
        _of_role("外出公务", "on_duty"),
        _of_role("请假和公休", "leave"),
        _of_role("缺勤", "absent"),
    ),
)  # fmt: skip
