"""Which volumes are drafts: until the household's quality check passes, or an officer says why it is printed so."""

from collections.abc import Sequence

from app.progress import Work
from app.quality.doubts import ERROR, of_household, of_village
from app.workbook.workbook import Workbook

WATERMARK = "草稿"
_A_FEW = 4  # from so many households on, one look at the whole village takes less time


def doubted(workbook: Workbook, households: Sequence[str]) -> Work[frozenset[str]]:
    """Those of the households that have an open doubt an inspector would not accept."""
    if len(households) >= _A_FEW:
        found = yield from of_village(workbook)
    else:
        with workbook.reading() as session:
            found = tuple(doubt for household in households for doubt in of_household(session, household))
    return frozenset(doubt.household_id for doubt in found if doubt.severity == ERROR)
