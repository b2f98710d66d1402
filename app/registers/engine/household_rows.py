"""How many rows of each register one household has, late and finished ones apart, asked in one statement."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import CompoundSelect, Date, Integer, String, bindparam, cast, func, literal, select, union_all
from sqlalchemy.orm import Session

from app.registers.engine import progress
from app.registers.engine.register import Register
from app.registers.engine.rows import about_household, household_column, kept_conditions


@dataclass(frozen=True, slots=True)
class HouseholdRows:
    """How many rows of a register a household has; `late` of them are past their last day, `finished` at their end."""

    number: int = 0
    late: int = 0
    finished: int = 0


def rows_of_household(
    session: Session, registers: tuple[Register, ...], household_id: str, today: date
) -> dict[str, HouseholdRows]:
    """Key → how many rows a household has in each of these registers, asked at once."""
    found = session.execute(_counts_statement(registers), {"household": household_id, "today": today})
    return {key: HouseholdRows(number, late or 0, finished or 0) for key, number, late, finished in found}


@cache
def _counts_statement(registers: tuple[Register, ...]) -> CompoundSelect[str, int, int, int]:
    """Built once: the page of a household asks it whenever something was written."""
    about, today = bindparam("household", type_=String), bindparam("today", type_=Date)
    return union_all(
        *(
            select(
                literal(register.key),
                func.count(),
                func.sum(cast(progress.due_day(register) < today, Integer)),
                func.sum(cast(progress.step_number(register) == len(register.steps), Integer)),
            )
            .select_from(register.record)
            .where(*kept_conditions(register), about_household(register, household_column(register), about))
            for register in registers
        )
    )
