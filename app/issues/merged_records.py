"""Records that stand for others since two households were merged, with what the others say differently."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, literal, select, union_all
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
    for _, table, merged_id in session.execute(_merged_ids()).all():
        merged: Any = session.get_one(records()[table], merged_id)
        owner_id = relations.ancestor_ids(session, table, [merged_id]).get(merged_id, "")
        kept = session.get(records()[table], merged.merged_into)
        if kept is None or not owner_id or household_id not in ("", owner_id):
            continue
        if columns := _differing_columns(session, table, kept, merged):
            found.setdefault(owner_id, []).append(MergedRecord(kept, merged, columns))
    return found


@cache
def _merged_ids() -> CompoundSelect[int, str, str]:
    """Place of its table, table and id of each: one statement for some sixty tables, nearly all of which hold none."""
    models: list[tuple[int, str, Any]] = [
        (place, table, records()[table]) for place, table in enumerate(relations.tables_below("household"))
    ]
    return union_all(
        *(
            select(literal(place).label("place"), literal(table), model.id).where(model.merged_into.is_not(None))
            for place, table, model in models
        )
    ).order_by("place", "id")


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
