"""G01: 两不愁三保障及饮水安全, a form a year, from the inspections of that year, or as it was filled in."""

from sqlalchemy.orm import Session

from app.archive.blocks import Block, Gap, Whole
from app.archive.checked import checked_years
from app.archive.filled_form import entries_of, entry_blocks
from app.archive.subject import subject

ORDER = 148
TITLE = "两不愁三保障及饮水安全核查表"
_CHECKLIST, _FORM = "two_assurances", "two_assurances_check"


def section(session: Session, household_id: str) -> list[Block]:
    """A year that was inspected is printed from its inspection; only other years from the form."""
    home = subject(session, household_id)
    years, blocks = checked_years(session, home, _CHECKLIST, TITLE)
    for found in entries_of(session, household_id, _FORM):
        if found.year not in years:
            blocks += [*([Gap(8)] if blocks else []), Whole(entry_blocks(session, found, home))]
    return blocks
