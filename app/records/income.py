"""Net income of a household, in a year and per head. Items and arithmetic: docs/domain/records.md §2.6.

纯收入 = 工资性 + 生产经营性 + 财产性 + 转移性 - 生产经营性支出; 人均 = 纯收入 / 人口, halves rounded up to fen.
A group is the sum of its items; where none of them is known, an amount that was brought in as its total stands for it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from sqlalchemy import select, text
from sqlalchemy.orm import Session

import resources
from app.records.field import options
from app.records.residency import AMONG, Residency, load_residencies
from app.records.standards import Line, MissingLine, Standards, load_standards
from app.workbook import preferences
from db.schema.household import Household
from db.schema.income import IncomeLine, IncomeYear
from resources.option_roles import values_with_role
from resources.overlay import cached

_FEN = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class IncomeItem:
    """One item of the tree. `group` is A–E, `sums` marks the group's own line, `sign` is -1 for what is taken off."""

    value: str
    label: str
    code: str
    group: str
    is_subtotal: bool
    sign: int
    is_counted: bool
    wordings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IncomeEntry:
    """One line of the account in yuan; `amount` is quantity times price where only these were written down."""

    id: str
    item: IncomeItem
    what: str
    quantity: Decimal | None
    unit_price: Decimal | None
    amount: Decimal | None
    evidence: str
    note: str


@dataclass(frozen=True, slots=True)
class GroupTotal:
    """A group of the account. `amount` without its sign; `as_total`: brought in as one amount, without items."""

    item: IncomeItem
    amount: Decimal
    is_lump_sum: bool


class YearlyIncome(NamedTuple):
    """What one year comes to. `reported`: there are no lines, the figures are those of the national system."""

    income_year_id: str
    household_id: str
    year: int
    people: int | None
    people_basis: str
    net: Decimal | None
    per_capita: Decimal | None
    reported: bool


@dataclass(frozen=True, slots=True)
class IncomeAccount:
    """The whole account of one year.

    `change` is per head against last year as a share (0.5 = half as much again), None where one of them is unknown.
    `line` is what an income of this year is measured by; `below_line` compares with it, None where that or the income
    is unknown.
    """

    total: YearlyIncome
    lines: tuple[IncomeEntry, ...]
    groups: tuple[GroupTotal, ...]
    period_start: date
    period_end: date
    reported_net: Decimal | None
    reported_per_head: Decimal | None
    medical_self_paid: Decimal | None
    claim_income: Decimal | None
    previous_year: YearlyIncome | None
    change: Decimal | None
    line: Line | MissingLine
    below_line: bool | None
    calculated_on: date | None
    calculated_by: str


@cached
def _income_rules() -> dict[str, Any]:
    return resources.read("thresholds", "income")


@cached
def income_items() -> tuple[IncomeItem, ...]:
    """The tree in the order of the form: each group's own line, then its items."""
    excluded, totals = set(_income_rules()["not_counted"]), values_with_role("income_item", "total")
    return tuple(
        IncomeItem(
            option.value,
            option.label,
            option.code,
            option.extra["group"],
            option.value in totals,
            option.extra.get("sign", 1),
            option.value not in excluded,
            tuple(option.extra.get("lines", ())),
        )
        for option in options("income_item")
    )


@cached
def income_item(value: str) -> IncomeItem:
    """One item by its stored value.

    Raises:
        KeyError: the tree has no such item
    """
    for candidate in income_items():
        if candidate.value == value:
            return candidate
    raise KeyError(value)


def accounting_period(year: int) -> tuple[date, date]:
    """First and last day that the account of a year covers; begins in the year before where the county's year does."""
    rules = _income_rules()
    end = date.fromisoformat(f"{year}-{rules['period_end']}")
    start = date.fromisoformat(f"{year}-{rules['period_start']}")
    return (start if start < end else start.replace(year=year - 1)), end


def income_account(session: Session, income_year_id: str, base: str = "") -> IncomeAccount:
    """The account of one year.

    Args:
        base: what the net income is divided by where 核算人口 is blank: registered, sharing or resident; the workbook's
            preference if ""

    Raises:
        KeyError: there is no such income year
    """
    row = session.get(IncomeYear, income_year_id)
    if row is None or row.household_id is None or row.year is None:
        raise KeyError(income_year_id)
    yearly = yearly_incomes(session, row.household_id, base=base)
    return _account(row, yearly, load_standards(session), _load_entries(session, [income_year_id])[income_year_id])


