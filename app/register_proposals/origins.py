"""From a figure of an account back to the rows of the registers that it was taken from."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.register_proposals.proposal import SourceRow
from app.registers import all_registers, get_register
from db.schema import records, relations
from db.schema.income import IncomeOrigin


@dataclass(frozen=True, slots=True)
class OriginRow:
    """A row of a register that a figure was taken from; `record_id` is the row that its page shows."""

    register: str
    record_id: str
    title: str


def origin_rows(session: Session, income_year_id: str, target: str = "", what: str = "") -> list[OriginRow]:
    """The rows behind a figure that was taken over, those that are still there; none where it was typed.

    Args:
        target, what: item and wording of a line, or the column of the account; "" for all that was taken
    """
    kept = select(IncomeOrigin).where(IncomeOrigin.income_year_id == income_year_id, ~IncomeOrigin.withdrawn)
    if target:
        kept = kept.where(IncomeOrigin.target == target, func.coalesce(IncomeOrigin.what, "") == what)
    origins = session.scalars(kept.order_by(IncomeOrigin.target, IncomeOrigin.what)).all()
    return [row for origin in origins for row in _existing(session, json.loads(origin.rows or "[]"))]


def source_rows(session: Session, sources: Sequence[SourceRow]) -> list[OriginRow]:
    """The rows behind a proposal."""
    return _existing(session, [(row.register, row.table, row.record_id) for row in sources])


def _existing(session: Session, rows: Iterable[Sequence[str]]) -> list[OriginRow]:
    """Those that are there; a newer program may have taken figures from registers that this one does not have."""
    found, known = [], {register.key for register in all_registers()}
    for register_key, table, row_id in rows:
        row = session.get(records()[table], row_id) if table in records() and register_key in known else None
        if row is not None and not row.withdrawn:
            register, title = get_register(register_key), relations.record_title(session, table, row_id)
            shown = row_id if table == register_key else getattr(row, relations.parent_column(table))
            found.append(OriginRow(register_key, shown, f"{register.title}：{title}"))
    return found
