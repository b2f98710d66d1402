"""What each part of a household's page holds, as a short text beside its title, and where something is missing or late.

One function a part; parts without a rule of their own count their records (`record_count`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.checklists.results import household_trend
from app.dashboard.waiting import Urgency
from app.issues.issues import Issue, household_issues
from app.issues.policy_lines import POLICY_RULES
from app.records.assignment import is_in_force, needs_helper
from app.records.household import size_mismatch
from app.records.monitoring import open_kind
from app.records.newer_records import household_newer_records
from app.records.row_views import HEAD_RELATION
from app.registers import household_registers
from app.registers.engine.household_rows import HouseholdRows, rows_of_household
from app.registers.engine.register import Register
from app.registers.visit import REGISTER as VISITS
from db.schema import records
from db.schema.aid import Assignment
from db.schema.household import Household, LivingCondition, Member
from db.schema.income import IncomeYear
from db.schema.relations import parent_column, record_label

_MISSING = "缺"


@dataclass(frozen=True, slots=True)
class PartCount:
    """What stands beside the title of a part: a count, a year, a score; `description` is the sentence for it."""

    text: str
    urgency: Urgency = "quiet"
    description: str = ""


@dataclass(frozen=True, slots=True)
class CountedHousehold:
    """What is read once for the counts of all parts: its rows by the key of their register, and its open doubts."""

    id: str
    rows: Mapping[str, HouseholdRows]
    issues: tuple[Issue, ...]


def counted_household(session: Session, household_id: str, today: date | None = None) -> CountedHousehold:
    """The household as its parts count it."""
    rows = rows_of_household(session, household_registers(), household_id, today or date.today())
    return CountedHousehold(household_id, rows, household_issues(session, household_id))


def record_count(session: Session, table: str, household_id: str) -> PartCount | None:
    """How many records of a table belong to the household; None for none."""
    record: Any = records()[table]
    of_household = getattr(record, parent_column(table)) == household_id
    number = session.scalar(select(func.count()).select_from(record).where(of_household, ~record.withdrawn)) or 0
    return PartCount(str(number), description=f"{record_label(table)} {number} 条") if number else None


def member_count(session: Session, household_id: str) -> PartCount:
    """Present members; a household without a head, or of another size than was registered, stands out."""
    present = (Member.household_id == household_id, ~Member.withdrawn, Member.left.is_(None))
    relations = list(session.scalars(select(Member.relation).where(*present)))
    if HEAD_RELATION not in relations:
        return PartCount(str(len(relations)) if relations else _MISSING, "warn", "户主未填")
    population = session.scalar(select(Household.population).where(Household.id == household_id))
    mismatch = size_mismatch(population, len(relations))
    return PartCount(str(len(relations)), "warn" if mismatch else "quiet", mismatch or f"家庭成员 {len(relations)} 人")


def condition_count(session: Session, household_id: str) -> PartCount:
    """The newest year of living conditions."""
    kept = (LivingCondition.household_id == household_id, ~LivingCondition.withdrawn)
    year = session.scalar(select(func.max(LivingCondition.year)).where(*kept))
    return PartCount(str(year), description=f"最近是 {year} 年") if year else _missing("还没有生产生活条件")


def income_count(session: Session, household_id: str) -> PartCount:
    """How many years of income there are."""
    kept = (IncomeYear.household_id == household_id, ~IncomeYear.withdrawn)
    number = session.scalar(select(func.count()).select_from(IncomeYear).where(*kept))
    return PartCount(f"{number} 年", description=f"收入 {number} 年") if number else _missing("还没有收入核算")


def assignment_count(session: Session, household_id: str) -> PartCount | None:
    """Helpers who help now; a household that should have one and has none stands out."""
    in_force = (Assignment.household_id == household_id, ~Assignment.withdrawn, is_in_force())
    number = session.scalar(select(func.count()).select_from(Assignment).where(*in_force))
    if number:
        return PartCount(str(number), description=f"现在有 {number} 位帮扶联系人")
    household = session.get_one(Household, household_id)
    needed = needs_helper(
        household.household_kind, household.registration_state, bool(open_kind(session, household_id))
    )
    return _missing("没有帮扶联系人") if needed else None


def visit_count(rows: HouseholdRows) -> PartCount | None:
    """Visits; a promise past its day that is not carried out stands out."""
    return _row_count(VISITS, rows, f"{rows.late} 项承诺逾期未落实")


def rectification_count(rows: HouseholdRows) -> PartCount | None:
    """Problems that are not closed; those past their day stand out."""
    number = rows.number - rows.finished
    text = f"{number} 个问题未销号"
    told = f"{text}，其中 {rows.late} 个超期" if rows.late else text
    return PartCount(str(number), "bad" if rows.late else "warn", told) if number else None


def inspection_count(session: Session, household_id: str) -> PartCount | None:
    """The score of the latest round that is finished."""
    finished = [entry for entry in household_trend(session, household_id) if entry.result.finished]
    if not finished:
        return None
    last = finished[-1]
    told = f"{last.round_title}：{last.result.points} 分，{last.result.grade}"
    return PartCount(str(last.result.points), "quiet" if last.result.passed else "warn", told)


def register_count(register: Register, rows: HouseholdRows) -> PartCount | None:
    """Rows in a register; those past the last day of their next step stand out."""
    return _row_count(register, rows, f"{register.title} {rows.number} 条，其中 {rows.late} 条超期")


def policy_count(issues: Sequence[Issue]) -> PartCount | None:
    """Policies that somebody in it may have and has not, or has and may not, and nobody has looked into."""
    number = sum(issue.rule in POLICY_RULES for issue in issues)
    return PartCount(str(number), "warn", f"应享未享或不符合条件 {number} 项") if number else None


def newer_record_count(session: Session, household_id: str) -> PartCount | None:
    """Records that newer versions of the program wrote, or added something to."""
    number = len(household_newer_records(session, household_id))
    return PartCount(str(number), description=f"新版本写的内容 {number} 条") if number else None


def _row_count(register: Register, rows: HouseholdRows, late_description: str) -> PartCount | None:
    if rows.late:
        return PartCount(str(rows.number), "bad", late_description)
    return PartCount(str(rows.number), description=f"{register.title} {rows.number} 条") if rows.number else None


def _missing(description: str) -> PartCount:
    return PartCount(_MISSING, "warn", description)
