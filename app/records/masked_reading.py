"""Reading for paper. Who may not see numbers of persons in full gets them masked by the database itself.

Views of a connection take the names of the tables that hold such numbers, the journal among them, which tells what they
held on a former day; whatever a report asks of these tables it gets masked, and no section has to think of it.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlalchemy.orm import Session

from app.records.field import fields
from app.workbook.masking import mask_kind, mask_value
from app.workbook.roles import REVEAL
from app.workbook.workbook import Workbook
from db.journal.changes import lay_value_view
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
    add_mask_function(connection)
    connection.execute("PRAGMA query_only = OFF")  # views are of the connection, not of the file
    masks = {table: column_masks(table) for table in records()}
    for table, record in records().items():
        if any(masks[table].values()):
            cells = {name: f"masked(\"{name}\", '{mask}')" for name, mask in masks[table].items() if mask}
            names = record.__table__.columns.keys()
            columns = ", ".join(f'{cells[name]} AS "{name}"' if name in cells else f'"{name}"' for name in names)
            connection.execute(f'CREATE TEMP VIEW "{table}" AS SELECT {columns} FROM main."{table}"')

    def masked_change(table: str, column: str, value: Any) -> Any:
        return _masked_change(masks.get(table, {}), column, value)

    connection.create_function("masked_change", 3, masked_change, deterministic=True)
    lay_value_view(connection, "masked_change")
    connection.execute("PRAGMA query_only = ON")


def add_mask_function(connection: Any) -> None:
    """SQL of a driver's connection gets `masked(value, mask)`, with a mask that `column_masks` names."""
    connection.create_function("masked", 2, _masked, deterministic=True)


def column_masks(table: str) -> dict[str, str]:
    """Column → how it is masked (`mask_kind`), "" where it is shown as it is."""
    return {one.name: mask_kind(one.spec.mask, one.name, long=one.kind == "long") for one in fields(table)}


def _masked(value: Any, mask: str) -> Any:
    return mask_value(value, mask) if isinstance(value, str) else value


def _masked_change(masks: Mapping[str, str], column: str, value: Any) -> Any:
    """The value of a change; of a new record, column "", each of its cells. A column nobody knows may hold a number."""
    if column:
        mask = masks.get(column, "text")
        return _masked(value, mask) if mask else value
    cells = {name: _masked_change(masks, name, cell) for name, cell in json.loads(value).items()}
    return json.dumps(cells, ensure_ascii=False)