def income_accounts(session: Session, household_id: str) -> list[IncomeAccount]:
    """The accounts of all years of a household, the newest first."""
    yearly = yearly_incomes(session, household_id)
    ids = [one.income_year_id for one in yearly]
    rows = {row.id: row for row in session.scalars(select(IncomeYear).where(IncomeYear.id.in_(ids)))}
    entries, standards = _load_entries(session, ids), load_standards(session)
    return [_account(rows[id], yearly, standards, entries[id]) for id in ids]


def _account(
    row: IncomeYear, yearly: Sequence[YearlyIncome], standards: Standards, lines: tuple[IncomeEntry, ...]
) -> IncomeAccount:
    """The account of one year. `yearly`: what the household's years come to."""
    year = row.year or 0
    current = next(yearly_income for yearly_income in yearly if yearly_income.income_year_id == row.id)
    previous = next((yearly_income for yearly_income in yearly if yearly_income.year == year - 1), None)
    line = standards.income_line(year, row.village)
    threshold = line.amount if isinstance(line, Line) else None
    start, end = accounting_period(year)
    return IncomeAccount(
        total=current,
        lines=lines,
        groups=group_totals(lines),
        period_start=row.period_start or start,
        period_end=row.period_end or end,
        reported_net=row.reported_net,
        reported_per_head=row.reported_per_head,
        medical_self_paid=row.medical_self_paid,
        claim_income=row.claim_income,
        previous_year=previous,
        change=_relative_change(previous.per_capita if previous else None, current.per_capita),
        line=line,
        below_line=None if threshold is None or current.per_capita is None else current.per_capita < threshold,
        calculated_on=row.calculated_on,
        calculated_by=row.calculated_by or "",
    )


def group_totals(lines: Sequence[IncomeEntry]) -> tuple[GroupTotal, ...]:
    """Sums of the five groups over some lines, whether saved or still being typed."""
    sums = []
    for subtotal in (candidate for candidate in income_items() if candidate.is_subtotal):
        known = [
            (line.item, line.amount) for line in lines if line.item.group == subtotal.group and line.amount is not None
        ]
        parts = [(item, amount) for item, amount in known if not item.is_subtotal]
        counted = [amount for item, amount in parts or known if item.is_counted]
        sums.append(GroupTotal(subtotal, sum(counted, Decimal()), not parts and bool(known)))
    return tuple(sums)


def net_income(groups: Iterable[GroupTotal]) -> Decimal:
    """A + B + C + D - E."""
    return sum((group.item.sign * group.amount for group in groups), Decimal())


def per_capita(net: Decimal | None, people: int | None) -> Decimal | None:
    """Net income of one, halves rounded up to fen; None where nothing can be divided."""
    return None if net is None or not people else (net / people).quantize(_FEN, ROUND_HALF_UP)


def yearly_incomes(
    session: Session,
    household_id: str = "",
    *,
    households: Sequence[str] | None = None,
    latest: bool = False,
    year: int = 0,
    base: str = "",
    people: Mapping[str, Residency] | None = None,
) -> list[YearlyIncome]:
    """What each year comes to, newest first: of one household, of some, or of all.

    Args:
        latest: only each household's newest year
        year: only this one, all if 0
        base: see `account`
        people: residencies of the same households, where the caller has read them already
    """
    households = [household_id] if household_id else households
    rows = session.execute(
        text(
            "SELECT id, household_id, year, people, period_end, reported_net, reported_per_head "
            f"FROM income_year {'NOT INDEXED' if households is None else ''} "
            "WHERE NOT withdrawn AND year IS NOT NULL AND household_id IS NOT NULL "
            f"{'' if households is None else 'AND ' + AMONG} {'AND year = :year' if year else ''} "
            "ORDER BY year DESC, id"
        ),
        ({} if households is None else {"households": json.dumps(households)}) | ({"year": year} if year else {}),
    ).all()
    if latest:
        rows = list({row.household_id: row for row in reversed(rows)}.values())
    if people is None:
        people = load_residencies(session, households) if any(row.people is None for row in rows) else {}
    base = base or _per_capita_base(session)
    amounts = _line_amounts(session, households)
    residents = _resident_counts(session) if base != "registered" else {}
    result = []
    for row in rows:
        count, basis = row.people, "核算人口"
        if count is None:
            count, basis = _head_count(row, base, people.get(row.household_id), residents.get(row.household_id))
        result.append(_yearly_income(row, count, basis, amounts.get(row.id, "")))
    return result


def _resident_counts(session: Session) -> dict[str, int]:
    query = select(Household.id, Household.residents).where(Household.residents.is_not(None))
    return {household: residents for household, residents in session.execute(query) if residents is not None}


