"""All that a workbook holds, read fast: most of its eighty tables are empty, and tests look a thousand times."""

from functools import cache
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from db.filled_tables import filled_tables
from db.schema import records


def stored_rows(session: Session) -> dict[str, list[Any]]:
    """Every table of records → its rows by id; none is left out, empty or not."""
    filled = filled_tables(session)
    return {table: list(session.execute(_rows_of(table))) if table in filled else [] for table in records()}


@cache
def _rows_of(table: str) -> Select[Any]:
    model = records()[table]
    return select(*model.__table__.columns).order_by(model.id)
