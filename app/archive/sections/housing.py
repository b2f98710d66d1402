"""G02: how safe the house is (inspections by the checklist), and what was certified and done (the form)."""

from sqlalchemy.orm import Session

from app.archive.blocks import Block, Gap
from app.archive.checked import checked_years
from app.archive.filled_form import forms_of
from app.archive.subject import subject

ORDER = 149
TITLE = "住房安全认定及改造搬迁项目表"


def section(session: Session, household_id: str) -> list[Block]:
    """The forms first, then the latest inspection of each year."""
    home = subject(session, household_id)
    filled = forms_of(session, household_id, ["housing_certification"])
    _, checked = checked_years(session, home, "housing_safety", "住房安全核查表")
    return [*filled, *([Gap(8)] if filled and checked else []), *checked]
