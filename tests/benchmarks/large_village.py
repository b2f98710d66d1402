"""A village of a thousand households with all registers: the sample village, written as many times as it takes.

Every copy has ids, household numbers and ID numbers of its own, so that nobody is a duplicate of somebody else.
`add_day_of_work` writes what a team of five adds to it on a busy day.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app import sample
from app.progress import run_to_completion
from app.workbook.keyring import TEST_COST
from app.workbook.workbook import Workbook
from db.schema import records
from db.schema.household import Household
from db.schema.record import Record, derived_id, new_id
from tests.builders import PASSPHRASE, copied_tables, with_check_digit

COPIES = 15  # of the sample's 68 households and 10,000 records
_HOUSEHOLDS = 68  # of one copy
_SHARED = frozenset(  # what the copies have in common: the village, who helps it, definitions, and its photographs
    ("village", "helper", "checklist_used", "form_used", "policy", "standard", "period_report",
     "report_figure", "village_indicator", "village_exit", "exit_criterion", "village_status", "annual_target", "photo")
)  # fmt: skip
_DAY_S_WORK = {  # table → rows of a day; what is below a row comes with it, and is counted here
    "visit": 40, "visit_participant": 60, "visit_policy": 40, "inspection": 10, "answer": 300, "rectification": 10,
    "work_task": 10, "measure": 20, "income_year": 10, "income_line": 100, "public_job_month": 30, "diary_entry": 5,
}  # fmt: skip
_EDITED = 300  # households whose telephone number is corrected


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


def add_day_of_work(book: Workbook, day: date) -> int:
    """Rows like those that are there, of that day; returns how many cells were written.

    The characters of what was typed are shuffled, so that nothing is a second copy of a text that went before.
    """
    chance, ids, cells = Random(12), dict[str, str](), 0
    with book.operation("一天的工作") as session:
        for table, count in _DAY_S_WORK.items():
            model = records()[table]
            rows = [_new_row(model, row, day, ids, chance) for row in _some_rows(session, model, count, ids, chance)]
            session.execute(insert(model), rows)
            cells += sum(value is not None for row in rows for value in row.values())
        for id in chance.sample(list(session.scalars(select(Household.id).order_by(Household.id))), _EDITED):
            number = f"138{chance.randrange(10**8):08}"
            session.execute(update(Household).where(Household.id == id).values(phone=number))
    return cells + _EDITED


def _some_rows(
    session: Session, model: type[Record], count: int, ids: Mapping[str, str], chance: Random
) -> list[Mapping[str, Any]]:
    """Rows below those that were copied before; of a table that hangs below none of them, any."""
    rows = session.execute(select(model.__table__).order_by(model.id)).mappings().all()
    below = [row for row in rows if model.PARENT and row[model.PARENT] in ids]
    return chance.sample(below or list(rows), min(count, len(below or rows)))


def _new_row(
    model: type[Record], row: Mapping[str, Any], day: date, ids: dict[str, str], chance: Random
) -> dict[str, Any]:
    values = {name: ids.get(value, value) if isinstance(value, str) else value for name, value in row.items()}
    values["id"] = ids[row["id"]] = new_id()
    for column in model.__table__.columns:
        kind = getattr(column.info.get("declared"), "kind", "")
        if values[column.name] and kind == "date":
            values[column.name] = day
        elif values[column.name] and kind in ("text", "long") and column.name not in ("village", "check"):
            values[column.name] = "".join(chance.sample(values[column.name], len(values[column.name])))
    return values
