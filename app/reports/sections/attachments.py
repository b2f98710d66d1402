"""Other attachments: those that belong to no part in particular."""

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable
from resources.option_roles import value_of

ORDER = 155
TITLE = value_of("archive_part", "other")


def section(session: Session, household_id: str) -> list[Flowable]:
    """Nothing of its own: attachments follow each part (app/reports/attachment_pages.py), this one as well."""
    return []
