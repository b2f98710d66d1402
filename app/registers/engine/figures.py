"""The figures of a register, for its page and for what is told of it: counts and sums over some of its rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, case, func, select
from sqlalchemy.orm import Session

from app.registers.engine import progress
from app.registers.engine.register import Count, Figure, Overdue, Register, Sum
from app.registers.engine.rows import RowQuery, id_values, row_ids


@dataclass(frozen=True, slots=True)
class FigureValue:
    """One figure: `text` is its value for people with its unit."""

    label: str
    value: Decimal
    text: str


def figure_values(
    session: Session, register: Register, query: RowQuery | None = None, ids: Sequence[str] | None = None
) -> list[FigureValue]:
    """All figures of a register over these rows, or those that a query finds (all, if None), in one statement."""
    if not register.figures:
        return []
    query = query or RowQuery()
    listed = row_ids(session, register, query) if ids is None else ids
    columns = [_aggregate(register, figure, query.today) for figure in register.figures]
    of_rows = select(*columns).select_from(register.record).where(register.record.id.in_(id_values(listed)))
    values = session.execute(of_rows).one()
    return [
        _told(register, figure, Decimal(value or 0)) for figure, value in zip(register.figures, values, strict=True)
    ]


def _aggregate(register: Register, figure: Figure, today: date) -> ColumnElement[Any]:
    """In SQL: a figure over the rows of a statement."""
    if isinstance(figure, Overdue):
        return func.count(case((progress.due_day(register) < today, 1)))
    if isinstance(figure, Sum):
        return func.sum(_fitting(figure, register.expression(figure.column)))
    if figure.distinct:
        return func.count(_fitting(figure, register.expression(figure.distinct)).distinct())
    return func.count(_fitting(figure, register.record.id))


def _fitting(figure: Count | Sum, value: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    """A value in the rows that the figure is about, NULL in the others."""
    return value if figure.where is None else case((figure.where, value))


def _told(register: Register, figure: Figure, value: Decimal) -> FigureValue:
    if isinstance(figure, Sum):
        one = register.field(figure.column)
        return FigureValue(figure.label, value, f"{one.text(value)}{one.unit}")
    return FigureValue(figure.label, value, str(value))
