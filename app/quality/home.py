"""One household as the cleaning rules see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import resources
from app.checklists.results import RoundResult
from app.quality.across import Across
from app.records.assignment import needs_helper
from app.records.field import options
from app.records.income import YearNet
from app.records.lists import HEAD, age, birth_of
from app.records.rules import id_fault
from db.schema.aid import Assignment, Helper, Measure
from db.schema.household import Household, LivingCondition, Member
from db.schema.income import IncomeYear

__all__ = ["HEAD", "Account", "Helping", "Home", "Person", "limit", "marked", "told"]


@cache
def limit(name: str, table: str = "quality") -> int:
    """One threshold: of the cleaning rules, or of another table of resources/thresholds."""
    return int(resources.read("thresholds", table)[name])


@cache
def marked(dictionary: str, mark: str, wanted: object = True) -> frozenset[str]:
    """The values of an option list whose entry says so: marked("health", "ill")."""
    return frozenset(one.value for one in options(dictionary) if one.more.get(mark) == wanted)


@cache
def told(dictionary: str, mark: str) -> Mapping[str, Any]:
    """What the entries of an option list say under a mark: told("relation", "sex") is {"之子": "男", …}."""
    return {one.value: one.more[mark] for one in options(dictionary) if mark in one.more}


@cache
def _not_school() -> frozenset[str]:
    return frozenset({"", *marked("school_status", "at_school", False), *marked("school_status", "stage", "学龄前")})


@dataclass(frozen=True, slots=True)
class Person:
    """A member. `born`: 出生日期, or else the day in the ID number; `age` in full years on `Home.told_on`."""

    row: Member
    born: date | None
    age: int | None

    @classmethod
    def of(cls, row: Member, day: date) -> "Person":
        born = row.birth or birth_of(row.id_no)
        return cls(row, born, age(born, day))

    @property
    def name(self) -> str:
        return self.row.name or "（姓名未填）"

    @property
    def sound_id(self) -> bool:
        """Whether the ID number can be relied on for sex and birthday."""
        return bool(self.row.id_no) and not id_fault(self.row.id_no or "")

    @property
    def at_school(self) -> bool:
        """In a school or a kindergarten."""
        return (self.row.school_status or "") not in _not_school()

    @property
    def strength(self) -> str:
        """full, half or none, "" where 劳动技能 is not filled in."""
        return str(told("labour", "strength").get(self.row.labour or "", ""))

    @property
    def health(self) -> frozenset[str]:
        return frozenset(self.row.health or ())

    @property
    def healthy(self) -> bool:
        return "健康" in self.health

    @property
    def ill(self) -> bool:
        return not self.health.isdisjoint(marked("health", "ill"))

    @property
    def disabled(self) -> bool:
        return not self.health.isdisjoint(marked("health", "disabled"))

    @property
    def works_away(self) -> bool:
        """务工: a region, or months."""
        return bool(self.row.work_region or self.row.work_months)

    def between(self, least: int, most: int) -> bool:
        """Whether the age is known and in these years, both included."""
        return self.age is not None and least <= self.age <= most


@dataclass(frozen=True, slots=True)
class Account:
    """A year of income. `amounts`: item → yuan, of the newest year only; of others nothing but what they come to."""

    row: IncomeYear
    total: YearNet
    amounts: dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class Helping:
    """An assignment with its helper; `in_force` on the day of the check."""

    row: Assignment
    helper: Helper | None
    in_force: bool


@dataclass(frozen=True, slots=True)
class Home:
    """A household that is kept, with all that the rules look at.

    Attributes:
        members, left: who belongs to it now, and who left
        living, accounts: by year, the newest first
        last_visit: the last time that somebody came to see them
        rounds: its results in the rounds that are open (`open_rounds`) and in the last one that was closed
        across: what can only be seen over the whole village
        today: the day of the check
        told_on: the day for which the records speak: 填表时间, today where it is blank. School, labour and work were
            true on that day, and are judged by the ages of that day
    """

    row: Household
    members: tuple[Person, ...]
    left: tuple[Person, ...]
    living: tuple[LivingCondition, ...]
    accounts: tuple[Account, ...]
    helpers: tuple[Helping, ...]
    measures: tuple[Measure, ...]
    last_visit: date | None
    rounds: tuple[RoundResult, ...]
    open_rounds: frozenset[str]
    across: Across
    today: date
    told_on: date

    @property
    def heads(self) -> list[Person]:
        return [one for one in self.members if one.row.relation == HEAD]

    @property
    def name(self) -> str:
        """How an officer calls it."""
        heads = self.heads
        return (heads[0].row.name if heads else "") or self.row.household_no or "（户主未填）"

    @property
    def registered(self) -> bool:
        """建档立卡户; also where 户类型 is not filled in, because rosters leave it out."""
        return needs_helper(self.row.household_kind, self.row.registration_state)

    @property
    def monitored(self) -> bool:
        """监测对象 whose risk is not removed."""
        return self.row.household_kind in marked("household_kind", "monitored") and not self.row.monitor_removed

    @property
    def exited(self) -> bool:
        """脱贫."""
        return self.row.exit_status in marked("exit_status", "poor", False)

    @property
    def attribute(self) -> str:
        """一般, 低保 or 特困, "" where 贫困户属性 is not filled in."""
        return str(told("household_attribute", "family").get(self.row.household_attribute or "", ""))

    @property
    def able(self) -> list[Person]:
        """The members who can work, half-able ones included."""
        return [one for one in self.members if one.strength in ("full", "half")]

    @property
    def now(self) -> LivingCondition | None:
        """The newest living conditions."""
        return self.living[0] if self.living else None

    @property
    def account(self) -> Account | None:
        """The newest year of income."""
        return self.accounts[0] if self.accounts else None

    def has_measure(self, *words: str) -> bool:
        """Whether a measure has one of these words in its kind or its name."""
        return any(word in f"{one.kind or ''} {one.title or ''}" for one in self.measures for word in words)
