"""收入: the income of a year per head, and who is below the line of that year."""

from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.figures.counting import fitting_ids, households_in_use
from app.figures.definition import Period, Reading, VillageFigure
from app.records.income import YearlyIncome, yearly_incomes
from app.records.standards import MissingLine, load_standards
from db.schema.household import Household

SECTION = "收入"
_FEN = Decimal("0.01")


def incomes_of_year(session: Session, year: int) -> list[YearlyIncome]:
    """The accounts of a year whose income per head is known, of households in use."""
    in_use = set(fitting_ids(session, select(Household.id).where(*households_in_use()), Household.id))
    found = [one for one in yearly_incomes(session, year=year) if one.household_id in in_use]
    return sorted((one for one in found if one.per_capita is not None), key=lambda one: one.household_id)


def mean_income(incomes: list[YearlyIncome]) -> Decimal | None:
    """Net income of all divided by all their people, in yuan; None where nobody's is known."""
    known = [(one.net, one.people) for one in incomes if one.net is not None and one.people]
    if not known:
        return None
    net, people = sum(one for one, _ in known), sum(count for _, count in known)
    return (Decimal(net) / people).quantize(_FEN, ROUND_HALF_UP)


def _income_per_head(session: Session, period: Period) -> Reading:
    incomes = incomes_of_year(session, period.last.year)
    value = mean_income(incomes)
    if value is None:
        return Reading(None, missing=f"{period.last.year} 年还没有收入核算")
    return Reading(value, tuple(one.household_id for one in incomes))


def _accounts(session: Session, period: Period) -> Reading:
    incomes = incomes_of_year(session, period.last.year)
    return Reading(Decimal(len(incomes)), tuple(one.household_id for one in incomes))


def _below_line(session: Session, period: Period) -> Reading:
    """Never 0 where the line of the year has not been entered, or nothing could be compared with it."""
    incomes = incomes_of_year(session, period.last.year)
    line = load_standards(session).income_line(period.last.year)
    if isinstance(line, MissingLine):
        return Reading(None, missing=line.message, line_year=line.year)
    if not incomes:
        return Reading(None, missing=f"{period.last.year} 年还没有收入核算")
    below = tuple(one.household_id for one in incomes if one.per_capita is not None and one.per_capita < line.amount)
    return Reading(Decimal(len(below)), below)


FIGURES = (
    VillageFigure("income_accounts", "当年已核算收入", "户", "household", _accounts),
    VillageFigure("income_per_head", "当年农户人均纯收入", "元", "household", _income_per_head),
    VillageFigure("below_line_households", "低于当年标准线", "户", "household", _below_line),
)
