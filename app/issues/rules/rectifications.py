"""What the list of problems says of a household: who is to put a problem right."""

from collections.abc import Iterator

from app.issues.household_facts import HouseholdFacts
from app.issues.rule import WARNING, Finding, finding, rule
from db.schema.rectification import Rectification


@rule("problem_unassigned", WARNING, "整改问题没有责任人", "§6-48")
def problem_unassigned(household: HouseholdFacts) -> Iterator[Finding]:
    """A problem that was handed over has somebody who answers for it, until it is put right."""
    for row in household.rows_of(Rectification):
        if not row.responsible and row.done_on is None:
            yield finding(row, f"问题“{row.problem}”还没有写责任人，不知道由谁整改。", "responsible", "problem")
