"""A village of a thousand households with all registers: the sample village, written as many times as it takes.

Every copy has ids, household numbers and ID numbers of its own, so that nobody is a duplicate of somebody else.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from app import sample
from app.progress import run_to_completion
from app.workbook.keyring import TEST_COST
from app.workbook.workbook import Workbook
from db.schema import records
from db.schema.record import Record, derived_id
from tests.builders import PASSPHRASE, copied_tables, with_check_digit

COPIES = 15  # of the sample's 68 households and 10,000 records
_HOUSEHOLDS = 68  # of one copy
_SHARED = frozenset(  # what the copies have in common: the village, who helps it, definitions, and its photographs
    ("village", "helper", "checklist_used", "form_used", "policy", "standard", "period_report",
     "report_figure", "village_indicator", "village_exit", "exit_criterion", "village_status", "annual_target", "photo")
)  # fmt: skip


def make_large_village(path: Path, copies: int = COPIES) -> Workbook:
    """A new workbook that holds the sample village so many times, open."""
    with copied_tables():
        book = run_to_completion(sample.make(path, PASSPHRASE, cost=TEST_COST))
    with book.writing() as session:
        for table, model in records().items():
            rows = [] if table in _SHARED else session.execute(select(model.__table__)).mappings().all()
            copied = [_copy(model, row, n) for n in range(1, copies) for row in rows]
            if copied:
                session.execute(insert(model), copied)
    return book


def _copy(model: type[Record], row: Mapping[str, Any], n: int) -> dict[str, Any]:
    """The row as it stands in the n-th copy."""
    values = dict(row) | {"id": _id_in_copy(row["id"], n)}
    for column in model.__table__.columns:
        value = row[column.name]
        if value is not None and any(key.column.table.name not in _SHARED for key in column.foreign_keys):
            values[column.name] = _id_in_copy(value, n)
        elif value and (declared := column.info.get("declared")) is not None:
            values[column.name] = _number_in_copy(declared.rule, value, n)
    return values


def _id_in_copy(id: str, n: int) -> str:
    return derived_id("copy", id, n)


def _number_in_copy(rule: str, value: Any, n: int) -> Any:
    """A number of a household or person, moved on; its order among those born on a day keeps telling the sex."""
    if rule in ("household_no", "person_no"):
        return f"{value[:12]}{int(value[12:15]) + _HOUSEHOLDS * n:04}{value[15:]}"
    if rule == "id_number" and len(value) == 18:
        return with_check_digit(f"{value[:14]}{(int(value[14:17]) + 2 * n) % 1000:03}")
    return value
