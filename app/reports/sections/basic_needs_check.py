"""G01: 两不愁三保障及饮水安全, a form for each year, from the inspections of that year or as it was filled in."""

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, KeepTogether, Spacer
from app.reports.checklist_form import inspected_years
from app.reports.filled_form import entry_context, entry_flowables, household_entries
from app.reports.household_context import load_context

ORDER = 148
KEY = "two_assurances"  # the name stored by earlier versions
TITLE = "两不愁三保障及饮水安全核查表"
_CHECKLIST_CODE, _FORM_CODE = "two_assurances", "two_assurances_check"


def section(session: Session, household_id: str) -> list[Flowable]:
    """A year with an inspection is printed from it, only other years from the form."""
    context = load_context(session, household_id)
    years, flowables = inspected_years(session, context, _CHECKLIST_CODE, TITLE)
    for filled in household_entries(session, household_id, _FORM_CODE):
        if filled.year not in years:
            flowables += [
                *([Spacer(8)] if flowables else []),
                KeepTogether(entry_flowables(session, filled, entry_context(session, household_id, filled))),
            ]
    return flowables
