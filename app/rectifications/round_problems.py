"""What failed in a round of inspections, to be handed over as rectifications: failed items, and failed check points."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from app.checklists.results import HouseholdResult, InspectorResult, round_results
from app.records.draft import is_taken, write_draft
from app.rectifications.rectification import helpers_of, start_problem
from app.registers.rectification import DEFAULT_DEADLINE, IMMEDIATE_DEADLINE, due_date
from app.workbook.workbook import Workbook
from db.schema.household import Household
from db.schema.record import derived_id
from resources.option_roles import value_of


@dataclass(frozen=True, slots=True)
class RoundProblem:
    """An item that failed, or a failed check point of an item that did not, before it becomes a rectification.

    Attributes:
        id: of the rectification; it follows from inspection and `code`, so that two laptops open one problem
        code: of the item or check point
        head: of the household
    """

    id: str
    household_id: str
    head: str
    inspection_id: str
    code: str
    problem: str
    found_on: date
    due_on: date
    source: str


def round_problems(session: Session, round_id: str, household_id: str = "") -> list[RoundProblem]:
    """What failed in a round, of one household or all, and was not handed over yet.

    Raises:
        UserError: there is no such round
    """
    results = round_results(session, round_id)
    wanted = (result for result in results if household_id in ("", result.household.household_id))
    found = (problem for result in wanted for problem in _problems_of(result))
    return [problem for problem in found if not is_taken(session, "rectification", problem.id)]


def hand_over(workbook: Workbook, round_id: str, household_id: str = "", chosen: Collection[str] | None = None) -> int:
    """Open rectifications for what failed in a round; existing ones stay unchanged. Returns how many.

    Args:
        household_id: of one household only
        chosen: ids of the problems that are handed over; all if None

    Raises:
        UserError: there is no such round
    """
    with workbook.reading() as session:
        problems = round_problems(session, round_id, household_id)
    with workbook.operation("按检查结果列入整改") as session:
        return sum(_open(session, one) for one in problems if chosen is None or one.id in chosen)


def _open(session: Session, problem: RoundProblem) -> bool:
    household = session.get(Household, problem.household_id)
    if household is None or is_taken(session, "rectification", problem.id):
        return False
    draft = start_problem(
        household,
        problem.problem,
        problem.found_on,
        problem.due_on,
        number=f"{problem.found_on.year}-{problem.id[:4].upper()}",
        inspection_id=problem.inspection_id,
        source=problem.source,
        check=problem.code,
        responsible=helpers_of(session, household.id, problem.found_on),
    )
    write_draft(session, replace(draft, id=problem.id))
    return True


def _problems_of(result: HouseholdResult) -> Iterator[RoundProblem]:
    """Of a household's finished inspection; what must be done at once is due the same day."""
    if result.score is None or not result.finished or not result.inspector_results:
        return
    by_score = (one for one in reversed(result.inspector_results) if one.score is result.score)
    inspection = next(by_score, result.inspector_results[-1])
    failed_items = {one.code for one in result.score.items if one.failed}
    for item in result.checklist.items:
        failed = [check for check in item.checks if check.code in result.score.failed]
        if item.code in failed_items:
            labels = "；".join(check.label for check in failed)
            problem = item.label + value_of("check_value", "failed") + (f"，没有做到：{labels}" if labels else "")
            yield _problem(result, inspection, item.code, problem, [check.code for check in failed])
        else:
            for check in failed:
                yield _problem(result, inspection, check.code, f"{item.label}没有做到：{check.label}", [check.code])


def _problem(
    result: HouseholdResult, inspection: InspectorResult, code: str, problem: str, failed: Collection[str]
) -> RoundProblem:
    found_on = inspection.seen_on or date.today()
    at_once = result.score is not None and any(check in result.score.hard_fails for check in failed)
    source = "inspection" if result.checklist.code == "four_clean_two_norms" else "self_check"
    return RoundProblem(
        id=derived_id("rectification", inspection.inspection_id, code),
        household_id=result.household.household_id,
        head=result.household.name,
        inspection_id=inspection.inspection_id,
        code=code,
        problem=problem,
        found_on=found_on,
        due_on=due_date(found_on, IMMEDIATE_DEADLINE) if at_once else _usual_due_date(result, found_on),
        source=value_of("rectification_source", source),
    )


def _usual_due_date(result: HouseholdResult, found_on: date) -> date:
    """When the grade asks for another look, or the usual term."""
    band = result.score.band if result.score else None
    if band and band.recheck_days:
        return found_on + timedelta(days=band.recheck_days)
    return due_date(found_on, DEFAULT_DEADLINE)
