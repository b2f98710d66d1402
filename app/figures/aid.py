"""帮扶工作: visits, measures, loans, work and insurance of the households."""

from sqlalchemy import ColumnElement, or_, select

from app.figures.counting import count_households, count_people, count_rows, total, within
from app.figures.definition import Period, VillageFigure
from app.records.assignment import helper_needed
from db.schema.aid import Measure, Visit
from db.schema.employment import PublicJob, SkillTraining, WorkSpell
from db.schema.finance import SmallLoan
from db.schema.household import Household, Member

SECTION = "帮扶工作"


def _visited(period: Period) -> ColumnElement[bool]:
    visits = select(Visit.household_id).where(~Visit.withdrawn, Visit.household_id.is_not(None))
    return Household.id.in_(visits.where(Visit.visited_on.between(period.first, period.last)))


def _not_visited(period: Period) -> ColumnElement[bool]:
    return helper_needed() & ~_visited(period)


def _in_post(period: Period) -> ColumnElement[bool]:
    """People who held a public post on the last day."""
    began = (~PublicJob.withdrawn, PublicJob.started_on <= period.last)
    goes_on = or_(PublicJob.ended_on.is_(None), PublicJob.ended_on > period.last)
    return Member.id.in_(select(PublicJob.member_id).where(*began, goes_on))


def _away(period: Period) -> ColumnElement[bool]:
    """People who worked away from home at some time of the period."""
    began = (~WorkSpell.withdrawn, WorkSpell.started_on <= period.last)
    goes_on = or_(WorkSpell.ended_on.is_(None), WorkSpell.ended_on >= period.first)
    return Member.id.in_(select(WorkSpell.member_id).where(*began, goes_on))


FIGURES = (
    VillageFigure("visits", "走访次数", "次", "visit", count_rows(Visit, within(Visit.visited_on)), in_period=True),
    VillageFigure("visited_households", "走访到的户", "户", "household", count_households(_visited), in_period=True),
    VillageFigure("unvisited_households", "应走访未走访户", "户", "household", count_households(_not_visited)),
    VillageFigure("measures", "新开展帮扶措施", "项", "measure", count_rows(Measure, within(Measure.started_on)),
                  in_period=True),
    VillageFigure("measure_money", "新开展措施的补助", "元", "measure",
                  total(Measure, Measure.amount, within(Measure.started_on)), in_period=True),
    VillageFigure("loans", "新发放小额信贷", "元", "small_loan",
                  total(SmallLoan, SmallLoan.amount, within(SmallLoan.issued_on)), in_period=True),
    VillageFigure("public_jobs", "公益岗在岗人数", "人", "member", count_people(_in_post)),
    VillageFigure("away_workers", "外出务工人数", "人", "member", count_people(_away)),
    VillageFigure("trainings", "技能培训场次", "场", "skill_training",
                  count_rows(SkillTraining, within(SkillTraining.started_on)), in_period=True),
)  # fmt: skip
