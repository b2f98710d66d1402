"""What problems come from and how they end: opened by hand or from a round, closed out after a visit, opened again.

The register itself: app/registers/rectification.py.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from app.checklists.results import HouseholdResult, round_results
from app.errors import UserError
from app.records.draft import Draft, SaveResult, is_taken, open_draft, validation_errors, write_draft
from app.records.field import Value
from app.registers.engine.new_row import start_row
from app.registers.engine.progress import step_progress
from app.registers.rectification import DEFAULT_DEADLINE, IMMEDIATE_DEADLINE, REGISTER, due_date, new_number
from app.workbook.workbook import Workbook
from db.schema.household import Household
from db.schema.record import derived_id
from db.schema.rectification import Rectification
from resources.option_roles import value_of


@dataclass(frozen=True, slots=True)
class FailedItem:
    """One failed item of an inspection, before it becomes a rectification."""

    household_id: str
    inspection_id: str
    item: str
    problem: str
    found_on: date
    due_on: date
    source: str


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
        draft = _start_problem(household, problem, found_on, due_date(found_on, deadline), **extra)
        if errors := validation_errors(draft):
            raise UserError(next(iter(errors.values())))
        write_draft(session, draft)
    return draft.id


def _start_problem(household: Household, problem: str, found_on: date, due_on: date, **other: Value) -> Draft:
    draft = start_row(REGISTER, household.village, household_id=household.id)
    values: dict[str, Value] = {"number": new_number(found_on), "problem": problem, "found_on": found_on}
    return draft.with_values(**(values | {"due_on": due_on} | other))


def failed_items(household_result: HouseholdResult) -> list[FailedItem]:
    """The failed items of a household's finished inspection; what must be done at once is due the same day."""
    if household_result.score is None or not household_result.finished or not household_result.inspector_results:
        return []
    inspector_result = next(
        (
            candidate
            for candidate in reversed(household_result.inspector_results)
            if candidate.score is household_result.score
        ),
        household_result.inspector_results[-1],
    )
    inspected_on = inspector_result.seen_on or date.today()
    score, checklist, band = household_result.score, household_result.checklist, household_result.score.band
    regular_due_on = (
        inspected_on + timedelta(days=band.recheck_days)
        if band and band.recheck_days
        else due_date(inspected_on, DEFAULT_DEADLINE)
    )
    source = "inspection" if checklist.code == "four_clean_two_norms" else "self_check"
    items = []
    for item_score in (candidate for candidate in score.items if candidate.failed):
        item = next(candidate for candidate in checklist.items if candidate.code == item_score.code)
        failed_checks = [check for check in item.checks if check.code in score.failed]
        immediate = any(check.code in score.hard_fails for check in failed_checks)
        check_labels = "；".join(check.label for check in failed_checks)
        items.append(
            FailedItem(
                household_id=household_result.household.household_id,
                inspection_id=inspector_result.inspection_id,
                item=item.code,
                problem=item.label
                + value_of("check_value", "failed")
                + (f"，没有做到：{check_labels}" if check_labels else ""),
                found_on=inspected_on,
                due_on=due_date(inspected_on, IMMEDIATE_DEADLINE) if immediate else regular_due_on,
                source=value_of("rectification_source", source),
            )
        )
    return items


def create_from_round(workbook: Workbook, round_id: str, household_id: str = "") -> int:
    """Open rectifications for what failed in a round, of one household or all; existing ones stay unchanged.

    The id follows from inspection and item, so that two laptops that do this open one problem. Returns how many.

    Raises:
        UserError: there is no such round
    """
    with workbook.reading() as session:
        household_results = round_results(session, round_id)
    selected = [
        household_result
        for household_result in household_results
        if household_id in ("", household_result.household.household_id)
    ]
    created = 0
    with workbook.operation("按检查结果列入整改") as session:
        for household_result in selected:
            for failed_item in failed_items(household_result):
                created += _create_from_failed_item(session, failed_item)
    return created


def _create_from_failed_item(session: Session, failed_item: FailedItem) -> bool:
    id = derived_id("rectification", failed_item.inspection_id, failed_item.item)
    household = session.get(Household, failed_item.household_id)
    if household is None or is_taken(session, "rectification", id):
        return False
    draft = _start_problem(
        household,
        failed_item.problem,
        failed_item.found_on,
        failed_item.due_on,
        number=f"{failed_item.found_on.year}-{id[:4].upper()}",
        inspection_id=failed_item.inspection_id,
        source=failed_item.source,
        check=failed_item.item,
    )
    write_draft(session, replace(draft, id=id))
    return True


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
