"""其他材料: attachments that belong to no part in particular."""

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable

ORDER = 155
TITLE = "其他材料"


def section(session: Session, household_id: str) -> list[Flowable]:
    """Nothing of its own: attachments follow each part (app/reports/attachment_pages.py), this one as well."""
    return []
