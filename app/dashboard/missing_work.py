"""从未办过: what was never done for a household, or not yet this year: visits, scores, accounts, measures, photographs.

Of those that must be helped; each line finds its households in the list of households.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.records.assignment import helper_needed
from db.schema.aid import Measure, Visit
from db.schema.community import GridHousehold
from db.schema.household import Household, LivingCondition
from db.schema.income import IncomeYear
from db.schema.inspection import Inspection
from db.schema.photo import Photo

_Having = Callable[[date], Select[Any]]


@dataclass(frozen=True, slots=True)
class MissingWork:
    """One thing that was never done, or not in time, and the households that lack it, never none.

    Attributes:
        key: a name of its own
        households: ids
    """

    key: str
    title: str
    households: tuple[str, ...]


def missing_work(session: Session, today: date) -> tuple[MissingWork, ...]:
    """In the order of how much it matters; what no household lacks is left out."""
    needing = (helper_needed(), ~Household.withdrawn, Household.merged_into.is_(None))
    found = []
    for key, title, having in _KINDS:
        lacking = select(Household.id).where(*needing, Household.id.not_in(having(today)))
        if ids := tuple(session.scalars(lacking.order_by(Household.id))):
            found.append(MissingWork(key, title, ids))
    return tuple(found)


def _with(record: Any, *conditions: Any) -> Select[Any]:
    """Households that have such a row."""
    return select(record.household_id).where(~record.withdrawn, record.household_id.is_not(None), *conditions)


def _new_year(today: date) -> date:
    return today.replace(month=1, day=1)


# key, what the line says, which households are in order
_KINDS: tuple[tuple[str, str, _Having], ...] = (
    ("visit", "从未走访", lambda _: _with(Visit)),
    ("visit_year", "本年没有走访", lambda day: _with(Visit, Visit.visited_on >= _new_year(day))),
    ("inspection", "从未评分", lambda _: _with(Inspection)),
    ("inspection_year", "本年没有评分", lambda day: _with(Inspection, Inspection.seen_on >= _new_year(day))),
    ("measure_year", "本年没有帮扶措施", lambda day: _with(Measure, Measure.year == day.year)),
    ("income", "没有上年收入核算", lambda day: _with(IncomeYear, IncomeYear.year == day.year - 1)),
    ("living", "从未登记生产生活条件", lambda _: _with(LivingCondition)),
    ("photo", "从未拍照", lambda _: _with(Photo)),
    ("grid", "没有编入扶贫单元", lambda _: _with(GridHousehold)),
)
