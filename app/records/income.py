"""Net income of a household, in a year and per head. Items and arithmetic: domain/records.md §2.6.

纯收入 = 工资性 + 生产经营性 + 财产性 + 转移性 - 生产经营性支出; 人均 = 纯收入 / 人口, halves rounded up to fen.
A group is the sum of its items; where none of them is known, an amount that was brought in as its total stands for it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

import resources
from app.records.field import options
from app.records.presence import Presence, presence
from db.schema.household import Household
from db.schema.income import IncomeLine, IncomeYear
from db.schema.setting import Setting

_FEN = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the tree. `group` is A–E, `sums` marks the group's own line, `sign` is -1 for what is taken off."""

    value: str
    label: str
    code: str
    group: str
    sums: bool
    sign: int
    counted: bool
    wordings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the account in yuan; `amount` is quantity times price where only these were written down."""

    id: str
    item: Item
    what: str
    quantity: Decimal | None
    unit_price: Decimal | None
    amount: Decimal | None
    evidence: str
    note: str


@dataclass(frozen=True, slots=True)
class GroupSum:
    """A group of the account. `amount` without its sign; `as_total`: brought in as one amount, without items."""

    item: Item
    amount: Decimal
    as_total: bool


@dataclass(frozen=True, slots=True)
class PovertyLine:
    """Yuan per head and year; `confirmed` False: a default that the county must compare with its notice."""

    year: int
    line: Decimal | None
    monitoring: Decimal | None
    source: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class YearNet:
    """What one year comes to. `reported`: there are no lines, the figures are those of the national system."""

    income_year_id: str
    household_id: str
    year: int
    people: int | None
    people_from: str
    net: Decimal | None
    per_head: Decimal | None
    reported: bool


@dataclass(frozen=True, slots=True)
class Account:
    """The whole account of one year.

    `change` is per head against last year as a share (0.5 = half as much again), None where one of them is unknown.
    `below_line` compares with the year's poverty line, None where that or the income is unknown.
    """

    total: YearNet
    lines: tuple[Line, ...]
    groups: tuple[GroupSum, ...]
    period_start: date
    period_end: date
    reported_net: Decimal | None
    reported_per_head: Decimal | None
    medical_self_paid: Decimal | None
    last: YearNet | None
    change: Decimal | None
    poverty_line: PovertyLine | None
    below_line: bool | None


@cache
def _rule() -> dict[str, Any]:
    return resources.read("thresholds", "income")


@cache
def items() -> tuple[Item, ...]:
    """The tree in the order of the form: each group's own line, then its items."""
    left_out = set(_rule()["not_counted"])
    return tuple(
        Item(
            option.value,
            option.label,
            option.code,
            option.more["group"],
            option.more.get("sums", False),
            option.more.get("sign", 1),
            option.value not in left_out,
            tuple(option.more.get("lines", ())),
        )
        for option in options("income_item")
    )


@cache
def item(value: str) -> Item:
    """One item by its kept value.

    Raises:
        KeyError: the tree has no such item
    """
    for one in items():
        if one.value == value:
            return one
    raise KeyError(value)


@cache
def poverty_line(year: int) -> PovertyLine | None:
    """The line of a year, None where the county has not entered one; last year's is never carried forward."""
    for raw in resources.read("thresholds", "poverty_line")["years"]:
        if raw["year"] == year:
            line, monitoring = (Decimal(raw[key]) if key in raw else None for key in ("line", "monitoring"))
            return PovertyLine(year, line, monitoring, raw["source"], raw["confirmed"])
    return None


def period(year: int) -> tuple[date, date]:
    """First and last day that the account of a year covers; begins in the year before where the county's year does."""
    rule = _rule()
    end = date.fromisoformat(f"{year}-{rule['period_end']}")
    start = date.fromisoformat(f"{year}-{rule['period_start']}")
    return (start if start < end else start.replace(year=year - 1)), end


def account(session: Session, income_year_id: str, base: str = "") -> Account:
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
    years = nets(session, row.household_id, base=base)
    mine = next(net for net in years if net.income_year_id == income_year_id)
    last = next((net for net in years if net.year == row.year - 1), None)
    line = poverty_line(row.year)
    known = line.line if line else None
    start, end = period(row.year)
    lines = _lines(session, income_year_id)
    return Account(
        total=mine,
        lines=lines,
        groups=group_sums(lines),
        period_start=row.period_start or start,
        period_end=row.period_end or end,
        reported_net=row.reported_net,
        reported_per_head=row.reported_per_head,
        medical_self_paid=row.medical_self_paid,
        last=last,
        change=_share(last.per_head if last else None, mine.per_head),
        poverty_line=line,
        below_line=None if known is None or mine.per_head is None else mine.per_head < known,
    )


def group_sums(lines: Sequence[Line]) -> tuple[GroupSum, ...]:
    """Sums of the five groups over some lines, whether saved or still being typed."""
    sums = []
    for head in (one for one in items() if one.sums):
        group = [line for line in lines if line.item.group == head.group and line.amount is not None]
        parts = [line for line in group if not line.item.sums]
        counted = [line for line in parts or group if line.item.counted]
        sums.append(
            GroupSum(head, sum((line.amount or Decimal() for line in counted), Decimal()), not parts and bool(group))
        )
    return tuple(sums)


def net_of(groups: Iterable[GroupSum]) -> Decimal:
    """A + B + C + D - E."""
    return sum((group.item.sign * group.amount for group in groups), Decimal())


def per_head(net: Decimal | None, people: int | None) -> Decimal | None:
    """Net income of one, halves rounded up to fen; None where nothing can be divided."""
    return None if net is None or not people else (net / people).quantize(_FEN, ROUND_HALF_UP)


