"""Reading for paper. Who may not see numbers of persons in full gets them masked by the database itself.

Views of a connection take the names of the tables that hold such numbers; whatever a report asks of these tables it
gets masked, and no section has to think of it.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlalchemy.orm import Session

from app.records.field import fields
from app.workbook.masking import mask_kind, mask_value
from app.workbook.roles import REVEAL
from app.workbook.workbook import Workbook
from db.schema import records


@contextmanager
def reading_for_paper(workbook: Workbook) -> Iterator[Session]:
    """A read transaction for what is printed."""
    reading: AbstractContextManager[Session] = (
        workbook.reading() if workbook.may(REVEAL) else workbook.reading_alone(_mask)
    )
    with reading as session:
        yield session


def _mask(connection: Any) -> None:
    """Lay the views over the tables of a driver's connection."""
    connection.create_function("masked", 2, _masked, deterministic=True)
    connection.execute("PRAGMA query_only = OFF")  # views are of the connection, not of the file
    for table, record in records().items():
        masks = {one.name: mask_kind(one.spec.mask, one.name, long=one.kind == "long") for one in fields(table)}
        if any(masks.values()):
            columns = ", ".join(
                f'masked("{column.name}", \'{masks[column.name]}\') AS "{column.name}"'
                if masks.get(column.name)
                else f'"{column.name}"'
                for column in record.__table__.columns
            )
            connection.execute(f'CREATE TEMP VIEW "{table}" AS SELECT {columns} FROM main."{table}"')
    connection.execute("PRAGMA query_only = ON")


def _masked(value: Any, mask: str) -> Any:
    return mask_value(value, mask) if isinstance(value, str) else value
