"""驻村工作 and 项目资金: what the team and the village did, and what money came and went."""

from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.figures.counting import count_rows, fitting_ids, total, within, within_years
from app.figures.definition import Period, Reading, VillageFigure
from app.registers import get_register
from app.registers.engine.rows import RowQuery, row_ids
from db.county_values import options_of_role
from db.schema.asset import AssetYear, Distribution
from db.schema.community import Meeting, MeetingParticipant
from db.schema.period_report import ReportDuty
from db.schema.project import ProjectMoney, VillageProject
from db.schema.work_task import WorkTask
from db.schema.work_team import Attendance, DiaryEntry, LeaveRequest
from resources.option_roles import values_with_role

SECTION, MONEY_SECTION = "驻村工作", "项目资金"
_in_village = Attendance.state.in_(options_of_role("attendance_state", "in_village"))
_dispatch = Meeting.kind.in_(options_of_role("meeting_kind", "dispatch"))


def _team_days(session: Session, period: Period) -> Reading:
    """Days in the village of all members of the team together, halves counted as such."""
    where = (~Attendance.withdrawn, _in_village, Attendance.day.between(period.first, period.last))
    halves = Attendance.half.in_(values_with_role("day_half", "half"))
    half_days = session.scalar(select(func.count()).where(*where, halves)) or 0
    ids = fitting_ids(session, select(Attendance.id).where(*where), Attendance.id)
    return Reading(len(ids) - Decimal(half_days) / 2, ids)


def _participants(session: Session, period: Period) -> Reading:
    """People who came, each meeting counted; the records are the meetings."""
    of_period = (~Meeting.withdrawn, Meeting.held_on.between(period.first, period.last))
    meetings = fitting_ids(session, select(Meeting.id).where(*of_period), Meeting.id)
    came = (MeetingParticipant.meeting_id.in_(select(Meeting.id).where(*of_period)), ~MeetingParticipant.withdrawn)
    return Reading(Decimal(session.scalar(select(func.count()).where(*came)) or 0), meetings)


def _tasks_overdue(session: Session, period: Period) -> Reading:
    ids = tuple(sorted(row_ids(session, get_register("work_task"), RowQuery(overdue=True, today=period.last))))
    return Reading(Decimal(len(ids)), ids)


FIGURES = (
    VillageFigure("team_days", "工作队在村天数", "天", "attendance", _team_days, in_period=True),
    VillageFigure("leaves", "工作队请假", "次", "leave_request",
                  count_rows(LeaveRequest, within(LeaveRequest.started_on), LeaveRequest.refused_on.is_(None)),
                  in_period=True),
    VillageFigure("diaries", "工作日志和民情日记", "篇", "diary_entry", count_rows(DiaryEntry, within(DiaryEntry.day)),
                  in_period=True),
    VillageFigure("meetings", "会议和活动", "次", "meeting", count_rows(Meeting, within(Meeting.held_on)),
                  in_period=True),
    VillageFigure("dispatches", "调度会议", "次", "meeting", count_rows(Meeting, within(Meeting.held_on), _dispatch),
                  in_period=True),
    VillageFigure("participants", "参加会议和活动", "人次", "meeting", _participants, in_period=True),
    VillageFigure("tasks_given", "下达任务", "项", "work_task", count_rows(WorkTask, within(WorkTask.assigned_on)),
                  in_period=True),
    VillageFigure("tasks_closed", "销号任务", "项", "work_task", count_rows(WorkTask, within(WorkTask.closed_on)),
                  in_period=True),
    VillageFigure("tasks_overdue", "超期任务", "项", "work_task", _tasks_overdue),
    VillageFigure("late_reports", "迟报材料", "份", "report_duty",
                  count_rows(ReportDuty, within(ReportDuty.due_on),
                             lambda period: func.coalesce(ReportDuty.sent_on, period.last) > ReportDuty.due_on),
                  in_period=True),
)  # fmt: skip
MONEY_FIGURES = (
    VillageFigure("projects", "在库项目", "个", "village_project",
                  count_rows(VillageProject, VillageProject.removed_on.is_(None))),
    VillageFigure("projects_begun", "新开工项目", "个", "village_project",
                  count_rows(VillageProject, within(VillageProject.started_on)), in_period=True),
    VillageFigure("projects_accepted", "验收项目", "个", "village_project",
                  count_rows(VillageProject, within(VillageProject.accepted_on)), in_period=True),
    VillageFigure("money_arrived", "当年到位项目资金", "元", "project_money",
                  total(ProjectMoney, ProjectMoney.arrived, within_years(ProjectMoney.year))),
    VillageFigure("money_paid", "当年支出项目资金", "元", "project_money",
                  total(ProjectMoney, ProjectMoney.paid, within_years(ProjectMoney.year))),
    VillageFigure("asset_income", "当年资产收益", "元", "asset_year",
                  total(AssetYear, AssetYear.income, within_years(AssetYear.year))),
    VillageFigure("distributed", "发放收益和奖补", "元", "distribution",
                  total(Distribution, Distribution.total, within(Distribution.paid_on)), in_period=True),
)  # fmt: skip
