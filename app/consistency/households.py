"""The households whose records are entered and compared, block by block."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app.records.assignment import helper_needed
from app.records.row_views import HEAD_RELATION
from app.registers.engine.rows import id_values
from db.schema.household import Household, Member
from resources.option_roles import values_with_role

BLOCK = 250  # households read at one time


_CLOSED = values_with_role("registration_state", "closed")
_WITHDRAWN_HERE, _CLOSED_HERE = "本工作簿已撤回", "本工作簿已注销"


@dataclass(frozen=True, slots=True)
class ComparedHousehold:
    """A household as lists show it.

    Attributes:
        registered: it is registered or monitored, and so in the national system
        gone: why it is no longer here as a whole, "" while it is
    """

    id: str
    head: str
    number: str
    group: str
    registered: bool
    gone: str = ""


def called_households(households: Iterable[ComparedHousehold]) -> dict[str, str]:
    """Id → what people call it, e.g. 陈卫国户."""
    return {one.id: f"{one.head}户" for one in households}


def compared_households(session: Session) -> list[ComparedHousehold]:
    """All households in use, by village, group and number; those that were closed or merged are left out."""
    return _households(session, ~Household.withdrawn & _is_open())


def compared_household(session: Session, household_id: str) -> ComparedHousehold | None:
    """One household in use, None where it is not."""
    found = _households(session, (Household.id == household_id) & ~Household.withdrawn & _is_open())
    return found[0] if found else None


def gone_households(session: Session, ids: Collection[str]) -> list[ComparedHousehold]:
    """Those of some households that were withdrawn or closed as a whole, in the same order."""
    return _households(session, Household.id.in_(id_values(list(ids))) & or_(Household.withdrawn, ~_is_open()))


def _is_open() -> ColumnElement[bool]:
    return func.coalesce(Household.registration_state, "").not_in(_CLOSED)


def _households(session: Session, wanted: ColumnElement[bool]) -> list[ComparedHousehold]:
    query = select(
        Household.id, Household.household_no, Household.group_name, Household.hamlet, Household.withdrawn,
        Household.registration_state, helper_needed().label("registered"),
    ).where(wanted, Household.merged_into.is_(None))  # fmt: skip
    query = query.order_by(Household.village, Household.group_name, Household.household_no, Household.id)
    rows = session.execute(query).all()
    heads = _heads(session, [row.id for row in rows])
    return [
        ComparedHousehold(
            row.id,
            heads.get(row.id, "户主未填"),
            row.household_no or "",
            row.group_name or row.hamlet or "",
            bool(row.registered),
            _WITHDRAWN_HERE if row.withdrawn else _CLOSED_HERE if row.registration_state in _CLOSED else "",
        )
        for row in rows
    ]


def blocks(households: list[ComparedHousehold]) -> Iterator[list[ComparedHousehold]]:
    for start in range(0, len(households), BLOCK):
        yield households[start : start + BLOCK]


def _heads(session: Session, ids: list[str]) -> dict[str, str]:
    query = (
        select(Member.household_id, Member.name)
        .where(
            Member.household_id.in_(id_values(ids)),
            Member.relation == HEAD_RELATION,
            ~Member.withdrawn,
        )
        .order_by(Member.left.is_(None))
    )  # who left names a household only that has no other head
    return {household_id or "": name or "" for household_id, name in session.execute(query)}
