"""Loads homes from the workbook: each table once a block of households, however many households there are."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

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


class Village:
    """What is read once for all homes: what years come to, and how rounds went."""

    def __init__(self, session: Session, across: Across, today: date, household_id: str = "") -> None:
        self.across, self.today = across, today
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
    households = {row.id: row for row in session.scalars(select(Household).where(Household.id.in_(ids)))}
    people = _by_household(session, Member, ids)
    living = _by_household(session, LivingCondition, ids)
    accounts = _accounts(session, ids, village)
    helpings = _helpings(session, ids, village.today)
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


def _by_household(session: Session, model: type[Row], ids: Sequence[str]) -> dict[str, list[Row]]:
    table: Any = model
    found: dict[str, list[Row]] = {}
    for row in session.scalars(select(table).where(table.household_id.in_(ids), ~table.withdrawn).order_by(table.id)):
        found.setdefault(row.household_id, []).append(row)
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


def _helpings(session: Session, ids: Sequence[str], today: date) -> dict[str, list[Helping]]:
    found: dict[str, list[Helping]] = {}
    rows = session.execute(
        select(Assignment, Helper)
        .outerjoin(Helper, Helper.id == Assignment.helper_id)
        .where(Assignment.household_id.in_(ids), ~Assignment.withdrawn)
        .order_by(Assignment.id)
    )
    for row, helper in rows:
        stands = row.ended_on is None or row.ended_on > today
        found.setdefault(row.household_id or "", []).append(Helping(row, helper, stands))
    return found
