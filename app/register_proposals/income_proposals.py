"""The account of a year as the registers have it, held against what stands on the card."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.records.field import Field
from app.records.field import field as record_field
from app.records.income import accounting_period, entry_amount, income_item
from app.register_proposals.income_rows import IncomeRow, Period, income_rows
from app.register_proposals.proposal import AccountCell, AccountLine, CardProposal
from app.registers.engine.rows import id_values
from app.registers.engine.titles import SubjectTitle, household_titles
from db.schema.household import Household
from db.schema.income import IncomeLine, IncomeOrigin, IncomeYear

_AMOUNT = record_field("income_line", "amount")
_Place = tuple[str, str]  # item (or column) and wording


@dataclass(slots=True)
class _Account:
    """What stands on the card of one household."""

    year: IncomeYear | None = None
    lines: dict[_Place, IncomeLine] = field(default_factory=dict)
    taken: dict[_Place, Decimal | None] = field(default_factory=dict)


def income_proposals(
    session: Session, year: int, today: date, households: Sequence[str] | None = None
) -> list[CardProposal]:
    """What the registers have otherwise than the accounts of a year, household by household in walking order."""
    accounts = _load_accounts(session, year, households)
    usual = accounting_period(year)

    def period(household_id: str) -> Period:
        card = accounts[household_id].year if household_id in accounts else None
        return (card.period_start or usual[0], card.period_end or usual[1]) if card else usual

    by_place: dict[str, dict[_Place, list[IncomeRow]]] = defaultdict(lambda: defaultdict(list))
    for row in income_rows(session, year, period, today, households):
        by_place[row.household_id][row.cell or row.item, row.what].append(row)
    found = []
    for household_id, village in _open_households(session, households):
        account, places = accounts.get(household_id, _Account()), by_place.get(household_id, {})
        for place in dict.fromkeys((*places, *(place for place, amount in account.taken.items() if amount))):
            found.append((household_id, village, account, place, places.get(place, [])))
    titles = household_titles(session, {household_id for household_id, *_ in found})
    proposals = [
        _proposal(year, household_id, village, titles[household_id], account, place, rows)
        for household_id, village, account, place, rows in found
    ]
    return [one for one in proposals if one.now != one.proposed]


def _open_households(session: Session, households: Sequence[str] | None) -> Iterator[tuple[str, str]]:
    """Id and village in walking order."""
    kept = select(Household.id, Household.village).where(~Household.withdrawn, Household.merged_into.is_(None))
    if households is not None:
        kept = kept.where(Household.id.in_(id_values(households)))
    order = (Household.village, Household.group_name, Household.household_no, Household.id)
    yield from ((id, village) for id, village in session.execute(kept.order_by(*order)))


def _load_accounts(session: Session, year: int, households: Sequence[str] | None) -> dict[str, _Account]:
    accounts: dict[str, _Account] = {}
    by_id: dict[str, _Account] = {}
    kept = select(IncomeYear).where(IncomeYear.year == year, ~IncomeYear.withdrawn, IncomeYear.merged_into.is_(None))
    if households is not None:
        kept = kept.where(IncomeYear.household_id.in_(id_values(households)))
    for one in session.scalars(kept):
        accounts[one.household_id or ""] = by_id[one.id] = _Account(one)
    for line in _below(session, IncomeLine, by_id):
        by_id[line.income_year_id].lines[line.item or "", line.what or ""] = line
    for origin in _below(session, IncomeOrigin, by_id):
        by_id[origin.income_year_id].taken[origin.target or "", origin.what or ""] = origin.amount
    return accounts


def _below(session: Session, record: Any, years: Mapping[str, _Account]) -> Iterator[Any]:
    kept = record.income_year_id.in_(id_values(list(years)))
    yield from session.scalars(select(record).where(kept, ~record.withdrawn, record.merged_into.is_(None)))


def _proposal(
    year: int,
    household_id: str,
    village: str,
    title: SubjectTitle,
    account: _Account,
    place: _Place,
    rows: Sequence[IncomeRow],
) -> CardProposal:
    name, what = place
    column = _account_column(name)
    line = account.lines.get(place)
    now: Decimal | None = (
        _amount(line) if line else None if column is None or account.year is None else getattr(account.year, name)
    )
    proposed = sum((row.amount for row in rows), Decimal(0)) if rows else None
    label = column.label if column is not None else income_item(name).label + (f"（{what}）" if what else "")
    return CardProposal(
        village,
        household_id,
        title.group,
        title.head or title.number,
        label,
        AccountLine(year, name, what, line.id if line else "") if column is None else AccountCell(year, name),
        now,
        proposed,
        _text(now),
        _text(proposed),
        _doubt(account, place, now, proposed),
        tuple(row.source for row in rows),
    )


def _account_column(name: str) -> Field | None:
    """A column of the account, None for an item."""
    return record_field("income_year", name) if hasattr(IncomeYear, name) else None


def _amount(line: IncomeLine) -> Decimal | None:
    return entry_amount(line.amount, line.quantity, line.unit_price)


def _text(amount: Decimal | None) -> str:
    return _AMOUNT.text(amount) if amount is not None else ""


def _doubt(account: _Account, place: _Place, now: Decimal | None, proposed: Decimal | None) -> str:
    """Why somebody should look before this is taken, "" where nothing speaks against it."""
    if now is not None and now != account.taken.get(place):
        return f"户档里的 {_text(now)} 是填写的"
    if now is None and _account_column(place[0]) is None:
        return _contained(account, place, proposed)
    return ""


def _contained(account: _Account, place: _Place, proposed: Decimal | None) -> str:
    """Where the amount may stand on the card already, under another wording, item or as the sum of the group."""
    item = income_item(place[0])
    for (name, what), line in account.lines.items():
        other = income_item(name)
        amount = _amount(line)
        if other.group != item.group or amount is None or account.taken.get((name, what)) == amount:
            continue
        called = other.label + (f"（{what}）" if what else "")
        if other.is_subtotal:
            return f"“{called}”填的是合计 {_text(amount)}，带入后按明细算"
        if amount == proposed or (other == item and not (what and place[1])):
            return f"可能已含在“{called}”{_text(amount)} 里"
    return ""
