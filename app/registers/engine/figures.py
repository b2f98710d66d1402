"""The figures of a register, for today's page, dashboards and periodic reports, each with the rows behind it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.registers.engine.register import Count, Figure, Overdue, Register, Sum
from app.registers.engine.rows import RowQuery, row_ids
from app.registers.engine.titles import batches


@dataclass(frozen=True, slots=True)
class FigureValue:
    """One figure: `text` is its value for people with its unit, `ids` are the rows that it counts."""

    label: str
    value: Decimal
    text: str
    ids: tuple[str, ...]


def figure_values(session: Session, register: Register, query: RowQuery | None = None) -> list[FigureValue]:
    """All figures of a register over the rows that a query finds (all, if None)."""
    query = query or RowQuery()
    listed = row_ids(session, register, query)
    return [_value(session, register, figure, listed, query.today) for figure in register.figures]


def _value(session: Session, register: Register, figure: Figure, listed: list[str], today: date) -> FigureValue:
    if isinstance(figure, Overdue):
        overdue = set(row_ids(session, register, RowQuery(overdue=True, today=today)))
        ids = tuple(id for id in listed if id in overdue)
        return FigureValue(figure.label, Decimal(len(ids)), str(len(ids)), ids)
    ids = _narrowed(session, register, figure, listed)
    if isinstance(figure, Sum):
        one = register.field(figure.column)
        total = sum((_sum_of(session, register, figure.column, part) for part in batches(ids)), Decimal())
        return FigureValue(figure.label, total, f"{one.text(total)}{one.unit}", ids)
    count = len(_different(session, register, figure.distinct, ids)) if figure.distinct else len(ids)
    return FigureValue(figure.label, Decimal(count), str(count), ids)


def _narrowed(session: Session, register: Register, figure: Count | Sum, listed: list[str]) -> tuple[str, ...]:
    if figure.where is None:
        return tuple(listed)
    fitting = set(session.scalars(select(register.record.id).where(figure.where)))
    return tuple(id for id in listed if id in fitting)


def _sum_of(session: Session, register: Register, column: str, ids: list[str]) -> Decimal:
    statement = select(func.sum(register.expression(column))).where(register.record.id.in_(ids))
    return Decimal(session.scalar(statement) or 0)


def _different(session: Session, register: Register, column: str, ids: tuple[str, ...]) -> set[Any]:
    found: set[Any] = set()
    for part in batches(ids):
        statement = select(register.expression(column)).where(register.record.id.in_(part)).distinct()
        found.update(session.scalars(statement))
    return found - {None}
