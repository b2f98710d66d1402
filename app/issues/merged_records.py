"""Records that stand for others since two households were merged, with what the others say differently."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.records.field import fields
from db.record_merge.unseen_cells import unseen_columns
from db.schema import records, relations
from db.schema.record import Record


@dataclass(frozen=True, slots=True)
class MergedRecord:
    """A record that another stands for. `columns`: what it says otherwise, and nobody has weighed yet."""

    kept: Record
    merged: Record
    columns: tuple[str, ...]


def merged_records(session: Session, household_id: str = "") -> dict[str, list[MergedRecord]]:
    """Household → its records that stand for others which say something else; of one household if it is named."""
    found: dict[str, list[MergedRecord]] = {}
    for table in relations.tables_below("household"):
        model: Any = records()[table]
        for merged in session.scalars(select(model).where(model.merged_into.is_not(None)).order_by(model.id)):
            owner_id = relations.ancestor_ids(session, table, [merged.id]).get(merged.id, "")
            kept = session.get(records()[table], merged.merged_into)
            if kept is None or not owner_id or household_id not in ("", owner_id):
                continue
            if columns := _differing_columns(session, table, kept, merged):
                found.setdefault(owner_id, []).append(MergedRecord(kept, merged, columns))
    return found


def _differing_columns(session: Session, table: str, kept: Record, merged: Record) -> tuple[str, ...]:
    unseen = unseen_columns(session, merged.id)
    return tuple(
        field.name
        for field in fields(table)
        if not field.spec.derived
        and field.kind != "reference"
        and (unseen is None or field.name in unseen)
        and getattr(merged, field.name) not in (None, getattr(kept, field.name))
    )
