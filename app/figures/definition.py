"""What a figure is, the period that it is read over, and what reading it gives."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the first to the last, both included."""

    first: date
    last: date

    @property
    def title(self) -> str:
        """2018年11月 or 2018年11月—12月 where it is of whole months of a year, else both days."""
        whole = self.first.day == 1 and self.last.day == monthrange(self.last.year, self.last.month)[1]
        if not whole or self.first.year != self.last.year:
            return f"{self.first.isoformat()} 至 {self.last.isoformat()}"
        if (self.first.month, self.last.month) == (1, 12):
            return f"{self.first.year}年"
        until = "" if self.first.month == self.last.month else f"—{self.last.month}月"
        return f"{self.first.year}年{self.first.month}月{until}"

    @property
    def first_month(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def last_month(self) -> str:
        return f"{self.last:%Y-%m}"

    def until(self, day: date) -> "Period":
        """The part of it that is over on this day: nothing is late before its day has come."""
        return Period(self.first, max(self.first, min(self.last, day)))


def year_period(year: int) -> Period:
    """A calendar year."""
    return Period(date(year, 1, 1), date(year, 12, 31))


def period_of_months(day: date, months: int) -> Period:
    """The period of so many months, counted from January, that a day lies in."""
    begin = (day.month - 1) // months * months + 1
    end = begin + months - 1
    return Period(date(day.year, begin, 1), date(day.year, end, monthrange(day.year, end)[1]))


@dataclass(frozen=True, slots=True)
class Reading:
    """What a figure came to.

    Attributes:
        value: None where it cannot be said
        ids: the records that it counts
        missing: what it would need, a sentence; "" where there is a value
        line_year: the year of which a line of the county is what is missing, 0 where it is something else
    """

    value: Decimal | None
    ids: tuple[str, ...] = ()
    missing: str = ""
    line_year: int = 0


ReadFigure = Callable[[Session, Period], Reading]


@dataclass(frozen=True, slots=True)
class VillageFigure:
    """One figure of the village.

    Attributes:
        name: what frozen reports and options know it by; never changes
        table: what it counts records of
        in_period: it counts what happened in the period, else what there is on the day of reading
    """

    name: str
    label: str
    unit: str
    table: str
    read: ReadFigure
    in_period: bool = False
