"""帮扶干部考核: five scores beside what the records say of the period: households, visits, problems, satisfaction."""

from sqlalchemy import ColumnElement, Integer, case, exists, func, select, type_coerce, union_all
from sqlalchemy.orm import aliased

from app.records.named_people import is_named
from app.registers.engine.register import Computed, Count, Layout, Ledger, Register, Slip, Step
from app.registers.engine.topic import Topic
from db.schema.aid import Assignment, Helper, Visit
from db.schema.household import Household
from db.schema.rectification import Rectification
from db.schema.responsibility import HelperAssessment
from db.schema.visit import VisitParticipant
from db.types import ScaledDecimal

_POINTS = ("visit_points", "problem_points", "file_points", "satisfaction_points", "discipline_points")
_period = (HelperAssessment.first_on, HelperAssessment.last_on)
# households that were the helper's on the last day of the period
_theirs = (
    Assignment.helper_id == HelperAssessment.helper_id,
    ~Assignment.withdrawn,
    func.coalesce(Assignment.started_on, HelperAssessment.last_on) <= HelperAssessment.last_on,
    func.coalesce(Assignment.ended_on, HelperAssessment.last_on) >= HelperAssessment.last_on,
)
_households = (
    select(func.count(Assignment.household_id.distinct()))
    .join(Household, Household.id == Assignment.household_id)
    .where(*_theirs, ~Household.withdrawn)
    .correlate(HelperAssessment)
    .scalar_subquery()
)
# by the list of who came along; where nobody is listed, by a name that is nobody else's: as in app/visits/by_helper.py
_listed = select(VisitParticipant.visit_id).where(~VisitParticipant.withdrawn)
_other = aliased(Helper)
_namesakes = exists().where(~_other.withdrawn, _other.name == Helper.name, _other.id != Helper.id).correlate(Helper)
# visits share few texts: who is named is asked of each text, not of each visit
_texts = select(Visit.visitors).where(~Visit.withdrawn).distinct().cte("visitors_text").prefix_with("MATERIALIZED")
_named = (
    select(_texts.c.visitors, Helper.id)
    .join_from(_texts, Helper, is_named(_texts.c.visitors, Helper.name))
    .where(~_namesakes)
    .cte("named_visitor")
    .prefix_with("MATERIALIZED")
)
_by_name = (
    select(_named.c.id.label("helper_id"), Visit.id, Visit.visited_on, Visit.household_id)
    .join_from(Visit, _named, _named.c.visitors == Visit.visitors)
    .where(~Visit.withdrawn, Visit.id.not_in(_listed.where(VisitParticipant.visit_id.is_not(None))))
)
_by_list = (
    select(VisitParticipant.helper_id, Visit.id, Visit.visited_on, Visit.household_id)
    .join(Visit, Visit.id == VisitParticipant.visit_id)
    .where(~VisitParticipant.withdrawn, ~Visit.withdrawn)
)
# read once for all assessments, not once for each
_made = union_all(_by_name, _by_list).cte("made_visit").prefix_with("MATERIALIZED")
_own_visits = (
    _made.c.helper_id == HelperAssessment.helper_id,
    _made.c.visited_on.between(*_period),
    _made.c.household_id.not_in(select(Household.id).where(Household.withdrawn)),
)
_visits = select(func.count(_made.c.id.distinct())).where(*_own_visits).correlate(HelperAssessment).scalar_subquery()
_is_theirs = exists().where(Assignment.household_id == _made.c.household_id, *_theirs)
_visited = (
    select(func.count(_made.c.household_id.distinct()))
    .where(*_own_visits, _is_theirs.correlate(_made, HelperAssessment))
    .correlate(HelperAssessment)
    .scalar_subquery()
)


def _problems(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    own = (~Rectification.withdrawn, is_named(Rectification.responsible, Helper.name))
    of_helper = Helper.id == HelperAssessment.helper_id  # joined, so that SQLite finds the name once
    problems = select(func.count()).select_from(Rectification).join(Helper, of_helper)
    found = problems.where(*own, Rectification.found_on <= _period[1])
    open_then = (Rectification.closed_on.is_(None)) | (Rectification.closed_on >= _period[0])
    return found.where(open_then, *conditions).correlate(HelperAssessment).scalar_subquery()


_sum = sum((func.coalesce(getattr(HelperAssessment, name), 0) for name in _POINTS[1:]),
           func.coalesce(getattr(HelperAssessment, _POINTS[0]), 0))  # fmt: skip
_scored = HelperAssessment.visit_points.is_not(None)
_total = type_coerce(case((_scored, _sum), else_=None), ScaledDecimal(2))

REGISTER = Register(
    record=HelperAssessment,
    topic=Topic.TEAM,
    subject="helper",
    order=66,
    columns=(
        "first_on", "last_on", "households", "visits", "visited", "problems", "closed", *_POINTS, "total", "opinion",
        "assessed_by", "assessed_on", "grade", "approved_by", "approved_on", "told_on", "note",
    ),
    author="assessed_by",
    filters=("grade",),
    sort="-last_on,-total",
    dated="last_on",
    in_archive=False,
    computed=(
        Computed("households", "所帮户数", type_coerce(_households, Integer), kind="integer", places=0),
        Computed("visits", "走访户次", type_coerce(_visits, Integer), kind="integer", places=0),
        Computed("visited", "走访到户数", type_coerce(_visited, Integer), kind="integer", places=0),
        Computed("problems", "负责整改问题", _problems(), kind="integer", places=0),
        Computed("closed", "已销号问题", _problems(Rectification.closed_on <= _period[1]), kind="integer", places=0),
        Computed("total", "总分", _total, kind="decimal"),
    ),
    steps=(
        Step("考核", "assessed_on", needs=_POINTS),
        Step("审定", "approved_on", needs=("grade", "approved_by")),
        Step("反馈本人", "told_on"),
    ),
    sheet=Layout({
        "first_on": ("考核起始日期",),
        "last_on": ("考核截止日期",),
        "grade": ("等次", "考核结果"),
        "opinion": ("考核评语",),
    }),
    ledger=Ledger(
        "帮扶干部考核汇总表",
        columns=("last_on", "households", "visits", "problems", *_POINTS, "total", "grade"),
        signatures=("填表人", "工作队队长", "村党组织书记"),
        progress=False,
    ),
    slips=(
        Slip(
            "sheet", "帮扶干部考核表",
            ("first_on", "last_on", "households", "visits", "visited", "problems", "closed", *_POINTS, "total",
             "opinion", "assessed_by", "assessed_on", "grade", "approved_by", "approved_on"),
            ("被考核人", "考核人", "审定人"),
        ),
    ),
    figures=(
        Count("考核人次"),
        Count("被考核人数", distinct="helper_id"),
        Count("未审定", where=HelperAssessment.approved_on.is_(None)),
    ),
)  # fmt: skip
