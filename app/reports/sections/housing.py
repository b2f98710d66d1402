"""G02: housing safety (inspections by checklist), and certification and repairs (the form)."""

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, Spacer
from app.reports.checklist_form import inspected_years
from app.reports.filled_form import household_forms
from app.reports.household_context import load_context

ORDER = 149
TITLE = "住房安全认定及改造搬迁项目表"


def section(session: Session, household_id: str) -> list[Flowable]:
    """The forms first, then the latest inspection of each year."""
    context = load_context(session, household_id)
    form_flowables = household_forms(session, household_id, ["housing_certification"])
    _, inspection_flowables = inspected_years(session, context, "housing_safety", "住房安全核查表")
    return [*form_flowables, *([Spacer(8)] if form_flowables and inspection_flowables else []), *inspection_flowables]
