"""干部培训: who took part in which course, how long, with which mark and certificate."""

from app.registers.engine.register import Count, Layout, Ledger, Register, Sum
from app.registers.engine.topic import Topic
from db.schema.work_team import OfficerTraining

REGISTER = Register(
    record=OfficerTraining,
    topic=Topic.TEAM,
    subject="helper",
    order=65,
    columns=(
        "course", "kind", "organizer", "started_on", "ended_on", "hours", "score", "certificate_no", "note",
    ),
    totals=("hours",),
    filters=("kind",),
    sort="-started_on",
    dated="started_on",
    in_archive=False,
    sheet=Layout({
        "course": ("培训名称", "课程", "培训主题"),
        "kind": ("培训类型",),
        "organizer": ("培训机构", "组织单位"),
        "started_on": ("培训日期", "培训时间"),
        "hours": ("培训学时", "课时"),
        "score": ("测试成绩", "考试成绩"),
    }),
    ledger=Ledger(
        "干部培训台账",
        columns=("course", "kind", "organizer", "started_on", "ended_on", "hours", "score"),
        widths={"course": 50, "organizer": 36},
        signatures=("填表人", "工作队队长"),
    ),
    figures=(
        Count("培训人次"),
        Count("参训人数", distinct="helper_id"),
        Sum("学时合计", "hours"),
        Count("没有测验成绩", where=OfficerTraining.score.is_(None)),
    ),
)  # fmt: skip
