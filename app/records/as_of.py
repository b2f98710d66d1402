"""A household as it stood on a day of a former year (docs/decisions/0030-as-of.md).

The journal tells what its cells held. Where it does not reach back so far, the earliest that it knows stands for it and
the dates in records decide: births, joining and leaving, registration, exit, monitoring, and the account of the year.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

import resources
from app.records.field import Value, fields
from app.records.monitoring import monitorings
from app.records.past_cells import RowPast, load_pasts
from app.records.row_views import HEAD_RELATION, birth_of, member_order
from app.records.status_as_of import apply_status, monitoring_on
from db.schema.household import Household, Member
from db.schema.income import IncomeYear
from db.schema.monitoring import Monitoring
from resources.overlay import cached

_NO_PAST = RowPast()
_Row = TypeVar("_Row", Household, Member)


@dataclass(frozen=True, slots=True)
class HouseholdAsOf:
    """A household on a day.

    Attributes:
        household: a copy that belongs to no session
        members: the head first; copies where something was otherwise
        former_members: those who had left by then
        monitoring: by what it was monitored then, None where it was not
        doubts: what the records do not decide, sentence by sentence
    """

    household: Household
    members: tuple[Member, ...]
    former_members: tuple[Member, ...]
    monitoring: Monitoring | None
    doubts: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class HouseholdPast:
    """What is read once of a household for all its days: what the journal knows, its monitoring and its accounts."""

    rows: Mapping[str, RowPast]
    monitorings: Sequence[Monitoring]
    people_by_year: Mapping[int, int]


def load_past(session: Session, household_id: str, members: Sequence[Member]) -> HouseholdPast:
    """The past of a household and of all members that it has or had."""
    accounts = select(IncomeYear.year, IncomeYear.people).where(
        IncomeYear.household_id == household_id, ~IncomeYear.withdrawn
    )
    return HouseholdPast(
        load_pasts(session, [household_id, *(member.id for member in members)]),
        monitorings(session, household_id),
        {year: people for year, people in session.execute(accounts) if year is not None and people is not None},
    )


def household_as_of(household: Household, members: Sequence[Member], past: HouseholdPast, day: date) -> HouseholdAsOf:
    """A household on a day before today.

    Args:
        members: all that it has or had, none withdrawn
    """
    pasts = past.rows
    own = pasts.get(household.id, _NO_PAST)
    row = _copy(household, own, day, always=True)
    doubts = list(apply_status(row, day))
    there: list[Member] = []
    gone: list[Member] = []
    for member in members:
        present, doubt = _present(member, pasts.get(member.id, _NO_PAST), own, day)
        doubts += [doubt] if doubt else []
        if present:
            there.append(_copy(member, pasts.get(member.id, _NO_PAST), day, always=member.left is not None))
        elif member.left_on and member.left_on <= day:
            gone.append(member)
    monitoring, unsure = monitoring_on(past.monitorings, day)
    if not own.reaches(_settled(day)):
        doubts += _account_doubts(past.people_by_year.get(day.year), day.year, len(there))
    return HouseholdAsOf(row, tuple(_ordered(there, day)), tuple(gone), monitoring, (*doubts, *unsure))


def in_order(members: Sequence[Member]) -> list[Member]:
    """Members as they stand everywhere: the head, then by age."""
    return sorted(members, key=member_order)


def _ordered(members: Sequence[Member], day: date) -> list[Member]:
    """Of several heads the one who left after that day was it then; what the others were is not known."""
    heads = [member for member in members if member.relation == HEAD_RELATION]
    if len(heads) > 1:
        was_head = min(heads, key=lambda member: (member.left is None, member.left_on or date.max))
        members = [_without_relation(one) if one in heads and one is not was_head else one for one in members]
    for member in members:
        if member.left is not None:  # a copy
            member.left = member.left_on = None
    return in_order(members)


def _without_relation(member: Member) -> Member:
    return Member(
        id=member.id,
        village=member.village,
        withdrawn=False,
        **{one.name: getattr(member, one.name) for one in fields("member")} | {"relation": None},
    )


def _copy(row: _Row, past: RowPast, day: date, *, always: bool) -> _Row:
    """The record with its changing cells as they were, or in the earliest year that the journal knows.

    The record itself where nothing was otherwise, unless `always`; a copy belongs to no session.
    """
    moment = _settled(day)
    if past.first is not None and past.first > moment:
        moment = _settled(datetime.fromtimestamp(past.first).date())
    table = row.__tablename__
    held: dict[str, Value] = {}
    if past.changed_after(moment):
        for name in _changing()[table]:
            value = past.value(name, moment)
            if value is not None and value[0] != getattr(row, name):
                held[name] = value[0]
    if not held and not always:
        return row
    values = {one.name: getattr(row, one.name) for one in fields(table)} | held
    return type(row)(id=row.id, village=row.village, withdrawn=False, **values)


def _present(member: Member, past: RowPast, household: RowPast, day: date) -> tuple[bool, str]:
    """Whether somebody belonged to the household on a day, and what is not sure about it."""
    birth = member.birth or birth_of(member.id_no)
    if (birth and birth > day) or (member.joined_on and member.joined_on > day):
        return False, ""
    moment = _settled(day)
    if member.joined_on is None and household.reaches(moment) and past.first is not None and not past.reaches(moment):
        return False, f"{member.name}在{_year(past)}年登记，增加日期未填，未计入"
    if member.left is None:
        return True, ""
    if member.left_on:
        return member.left_on > day, ""
    held = past.value("left", moment) if past.reaches(moment) else None
    if held is not None:
        return held[0] is None, ""
    return False, f"{member.name}减少日期未填，未计入"


def _year(past: RowPast) -> int:
    return datetime.fromtimestamp(past.first or 0).year


def _account_doubts(people: int | None, year: int, counted: int) -> list[str]:
    """Where the account of the year has another number of people."""
    if people is None or people == counted:
        return []
    return [f"{year}年收入核算人口 {people} 人，按成员增减日期为 {counted} 人"]


def _settled(day: date) -> float:
    """Until when the facts of a day's year are corrected, in seconds since 1970."""
    month, last = _corrected_until()
    return datetime.combine(date(day.year + 1, month, last), time.max).timestamp()


@cached
def _corrected_until() -> tuple[int, int]:
    month, day = str(resources.read("facts", "as_of")["corrected_until"]).split("-")
    return int(month), int(day)


@cached
def _changing() -> Mapping[str, tuple[str, ...]]:
    return {table: tuple(names) for table, names in resources.read("facts", "as_of")["changing"].items()}
