"""Loads homes from the workbook: each table once a block of households, however many households there are."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.checklists.homes import closed_states
from app.checklists.results import RoundResult, results_by_round, rounds_kept
from app.quality.across import Across
from app.quality.home import Account, Helping, Home, Person, marked
from app.records.income import YearNet, amount_of, nets
from db.schema.aid import Assignment, Helper, Measure, Visit
from db.schema.household import Household, LivingCondition, Member
from db.schema.income import IncomeLine, IncomeYear
from db.schema.record import Record

BLOCK = 250  # households held in memory at one time
Row = TypeVar("Row", bound=Record)


class _Cells:
    """The cells of a record, typed as the record: plain values, quick to read, and no rule can write one by mistake."""

    def __init__(self, cells: Mapping[str, Any]) -> None:
        self.__dict__.update(cells)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{name} is read only")


class Village:
    """What is read once for all homes: what years come to, and how rounds went."""

    def __init__(self, session: Session, across: Across, today: date, household_id: str = "") -> None:
        self.across, self.today = across, today
        self.helpers = {row.id: row for row in _rows(session, Helper)}
        self.nets: dict[str, YearNet] = {net.income_year_id: net for net in nets(session, household_id)}
        self.rounds: dict[str, list[RoundResult]] = {}
        kept = rounds_kept(session)
        last = {one.village: one.id for one in kept if not one.open}
        wanted = [one for one in kept if one.open or one.id in last.values()]
        self.open_rounds = frozenset(one.id for one in kept if one.open)
        found = results_by_round(session, wanted, household_id)
        for one in wanted:
            for result in found[one.id]:
                home = self.rounds.setdefault(result.home.household_id, [])
                home.append(RoundResult(one.id, one.title, one.started_on, result))


def checked_ids(session: Session, household_id: str = "") -> list[str]:
    """Households that are checked: not withdrawn, not merged into another, not closed; by village, group and number."""
    query = (
        select(Household.id, Household.registration_state)
        .where(~Household.withdrawn, Household.merged_into.is_(None))
        .order_by(Household.village, Household.group_name, Household.household_no, Household.id)
    )
    if household_id:
        query = query.where(Household.id == household_id)
    return [id for id, state in session.execute(query) if state not in closed_states()]


def homes(session: Session, ids: Sequence[str], village: Village) -> Iterator[Home]:
    """The homes of these ids, in their order; read in blocks."""
    for start in range(0, len(ids), BLOCK):
        yield from _block(session, ids[start : start + BLOCK], village)


def _block(session: Session, ids: Sequence[str], village: Village) -> Iterator[Home]:
    households = {row.id: row for row in _rows(session, Household, Household.id.in_(ids))}
    people = _by_household(session, Member, ids)
    living = _by_household(session, LivingCondition, ids)
    accounts = _accounts(session, ids, village)
    helpings = _helpings(session, ids, village)
    measures = _by_household(session, Measure, ids)
    seen = (
        select(Visit.household_id, func.max(Visit.visited_on))
        .where(Visit.household_id.in_(ids), ~Visit.withdrawn)
        .where(Visit.way.is_(None) | Visit.way.in_(marked("visit_way", "in_person")))
        .group_by(Visit.household_id)
    )
    visits = dict(iter(session.execute(seen).all()))
    for id in ids:
        told_on = min(households[id].fill_date or village.today, village.today)
        persons = [Person.of(row, told_on) for row in people.get(id, ())]
        yield Home(
            row=households[id],
            members=tuple(one for one in persons if not one.row.left),
            left=tuple(one for one in persons if one.row.left),
            living=tuple(sorted(living.get(id, ()), key=lambda row: -(row.year or 0))),
            accounts=tuple(accounts.get(id, ())),
            helpers=tuple(helpings.get(id, ())),
            measures=tuple(measures.get(id, ())),
            last_visit=visits.get(id),
            rounds=tuple(village.rounds.get(id, ())),
            open_rounds=village.open_rounds,
            across=village.across,
            today=village.today,
            told_on=told_on,
        )


def _rows(session: Session, model: type[Row], *which: Any) -> Iterator[Row]:
    """The records for which all of this holds, in the order of their ids."""
    table: Any = model.__table__
    names = [column.name for column in table.columns]
    kind = {"__tablename__": model.__tablename__}
    for row in session.execute(select(*table.columns).where(*which).order_by(table.c.id)):
        yield cast(Row, _Cells(kind | dict(zip(names, row, strict=True))))


def _by_household(session: Session, model: type[Row], ids: Sequence[str]) -> dict[str, list[Row]]:
    table: Any = model
    found: dict[str, list[Row]] = {}
    for row in _rows(session, model, table.household_id.in_(ids), ~table.withdrawn):
        found.setdefault(row.household_id, []).append(row)  # type: ignore[attr-defined]  # Record itself has none
    return found


def _accounts(session: Session, ids: Sequence[str], village: Village) -> dict[str, list[Account]]:
    years = _by_household(session, IncomeYear, ids)
    for rows in years.values():
        rows.sort(key=lambda row: -(row.year or 0))
    newest = [rows[0].id for rows in years.values()]
    amounts: dict[str, dict[str, Decimal]] = {}
    query = select(
        IncomeLine.income_year_id, IncomeLine.item, IncomeLine.amount, IncomeLine.quantity, IncomeLine.unit_price
    ).where(IncomeLine.income_year_id.in_(newest), ~IncomeLine.withdrawn)
    for year, item, amount, quantity, price in session.execute(query):
        known = amount_of(amount, quantity, price)
        if known is not None and item:
            of_year = amounts.setdefault(year or "", {})
            of_year[item] = of_year.get(item, Decimal()) + known
    return {
        household: [
            Account(row, village.nets[row.id], amounts.get(row.id, {})) for row in rows if row.id in village.nets
        ]
        for household, rows in years.items()
    }


def _helpings(session: Session, ids: Sequence[str], village: Village) -> dict[str, list[Helping]]:
    return {
        household: [
            Helping(row, village.helpers.get(row.helper_id or ""), row.ended_on is None or row.ended_on > village.today)
            for row in rows
        ]
        for household, rows in _by_household(session, Assignment, ids).items()
    }
