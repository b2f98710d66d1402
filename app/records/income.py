"""Net income of a household, in a year and per head. Items and arithmetic: domain/records.md §2.6.

纯收入 = 工资性 + 生产经营性 + 财产性 + 转移性 - 生产经营性支出; 人均 = 纯收入 / 人口, halves rounded up to fen. A group is the sum
of its items; where none of them is known, an amount that was brought in as the group's total stands for it.
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
def items() -> tuple[Item, ...]:
    """The tree in the order of the form: each group's own line, then its items."""
    left_out = set(resources.read("thresholds", "income")["not_counted"])
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
    rule = resources.read("thresholds", "income")
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


def nets(session: Session, household_id: str = "", *, latest: bool = False, base: str = "") -> list[YearNet]:
    """What each year comes to, newest first: of one household, or of all.

    Args:
        latest: only each household's newest year
        base: see `account`
    """
    where = " AND y.household_id = :household" if household_id else ""
    if latest:
        where += " AND y.year = (SELECT max(z.year) FROM income_year z WHERE z.household_id = y.household_id AND NOT z.withdrawn)"
    rule = resources.read("thresholds", "income")
    base = base or _base(session)
    rows = session.execute(
        text(
            "SELECT y.id, y.household_id, y.year, y.people, y.reported_net, y.reported_per_head, h.residents, "
            f"{_REGISTERED} AS registered, count(i.item) AS known, {_NET} AS net "
            "FROM income_year y JOIN household h ON h.id = y.household_id "
            "LEFT JOIN income_line l ON l.income_year_id = y.id AND NOT l.withdrawn "
            f"LEFT JOIN ({_items_sql()}) i ON i.item = l.item AND {_AMOUNT} IS NOT NULL "
            f"WHERE NOT y.withdrawn AND y.year IS NOT NULL{where} GROUP BY y.id ORDER BY y.household_id, y.year DESC"
        ),
        {"year_end": "-" + rule["period_end"]} | ({"household": household_id} if household_id else {}),
    ).all()
    return [_year_net(row, base, rule["bases"]) for row in rows]


_AMOUNT = "coalesce(l.amount, (l.quantity * l.unit_price + 50) / 100)"
_SUM = (
    "coalesce(sum(CASE WHEN i.grp = '{0}' AND NOT i.sums THEN {1} END), sum(CASE WHEN i.grp = '{0}' THEN {1} END), 0)"
)
# fen; the same rule as `group_sums` and `net_of`
_NET = " + ".join(_SUM.format(group, f"i.sign * {_AMOUNT}") for group in "ABCDE")
_LAST_DAY = "coalesce(y.period_end, y.year || :year_end)"
# who was in the household when the account closed
_REGISTERED = (
    "CASE WHEN y.people IS NULL THEN (SELECT count(*) FROM member m WHERE m.household_id = y.household_id "
    f"AND NOT m.withdrawn AND (m.joined_on IS NULL OR m.joined_on <= {_LAST_DAY}) "
    f'AND (m."left" IS NULL OR m.left_on > {_LAST_DAY})) END'
)


@cache
def _items_sql() -> str:
    """The tree as a table: item, its group, whether it is the group's own line, and its sign (0: not counted)."""
    rows = (f"('{one.value}', '{one.group}', {one.sums:d}, {one.sign if one.counted else 0})" for one in items())
    return f"SELECT column1 AS item, column2 AS grp, column3 AS sums, column4 AS sign FROM (VALUES {', '.join(rows)})"


def _base(session: Session) -> str:
    """What this workbook divides by: its preference, or else the county's rule."""
    kept = session.scalar(select(Setting.value).where(Setting.key == "per_capita_base"))
    return str(json.loads(kept) if kept else resources.read("thresholds", "income")["per_capita_base"])


def _year_net(row: Any, base: str, labels: Mapping[str, str]) -> YearNet:
    people, people_from = row.people, "核算人口"
    if people is None:
        resident = base != "registered" and row.residents is not None
        people, people_from = (row.residents, labels[base]) if resident else (row.registered, labels["registered"])
    if row.known:
        net: Decimal | None = Decimal(row.net).scaleb(-2)
        head = per_head(net, people)
    else:
        net, head = (
            None if fen is None else Decimal(fen).scaleb(-2) for fen in (row.reported_net, row.reported_per_head)
        )
        head = per_head(net, people) if head is None else head
    return YearNet(row.id, row.household_id, row.year, people, people_from, net, head, not row.known)


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
