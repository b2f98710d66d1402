"""Named notes: what imported lists said in columns of their own, kept with a household or a person by the heading.

Stored as JSON, heading → text, in `import_extra`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.workbook.workbook import Workbook
from db.schema import records
from db.schema.household import Household, Member
from db.schema.record import Record


@dataclass(frozen=True, slots=True)
class NamedNote:
    """One note; `whose` is the person's name, "" for the household's own."""

    table: str
    record_id: str
    whose: str
    name: str
    text: str


def parse_notes(stored: object) -> dict[str, str]:
    """Heading → text of what is stored; nothing where it cannot be read."""
    try:
        decoded = json.loads(stored) if isinstance(stored, str) else {}
    except ValueError:
        return {}
    return {str(name): str(text) for name, text in decoded.items()} if isinstance(decoded, dict) else {}


def format_notes(notes: Mapping[str, str]) -> str | None:
    """What is stored of notes, None for none; the same notes always give the same text."""
    return json.dumps(dict(notes), ensure_ascii=False, sort_keys=True) if notes else None


def named_notes(session: Session, household_id: str) -> list[NamedNote]:
    """The notes of a household, then those of its people in the order of the roster."""
    household = session.get(Household, household_id)
    people = session.scalars(
        select(Member)
        .where(Member.household_id == household_id, ~Member.withdrawn)
        .order_by(Member.person_no, Member.id)
    )
    owners: list[tuple[Record, str]] = [(household, "")] if household is not None else []
    owners += [(member, member.name or "") for member in people]
    return [
        NamedNote(owner.__tablename__, owner.id, whose, name, text)
        for owner, whose in owners
        for name, text in parse_notes(getattr(owner, "import_extra", None)).items()
    ]


def save_note(workbook: Workbook, note: NamedNote, text: str) -> None:
    """Write another text into a note, as an operation that can be undone; an empty text takes the note away."""
    record = records()[note.table]
    table = record.__table__
    with workbook.operation(f"改其他列：{note.name}") as session:
        stored = session.scalar(select(table.c.import_extra).where(table.c.id == note.record_id))
        notes = parse_notes(stored)
        if text.strip():
            notes[note.name] = text.strip()
        else:
            notes.pop(note.name, None)
        session.execute(update(record).where(table.c.id == note.record_id).values(import_extra=format_notes(notes)))
