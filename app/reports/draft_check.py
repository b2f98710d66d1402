"""Which archives are drafts: those whose quality check does not pass, unless an officer gives a reason."""

from collections.abc import Sequence

from app.issues.issues import ERROR, Issue, each_open_issue, household_issues
from app.progress import Task
from app.workbook.workbook import Workbook

WATERMARK = "草稿"
_VILLAGE_CHECK_THRESHOLD = 4  # from this many households on, checking the whole village is faster


def households_with_errors(workbook: Workbook, households: Sequence[str]) -> Task[frozenset[str]]:
    """Those of the households that have an open issue of severity 错误."""
    found: set[str] = set()

    def take(issue: Issue) -> None:
        if issue.severity == ERROR:
            found.add(issue.household_id)

    if len(households) >= _VILLAGE_CHECK_THRESHOLD:
        yield from each_open_issue(workbook, take)
    else:
        with workbook.reading() as session:
            for household_id in households:
                for issue in household_issues(session, household_id):
                    take(issue)
    return frozenset(found)
