"""Which tables of records hold any: one statement, because most of the eighty are empty in a small workbook."""

from functools import cache

from sqlalchemy import CompoundSelect, exists, literal, select, union_all
from sqlalchemy.orm import Session

from db.schema import records


def filled_tables(session: Session) -> frozenset[str]:
    """The tables that hold a record, withdrawn or not."""
    return frozenset(session.scalars(_statement()))


@cache
def _statement() -> CompoundSelect[str]:
    return union_all(*(select(literal(table)).where(exists(select(model.id))) for table, model in records().items()))
