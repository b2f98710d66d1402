"""Which archives are drafts: those whose quality check does not pass, unless an officer gives a reason."""

from collections.abc import Sequence

from app.issues.issues import ERROR, household_issues, village_issues
from app.progress import Task
from app.workbook.workbook import Workbook

WATERMARK = "草稿"
_VILLAGE_CHECK_THRESHOLD = 4  # from this many households on, checking the whole village is faster


def households_with_errors(workbook: Workbook, households: Sequence[str]) -> Task[frozenset[str]]:
    """Those of the households that have an open issue of severity 错误."""
    if len(households) >= _VILLAGE_CHECK_THRESHOLD:
        issues = yield from village_issues(workbook)
    else:
        with workbook.reading() as session:
            issues = tuple(issue for household_id in households for issue in household_issues(session, household_id))
    return frozenset(issue.household_id for issue in issues if issue.severity == ERROR)
