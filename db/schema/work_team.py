"""The work team in the village: terms, days, leave, what was written down of a day, plans, training."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Record, reference


class Attendance(Record):
    """驻村考勤: one member of the team on one day, or half of it."""

    __tablename__ = "attendance"
    LABEL = "驻村考勤"
    TITLE = ("helper_id", "day")
    PARENT = "helper_id"
    KEY = ("helper_id", "day", "half")
    BLANK_IN_KEY = ("half",)
    PRINTED = ("attendance_ledger", "attendance_month")

    helper_id: Mapped[str | None] = reference("队员", "helper")
    day: Mapped[date | None] = column("日期", "date", required=True)
    half: Mapped[str | None] = column("时段", "choice", options="day_half")
    state: Mapped[str | None] = column("考勤", "choice", options="attendance_state", required=True)
    place: Mapped[str | None] = column("地点")
    work: Mapped[str | None] = column("工作内容", "long")
    leave_approved_by: Mapped[str | None] = column("请假批准人", short=True)
    note: Mapped[str | None] = column("备注")


class TeamTerm(Record):
    """驻村任职: a member of the team from the day of arrival until the work is handed over."""

    __tablename__ = "team_term"
    LABEL = "驻村任职"
    TITLE = ("helper_id", "started_on")
    PARENT = "helper_id"
    KEY = ("helper_id", "started_on")
    PRINTED = ("team_term_ledger", "team_term_handover")

    helper_id: Mapped[str | None] = reference("队员", "helper")
    batch: Mapped[str | None] = column("选派批次", required=True)
    post: Mapped[str | None] = column("驻村职务", "choice", options="team_post", required=True)
    sending_unit: Mapped[str | None] = column("派出单位")
    unit_post: Mapped[str | None] = column("原单位职务")
    started_on: Mapped[date | None] = column("到岗日期", "date", required=True)
    term_until: Mapped[date | None] = column("任期届满日", "date")
    party_moved_on: Mapped[date | None] = column("组织关系转入日期", "date")
    ended_on: Mapped[date | None] = column("离岗日期", "date")
    successor: Mapped[str | None] = column("接任人", short=True)
    handed_over: Mapped[str | None] = column("交接内容", "long")
    handed_over_on: Mapped[date | None] = column("交接日期", "date")
    note: Mapped[str | None] = column("备注", "long")


class LeaveRequest(Record):
    """请假: a member of the team asks for leave, from the request until the return is reported."""

    __tablename__ = "leave_request"
    LABEL = "请假"
    TITLE = ("helper_id", "started_on")
    PARENT = "helper_id"
    KEY = ("helper_id", "started_on")
    PRINTED = ("leave_request_slip", "leave_request_ledger")

    helper_id: Mapped[str | None] = reference("请假人", "helper")
    kind: Mapped[str | None] = column("请假类别", "choice", options="leave_kind", required=True)
    reason: Mapped[str | None] = column("请假事由", "long")
    started_on: Mapped[date | None] = column("起始日期", "date", required=True)
    ended_on: Mapped[date | None] = column("截止日期", "date", required=True)
    destination: Mapped[str | None] = column("去向")
    substitute: Mapped[str | None] = column("代班人", short=True)
    applied_on: Mapped[date | None] = column("申请日期", "date")
    village_opinion: Mapped[str | None] = column("村党组织意见")
    town_approved_on: Mapped[date | None] = column("乡镇批准日期", "date")
    town_approved_by: Mapped[str | None] = column("乡镇批准人", short=True)
    county_approved_on: Mapped[date | None] = column("县级批准日期", "date")
    county_approved_by: Mapped[str | None] = column("县级批准人", short=True)
    returned_on: Mapped[date | None] = column("销假日期", "date")
    refused_on: Mapped[date | None] = column("不准假日期", "date")
    note: Mapped[str | None] = column("备注", "long")


class DiaryEntry(Record):
    """驻村日志: what a member of the team wrote down of a day: work, talks with people, study."""

    __tablename__ = "diary_entry"
    LABEL = "驻村日志"
    TITLE = ("helper_id", "day", "kind")
    PARENT = "helper_id"
    KEY = ("helper_id", "day", "kind")
    PRINTED = ("diary_entry_ledger", "diary_entry_page")

    helper_id: Mapped[str | None] = reference("记录人", "helper")
    day: Mapped[date | None] = column("日期", "date", required=True)
    kind: Mapped[str | None] = column("日志类别", "choice", options="diary_kind", required=True)
    place: Mapped[str | None] = column("地点")
    content: Mapped[str | None] = column("主要内容", "long", required=True)
    follow_up: Mapped[str | None] = column("待办事项", "long")
    note: Mapped[str | None] = column("备注")


class DiaryHousehold(Record):
    """走访农户: a household that a day's entry tells of."""

    __tablename__ = "diary_household"
    LABEL = "日志所记农户"
    TITLE = ("household_id",)
    PARENT = "entry_id"
    KEY = ("entry_id", "household_id")
    PRINTED = ("diary_entry_ledger", "diary_entry_page")

    entry_id: Mapped[str | None] = reference("驻村日志", "diary_entry")
    household_id: Mapped[str | None] = reference("农户", "household")
    told: Mapped[str | None] = column("反映情况", sensitive=True)


