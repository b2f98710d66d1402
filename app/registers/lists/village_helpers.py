"""帮扶联系人: one row a helper, with how many households each has and may have."""

from sqlalchemy import func, or_, select

from app.records.assignment import household_limit
from app.records.field import options
from app.registers.engine.register import Computed, Register
from db.county_values import limit_value, looked_up
from db.schema.aid import Assignment, Helper
from resources.limits import Limit

_HAS = select(func.count(func.distinct(Assignment.household_id))).where(
    Assignment.helper_id == Helper.id,
    ~Assignment.withdrawn,
    or_(Assignment.ended_on.is_(None), Assignment.ended_on > func.date("now", "localtime")),
)


def _limits() -> dict[str, int]:
    return {option.value: household_limit(option.value) for option in options("helper_rank")}


_LIMIT = func.coalesce(looked_up(Helper.rank, _limits), limit_value(Limit("helper_limits")["rank_unknown"]))

LIST = Register(
    record=Helper,
    subject="village",
    order=12,
    columns=(
        "name", "sex", "id_no", "political", "unit", "unit_type", "affiliation", "post", "rank", "phone", "households",
        "limit", "is_first_secretary", "is_team_leader", "is_team_member", "note",
    ),
    computed=(
        Computed("households", "户数", _HAS.scalar_subquery(), "integer", 0),
        Computed("limit", "限额", _LIMIT, "integer", 0),
    ),
    sort="unit,name",
    listed=Helper.merged_into.is_(None),
)  # fmt: skip
