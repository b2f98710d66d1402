"""照抄上年: the rows of one year for all who have none yet, as the year before says, with what stands below them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cell_edits.column_source import is_yearly
from app.cell_edits.record_addition import AdditionPlan, NewRecord
from app.records.income import accounting_period
from app.registers.engine.register import Children, Register
from app.registers.engine.rows import id_values
from app.registers.lists import all_lists
from db.schema import records, relations
from db.schema.income import IncomeYear

_OF_ONE_YEAR = {"calculated_by", "calculated_on"}  # who worked it out and when is not copied
_OF_RECORD = {"id", "village", "withdrawn", "merged_into"}


def copied_lists() -> tuple[Register, ...]:
    """The lists with one row a household and year."""
    return tuple(one for one in all_lists() if is_yearly(one) and _is_keyed_by_year(one))


def _is_keyed_by_year(register: Register) -> bool:
    return relations.key_columns(register.key) == (f"{register.subject}_id", register.dated)


def plan_year_copy(session: Session, register: Register, year: int, household_ids: Sequence[str] = ()) -> AdditionPlan:
    """Rows of `year` copied from the year before. Writes nothing.

    Args:
        household_ids: only theirs, of all households if none
    """
    former = _rows(session, register, year - 1, household_ids)
    there = {row[f"{register.subject}_id"] for row in _rows(session, register, year, ())}
    titles = relations.household_titles(session, {row["household_id"] for row in former})
    new: list[NewRecord] = []
    sources: dict[str, NewRecord] = {}
    skipped = 0
    for row in former:
        id = register.record.id_of(row["household_id"], year)
        if row["household_id"] in there or session.get(register.record, id) is not None:
            skipped += 1
            continue
        title = titles.get(row["household_id"], "")
        sources[row["id"]] = NewRecord(register.key, id, row["village"], title, _values(register, row, year))
        new.append(sources[row["id"]])
    for children in register.children:
        new += _children(session, register, children, sources)
    refused = (f"{year} 年已有的 {skipped} 户，没有改动",) if skipped else ()
    return AdditionPlan(f"照抄上年：{year} 年{register.title}", tuple(new), refused)


def _rows(session: Session, register: Register, year: int, household_ids: Sequence[str]) -> list[Mapping[str, Any]]:
    table: Any = register.record.__table__
    kept = select(*table.columns).where(table.c[register.dated] == year, ~table.c.withdrawn)
    kept = kept.where(table.c.merged_into.is_(None))
    if household_ids:
        kept = kept.where(table.c.household_id.in_(id_values(household_ids)))
    gone = select(records()["household"].id).where(records()["household"].withdrawn)
    return [dict(row) for row in session.execute(kept.where(table.c.household_id.not_in(gone))).mappings()]


def _values(register: Register, row: Mapping[str, Any], year: int) -> dict[str, Any]:
    values = {name: value for name, value in row.items() if name not in _OF_RECORD | _OF_ONE_YEAR}
    values[register.dated] = year
    if register.record is IncomeYear:
        values["period_start"], values["period_end"] = accounting_period(year)
    return {name: value for name, value in values.items() if value is not None}


def _children(
    session: Session, register: Register, children: Children, sources: Mapping[str, NewRecord]
) -> Iterator[NewRecord]:
    """What stands below the former rows, below the new ones."""
    table: Any = children.record.__table__
    parent = children.parent_column(register.record)
    kept = select(*table.columns).where(table.c[parent].in_(id_values(list(sources))), ~table.c.withdrawn)
    for row in session.execute(kept.where(table.c.merged_into.is_(None))).mappings():
        cells = {name: value for name, value in row.items() if name not in _OF_RECORD and value is not None}
        cells[parent] = sources[row[parent]].id
        key = (cells.get(name) for name in relations.key_columns(table.name))
        yield NewRecord(table.name, children.record.id_of(*key), row["village"], "", cells)
