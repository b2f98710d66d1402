"""Who helps whom: assigning, ending, and the limits that a county sets. Rules R089–R091."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

import resources
from app.errors import UserError
from app.records.field import field, options
from app.records.monitoring import monitored_household
from app.workbook.workbook import Workbook, running_operation
from db.schema.aid import Assignment, Helper
from db.schema.household import Household
from db.schema.relations import standing_record
from resources.option_roles import value_of, values_with_role, values_without_role
from resources.overlay import cached


class HelperOverLimit(UserError):
    """The helper would have more households than their rank allows; the officer may insist."""


@dataclass(frozen=True, slots=True)
class HelperLoad:
    """How many households a helper has in force, and how many their rank allows."""

    helper_id: str
    name: str
    rank: str
    households: int
    limit: int


@cached
def _rank_limits() -> dict[str, int]:
    unknown: int = resources.read("thresholds", "helper_limits")["rank_unknown"]
    return {"": unknown} | {option.value: option.extra["max_households"] for option in options("helper_rank")}


def household_limit(rank: str | None) -> int:
    """How many households a helper of this rank may have, also where the rank is not filled in."""
    return _rank_limits().get(rank or "") or _rank_limits()[""]


def is_in_force(reference_day: date | None = None) -> ColumnElement[bool]:
    """The condition for assignments that stand on a day (today if None)."""
    return ~Assignment.withdrawn & or_(
        Assignment.ended_on.is_(None), Assignment.ended_on > (reference_day or date.today())
    )


def is_registered(household_kind: str | None, registration_state: str | None) -> bool:
    """Whether a household is 建档立卡 (or of unknown kind: rosters leave it out) and not closed."""
    kinds = values_without_role("household_kind", "registered")
    return household_kind not in kinds and registration_state not in values_with_role("registration_state", "closed")


def needs_helper(household_kind: str | None, registration_state: str | None, monitored: bool) -> bool:
    """Whether a household must be helped, visited and counted: registered or monitored, and not closed.

    Args:
        monitored: whether a monitoring of it is open (app/records/monitoring.py)
    """
    if registration_state in values_with_role("registration_state", "closed"):
        return False
    monitored_kinds = values_with_role("household_kind", "monitored")  # a former program's, not yet decided about
    return monitored or household_kind in monitored_kinds or is_registered(household_kind, registration_state)


def helper_needed() -> ColumnElement[bool]:
    """`needs_helper` as a condition on households."""
    exempt = values_without_role("household_kind", "registered") - values_with_role("household_kind", "monitored")
    closed = values_with_role("registration_state", "closed")
    by_kind = func.coalesce(Household.household_kind, "").not_in(exempt)
    return or_(by_kind, monitored_household()) & func.coalesce(Household.registration_state, "").not_in(closed)


def without_helper(session: Session) -> list[str]:
    """Ids of the households that must have a helper and have none in force, by village, group and number."""
    helped = select(Assignment.household_id).where(is_in_force(), Assignment.household_id.is_not(None))
    return list(
        session.scalars(
            select(Household.id)
            .where(~Household.withdrawn, Household.merged_into.is_(None), Household.id.not_in(helped), helper_needed())
            .order_by(Household.village, Household.group_name, Household.household_no)
        )
    )


def helper_loads(session: Session) -> list[HelperLoad]:
    """Every helper with the number of households in force, by name."""
    counts = (
        select(Assignment.helper_id, func.count(func.distinct(Assignment.household_id)).label("households"))
        .where(is_in_force())
        .group_by(Assignment.helper_id)
        .subquery()
    )
    rows = session.execute(
        select(Helper.id, Helper.name, Helper.rank, counts.c.households)
        .outerjoin(counts, counts.c.helper_id == Helper.id)
        .where(~Helper.withdrawn)
        .order_by(Helper.name)
    )
    return [HelperLoad(id, name or "", rank or "", count or 0, household_limit(rank)) for id, name, rank, count in rows]


def overloaded_helpers(session: Session) -> list[HelperLoad]:
    """The helpers who have more households than their rank allows."""
    return [load for load in helper_loads(session) if load.households > load.limit]


def have_helpers(session: Session, household_ids: Sequence[str]) -> bool:
    """Whether somebody helps one of these households today, so that giving them to another is a change."""
    helped = set(session.scalars(select(Assignment.household_id).where(is_in_force())))
    return not helped.isdisjoint(household_ids)


def assign(
    workbook: Workbook,
    households: Sequence[str],
    helper_id: str,
    started_on: date,
    *,
    reason: str = "",
    ignore_limit: bool = False,
) -> list[str]:
    """Give households to a helper from a day on; who helped them until then is ended on that day. One transaction.

    A household that this helper already has stays as it is. Returns the ids of the new assignments.

    Args:
        reason: why the former helper ends, a value of assignment_change; 结对调整 if ""
        ignore_limit: the officer insists although the helper's limit is passed

    Raises:
        HelperOverLimit: more households than the helper's rank allows, and the officer did not insist
        ValidationError: no date, or no such reason
    """
    start_date = field("assignment", "started_on").parse_and_validate(started_on)
    assert isinstance(start_date, date)
    change_reason = str(
        field("assignment", "change_reason").parse_and_validate(reason or value_of("assignment_change", "reassigned"))
    )
    created = []
    with workbook.operation("结对") as session:
        helper = session.get(Helper, helper_id)
        if helper is None or helper.withdrawn:
            raise UserError("这位帮扶联系人已不在名单里。请刷新后重选。")
        running_operation(session).title = f"结对：{helper.name}"
        new = [candidate_id for candidate_id in households if not _has_helper(session, candidate_id, helper_id)]
        if not ignore_limit:
            _check_limit(session, helper, len(new))
        for household_id in new:
            _end_all(session, household_id, start_date, change_reason)
            created.append(_start_assignment(session, household_id, helper, start_date))
    return created


def end_assignments(workbook: Workbook, assignments: Iterable[str], ended_on: date, reason: str) -> None:
    """End assignments on a day for a reason; nobody follows.

    Raises:
        UserError: the end is before the beginning
        ValidationError: no date or no such reason
    """
    end_date = field("assignment", "ended_on").parse_and_validate(ended_on)
    change_reason = str(field("assignment", "change_reason").parse_and_validate(reason))
    with workbook.operation(f"结束结对：{change_reason}") as session:
        for row in session.scalars(select(Assignment).where(Assignment.id.in_(list(assignments)))):
            assert isinstance(end_date, date)
            _end(row, end_date, change_reason)


def _has_helper(session: Session, household_id: str, helper_id: str) -> bool:
    same = select(Assignment.id).where(
        is_in_force(), Assignment.household_id == household_id, Assignment.helper_id == helper_id
    )
    return session.scalars(same).first() is not None


def _check_limit(session: Session, helper: Helper, additional: int) -> None:
    count = session.scalar(
        select(func.count(func.distinct(Assignment.household_id))).where(
            is_in_force(), Assignment.helper_id == helper.id
        )
    )
    limit = household_limit(helper.rank)
    if additional and (count or 0) + additional > limit:
        raise HelperOverLimit(
            f"“{helper.name}”（{helper.rank or '职级未填'}）最多结对 {limit} 户，"
            f"现有 {count} 户，再加 {additional} 户就超限了。"
        )


def _end_all(session: Session, household_id: str, ended_on: date, change_reason: str) -> None:
    for former in session.scalars(select(Assignment).where(is_in_force(), Assignment.household_id == household_id)):
        _end(former, ended_on, change_reason)


def _end(row: Assignment, ended_on: date, change_reason: str) -> None:
    if row.started_on and ended_on < row.started_on:
        raise UserError(f"结束日期 {ended_on} 早于开始日期 {row.started_on}，请改日期。")
    row.ended_on, row.change_reason = ended_on, change_reason


def _start_assignment(session: Session, household_id: str, helper: Helper, started_on: date) -> str:
    household = session.get(Household, household_id)
    if household is None:
        raise UserError("这一户已不在名单里。请刷新后重选。")
    id = Assignment.id_of(household_id, helper.id, started_on)
    existing = standing_record(session, Assignment, id)
    if existing:
        id = existing.id
        existing.ended_on, existing.change_reason, existing.withdrawn = None, None, False
    else:
        session.add(
            Assignment(
                id=id,
                village=household.village,
                household_id=household_id,
                helper_id=helper.id,
                started_on=started_on,
            )
        )
    return id
