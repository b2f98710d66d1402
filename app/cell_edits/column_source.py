"""Where the value of a column comes from when it is set for many rows at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cell_edits.cell_edit import CellInput
from app.cell_edits.clipboard_block import PlacedBlock
from app.cell_edits.edit_planning import read_records
from app.cell_edits.list_cells import cell_texts
from app.registers.engine.register import Register
from app.registers.engine.rows import id_values


def is_yearly(register: Register) -> bool:
    """Whether the list has a row a year of whom it is about, so that there is a last year."""
    return bool(register.dated) and register.field(register.dated).kind == "year" and register.subject != "village"


def set_column(ids: Sequence[str], column: str, text: str) -> PlacedBlock:
    """The same text for all; "" clears the column."""
    return PlacedBlock(tuple(CellInput(id, column, text) for id in ids))


def copy_column(session: Session, register: Register, ids: Sequence[str], column: str, source: str) -> PlacedBlock:
    """Each row's own text of another column; where that is empty, the row stays as it is."""
    kept = list(read_records(session, register, ids))
    texts = cell_texts(session, register, kept, [source], hide=False)
    pairs = [(id, text) for id, [text] in zip(kept, texts, strict=True) if text]
    missing = len(ids) - len(pairs)
    left_over = f"“{register.field(source).label}”是空白的 {missing} 条，没有改动" if missing else ""
    return PlacedBlock(tuple(CellInput(id, column, text) for id, text in pairs), left_over)


def copy_last_year(session: Session, register: Register, ids: Sequence[str], column: str) -> PlacedBlock:
    """What the row of the year before says of the same household."""
    records = read_records(session, register, ids)
    former = _rows_of_years_before(session, register, records)
    texts = cell_texts(session, register, list(former.values()), [column], hide=False)
    text_by_row = {row: text for row, [text] in zip(former.values(), texts, strict=True)}
    edits = [CellInput(id, column, text_by_row[row]) for id, row in former.items() if text_by_row.get(row)]
    missing = len(ids) - len(edits)
    return PlacedBlock(tuple(edits), f"上年没有填写的 {missing} 条，没有改动" if missing else "")


def _rows_of_years_before(
    session: Session, register: Register, rows: Mapping[str, Mapping[str, Any]]
) -> dict[str, str]:
    """Row → the row about the same of the year before, for rows that have one."""
    table: Any = register.record.__table__
    subject, dated = f"{register.subject}_id", register.dated
    subjects = list({row[subject] for row in rows.values() if row[subject]})
    kept = select(table.c.id, table.c[subject], table.c[dated]).where(~table.c.withdrawn, table.c.merged_into.is_(None))
    found = session.execute(kept.where(table.c[subject].in_(id_values(subjects))))
    by_year = {(whom, year): id for id, whom, year in found}
    before = {id: by_year.get((row[subject], (row[dated] or 0) - 1)) for id, row in rows.items()}
    return {id: other for id, other in before.items() if other}
