"""The rows of all registers that give a household money in a year, each with what it comes to."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, literal, null, select
from sqlalchemy.orm import Session

from app.records.field import field
from app.records.income import accounting_period
from app.register_proposals.proposal import SourceRow
from app.registers import all_registers
from app.registers.engine.proposals import IncomeSource
from app.registers.engine.register import Register
from app.registers.engine.rows import id_values
from db.schema import relations
from db.schema.household import Member
from resources.option_roles import value_of

_MONTH = 7  # characters of YYYY-MM
Period = tuple[date, date]  # first and last day


@dataclass(frozen=True, slots=True)
class IncomeRow:
    """What one row gives: to which household, as which item and wording or column of the account, how much."""

    household_id: str
    item: str
    what: str
    cell: str
    amount: Decimal
    source: SourceRow


def income_rows(
    session: Session,
    year: int,
    period: Callable[[str], Period],
    today: date,
    households: Sequence[str] | None = None,
) -> list[IncomeRow]:
    """All of them in the year of the account; money that comes every month is counted up to today.

    Args:
        period: household → first and last day of its account
        households: ids of those to read, None for all
    """
    return [
        row
        for register in all_registers()
        for source in register.incomes
        for row in _rows_of(session, register, source, year, period, today, households)
    ]


def _rows_of(
    session: Session,
    register: Register,
    source: IncomeSource,
    year: int,
    period: Callable[[str], Period],
    today: date,
    households: Sequence[str] | None,
) -> Iterator[IncomeRow]:
    table = (source.record or register.record).__tablename__
    first, last = accounting_period(year)
    months = f"{first:%Y-%m}", f"{last:%Y-%m}"
    amounts = []
    for id, household_id, what, *cells in session.execute(_select(register, source, months, households)):
        found = _amount_in_year(source, cells, year, period(household_id), today) if household_id else None
        if found:
            amounts.append((str(id), str(household_id), str(what or ""), *found))
    titles = relations.record_titles(session, table, [id for id, *_ in amounts])
    item = value_of("income_item", source.role) if source.role else ""
    for id, household_id, what, amount, told in amounts:
        row = SourceRow(register.key, table, id, f"{register.title} {titles.get(id, '')}".rstrip(), told)
        yield IncomeRow(household_id, item, what, source.cell, amount, row)


def _select(
    register: Register, source: IncomeSource, months: tuple[str, str], households: Sequence[str] | None
) -> Select[Any]:
    """Id, household, wording, amount, day, last day and months of the rows that count.

    Args:
        months: the first and the last one of the accounts of the year, as the county has them
    """
    record: Any = source.record or register.record
    parent: Any = register.record
    find = partial(_attribute, record, parent)
    household, member = find("household_id"), find("member_id")
    statement = select(
        record.id,
        Member.household_id if household is None else household,
        Member.name if source.by_person else _wording(source.what),
        source.amount,
        find(source.dated),
        find(source.until) if source.until else null(),
        find(source.months) if source.months else null(),
    ).select_from(record)
    conditions: list[ColumnElement[bool]] = [~record.withdrawn, record.merged_into.is_(None), source.amount > 0]
    if source.record is not None:
        statement = statement.join(parent, getattr(record, record.PARENT) == parent.id)
        conditions += [~parent.withdrawn, parent.merged_into.is_(None)]
    if household is None:
        statement = statement.join(Member, member == Member.id)
        conditions.append(~Member.withdrawn)
    if source.where is not None:
        conditions.append(source.where if isinstance(source.where, ColumnElement) else source.where(*months))
    if households is not None:
        whose = Member.household_id if household is None else household
        conditions.append(whose.in_(id_values(households)))
    return statement.where(*conditions)


def _wording(what: Any) -> Any:
    """A fixed wording, or the column that says it, in SQL."""
    return literal(what) if isinstance(what, str) else what


def _attribute(record: Any, parent: Any, name: str) -> Any:
    """A column of the row, else of the row above it, None where neither has it."""
    return getattr(record, name, None) if hasattr(record, name) else getattr(parent, name, None)


def _amount_in_year(
    source: IncomeSource, cells: Sequence[Any], year: int, period: Period, today: date
) -> tuple[Decimal, str] | None:
    """What a row gives within the period, and how that was worked out; None where it gives nothing then."""
    amount, dated, until, counted = cells
    text = field("income_line", "amount").text
    start, end = period
    if isinstance(dated, int):
        return (amount, f"{text(amount)} 元") if dated == year else None
    if not dated:
        return None
    if not source.until:
        day = str(dated)
        inside = str(start)[: len(day)] <= day <= str(end)[: len(day)]
        return (amount, f"{day} {text(amount)} 元") if inside else None
    first, last = max(str(dated)[:_MONTH], str(start)[:_MONTH]), min(str(end), str(today))[:_MONTH]
    if until:
        last = min(last, str(until)[:_MONTH])
    months = Decimal(max(0, _month_number(last) - _month_number(first) + 1))
    if months and counted and first == str(dated)[:_MONTH]:
        months = min(Decimal(counted), Decimal(12))  # somebody counted them, of the year in which it began
    return (amount * months, f"{text(amount)} 元×{months.normalize():f} 个月") if months else None


def _month_number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:_MONTH])
