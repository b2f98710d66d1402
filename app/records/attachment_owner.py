"""What an attachment belongs to: a household, a row of a register, a form; and what is attached to a row."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from app.errors import UserError
from app.records.field import Value
from db.schema import records, relations
from db.schema.form import FormEntry
from db.schema.photo import Photo

_OWNER_COLUMNS = {"visit_id": "visit", "inspection_id": "inspection", "entry_id": FormEntry.__tablename__}
_GONE = "这一条已不在名单里，请刷新后再试。"


@dataclass(frozen=True, slots=True)
class AttachmentOwner:
    """A record: a household, a row of any register, a filled-in form."""

    table: str
    id: str

    @classmethod
    def household(cls, household_id: str) -> "AttachmentOwner":
        return cls("household", household_id)


@dataclass(frozen=True, slots=True)
class AttachedPaper:
    """One line below a row. `pages`: 0 of a photograph."""

    id: str
    title: str
    pages: int
    taken_at: str


def owner_village(session: Session, owner: AttachmentOwner) -> str:
    """The village of what is attached to.

    Raises:
        UserError: it is gone
    """
    record = session.get(records()[owner.table], owner.id)
    if record is None or record.withdrawn:
        raise UserError(_GONE)
    return str(record.village)


def owner_columns(session: Session, owner: AttachmentOwner) -> dict[str, Value]:
    """The columns of a photograph that say what it belongs to; a row of the village has no household."""
    household_id = relations.ancestor_ids(session, owner.table, [owner.id]).get(owner.id)
    if owner.table == FormEntry.__tablename__:
        return {"household_id": household_id, "entry_id": owner.id}
    if owner.table == "household":
        return {"household_id": household_id}
    return {"household_id": household_id, "about_table": owner.table, "about_id": owner.id}


def attached_papers(session: Session, owner: AttachmentOwner) -> list[AttachedPaper]:
    """What is attached to a row or form, the earliest first; to one that was joined with it as well."""
    photos = session.scalars(
        select(Photo).where(_belongs(session, owner), ~Photo.withdrawn).order_by(Photo.taken_at, Photo.id)
    )
    return [AttachedPaper(one.id, one.caption or one.kind or "", one.pages or 0, one.taken_at or "") for one in photos]


def is_with_its_owner(session: Session) -> ColumnElement[bool]:
    """Whether the visit, inspection, form or row that a `Photo` belongs to still counts; true of one of a household.

    What was withdrawn keeps its photographs and scans, so that they come back with it; until then no paper has them.
    """
    tables = session.scalars(select(Photo.about_table).where(Photo.about_id.is_not(None)).distinct())
    owners: list[tuple[Any, str]] = [
        *((getattr(Photo, column), table) for column, table in _OWNER_COLUMNS.items()),
        *((Photo.about_id, table) for table in tables if table in records()),
    ]
    return and_(*(~_is_withdrawn(column, table) for column, table in owners))


def _is_withdrawn(column: Any, table: str) -> ColumnElement[bool]:
    """Whether the row was withdrawn; one that was joined with another counts while that one does."""
    row, joined = aliased(records()[table]), aliased(records()[table])
    gone = exists().where(joined.id == row.merged_into, joined.withdrawn, joined.merged_into.is_(None))
    return exists().where(row.id == column, row.withdrawn, or_(row.merged_into.is_(None), gone))


def _belongs(session: Session, owner: AttachmentOwner) -> ColumnElement[bool]:
    if owner.table == FormEntry.__tablename__:
        return (Photo.entry_id == owner.id) & Photo.pages.is_not(None)
    model = records()[owner.table]
    joined = session.scalars(select(model.id).where(model.merged_into == owner.id))
    return Photo.about_id.in_([owner.id, *joined])
