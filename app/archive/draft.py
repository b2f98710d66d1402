"""Whether a household's volume is a draft: until its quality check passes, or an officer says why it is printed."""

from sqlalchemy.orm import Session

WATERMARK = "草稿"


def is_draft(session: Session, household_id: str) -> bool:
    """Whether the household has faults that an inspector would not accept."""
    return False
