"""How figures count: households, people, records of a period, sums. Each says which records it counted."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from app.figures.definition import Period, ReadFigure, Reading
from db.schema.household import Household, Member
from db.schema.record import Record
from resources.option_roles import values_with_role

PeriodCondition = Callable[[Period], ColumnElement[bool]]
Condition = ColumnElement[bool] | PeriodCondition


def households_in_use() -> tuple[ColumnElement[bool], ...]:
    """In SQL: households that are kept, stand for themselves and are not closed."""
    closed = values_with_role("registration_state", "closed")
    open_state = or_(Household.registration_state.is_(None), Household.registration_state.not_in(closed))
    return ~Household.withdrawn, Household.merged_into.is_(None), open_state


def people_in_use() -> tuple[ColumnElement[bool], ...]:
    """In SQL: people of those households who have not left."""
    there = select(Household.id).where(*households_in_use())
    return ~Member.withdrawn, Member.left.is_(None), Member.household_id.in_(there)


def count_households(*conditions: Condition) -> ReadFigure:
    """How many households in use fit."""
    return _counting(select(Household.id).where(*households_in_use()), Household.id, conditions)


def count_people(*conditions: Condition) -> ReadFigure:
    """How many people in use fit."""
    return _counting(select(Member.id).where(*people_in_use()), Member.id, conditions)


def count_rows(record: type[Record], *conditions: Condition) -> ReadFigure:
    """How many records that are not withdrawn fit."""
    return _counting(select(record.id).where(~record.withdrawn), record.id, conditions)


def total(record: type[Record], amount: Any, *conditions: Condition) -> ReadFigure:
    """The sum of a column over the records in which it is filled."""

    def read(session: Session, period: Period) -> Reading:
        of_period = _in_sql(conditions, period)
        where = (~record.withdrawn, amount.is_not(None), *of_period)
        value = session.scalar(select(func.sum(amount)).where(*where))
        return Reading(Decimal(value or 0), fitting_ids(session, select(record.id).where(*where), record.id))

    return read


def within(column: Any) -> PeriodCondition:
    """In SQL: a day that lies in the period."""
    return lambda period: column.between(period.first, period.last)


def within_months(column: Any) -> PeriodCondition:
    """In SQL: a month that lies in the period."""
    return lambda period: column.between(period.first_month, period.last_month)


def within_years(column: Any) -> PeriodCondition:
    """In SQL: a year that the period touches."""
    return lambda period: column.between(period.first.year, period.last.year)


def fitting_ids(session: Session, statement: Select[Any], id_column: Any) -> tuple[str, ...]:
    """The ids that a statement finds, in a fixed order and read as one text."""
    found = statement.order_by(id_column).subquery()
    joined = session.scalar(select(func.group_concat(found.c[0])))
    return tuple(joined.split(",")) if joined else ()


def _counting(statement: Select[Any], id_column: Any, conditions: Sequence[Condition]) -> ReadFigure:
    def read(session: Session, period: Period) -> Reading:
        ids = fitting_ids(session, statement.where(*_in_sql(conditions, period)), id_column)
        return Reading(Decimal(len(ids)), ids)

    return read


def _in_sql(conditions: Sequence[Condition], period: Period) -> list[ColumnElement[bool]]:
    return [one if isinstance(one, ColumnElement) else one(period) for one in conditions]
