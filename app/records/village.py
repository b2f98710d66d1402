"""The villages of a workbook, to be read and edited."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.schema.village import Village


def village_keys(session: Session) -> list[tuple[str, str, str]]:
    """(record id, code, name) of each village, by code."""
    rows = session.execute(
        select(Village.id, Village.village, Village.name).where(~Village.withdrawn).order_by(Village.village)
    )
    return [(record_id, code, name or "") for record_id, code, name in rows]
