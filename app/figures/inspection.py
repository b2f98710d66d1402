"""检查整改: checks, problems, petitions, and how clean the households are."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy.orm import Session

from app.checklists.results import HouseholdResult, average_points, load_rounds, results_by_round
from app.figures.counting import count_rows, within
from app.figures.definition import Period, ReadFigure, Reading, VillageFigure
from app.registers import get_register
from app.registers.engine.rows import RowQuery, row_ids
from app.registers.rectification import TO_PUT_RIGHT
from db.county_values import options_of_role
from db.schema.rectification import Rectification
from db.schema.supervision import Petition, PhoneCheck, SupervisionCheck

SECTION = "检查整改"


def _rows(key: str, step: str = "", *, overdue: bool = False) -> ReadFigure:
    """Rows of a register that wait for a step, or are past their day on the last day of the period."""

    def read(session: Session, period: Period) -> Reading:
        found = row_ids(session, get_register(key), RowQuery(step=step, overdue=overdue, today=period.last))
        ids = tuple(sorted(found))
        return Reading(Decimal(len(ids)), ids)

    return read


def _of_last_round(tell: Callable[[list[HouseholdResult]], Reading]) -> ReadFigure:
    """A figure of the latest round that began in the period, over the households that were inspected to the end."""

    def read(session: Session, period: Period) -> Reading:
        rounds = [one for one in load_rounds(session) if one.started_on and one.started_on <= period.last]
        rounds = [one for one in rounds if one.started_on and one.started_on >= period.first]
        results = results_by_round(session, rounds[-1:])[rounds[-1].id] if rounds else ()
        finished = [one for one in results if one.finished]
        return tell(finished) if finished else Reading(None, missing="期内没有评完的环境卫生检查")

    return read


def _ids(results: list[HouseholdResult]) -> tuple[str, ...]:
    return tuple(sorted(one.household.household_id for one in results))


def _average(results: list[HouseholdResult]) -> Reading:
    return Reading(average_points(results), _ids(results))


def _passed_share(results: list[HouseholdResult]) -> Reading:
    passed = [one for one in results if one.passed]
    share = Decimal(100 * len(passed)) / len(results)
    return Reading(share.quantize(Decimal("0.1"), ROUND_HALF_UP), _ids(passed))


_unannounced = SupervisionCheck.kind.in_(options_of_role("check_kind", "unannounced"))
_checked = within(SupervisionCheck.checked_on)

FIGURES = (
    VillageFigure("checks", "接受督查检查", "次", "supervision_check", count_rows(SupervisionCheck, _checked),
                  in_period=True),
    VillageFigure("inspections", "公开督查检查", "次", "supervision_check",
                  count_rows(SupervisionCheck, _checked, ~_unannounced), in_period=True),
    VillageFigure("unannounced_checks", "暗访检查", "次", "supervision_check",
                  count_rows(SupervisionCheck, _checked, _unannounced), in_period=True),
    VillageFigure("circulars", "被通报", "次", "supervision_check",
                  count_rows(SupervisionCheck, _checked, SupervisionCheck.circulated.is_(True)), in_period=True),
    VillageFigure("phone_checks", "接到抽查电话", "次", "phone_check",
                  count_rows(PhoneCheck, within(PhoneCheck.called_on)), in_period=True),
    VillageFigure("problems_found", "新发现问题", "个", "rectification",
                  count_rows(Rectification, within(Rectification.found_on)), in_period=True),
    VillageFigure("problems_closed", "销号问题", "个", "rectification",
                  count_rows(Rectification, within(Rectification.closed_on)), in_period=True),
    VillageFigure("problems_open", "正在整改的问题", "个", "rectification", _rows("rectification", TO_PUT_RIGHT.name)),
    VillageFigure("problems_overdue", "超期的问题", "个", "rectification", _rows("rectification", overdue=True)),
    VillageFigure("talks", "被约谈", "次", "rectification",
                  count_rows(Rectification, within(Rectification.found_on),
                             Rectification.level.in_(options_of_role("rectification_level", "talk"))),
                  in_period=True),
    VillageFigure("petitions", "登记信访", "件", "petition", count_rows(Petition, within(Petition.received_on)),
                  in_period=True),
    VillageFigure("petitions_closed", "办结信访", "件", "petition", count_rows(Petition, within(Petition.closed_on)),
                  in_period=True),
    VillageFigure("petitions_open", "未办结信访", "件", "petition",
                  count_rows(Petition, lambda period: Petition.received_on <= period.last,
                             Petition.closed_on.is_(None), Petition.declined_on.is_(None))),
    VillageFigure("clean_average", "环境卫生平均分", "分", "household", _of_last_round(_average)),
    VillageFigure("clean_passed", "环境卫生达标率", "%", "household", _of_last_round(_passed_share)),
)  # fmt: skip
