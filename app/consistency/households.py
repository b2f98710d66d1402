"""The households whose records are entered and compared, block by block."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.records.assignment import helper_needed
from app.records.row_views import HEAD_RELATION
from app.registers.engine.rows import id_values
from db.schema.household import Household, Member
from resources.option_roles import values_with_role

BLOCK = 250  # households read at one time


@dataclass(frozen=True, slots=True)
class ComparedHousehold:
    """A household as lists show it. `registered`: it is registered or monitored, and so in the national system."""

    id: str
    head: str
    number: str
    group: str
    registered: bool


def compared_households(session: Session) -> list[ComparedHousehold]:
    """All households in use, by village, group and number; those that were closed or merged are left out."""
    closed = values_with_role("registration_state", "closed")
    registered = helper_needed().label("registered")
    query = select(
        Household.id, Household.household_no, Household.group_name, Household.hamlet, Household.registration_state,
        registered,
    ).where(~Household.withdrawn, Household.merged_into.is_(None))  # fmt: skip
    query = query.order_by(Household.village, Household.group_name, Household.household_no, Household.id)
    rows = [row for row in session.execute(query) if row.registration_state not in closed]
    heads = _heads(session, [row.id for row in rows])
    return [
        ComparedHousehold(
            row.id,
            heads.get(row.id, "户主未填"),
            row.household_no or "",
            row.group_name or row.hamlet or "",
            bool(row.registered),
        )
        for row in rows
    ]


def blocks(households: list[ComparedHousehold]) -> Iterator[list[ComparedHousehold]]:
    for start in range(0, len(households), BLOCK):
        yield households[start : start + BLOCK]


def _heads(session: Session, ids: list[str]) -> dict[str, str]:
    query = select(Member.household_id, Member.name).where(
        Member.household_id.in_(id_values(ids)),
        Member.relation == HEAD_RELATION,
        Member.left.is_(None),
        ~Member.withdrawn,
    )
    return {household_id or "": name or "" for household_id, name in session.execute(query)}