def _head_count(row: Any, base: str, people: Residency | None, residents: int | None) -> tuple[int | None, str]:
    """How many share the income of a year where 核算人口 is blank, and what that number is called."""
    labels = _income_rules()["bases"]
    if residents is not None:
        return residents, labels[base]
    last_day = date.fromisoformat(row.period_end) if row.period_end else accounting_period(row.year)[1]
    return (people.count_on(last_day) if people else 0) or None, labels["registered"]


def _line_amounts(session: Session, households: Sequence[str] | None) -> dict[str, str]:
    """Income year → "item=fen" of its lines, separated by commas."""
    theirs = "" if households is None else f" AND income_year_id IN (SELECT id FROM income_year WHERE {AMONG})"
    rows = session.execute(
        text(
            "SELECT income_year_id, group_concat(item || '=' || coalesce(amount, (quantity * unit_price + 50) / 100)) "
            # a scan: by index every row would be a jump in the encrypted file
            f"FROM income_line {'NOT INDEXED' if households is None else ''} WHERE NOT withdrawn{theirs} "
            "GROUP BY income_year_id"
        ),
        {} if households is None else {"households": json.dumps(households)},
    ).all()
    return {year: amounts for year, amounts in rows if amounts}


def _yearly_income(row: Any, people: int | None, basis: str, amounts: str) -> YearlyIncome:
    fen = _net_in_fen(amounts)
    if fen is not None:
        net: Decimal | None = Decimal(fen).scaleb(-2)
        per_head_amount = per_capita(net, people)
    else:
        net, per_head_amount = (
            None if reported is None else Decimal(reported).scaleb(-2)
            for reported in (row.reported_net, row.reported_per_head)
        )
        per_head_amount = per_capita(net, people) if per_head_amount is None else per_head_amount
    return YearlyIncome(row.id, row.household_id, row.year, people, basis, net, per_head_amount, fen is None)


def _net_in_fen(amounts: str) -> int | None:
    """`net_of(group_sums(lines))` over "item=fen,…", quick enough for a township; None where no line has an amount."""
    totals: dict[str, int] = {}
    parts: dict[str, int] = {}
    tree = _items_by_value()
    for pair in amounts.split(",") if amounts else ():
        value, _, fen = pair.rpartition("=")
        if value in tree:
            group, is_subtotal, sign = tree[value]
            target = totals if is_subtotal else parts
            target[group] = target.get(group, 0) + sign * int(fen)
    return sum((totals | parts).values()) if totals or parts else None


@cached
def _items_by_value() -> dict[str, tuple[str, bool, int]]:
    """Item → its group, whether it is the group's own line, and its sign (0: not counted)."""
    return {
        tree_item.value: (tree_item.group, tree_item.is_subtotal, tree_item.sign if tree_item.is_counted else 0)
        for tree_item in income_items()
    }


def _per_capita_base(session: Session) -> str:
    """What this workbook divides by: its preference, or else the county's rule."""
    return str(preferences.stored_value(session, "per_capita_base") or _income_rules()["per_capita_base"])


def _relative_change(previous: Decimal | None, current: Decimal | None) -> Decimal | None:
    return None if not previous or current is None else (current - previous) / previous


def _load_entries(session: Session, income_years: Sequence[str]) -> dict[str, tuple[IncomeEntry, ...]]:
    """The lines of each of these years in the order of the form."""
    order = {tree_item.value: n for n, tree_item in enumerate(income_items())}
    rows = session.scalars(
        select(IncomeLine).where(
            IncomeLine.income_year_id.in_(income_years), ~IncomeLine.withdrawn, IncomeLine.item.in_(order)
        )
    )
    lines: dict[str, list[IncomeEntry]] = {income_year: [] for income_year in income_years}
    for row in rows:
        lines[row.income_year_id or ""].append(
            IncomeEntry(
                row.id,
                income_item(row.item or ""),
                row.what or "",
                row.quantity,
                row.unit_price,
                entry_amount(row.amount, row.quantity, row.unit_price),
                row.evidence or "",
                row.note or "",
            )
        )
    return {
        income_year: tuple(sorted(entries, key=lambda entry: (order[entry.item.value], entry.what)))
        for income_year, entries in lines.items()
    }


def entry_amount(amount: Decimal | None, quantity: Decimal | None, unit_price: Decimal | None) -> Decimal | None:
    """The amount as written, or else quantity times price, halves rounded up to fen."""
    if amount is not None or quantity is None or unit_price is None:
        return amount
    return (quantity * unit_price).quantize(_FEN, ROUND_HALF_UP)
