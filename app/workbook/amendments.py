"""What the county of a workbook changes of resources, as an overlay. docs/decisions/0021-county-data.md."""

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from db.schema.amendment import Amendment
from resources.option_roles import values_with_role
from resources.overlay import PROGRAM, Amended, Overlay

AMENDMENT = Amendment.__tablename__
# roles of amendment_kind
FOLDERS = ("dictionaries", "thresholds", "yearly", "eras", "checklists", "forms", "rosters", "archive")


def folder_of(kind: str | None) -> str:
    """What of resources a kind of amendment is about, "" for one of a newer program."""
    return next((folder for folder in FOLDERS if kind in values_with_role("amendment_kind", folder)), "")


def load_overlay(session: Session) -> Overlay:
    """The amendments in force. Where two villages of one workbook have an entry each, the first by its code counts.

    A worker may read the file of an older program as it is: it has none.
    """
    known = text("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = :table")
    if session.scalar(known, {"table": AMENDMENT}) is None:
        return PROGRAM
    rows = session.scalars(
        select(Amendment)
        .where(~Amendment.withdrawn, Amendment.merged_into.is_(None))
        .order_by(Amendment.village.desc(), Amendment.kind, Amendment.name, Amendment.id)
    ).all()
    found = {(row.kind, row.name, row.item): row for row in rows if folder_of(row.kind) and row.name}
    return Overlay(_amended(row) for row in found.values()) if found else PROGRAM


def _amended(row: Amendment) -> Amended:
    return Amended(
        kind=folder_of(row.kind),
        name=row.name or "",
        item=row.item or "",
        label=row.label,
        code=row.code,
        aliases=tuple(part for part in (row.aliases or "").split("、") if part),
        model=row.model,
        hidden=row.hidden,
        amount=row.amount,
        text=row.text,
    )
