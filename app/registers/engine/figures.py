"""The figures of a register, for today's page, dashboards and periodic reports, each with the rows behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.registers.engine.register import Count, Figure, Overdue, Register, Sum
from app.registers.engine.rows import RowQuery, id_values, row_ids


@dataclass(frozen=True, slots=True)
class FigureValue:
    """One figure: `text` is its value for people with its unit, `ids` are the rows that it counts."""

    label: str
    value: Decimal
    text: str
    ids: tuple[str, ...]


def figure_values(
    session: Session, register: Register, query: RowQuery | None = None, ids: Sequence[str] | None = None
) -> list[FigureValue]:
    """All figures of a register over these rows, or those that a query finds (all, if None)."""
    query = query or RowQuery()
    listed = row_ids(session, register, query) if ids is None else list(ids)
    return [_value(session, register, figure, listed, query.today) for figure in register.figures]


def _value(session: Session, register: Register, figure: Figure, listed: list[str], today: date) -> FigureValue:
    if isinstance(figure, Overdue):
        overdue = set(row_ids(session, register, RowQuery(overdue=True, today=today)))
        ids = tuple(id for id in listed if id in overdue)
        return FigureValue(figure.label, Decimal(len(ids)), str(len(ids)), ids)
    ids = _narrowed(session, register, figure, listed)
    if isinstance(figure, Sum):
        one = register.field(figure.column)
        total = _sum_of(session, register, figure.column, ids)
        return FigureValue(figure.label, total, f"{one.text(total)}{one.unit}", ids)
    count = _count_different(session, register, figure.distinct, ids) if figure.distinct else len(ids)
    return FigureValue(figure.label, Decimal(count), str(count), ids)


def _narrowed(session: Session, register: Register, figure: Count | Sum, listed: list[str]) -> tuple[str, ...]:
    if figure.where is None:
        return tuple(listed)
    # as one text, for the same reason as in `row_ids`
    joined = session.scalar(select(func.group_concat(register.record.id)).where(figure.where))
    fitting = set(joined.split(",")) if joined else set()
    return tuple(id for id in listed if id in fitting)


def _sum_of(session: Session, register: Register, column: str, ids: tuple[str, ...]) -> Decimal:
    statement = select(func.sum(register.expression(column))).where(register.record.id.in_(id_values(ids)))
    return Decimal(session.scalar(statement) or 0)


def _count_different(session: Session, register: Register, column: str, ids: tuple[str, ...]) -> int:
    different = func.count(register.expression(column).distinct())
    return session.scalar(select(different).where(register.record.id.in_(id_values(ids)))) or 0