def nets(
    session: Session,
    household_id: str = "",
    *,
    latest: bool = False,
    base: str = "",
    people: Mapping[str, Presence] | None = None,
) -> list[YearNet]:
    """What each year comes to, newest first: of one household, or of all.

    Args:
        latest: only each household's newest year
        base: see `account`
        people: `presence` of the same households, where the caller has read it already
    """
    here = " AND household_id = :household" if household_id else ""
    rows = session.execute(
        text(
            "SELECT id, household_id, year, people, period_end, reported_net, reported_per_head "
            f"FROM income_year {'' if household_id else 'NOT INDEXED'} "
            f"WHERE NOT withdrawn AND year IS NOT NULL AND household_id IS NOT NULL{here} ORDER BY year DESC, id"
        ),
        {"household": household_id} if household_id else {},
    ).all()
    if latest:
        rows = list({row.household_id: row for row in reversed(rows)}.values())
    if people is None:
        people = presence(session, household_id) if any(row.people is None for row in rows) else {}
    base = base or _base(session)
    amounts = _amounts(session, household_id)
    residents = _residents(session) if base != "registered" else {}
    found = []
    for row in rows:
        count, called = row.people, "核算人口"
        if count is None:
            count, called = _head_count(row, base, people.get(row.household_id), residents.get(row.household_id))
        found.append(_year_net(row, count, called, amounts.get(row.id, "")))
    return found


def _residents(session: Session) -> dict[str, int]:
    query = select(Household.id, Household.residents).where(Household.residents.is_not(None))
    return {household: residents for household, residents in session.execute(query) if residents is not None}


def _head_count(row: Any, base: str, people: Presence | None, residents: int | None) -> tuple[int | None, str]:
    """How many share the income of a year where 核算人口 is blank, and what that number is called."""
    labels = _rule()["bases"]
    if residents is not None:
        return residents, labels[base]
    last_day = date.fromisoformat(row.period_end) if row.period_end else period(row.year)[1]
    return (people.on(last_day) if people else 0) or None, labels["registered"]


def _amounts(session: Session, household_id: str) -> dict[str, str]:
    """Income year → "item=fen" of its lines, separated by commas."""
    mine = " AND income_year_id IN (SELECT id FROM income_year WHERE household_id = :household)" if household_id else ""
    rows = session.execute(
        text(
            "SELECT income_year_id, group_concat(item || '=' || coalesce(amount, (quantity * unit_price + 50) / 100)) "
            # a scan: by index every row would be a jump in the encrypted file
            f"FROM income_line {'' if household_id else 'NOT INDEXED'} WHERE NOT withdrawn{mine} "
            "GROUP BY income_year_id"
        ),
        {"household": household_id} if household_id else {},
    ).all()
    return {year: said for year, said in rows if said}


def _year_net(row: Any, people: int | None, called: str, amounts: str) -> YearNet:
    fen = _net_in_fen(amounts)
    if fen is not None:
        net: Decimal | None = Decimal(fen).scaleb(-2)
        head = per_head(net, people)
    else:
        net, head = (
            None if one is None else Decimal(one).scaleb(-2) for one in (row.reported_net, row.reported_per_head)
        )
        head = per_head(net, people) if head is None else head
    return YearNet(row.id, row.household_id, row.year, people, called, net, head, fen is None)


def _net_in_fen(amounts: str) -> int | None:
    """`net_of(group_sums(lines))` over "item=fen,…", quick enough for a township; None where no line has an amount."""
    totals: dict[str, int] = {}
    parts: dict[str, int] = {}
    tree = _tree()
    for said in amounts.split(",") if amounts else ():
        value, _, fen = said.rpartition("=")
        group, sums, sign = tree.get(value, ("", False, 0))
        if group:
            into = totals if sums else parts
            into[group] = into.get(group, 0) + sign * int(fen)
    return sum((totals | parts).values()) if totals or parts else None


@cache
def _tree() -> dict[str, tuple[str, bool, int]]:
    """Item → its group, whether it is the group's own line, and its sign (0: not counted)."""
    return {one.value: (one.group, one.sums, one.sign if one.counted else 0) for one in items()}


def _base(session: Session) -> str:
    """What this workbook divides by: its preference, or else the county's rule."""
    kept = session.scalar(select(Setting.value).where(Setting.key == "per_capita_base"))
    return str(json.loads(kept) if kept else _rule()["per_capita_base"])


def _share(before: Decimal | None, now: Decimal | None) -> Decimal | None:
    return None if not before or now is None else (now - before) / before


def _lines(session: Session, income_year_id: str) -> tuple[Line, ...]:
    order = {one.value: n for n, one in enumerate(items())}
    rows = session.scalars(
        select(IncomeLine).where(
            IncomeLine.income_year_id == income_year_id, ~IncomeLine.withdrawn, IncomeLine.item.in_(order)
        )
    )
    lines = [
        Line(
            row.id,
            item(row.item or ""),
            row.what or "",
            row.quantity,
            row.unit_price,
            amount_of(row.amount, row.quantity, row.unit_price),
            row.evidence or "",
            row.note or "",
        )
        for row in rows
    ]
    return tuple(sorted(lines, key=lambda line: (order[line.item.value], line.what)))


def amount_of(amount: Decimal | None, quantity: Decimal | None, unit_price: Decimal | None) -> Decimal | None:
    """The amount as written, or else quantity times price, halves rounded up to fen."""
    if amount is not None or quantity is None or unit_price is None:
        return amount
    return (quantity * unit_price).quantize(_FEN, ROUND_HALF_UP)
