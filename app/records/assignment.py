"""Who helps whom: assigning, ending, and the limits that a county sets. Rules R089–R091."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

import resources
from app.errors import OfficeError
from app.progress import Progress, Work
from app.records.field import field, options
from app.workbook.workbook import Workbook
from db.schema.aid import Assignment, Helper
from db.schema.household import Household


class OverLimit(OfficeError):
    """The helper would have more households than their rank allows; the officer may insist."""


@dataclass(frozen=True, slots=True)
class Burden:
    """How many households a helper has in force, and how many their rank allows."""

    helper_id: str
    name: str
    rank: str
    households: int
    limit: int


@cache
def _limits() -> dict[str, int]:
    unknown: int = resources.read("thresholds", "helper_limits")["rank_unknown"]
    return {"": unknown} | {option.value: option.more["max_households"] for option in options("helper_rank")}


def limit_of(rank: str | None) -> int:
    """How many households a helper of this rank may have, also where the rank is not filled in."""
    return _limits().get(rank or "") or _limits()[""]


def in_force(day: date | None = None) -> ColumnElement[bool]:
    """The condition for assignments that stand on a day (today if None)."""
    return ~Assignment.withdrawn & or_(Assignment.ended_on.is_(None), Assignment.ended_on > (day or date.today()))


@cache
def _unhelped() -> tuple[frozenset[str], frozenset[str]]:
    kinds = frozenset(o.value for o in options("household_kind") if not o.more["registered"])
    states = frozenset(o.value for o in options("registration_state") if not o.more["open"])
    return kinds, states


def needs_helper(household_kind: str | None, registration_state: str | None) -> bool:
    """Whether a household must have a helper: registered (or of unknown kind: rosters leave it out) and not closed."""
    kinds, states = _unhelped()
    return household_kind not in kinds and registration_state not in states


def without_helper(session: Session) -> list[str]:
    """Ids of the households that must have a helper and have none in force, by village, group and number."""
    helped = select(Assignment.household_id).where(in_force(), Assignment.household_id.is_not(None))
    rows = session.execute(
        select(Household.id, Household.household_kind, Household.registration_state)
        .where(~Household.withdrawn, Household.merged_into.is_(None), Household.id.not_in(helped))
        .order_by(Household.village, Household.group_name, Household.household_no)
    )
    return [row.id for row in rows if needs_helper(row.household_kind, row.registration_state)]


def burdens(session: Session) -> list[Burden]:
    """Every helper with the number of households in force, by name."""
    counts = (
        select(Assignment.helper_id, func.count(func.distinct(Assignment.household_id)).label("households"))
        .where(in_force())
        .group_by(Assignment.helper_id)
        .subquery()
    )
    rows = session.execute(
        select(Helper.id, Helper.name, Helper.rank, counts.c.households)
        .outerjoin(counts, counts.c.helper_id == Helper.id)
        .where(~Helper.withdrawn)
        .order_by(Helper.name)
    )
    return [Burden(id, name or "", rank or "", count or 0, limit_of(rank)) for id, name, rank, count in rows]


def over_limit(session: Session) -> list[Burden]:
    """The helpers who have more households than their rank allows."""
    return [burden for burden in burdens(session) if burden.households > burden.limit]


def assign(
    workbook: Workbook,
    households: Sequence[str],
    helper_id: str,
    started_on: date,
    *,
    reason: str = "",
    beyond_limit: bool = False,
    by: object | None = None,
) -> Work[list[str]]:
    """Give households to a helper from a day on; who helped them until then is ended on that day. One transaction.

    A household that this helper already has stays as it is. Returns the ids of the new assignments.

    Args:
        reason: why the former helper ends, a value of assignment_change; 结对调整 if ""
        beyond_limit: the officer insists although the helper's limit is passed

    Raises:
        OverLimit: more households than the helper's rank allows, and the officer did not insist
        FieldRefused: no date, or no such reason
    """
    started = field("assignment", "started_on").taken(started_on)
    assert isinstance(started, date)
    why = str(field("assignment", "change_reason").taken(reason or "结对调整"))
    yield Progress(0, len(households), "正在结对")
    made = []
    with workbook.writing(by) as session:
        helper = session.get(Helper, helper_id)
        if helper is None or helper.withdrawn:
            raise OfficeError("这位帮扶联系人已不在名单里。请刷新后重选。")
        new = [one for one in households if not _has(session, one, helper_id)]
        if not beyond_limit:
            _check_limit(session, helper, len(new))
        for done, household_id in enumerate(new, 1):
            _end_all(session, household_id, started, why)
            made.append(_begin(session, household_id, helper, started))
            yield Progress(done, len(new), "正在结对")
    return made


def end(
    workbook: Workbook, assignments: Iterable[str], ended_on: date, reason: str, by: object | None = None
) -> Work[None]:
    """End assignments on a day for a reason; nobody follows.

    Raises:
        OfficeError: the end is before the beginning
        FieldRefused: no date or no such reason
    """
    ended = field("assignment", "ended_on").taken(ended_on)
    why = str(field("assignment", "change_reason").taken(reason))
    yield Progress(0, 0, "正在结束结对")
    with workbook.writing(by) as session:
        for row in session.scalars(select(Assignment).where(Assignment.id.in_(list(assignments)))):
            assert isinstance(ended, date)
            _end(row, ended, why)


def _has(session: Session, household_id: str, helper_id: str) -> bool:
    same = select(Assignment.id).where(
        in_force(), Assignment.household_id == household_id, Assignment.helper_id == helper_id
    )
    return session.scalars(same).first() is not None


def _check_limit(session: Session, helper: Helper, more: int) -> None:
    count = session.scalar(
        select(func.count(func.distinct(Assignment.household_id))).where(in_force(), Assignment.helper_id == helper.id)
    )
    limit = limit_of(helper.rank)
    if more and (count or 0) + more > limit:
        raise OverLimit(
            f"“{helper.name}”（{helper.rank or '职级未填'}）最多结对 {limit} 户，"
            f"现有 {count} 户，再加 {more} 户就超限了。"
        )


def _end_all(session: Session, household_id: str, ended_on: date, why: str) -> None:
    for former in session.scalars(select(Assignment).where(in_force(), Assignment.household_id == household_id)):
        _end(former, ended_on, why)


def _end(row: Assignment, ended_on: date, why: str) -> None:
    if row.started_on and ended_on < row.started_on:
        raise OfficeError(f"结束日期 {ended_on} 早于开始日期 {row.started_on}，请改日期。")
    row.ended_on, row.change_reason = ended_on, why


def _begin(session: Session, household_id: str, helper: Helper, started_on: date) -> str:
    household = session.get(Household, household_id)
    if household is None:
        raise OfficeError("这一户已不在名单里。请刷新后重选。")
    id = Assignment.id_of(household_id, helper.id, started_on)
    again = session.get(Assignment, id)
    if again:
        again.ended_on, again.change_reason, again.withdrawn = None, None, False
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
    session.flush()
    return id
