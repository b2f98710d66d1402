"""The lines of a year that incomes are measured by: as entered in the workbook, else as the program brings them.

What an officer enters (db/schema/standard.py) stands before resources/thresholds/poverty_line.toml, so that a new
version of the program changes nothing that was entered. A line that is in neither is missing: figures say so and
never read 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

import resources
from db.schema.standard import Standard
from resources.option_roles import value_of, values_with_role
from resources.overlay import cached

POVERTY, MONITORING, MONITORED_HIGH = "poverty", "monitoring", "monitored_high"  # roles of standard_kind
_SHIPPED_KEYS = {"line": POVERTY, "monitoring": MONITORING}  # in poverty_line.toml


@dataclass(frozen=True, slots=True)
class Line:
    """Yuan per head and year; `confirmed` False: not compared with the county's notice."""

    year: int
    kind: str
    amount: Decimal
    source: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class MissingLine:
    """A line that nobody has entered, and how many households wait for it."""

    year: int
    kind: str
    households: int = 0

    @property
    def message(self) -> str:
        return f"{self.year} 年没有录入{self.kind}"


@dataclass(frozen=True, slots=True)
class Standards:
    """All lines of a workbook. `entered`: (village, year, kind) → line."""

    entered: Mapping[tuple[str, int, str], Line]

    def line(self, role: str, year: int, village: str = "") -> Line | None:
        """The line of a year: the village's own, another village's of the same county, what the program has.

        Last year's is never carried forward.
        """
        kinds = values_with_role("standard_kind", role)
        own = [self.entered[key] for key in self.entered if key[0] == village and key[1] == year and key[2] in kinds]
        others = [self.entered[key] for key in sorted(self.entered) if key[1] == year and key[2] in kinds]
        return next(iter([*own, *others]), None) or _shipped().get((role, year))

    def shipped_amount(self, year: int, kind: str) -> Decimal | None:
        """What the program brings along for a kind of standard_kind, None where it has nothing."""
        for role in _SHIPPED_KEYS.values():
            if kind in values_with_role("standard_kind", role) and (role, year) in _shipped():
                return _shipped()[role, year].amount
        return None

    def income_line(self, year: int, village: str = "") -> Line | MissingLine:
        """What the income of a year is measured by: 贫困线 up to 2020, 监测范围 since."""
        role = income_role(year)
        return self.line(role, year, village) or MissingLine(year, value_of("standard_kind", role))


@cached
def income_role(year: int) -> str:
    """The role of the line that an income of this year is measured by."""
    return MONITORING if year >= resources.read("thresholds", "poverty_line")["monitored_from"] else POVERTY


def load_standards(session: Session) -> Standards:
    """The lines that are entered. Of two of one year and kind, the one that was compared with the notice counts."""
    rows = session.scalars(select(Standard).where(~Standard.withdrawn).order_by(Standard.confirmed, Standard.id.desc()))
    entered = {
        (row.village, row.year, row.kind): Line(row.year, row.kind, row.amount, row.source or "", bool(row.confirmed))
        for row in rows
        if row.year is not None and row.kind is not None and row.amount is not None
    }
    return Standards(entered)


@cached
def _shipped() -> Mapping[tuple[str, int], Line]:
    return {
        (role, raw["year"]): Line(
            raw["year"], value_of("standard_kind", role), Decimal(raw[key]), raw["source"], raw["confirmed"]
        )
        for raw in resources.read("thresholds", "poverty_line")["years"]
        for key, role in _SHIPPED_KEYS.items()
        if key in raw
    }
