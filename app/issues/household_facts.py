"""The facts of one household that the cleaning rules read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar, cast

import resources
from app.checklists.results import RoundResult
from app.issues.cross_index import CrossHouseholdIndex
from app.issues.merged_records import MergedRecord
from app.policies.entitlement import Entitlement
from app.records.assignment import is_registered, needs_helper
from app.records.income import YearlyIncome
from app.records.measure_roles import has_role
from app.records.monitoring import is_open
from app.records.row_views import HEAD_RELATION, age_on, birth_of
from app.records.standards import Line, Standards
from app.records.validators import id_number_error
from db.schema.aid import Assignment, Helper, Measure
from db.schema.household import Household, LivingCondition, Member
from db.schema.income import IncomeYear
from db.schema.monitoring import Monitoring
from db.schema.record import Record
from resources.option_roles import flag_values, value_of, values_with_role
from resources.overlay import cached

__all__ = [
    "HEAD_RELATION",
    "AssignmentFacts",
    "HouseholdFacts",
    "IncomeYearFacts",
    "MemberFacts",
    "threshold",
]


RecordT = TypeVar("RecordT", bound=Record)


@cached
def threshold(name: str, table: str = "quality") -> int:
    """One threshold: of the cleaning rules, or of another table of resources/thresholds."""
    return int(resources.read("thresholds", table)[name])


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """A member. `born`: 出生日期, or else the date in the ID number; `age` in full years on `HouseholdFacts.as_of`."""

    row: Member
    birth_date: date | None
    age: int | None

    @classmethod
    def from_row(cls, row: Member, as_of: date) -> "MemberFacts":
        birth_date = row.birth or birth_of(row.id_no)
        return cls(row, birth_date, age_on(birth_date, as_of))

    @property
    def name(self) -> str:
        return self.row.name or "（姓名未填）"

    @property
    def has_valid_id(self) -> bool:
        """Whether the ID number can be relied on for sex and birthday."""
        return bool(self.row.id_no) and not id_number_error(self.row.id_no or "")

    @property
    def attends_school(self) -> bool:
        """In a school or a kindergarten."""
        status = self.row.school_status
        return bool(status) and status not in values_with_role("school_status", "not_at_school")

    @property
    def labour_capacity(self) -> str:
        """full, half or none, "" where 劳动技能 is not filled in."""
        return str(flag_values("labour", "strength").get(self.row.labour or "", ""))

    @property
    def health(self) -> frozenset[str]:
        return frozenset(self.row.health or ())

    @property
    def is_healthy(self) -> bool:
        return value_of("health", "healthy") in self.health

    @property
    def is_ill(self) -> bool:
        return not self.health.isdisjoint(values_with_role("health", "ill"))

    @property
    def is_disabled(self) -> bool:
        return not self.health.isdisjoint(values_with_role("health", "disabled"))

    @property
    def works_away(self) -> bool:
        """务工: a region, or months."""
        return bool(self.row.work_region or self.row.work_months)

    def age_between(self, least: int, most: int) -> bool:
        """Whether the age is known and in these years, both included."""
        return self.age is not None and least <= self.age <= most


@dataclass(frozen=True, slots=True)
class IncomeYearFacts:
    """A year of income. `amounts`: item → yuan, for the newest year only; of other years only the totals."""

    row: IncomeYear
    totals: YearlyIncome
    amounts: dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class AssignmentFacts:
    """An assignment with its helper; `in_force` on the day of the check."""

    row: Assignment
    helper: Helper | None
    in_force: bool


@dataclass(frozen=True, slots=True)
class HouseholdFacts:
    """A household of the register with everything that the rules read.

    Attributes:
        members, former_members: who belongs to it now, and who left
        living_conditions, income_years: by year, the newest first
        monitorings: the open one first, then the latest begun
        last_visit: the latest visit in person
        last_explained: the latest visit at which a policy was explained
        rounds: its results in the rounds that are open (`open_rounds`) and in the last one that was closed
        merged_records: its records that stand for others which say something else
        register_rows: table of a register of aid → its rows about the household and its people (`rows_of`)
        entitlements: policies that it or its people may have and do not have, or have and may not
        cross_index: what only the whole village shows
        standards: the lines that incomes are measured by
        today: the day of the check
        as_of: the day that the records describe: 填表时间, today where it is blank. School, labour and work were
            true on that day, and are judged by the ages of that day
    """

    row: Household
    members: tuple[MemberFacts, ...]
    former_members: tuple[MemberFacts, ...]
    living_conditions: tuple[LivingCondition, ...]
    income_years: tuple[IncomeYearFacts, ...]
    assignments: tuple[AssignmentFacts, ...]
    measures: tuple[Measure, ...]
    monitorings: tuple[Monitoring, ...]
    last_visit: date | None
    last_explained: date | None
    rounds: tuple[RoundResult, ...]
    merged_records: tuple[MergedRecord, ...]
    register_rows: Mapping[str, Sequence[Record]]
    village_lists: Mapping[str, Mapping[str, Record]]
    open_rounds: frozenset[str]
    entitlements: Sequence[Entitlement]
    cross_index: CrossHouseholdIndex
    standards: Standards
    today: date
    as_of: date

    def rows_of(self, model: type[RecordT]) -> Sequence[RecordT]:
        """What the household and its people have in a register, e.g. rows_of(PublicJob)."""
        return cast(Sequence[RecordT], self.register_rows.get(model.__tablename__, ()))

    def lists_of(self, model: type[RecordT]) -> Mapping[str, RecordT]:
        """Id → row of a kind of list that households and people are on, e.g. lists_of(Meeting)."""
        return cast(Mapping[str, RecordT], self.village_lists[model.__tablename__])

    def person(self, member_id: str | None) -> MemberFacts | None:
        """Who it is, of those who left too."""
        return next((one for one in (*self.members, *self.former_members) if one.row.id == member_id), None)

    @property
    def heads(self) -> list[MemberFacts]:
        return [member for member in self.members if member.row.relation == HEAD_RELATION]

    @property
    def name(self) -> str:
        """What lists call it."""
        heads = self.heads
        return (heads[0].row.name if heads else "") or self.row.household_no or "（户主未填）"

    @property
    def is_registered(self) -> bool:
        """建档立卡户; also where 户类型 is not filled in, because rosters leave it out."""
        return is_registered(self.row.household_kind, self.row.registration_state)

    @property
    def needs_helper(self) -> bool:
        """Registered or monitored: it must be helped, visited and looked after."""
        return needs_helper(self.row.household_kind, self.row.registration_state, self.is_monitored)

    @property
    def monitoring(self) -> Monitoring | None:
        """What it is monitored by now; None where it is not a 监测对象, or the risk is removed."""
        return next((row for row in self.monitorings if is_open(row)), None)

    @property
    def is_monitored(self) -> bool:
        return self.monitoring is not None

    @property
    def removed_monitorings(self) -> list[Monitoring]:
        """Those whose risk is removed."""
        return [row for row in self.monitorings if row.removed]

    @property
    def has_exited(self) -> bool:
        """脱贫."""
        return self.row.exit_status == value_of("exit_status", "exited")

    def attribute_is(self, role: str) -> bool:
        """Whether 贫困户属性 is ordinary, dibao or tekun; False where it is not filled in."""
        return self.row.household_attribute in values_with_role("household_attribute", role)

    @property
    def latest_conditions(self) -> LivingCondition | None:
        """The newest living conditions."""
        return self.living_conditions[0] if self.living_conditions else None

    @property
    def latest_income_year(self) -> IncomeYearFacts | None:
        """The newest year of income."""
        return self.income_years[0] if self.income_years else None

    def line(self, role: str, year: int | None) -> Line | None:
        """The line of a year that is known (app/records/standards.py)."""
        return self.standards.line(role, year or 0, self.row.village)

    def measures_of(self, role: str) -> list[Measure]:
        """The measures whose kind has the role, and those whose title says so."""
        return [one for one in self.measures if has_role(one.kind, one.title, role)]

    def has_measure(self, *words: str) -> bool:
        """Whether a measure has one of these words in its kind or title."""
        return any(word in f"{measure.kind or ''} {measure.title or ''}" for measure in self.measures for word in words)