class WorkPlan(Record):
    """工作计划: what the team means to do in a week or a month. docs/coverage.md 2.3-2."""

    __tablename__ = "work_plan"
    LABEL = "工作计划"
    TITLE = ("kind", "first_on")
    PARENT = ""
    KEY = ("village", "kind", "first_on")
    PRINTED = ("work_plan_ledger", "work_plan_sheet")

    kind: Mapped[str | None] = column("计划类别", "choice", options="plan_kind", required=True)
    first_on: Mapped[date | None] = column("起始日期", "date", required=True)
    last_on: Mapped[date | None] = column("截止日期", "date", required=True)
    goal: Mapped[str | None] = column("工作重点", "long")
    made_by: Mapped[str | None] = column("制定人", short=True)
    approved_by: Mapped[str | None] = column("审定人", short=True)
    summary: Mapped[str | None] = column("完成小结", "long")
    summed_up_on: Mapped[date | None] = column("小结日期", "date")
    note: Mapped[str | None] = column("备注")


class PlanItem(Record):
    """计划事项: one thing of a plan, when, by whom, and whether it was done."""

    __tablename__ = "plan_item"
    LABEL = "计划事项"
    TITLE = ("matter", "planned_on")
    PARENT = "plan_id"
    KEY = ("plan_id", "matter", "planned_on")
    BLANK_IN_KEY = ("planned_on",)
    PRINTED = ("work_plan_ledger", "work_plan_sheet")

    plan_id: Mapped[str | None] = reference("工作计划", "work_plan")
    planned_on: Mapped[date | None] = column("计划日期", "date")
    matter: Mapped[str | None] = column("事项", required=True)
    responsible: Mapped[str | None] = column("责任人", short=True)
    is_done: Mapped[bool | None] = column("是否完成", "yes_no")
    result: Mapped[str | None] = column("完成情况")


class OfficerTraining(Record):
    """干部培训: a helper, member of the team or official of the village in a course. docs/coverage.md 2.3-3, 3.1-4."""

    __tablename__ = "officer_training"
    LABEL = "干部培训"
    TITLE = ("helper_id", "course")
    PARENT = "helper_id"
    KEY = ("helper_id", "course", "started_on")
    PRINTED = ("officer_training_ledger", "training_hours")

    helper_id: Mapped[str | None] = reference("参训人", "helper")
    course: Mapped[str | None] = column("培训内容", required=True)
    kind: Mapped[str | None] = column("干部培训类别", "choice", options="officer_training_kind", required=True)
    organizer: Mapped[str | None] = column("主办单位")
    started_on: Mapped[date | None] = column("开始日期", "date", required=True)
    ended_on: Mapped[date | None] = column("结束日期", "date")
    hours: Mapped[Decimal | None] = column("学时", "decimal", places=1, unit="学时", minimum=0, maximum=500)
    score: Mapped[Decimal | None] = column("测验成绩", "decimal", places=1, unit="分", minimum=0, maximum=100)
    certificate_no: Mapped[str | None] = column("证书编号", short=True)
    note: Mapped[str | None] = column("备注")
