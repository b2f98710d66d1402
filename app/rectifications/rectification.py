"""How problems begin and end: opened by hand, closed out after a visit, opened again.

The register itself: app/registers/rectification.py; what comes of a round: app/rectifications/round_problems.py.
"""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import UserError
from app.records.assignment import is_in_force
from app.records.draft import Draft, SaveResult, open_draft, validation_errors, write_draft
from app.records.field import Value
from app.registers.engine.new_row import start_row
from app.registers.engine.progress import step_progress
from app.registers.rectification import DEFAULT_DEADLINE, REGISTER, due_date, new_number
from app.workbook.workbook import Workbook
from db.schema.aid import Assignment, Helper
from db.schema.household import Household
from db.schema.rectification import Rectification


def state_of(record: Rectification) -> str:
    """整改中, 待回访, 待销号 or 已销号: it follows from the latest date that is filled in."""
    values = {step.column: getattr(record, step.column) for step in REGISTER.steps}
    return step_progress(REGISTER, values, date.today()).label


def open_problem(
    workbook: Workbook,
    household_id: str,
    problem: str,
    found_on: date,
    deadline: str = DEFAULT_DEADLINE,
    **extra: Value,
) -> str:
    """Open a rectification in a household; returns its id.

    Args:
        deadline: class of the time it may take
        extra: other columns of the record: source, level, responsible …

    Raises:
        ValidationError, UserError: a value is not acceptable, or the household is gone
    """
    with workbook.operation("列入整改") as session:
        household = session.get(Household, household_id)
        if household is None or household.withdrawn:
            raise UserError("这一户已不在名单里，请刷新后再试。")
        draft = start_problem(household, problem, found_on, due_date(found_on, deadline), **extra)
        if errors := validation_errors(draft):
            raise UserError(next(iter(errors.values())))
        write_draft(session, draft)
    return draft.id


def start_problem(household: Household, problem: str, found_on: date, due_on: date, **other: Value) -> Draft:
    """A rectification in a household that is not in the workbook yet; `other`: values of further columns."""
    draft = start_row(REGISTER, household.village, household_id=household.id)
    values: dict[str, Value] = {"number": new_number(found_on), "problem": problem, "found_on": found_on}
    return draft.with_values(**(values | {"due_on": due_on} | other))


def helpers_of(session: Session, household_id: str, on: date) -> str | None:
    """Who answers for what is handed over in a household, unless somebody else is named: its helpers on a day."""
    helping = (
        select(Helper.name)
        .join(Assignment, Assignment.helper_id == Helper.id)
        .where(Assignment.household_id == household_id, is_in_force(on), ~Helper.withdrawn)
        .order_by(Assignment.started_on, Helper.name)
    )
    return "、".join(name for name in session.scalars(helping) if name) or None


def close_out(
    workbook: Workbook, id: str, closed_on: date, reviewed_by: str
) -> SaveResult:  # fmt: skip
    """销号: only after the problem was fixed and then verified by a visit.

    Raises:
        UserError: it was not fixed, there was no follow-up visit, or the dates are out of order
    """
    with workbook.operation("整改销号") as session:
        draft = open_draft(session, "rectification", id)
        completed_on, followup_on = draft.values["done_on"], draft.values["followup_on"]
        if not isinstance(completed_on, date):
            raise UserError("还没有写完成日期，不能销号。请先填完成情况和完成日期。")
        if not isinstance(followup_on, date) or not draft.values["followup_by"]:
            raise UserError("还没有回访，不能销号。请先填回访日期、回访人和回访结果。")
        if followup_on < completed_on or closed_on < followup_on:
            raise UserError(
                f"日期前后不对：完成 {completed_on}，回访 {followup_on}，销号 {closed_on}。请改正后再销号。"
            )
        return write_draft(session, draft.with_values(closed_on=closed_on, reviewed_by=reviewed_by or None))


def reopen(workbook: Workbook, id: str) -> SaveResult:
    """反弹: a closed problem has recurred; it must be fixed and verified again."""
    with workbook.operation("重新整改") as session:
        draft = open_draft(session, "rectification", id)
        return write_draft(
            session, draft.with_values(closed_on=None, reviewed_by=None, done_on=None, followup_on=None)
        )  # fmt: skip
