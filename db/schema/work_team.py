"""The work team in the village: terms, days in the village, leave, what was written down of a day."""

from datetime import date

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
    leave_approved_by: Mapped[str | None] = column("请假批准人")
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
    successor: Mapped[str | None] = column("接任人")
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
    substitute: Mapped[str | None] = column("代班人")
    applied_on: Mapped[date | None] = column("申请日期", "date")
    village_opinion: Mapped[str | None] = column("村党组织意见")
    town_approved_on: Mapped[date | None] = column("乡镇批准日期", "date")
    town_approved_by: Mapped[str | None] = column("乡镇批准人")
    county_approved_on: Mapped[date | None] = column("县级批准日期", "date")
    county_approved_by: Mapped[str | None] = column("县级批准人")
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
