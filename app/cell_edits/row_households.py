"""The households that rows of a list are about, and the order in which a village is walked through."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.registers.engine.register import Register
from app.registers.engine.rows import RowQuery, household_column, id_values, ids_of_households, row_ids
from app.registers.lists import is_about_households
from db.schema.household import Household, Member


def households_of_rows(session: Session, register: Register, ids: Sequence[str]) -> list[str]:
    """Ids of households, each once, in the order of the rows."""
    chosen = select(register.record.id, household_column(register)).where(register.record.id.in_(id_values(ids)))
    by_row = {row: household for row, household in session.execute(chosen) if household}
    return list(dict.fromkeys(by_row[id] for id in ids if id in by_row))


def members_of_rows(session: Session, register: Register, ids: Sequence[str]) -> list[str]:
    """Ids of the members that rows are, or are about, each once, in their order."""
    if register.key == Member.__tablename__:
        return list(ids)
    record: Any = register.record
    by_row: dict[str, str] = dict(
        iter(session.execute(select(record.id, record.member_id).where(record.id.in_(id_values(ids)))).all())
    )
    return list(dict.fromkeys(by_row[id] for id in ids if by_row.get(id)))


def ids_in_walking_order(session: Session, register: Register, query: RowQuery) -> list[str]:
    """Ids of the rows that fit: household by household, by group and number, where neither the query nor the list says
    another order."""
    if query.sort or register.sort or not is_about_households(register):
        return row_ids(session, register, query)
    order = (Household.village, Household.group_name, Household.household_no, Household.id)
    kept = select(Household.id).where(~Household.withdrawn).order_by(*order)
    return ids_of_households(session, register, list(session.scalars(kept)), query)
