"""技能培训: which course was held, who came, who got a certificate."""

from sqlalchemy import func, select

from app.registers.engine.proposals import IncomeSource
from app.registers.engine.register import Children, Computed, Count, Layout, Ledger, Register, Roll, Slip, Sum
from app.registers.engine.topic import Topic
from db.schema.employment import SkillTraining, TrainingParticipant

_participants = (
    select(func.count())
    .where(TrainingParticipant.training_id == SkillTraining.id, ~TrainingParticipant.withdrawn)
    .correlate(SkillTraining)
    .scalar_subquery()
)

REGISTER = Register(
    record=SkillTraining,
    topic=Topic.EMPLOYMENT,
    subject="village",
    order=27,
    columns=(
        "name", "kind", "organizer", "place", "teacher", "started_on", "ended_on", "hours", "participants", "content",
        "note",
    ),
    totals=("hours", "participants"),
    filters=("kind",),
    sort="-started_on",
    dated="started_on",
    computed=(Computed("participants", "参训人数", _participants, kind="integer", places=0),),
    children=(
        Children(TrainingParticipant, ("member_id", "signed", "certificate_no", "subsidy", "note"), ("subsidy",)),
    ),
    sheet=Layout({
        "name": ("培训主题", "课程名称", "班次名称"),
        "kind": ("培训类型", "培训工种"),
        "organizer": ("主办单位", "培训机构"),
        "teacher": ("授课教师", "讲师"),
        "started_on": ("培训日期", "培训时间", "开班日期"),
        "ended_on": ("结业日期",),
        "hours": ("学时", "培训课时"),
    }),
    ledger=Ledger(
        "技能培训台账",
        columns=("name", "kind", "organizer", "place", "teacher", "started_on", "hours", "participants"),
        widths={"name": 60, "organizer": 40, "place": 34},
    ),
    slips=(
        Slip(
            "sign_in", "培训签到表", ("started_on", "hours", "place", "teacher"), ("记录人",),
            Roll(("member_id",), ("签到",)),
        ),
    ),
    figures=(Count("培训班次"), Sum("参训人次", "participants"), Sum("培训课时", "hours")),
    incomes=(
        IncomeSource(
            TrainingParticipant.subsidy,
            "started_on",
            role="other_transfer",
            what="误工补助",
            record=TrainingParticipant,
        ),
    ),
)  # fmt: skip
