"""Cells of merged records that nobody weighed against those of the record that stands for them."""

from sqlalchemy import text
from sqlalchemy.orm import Session


def unseen_columns(session: Session, row: str) -> frozenset[str] | None:
    """The columns of a merged record that were written after somebody merged it, as this journal has them.

    None stands for all: nobody stated that it is another, it became one by its key (db/record_merge/targets.py).
    """
    stated = session.execute(
        text("SELECT max(seq) FROM change WHERE row_id = :row AND column_name = 'merged_into'"), {"row": row}
    ).scalar_one()
    if stated is None:
        return None
    later = text(
        "SELECT h.column_name FROM head h JOIN change c ON c.stream = h.stream AND c.number = h.number "
        "WHERE h.row_id = :row AND c.seq > :stated AND c.column_name <> ''"
    )
    return frozenset(session.scalars(later, {"row": row, "stated": stated}))
