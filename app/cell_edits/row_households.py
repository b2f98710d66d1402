"""The households that rows of a list are about."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.registers.engine.register import Register
from app.registers.engine.rows import household_column, id_values


def households_of_rows(session: Session, register: Register, ids: Sequence[str]) -> list[str]:
    """Ids of households, each once, in the order of the rows."""
    chosen = select(register.record.id, household_column(register)).where(register.record.id.in_(id_values(ids)))
    by_row = {row: household for row, household in session.execute(chosen) if household}
    return list(dict.fromkeys(by_row[id] for id in ids if id in by_row))
