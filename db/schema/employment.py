"""Work: posts that the village pays for, with their months, and spells of work away from home."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Record, reference


class PublicJob(Record):
    """公益性岗位: a member in one post, from the contract until it ends."""

    __tablename__ = "public_job"
    LABEL = "公益性岗位"
    TITLE = ("member_id", "kind", "started_on")
    PARENT = "member_id"
    KEY = ("member_id", "kind", "started_on")
    PRINTED = ("public_job", "public_job_ledger", "job_payroll")

    member_id: Mapped[str | None] = reference("上岗人员", "member")
    kind: Mapped[str | None] = column("岗位类型", "choice", options="public_job_kind", required=True)
    unit: Mapped[str | None] = column("用工单位")
    place: Mapped[str | None] = column("岗位地点")
    contract_no: Mapped[str | None] = column("协议编号", short=True)
    started_on: Mapped[date | None] = column("上岗日期", "date", required=True)
    contract_until: Mapped[date | None] = column("协议到期日", "date")
    pay: Mapped[Decimal | None] = column("月补贴标准", "money", minimum=0)
    fund_source: Mapped[str | None] = column("资金来源", "choice", options="fund_source")
    ended_on: Mapped[date | None] = column("离岗日期", "date")
    end_reason: Mapped[str | None] = column("离岗原因")
    note: Mapped[str | None] = column("备注", "long")


class PublicJobMonth(Record):
    """What was worked and paid in one month of a post."""

    __tablename__ = "public_job_month"
    LABEL = "岗位考勤和补贴"
    TITLE = ("month",)
    PARENT = "job_id"
    KEY = ("job_id", "month")
    PRINTED = ("public_job", "public_job_ledger", "job_payroll")

    job_id: Mapped[str | None] = reference("公益性岗位", "public_job")
    month: Mapped[str | None] = column("月份", "month", required=True)
    days: Mapped[int | None] = column("出勤天数", "integer", unit="天", minimum=0, maximum=31)
    appraisal: Mapped[str | None] = column("考核结果", "choice", options="job_appraisal")
    paid: Mapped[Decimal | None] = column("实发补贴", "money", minimum=0)
    paid_on: Mapped[date | None] = column("发放日期", "date")


class WorkSpell(Record):
    """务工: a member at work for one employer, from a day until a day."""

    __tablename__ = "work_spell"
    LABEL = "务工记录"
    TITLE = ("member_id", "place", "started_on")
    PARENT = "member_id"
    KEY = ("member_id", "started_on")
    PRINTED = ("work_spell", "work_spell_ledger", "work_spell_application")

    member_id: Mapped[str | None] = reference("务工人员", "member")
    region: Mapped[str | None] = column("务工区域", "choice", options="work_region")
    place: Mapped[str | None] = column("务工地点", required=True)
    company: Mapped[str | None] = column("务工单位")
    industry: Mapped[str | None] = column("所属行业", "choice", options="work_industry")
    job: Mapped[str | None] = column("工种")
    channel: Mapped[str | None] = column("就业渠道", "choice", options="work_channel")
    started_on: Mapped[date | None] = column("外出日期", "date", required=True)
    ended_on: Mapped[date | None] = column("返乡日期", "date")
    point_to_point: Mapped[bool | None] = column("是否点对点输送", "yes_no")
    months: Mapped[Decimal | None] = column("本年务工月数", "decimal", places=1, unit="月", minimum=0, maximum=12)
    pay: Mapped[Decimal | None] = column("月收入", "money", minimum=0)
    subsidy_kind: Mapped[str | None] = column("务工补助", "choice", options="work_subsidy")
    subsidy: Mapped[Decimal | None] = column("补助金额", "money", minimum=0)
    subsidy_applied_on: Mapped[date | None] = column("补助申请日期", "date")
    subsidy_paid_on: Mapped[date | None] = column("补助发放日期", "date")
    note: Mapped[str | None] = column("备注", "long")


class SkillTraining(Record):
    """技能培训: a course for people of the village."""

    __tablename__ = "skill_training"
    LABEL = "技能培训"
    TITLE = ("name", "started_on")
    PARENT = ""
    KEY = ("village", "name", "started_on")
    PRINTED = ("skill_training", "skill_training_ledger")

    name: Mapped[str | None] = column("培训名称", required=True)
    kind: Mapped[str | None] = column("培训类别", "choice", options="training_kind", required=True)
    organizer: Mapped[str | None] = column("举办单位")
    place: Mapped[str | None] = column("培训地点")
    teacher: Mapped[str | None] = column("授课人", short=True)
    started_on: Mapped[date | None] = column("开始日期", "date", required=True)
    ended_on: Mapped[date | None] = column("结束日期", "date")
    hours: Mapped[Decimal | None] = column("课时", "decimal", places=1, unit="学时", minimum=0, maximum=1000)
    content: Mapped[str | None] = column("培训内容", "long")
    note: Mapped[str | None] = column("备注", "long")


class TrainingParticipant(Record):
    """参训人员: a member at a course."""

    __tablename__ = "training_participant"
    LABEL = "参训人员"
    TITLE = ("member_id",)
    PARENT = "training_id"
    KEY = ("training_id", "member_id")
    PRINTED = ("skill_training", "skill_training_ledger")

    training_id: Mapped[str | None] = reference("技能培训", "skill_training")
    member_id: Mapped[str | None] = reference("参训人", "member")
    signed: Mapped[bool | None] = column("是否签到", "yes_no")
    certificate_no: Mapped[str | None] = column("证书编号", short=True)
    subsidy: Mapped[Decimal | None] = column("误工补助", "money", minimum=0)
    note: Mapped[str | None] = column("备注")


class TrainingWish(Record):
    """培训意愿: which skill a labourer wants to learn, and the course that answered it. docs/coverage.md 1.2-1."""

    __tablename__ = "training_wish"
    LABEL = "培训意愿"
    TITLE = ("member_id", "year", "kind")
    PARENT = "member_id"
    KEY = ("member_id", "year", "kind")
    PRINTED = ("training_wish", "training_wish_ledger")

    member_id: Mapped[str | None] = reference("劳动力", "member")
    year: Mapped[int | None] = column("年度", "year", required=True)
    kind: Mapped[str | None] = column("意愿类别", "choice", options="training_kind", required=True)
    skill: Mapped[str | None] = column("想学的技能")
    mode: Mapped[str | None] = column("培训方式", "choice", options="training_mode")
    wants_job: Mapped[str | None] = column("培训后就业意向")
    asked_on: Mapped[date | None] = column("摸底日期", "date")
    arranged_on: Mapped[date | None] = column("安排日期", "date")
    training_id: Mapped[str | None] = reference("安排的培训", "skill_training", required=False)
    trained_on: Mapped[date | None] = column("结业日期", "date")
    dropped_on: Mapped[date | None] = column("不再需要日期", "date")
    drop_reason: Mapped[str | None] = column("不再需要原因")
    note: Mapped[str | None] = column("备注", "long")


class WorkshopPay(Record):
    """帮扶车间计件工资: what a workshop near home made in a month, and what it paid for it. docs/coverage.md 1.2-3."""

    __tablename__ = "workshop_pay"
    LABEL = "车间计件工资"
    TITLE = ("workshop", "month")
    PARENT = ""
    KEY = ("village", "workshop", "month")
    PRINTED = ("workshop_pay", "workshop_pay_ledger", "workshop_pay_roll")

    workshop: Mapped[str | None] = column("车间名称", required=True)
    operator: Mapped[str | None] = column("经营主体")
    product: Mapped[str | None] = column("加工产品")
    month: Mapped[str | None] = column("月份", "month", required=True)
    counted_on: Mapped[date | None] = column("计件核对日期", "date")
    published_on: Mapped[date | None] = column("公示日期", "date")
    paid_on: Mapped[date | None] = column("发放日期", "date")
    note: Mapped[str | None] = column("备注", "long")


class WorkshopPayLine(Record):
    """计件明细: what one worker made in a month, by the piece."""

    __tablename__ = "workshop_pay_line"
    LABEL = "计件明细"
    TITLE = ("member_id",)
    PARENT = "pay_id"
    KEY = ("pay_id", "member_id")
    PRINTED = ("workshop_pay", "workshop_pay_ledger", "workshop_pay_roll")

    pay_id: Mapped[str | None] = reference("车间计件工资", "workshop_pay")
    member_id: Mapped[str | None] = reference("务工人员", "member")
    pieces: Mapped[Decimal | None] = column("完成件数", "decimal", places=0, minimum=0)
    rate: Mapped[Decimal | None] = column("单价", "money", minimum=0)
    wage: Mapped[Decimal | None] = column("应发工资", "money", minimum=0)
    paid_on: Mapped[date | None] = column("到账日期", "date")
    note: Mapped[str | None] = column("备注")
